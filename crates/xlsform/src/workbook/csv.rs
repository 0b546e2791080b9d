//! XLSForm's one-sheet CSV: a text in the first column begins a sheet, the rest is its rows.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{Sheet, Sheets};
use crate::problem::{Code, Place, Problem, Stop};

pub(super) fn read(text: &str) -> Result<Vec<Sheet>, Stop> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut sheets = Sheets::by_line();
    let mut record = StringRecord::new();
    let mut is_plain = None;
    loop {
        let more = reader.read_record(&mut record).map_err(|_| unreadable())?;
        if !more {
            return Ok(sheets.done());
        }
        let line = record.position().map_or(0, csv::Position::line);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let first = record.get(0).unwrap_or_default();
        // A plain table is the sheet `survey`.
        let is_plain = *is_plain.get_or_insert_with(|| first.eq_ignore_ascii_case("type"));
        match first {
            _ if is_plain => sheets.begin("survey")?,
            "" => {}
            name => sheets.begin(name)?,
        }
        let skipped = usize::from(!is_plain);
        for (column, cell) in (1_u32..).zip(record.iter().skip(skipped)) {
            let cell = cell.replace('\u{a0}', " ");
            sheets.put(line, column, plain(&cell))?;
        }
    }
}

fn unreadable() -> Stop {
    let said = ("CSV 无法读取", "the CSV cannot be read");
    let remedy =
        ("检查引号是否成对，另存为 CSV", "check that quotes are paired, and save it again");
    Box::new(Problem::error(Code::Unreadable, Place::file(), said, remedy))
}

/// Whether a spreadsheet program would take the text for a formula.
pub(crate) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether a text carries the `'` that [`crate::write_csv`] puts before what looks like a formula.
pub(crate) fn is_made_harmless(text: &str) -> bool {
    text.strip_prefix('\'').is_some_and(|rest| is_formula(rest.trim_start_matches('\'')))
}

/// The text without the `'` that made it harmless.
pub(super) fn plain(text: &str) -> &str {
    if is_made_harmless(text) { text.get(1..).unwrap_or(text) } else { text }
}
