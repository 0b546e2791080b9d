//! What must hold for any cells, any bytes and any checklist.

use proptest::collection::vec;
use proptest::prelude::*;
use spotcheck_checklists::Checklist;
use spotcheck_xlsform::{
    Form, Row, Sheet, Workbook, read, to_workbook, write_csv, write_markdown, write_xlsx,
};

use crate::round_trip::{files, returned};

/// Words that mean something in a form, and any others.
fn cell() -> impl Strategy<Value = String> {
    let words = [
        "",
        "type",
        "name",
        "label",
        "label::x",
        "bind:y",
        "list_name",
        "relevant",
        "calculation",
        "choice_filter",
        "default",
        "parameters",
        "appearance",
        "spotcheck::kind",
        "tally",
        "text",
        "integer",
        "select_one a",
        "select_multiple ${a} or_other",
        "begin_group",
        "end group",
        "begin repeat",
        "end_repeat",
        "calculate",
        "a",
        "b",
        "${a}",
        "${a} + ${b}",
        "if(",
        "yes",
        "start=1 end=${",
        "audit",
        "range",
        "=1+1",
        "'=1",
        " '=1",
        " =1",
        "percentage",
        "TRUE",
        "meta",
        "disabled",
    ];
    prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn workbook() -> impl Strategy<Value = Workbook> {
    let sheet = |name: &'static str| {
        vec(vec(cell(), 0..7), 0..9).prop_map(move |rows| Sheet {
            name: name.to_owned(),
            rows: (1..).zip(rows).map(|(number, cells)| Row { number, cells }).collect(),
        })
    };
    (sheet("survey"), sheet("choices"), sheet("settings")).prop_map(|(a, b, c)| {
        let mut workbook = read(b"type\n", "a.csv").unwrap();
        workbook.sheets = vec![a, b, c];
        workbook
    })
}

/// As it comes back: trimmed, without what is empty.
fn tidy(workbook: &Workbook) -> Vec<(String, Vec<Vec<String>>)> {
    let sheets = workbook.sheets.iter().map(|sheet| {
        let rows = sheet.rows.iter().map(|row| {
            let mut cells: Vec<_> =
                row.cells.iter().map(|it| it.replace('\u{a0}', " ").trim().to_owned()).collect();
            cells.truncate(cells.iter().rposition(|it| !it.is_empty()).map_or(0, |at| at + 1));
            cells
        });
        (sheet.name.clone(), rows.filter(|cells| !cells.is_empty()).collect())
    });
    sheets.collect()
}

fn text() -> impl Strategy<Value = String> {
    "[=+@'|\\\\-]?[a-z温度\",_x0-9A-F ]{0,12}[a-z度]"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_cells_make_it_panic(workbook in workbook()) {
        let reading = Form::read(&workbook);
        prop_assert_eq!(reading.form.is_none(), reading.errors().next().is_some());
        if let Some(form) = reading.form {
            let converted = form.to_checklist("p");
            if let Some(list) = converted.checklist {
                let bytes = serde_json::to_vec(&list).unwrap();
                prop_assert!(Checklist::parse(&bytes).is_ok());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..300), name in "a\\.(csv|md|xlsx|xls)") {
        if let Ok(workbook) = read(&bytes, &name) {
            let _ = Form::read(&workbook);
        }
    }

    #[test]
    fn a_workbook_comes_back_from_every_file(workbook in workbook()) {
        let expected = tidy(&workbook);
        let xlsx = write_xlsx(&workbook).unwrap();
        let (csv, markdown) = (write_csv(&workbook), write_markdown(&workbook));
        for (bytes, name) in [(xlsx.as_slice(), "a.xlsx"), (&csv, "a.csv"), (markdown.as_bytes(), "a.md")] {
            let mut read = read(bytes, name).unwrap();
            read.sheets.iter_mut().for_each(|sheet| sheet.rows.retain(|row| !row.cells.is_empty()));
            prop_assert_eq!(&tidy(&read), &expected, "{}", name);
        }
    }

    #[test]
    fn any_texts_of_a_checklist_come_back(zh in text(), en in text(), reference in text(), code in "[A-Z0-9-]{1,6}") {
        let mut list = Checklist::parse(spotcheck_checklists::shipped()[0].bytes).unwrap();
        let item = &mut list.items[7];
        (item.text.zh, item.text.en, item.reference) = (zh.trim().into(), en.trim().into(), reference.trim().into());
        item.code = format!("{code}A");
        match to_workbook(&list) {
            Ok(workbook) => {
                for (name, file) in files(&workbook) {
                    prop_assert_eq!(&returned(&file, name), &list);
                }
            }
            Err(error) => prop_assert!(false, "{} {:?}", error, error.problems),
        }
    }
}
