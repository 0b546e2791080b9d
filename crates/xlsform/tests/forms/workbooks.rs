//! Workbooks themselves: read as another reader reads them, and damaged ones.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xls};
use spotcheck_xlsform::{Form, read};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::corpus::{Fixture, fixtures};

fn xls() -> impl Iterator<Item = Fixture> {
    fixtures().into_iter().filter(|it| it.name.ends_with(".xls"))
}

/// Texts by place. Dates and errors are written differently and are left out.
fn theirs(bytes: &[u8], sheet: &str) -> BTreeMap<(usize, usize), String> {
    let mut workbook = Xls::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (top, left) = range.start().unwrap_or_default();
    let texts = range.used_cells().filter_map(|(row, column, value)| {
        let text = match value {
            Data::String(text) => text.replace('\u{a0}', " ").trim().to_owned(),
            Data::Float(number) => number.to_string(),
            Data::Int(number) => number.to_string(),
            Data::Bool(is) => if *is { "TRUE" } else { "FALSE" }.to_owned(),
            _ => return None,
        };
        Some(((row + top as usize + 1, column + left as usize), text))
    });
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

#[test]
fn old_workbooks_hold_what_calamine_finds_in_them() {
    let mut cells = 0;
    for fixture in xls() {
        let workbook = read(&fixture.bytes, &fixture.name).unwrap();
        for sheet in workbook.sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
            for (place, text) in theirs(&fixture.bytes, &sheet.name) {
                let row = sheet.rows.iter().find(|row| row.number as usize == place.0).unwrap();
                assert_eq!(row.cells[place.1], text, "{} {} {place:?}", fixture.name, sheet.name);
                cells += 1;
            }
        }
    }
    assert!(cells > 1_800, "{cells} cells");
}

#[test]
fn a_date_is_written_as_iso_8601() {
    let is_named = |it: &Fixture| it.name.ends_with("repeat_date_test.xls");
    let fixture = fixtures().into_iter().find(is_named).unwrap();
    let workbook = read(&fixture.bytes, &fixture.name).unwrap();
    let texts = workbook.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells);
    let dates: Vec<_> =
        texts.filter(|text| text.starts_with("201") && text.contains('-')).collect();
    assert!(dates.iter().all(|date| date.len() == 10), "{dates:?}");
}

/// The parts of a package with bytes of one of them changed, packed again: their sums are right.
fn damaged(bytes: &[u8], random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let unlucky = random(archive.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        for _ in 0..if index == unlucky { 1 + random(6) } else { 0 } {
            let at = random(text.len().max(1));
            if let Some(byte) = text.get_mut(at) {
                *byte = b"<>&\"'=/0A9:-!? \xffx"[random(17)];
            }
        }
        writer.start_file(part.name().unwrap().into_owned(), stored).unwrap();
        writer.write_all(&text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Real workbooks with bytes changed: the ways in that are hardest to guard.
#[test]
fn damaged_workbooks_are_read_or_refused() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let small = |it: &Fixture| it.name.starts_with("files/") && it.bytes.len() < 25_000;
    for fixture in fixtures().into_iter().filter(small) {
        for round in 0..60 {
            let mut bytes = fixture.bytes.clone();
            if bytes.starts_with(b"PK") && round % 4 != 0 {
                bytes = damaged(&bytes, &mut random);
            } else {
                for _ in 0..=random(4) {
                    let at = random(bytes.len());
                    bytes[at] = u8::try_from(random(256)).unwrap();
                }
                bytes.truncate(bytes.len() - random(2) * random(bytes.len()));
            }
            if let Ok(workbook) = read(&bytes, &fixture.name) {
                let _ = Form::read(&workbook);
            }
        }
    }
}
