//! Files that are made to hurt: refused within limits, before they cost anything.

use std::io::{Cursor, Write};

use spotcheck_xlsform::{Code, Limits, Row, Sheet, Workbook, read, write_xlsx};
use zip::{ZipWriter, write::SimpleFileOptions};

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(rows: Vec<Row>) -> Workbook {
    let mut workbook = read(b"type\ntext\n", "a.csv").unwrap();
    workbook.sheets = vec![Sheet { name: "survey".into(), rows }];
    workbook
}

fn code(bytes: &[u8], name: &str) -> Code {
    let stop = read(bytes, name).unwrap_err();
    assert!(!stop.said.zh.is_empty() && !stop.remedy.en.is_empty());
    stop.code
}

#[test]
fn a_bomb_is_refused_by_its_directory() {
    let zeros = vec![b' '; usize::try_from(Limits::UNPACKED_BYTES).unwrap() + 1];
    let bomb = package(&[("xl/workbook.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20, "it is small");
    assert_eq!(code(&bomb, "a.xlsx"), Code::TooLarge);
}

#[test]
fn millions_of_empty_texts_are_refused() {
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(Limits::CELLS + 1));
    let bomb = package(&[("xl/sharedStrings.xml", texts.as_bytes())]);
    assert!(bomb.len() < 100_000, "it is small");
    assert_eq!(code(&bomb, "a.xlsx"), Code::TooLarge);
}

#[test]
fn a_directory_that_lies_is_found_out() {
    let honest = package(&[("xl/workbook.xml", &vec![b' '; 100_000])]);
    let told = 100_000_u32.to_le_bytes();
    let places: Vec<_> =
        honest.windows(4).enumerate().filter(|(_, it)| *it == told).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    let mut lying = honest.clone();
    for at in places {
        lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(matches!(code(&lying, "a.xlsx"), Code::TooLarge | Code::Unreadable));
}

#[test]
fn parts_that_are_no_xml_are_never_unpacked() {
    let mut parts = vec![("xl/media/huge.png", vec![0; 70 << 20])];
    let rows = vec![Row { number: 1, cells: vec!["type".into()] }];
    let bytes = write_xlsx(&workbook(rows)).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|it| it.unwrap().into_owned()).collect();
    for name in &names {
        let mut part = Vec::new();
        std::io::copy(&mut archive.by_name(name).unwrap(), &mut part).unwrap();
        parts.push((name, part));
    }
    let parts: Vec<_> = parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    assert_eq!(read(&package(&parts), "a.xlsx").unwrap().sheets[0].rows.len(), 1);
}

#[test]
fn a_cell_at_the_far_corner_costs_nothing() {
    let far = |number, column| {
        let mut cells = vec![String::new(); column];
        cells[column - 1] = "x".into();
        write_xlsx(&workbook(vec![Row { number, cells }])).unwrap()
    };
    assert_eq!(code(&far(1_048_576, 1), "a.xlsx"), Code::TooLarge);
    assert_eq!(code(&far(1, 16_384), "a.xlsx"), Code::TooLarge);
    let stop = read(&far(Limits::ROWS + 1, 2), "a.xlsx").unwrap_err();
    assert_eq!(stop.place.to_string(), "sheet survey, row 10001, column B");
    assert!(read(&far(Limits::ROWS, 500), "a.xlsx").is_ok());
}

#[test]
fn text_and_rows_and_files_have_their_limits() {
    let long = format!("type\n{}\n", "x".repeat(Limits::CELL_BYTES + 1));
    assert_eq!(code(long.as_bytes(), "a.csv"), Code::TooLarge);
    let many = "type\n".to_owned() + &"x\n".repeat(Limits::ROWS as usize + 1);
    assert_eq!(code(many.as_bytes(), "a.csv"), Code::TooLarge);
    assert_eq!(code(&vec![b' '; Limits::FILE_BYTES + 1], "a.csv"), Code::TooLarge);
    let sheets: String = (0..=Limits::SHEETS).map(|n| format!("| s{n} |\n")).collect();
    assert_eq!(code(sheets.as_bytes(), "a.md"), Code::TooLarge);
    let cells = "x,".repeat(499) + "x\n";
    let wide = format!("survey\n{}", format!(",{cells}").repeat(1_001));
    assert_eq!(code(wide.as_bytes(), "a.csv"), Code::TooLarge);
}

#[test]
fn deep_groups_and_ten_thousand_faults_are_bounded() {
    let deep: String = (0..200).map(|n| format!("| | begin_group | g{n} | G |\n")).collect();
    let text = format!("| survey |\n| | type | name | label |\n{deep}");
    let reading = crate::markdown(&text);
    assert!(reading.errors().any(|it| it.code == Code::TooLarge));
    let wrong: String = (0..9_000).map(|n| format!("| | txt | n{n} | ${{x}} |\n")).collect();
    let reading = crate::markdown(&format!("| survey |\n| | type | name | label |\n{wrong}"));
    assert_eq!(reading.problems.len(), Limits::PROBLEMS + 1);
    assert_eq!(reading.problems[0].said.en, "8800 more are not listed");
}

/// Each would take minutes if anything were compared with everything.
#[test]
fn nothing_is_compared_with_everything() {
    let row = |n: usize| {
        format!("| | select_one l{n} | n{n} | ${{m{n}}} | w{n} z{n} | ${{k{n}}} > 1 |\n")
    };
    let rows: String = (0..9_000).map(row).collect();
    let lists: String = (0..9_000).map(|n| format!("| | m{n} | x | X |\n")).collect();
    let head = "| survey |\n| | type | name | label | appearance | relevant |\n";
    let text = format!("{head}{rows}| choices |\n| | list_name | name | label |\n{lists}");
    assert!(crate::markdown(&text).form.is_none());
    let group =
        |n: usize| format!("| | begin_group | g{n} | |\n| | text | a | A |\n| | end_group | | |\n");
    let alike: String = (0..3_300).map(group).collect();
    let form = crate::form(&format!("| survey |\n| | type | name | label |\n{alike}"));
    let list = form.to_checklist("p").checklist.unwrap();
    assert_eq!(list.items.last().unwrap().code, "A-3300");
}
