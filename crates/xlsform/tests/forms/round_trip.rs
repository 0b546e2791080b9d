//! A checklist that goes out as a workbook comes back as the same bytes.

use spotcheck_checklists::{Checklist, compose, content_hash, shipped};
use spotcheck_xlsform::{
    Form, Level, Workbook, read, to_workbook, write_csv, write_markdown, write_xlsx,
};

const COMMON: &[u8] = include_bytes!("../../../checklists/library/gen.json");
const SOURCES: [&[u8]; 3] = [
    include_bytes!("../../../checklists/library/ent.json"),
    include_bytes!("../../../checklists/library/bus.json"),
    include_bytes!("../../../checklists/library/ccs.json"),
];

/// All ways out of the house.
pub(crate) fn files(workbook: &Workbook) -> [(&'static str, Vec<u8>); 3] {
    [
        ("list.xlsx", write_xlsx(workbook).unwrap()),
        ("list.csv", write_csv(workbook)),
        ("list.md", write_markdown(workbook).into_bytes()),
    ]
}

pub(crate) fn returned(bytes: &[u8], name: &str) -> Checklist {
    let reading = Form::read(&read(bytes, name).unwrap());
    let problems: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
    let form = reading.form.unwrap_or_else(|| panic!("{name}: {problems:#?}"));
    let converted = form.to_checklist("another-pack");
    let lost: Vec<_> = converted.problems.iter().filter(|it| it.level != Level::Warning).collect();
    assert!(lost.is_empty(), "{name}: {lost:#?}");
    converted.checklist.unwrap()
}

#[test]
fn every_checklist_of_the_library_keeps_its_hash() {
    let composed = SOURCES.iter().map(|own| compose(COMMON, own).unwrap());
    let all: Vec<Vec<u8>> = shipped().iter().map(|it| it.bytes.to_vec()).chain(composed).collect();
    assert_eq!(all.len(), shipped().len() + SOURCES.len());
    for bytes in all {
        let workbook = to_workbook(&Checklist::parse(&bytes).unwrap()).unwrap();
        for (name, file) in files(&workbook) {
            let same = serde_json::to_vec(&returned(&file, name)).unwrap();
            assert_eq!(content_hash(&same), content_hash(&bytes), "{name}");
        }
    }
}

#[test]
fn a_checklist_that_would_come_back_changed_is_refused() {
    let mut checklist = Checklist::parse(shipped()[0].bytes).unwrap();
    checklist.items[0].text.en.push(' ');
    let error = to_workbook(&checklist).unwrap_err();
    assert!(error.to_string().contains("remove blanks"), "{error}");
    assert_eq!(error.returned.unwrap().items.len(), checklist.items.len());
}

#[test]
fn formulas_are_made_harmless_and_come_back() {
    let mut checklist = Checklist::parse(shipped()[0].bytes).unwrap();
    checklist.items[0].text.en = "=HYPERLINK(\"http://x\")".into();
    checklist.items[1].text.en = "-1+1|x\\|y".into();
    checklist.items[2].reference = "'@SUM(1)".into();
    checklist.items[3].reference = "+49 \"quoted\", with comma".into();
    let workbook = to_workbook(&checklist).unwrap();
    let csv = String::from_utf8(write_csv(&workbook)).unwrap();
    for harmless in ["\"'=HYPERLINK", "'-1+1", "''@SUM", "\"'+49"] {
        assert!(csv.contains(harmless), "{harmless}");
    }
    for (name, file) in files(&workbook) {
        assert_eq!(returned(&file, name), checklist, "{name}");
    }
    assert!(write_markdown(&workbook).contains("| '=HYPERLINK"));
}
