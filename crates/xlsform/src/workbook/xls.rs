//! `.xls`, as Excel wrote it since 1997 (BIFF8 in a compound file).
//!
//! Read here and not by `calamine`, which trusts lengths and places in such files: a damaged one
//! stops the program. Only what XLSForm needs is read: texts, numbers, dates, results of formulas.

mod cells;
mod compound;
mod formats;
mod record;
mod strings;

use formats::Formats;
use record::{Record, records};

use super::package::damaged;
use super::xlsx::is_known;
use super::{Sheet, Sheets};
use crate::problem::{Code, Place, Problem, Stop};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const DATE_MODE: u16 = 0x0022;
const BOUND_SHEET: u16 = 0x0085;
const SHARED_STRINGS: u16 = 0x00FC;
const BIFF8: u16 = 0x0600;

/// What the workbook says before its sheets.
#[derive(Debug, Default)]
struct Globals {
    /// Where a sheet begins in the stream, and its name.
    sheets: Vec<(usize, String)>,
    strings: Vec<String>,
    formats: Formats,
    is_1904: bool,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Stop> {
    let stream = compound::stream(bytes, &["Workbook", "Book"]).ok_or_else(damaged)?;
    let globals = globals(&stream)?;
    let only = globals.sheets.len() == 1;
    let mut sheets = Sheets::default();
    for (start, name) in &globals.sheets {
        sheets.begin(name)?;
        if only || is_known(name) {
            let stream = stream.get(*start..).ok_or_else(damaged)?;
            cells::read(stream, &globals, &mut sheets)?;
        }
    }
    Ok(sheets.done())
}

fn globals(stream: &[u8]) -> Result<Globals, Stop> {
    let mut globals = Globals::default();
    let mut is_first = true;
    for record in records(stream) {
        if std::mem::take(&mut is_first) && (record.kind != BOF || record.u16(0) != Some(BIFF8)) {
            return Err(too_old());
        }
        match record.kind {
            EOF => break,
            FILE_PASS => return Err(super::package::encrypted()),
            DATE_MODE => globals.is_1904 = record.u16(0) == Some(1),
            BOUND_SHEET => globals.sheets.extend(bound_sheet(&record)),
            SHARED_STRINGS => globals.strings = strings::shared(&record)?,
            _ => globals.formats.note(&record),
        }
    }
    if globals.sheets.is_empty() { Err(damaged()) } else { Ok(globals) }
}

/// Where a worksheet begins and how it is called; macros and charts are none.
fn bound_sheet(record: &Record) -> Option<(usize, String)> {
    let start = usize::try_from(record.u32(0)?).ok()?;
    let kind = record.u8(5)?;
    let name = strings::short(record.data.get(6..)?)?;
    (kind == 0).then_some((start, name))
}

fn too_old() -> Stop {
    let said = ("工作簿早于 Excel 97", "the workbook is older than Excel 97");
    let remedy = ("另存为 .xlsx", "save it again as .xlsx");
    Box::new(Problem::error(Code::Unreadable, Place::file(), said, remedy))
}
