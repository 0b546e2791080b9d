//! XLSForm's one-sheet CSV.

use csv::WriterBuilder;

use super::harmless;
use crate::Workbook;

/// All sheets in one table, the first column naming them. UTF-8 without a mark: `pyxform` takes one
/// for part of a sheet's name. Formulas are made harmless by a `'` before them.
#[must_use]
pub fn write_csv(workbook: &Workbook) -> Vec<u8> {
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for sheet in &workbook.sheets {
        let name = harmless(&sheet.name);
        let first = writer.write_record([name.as_ref()]);
        let mut rows = sheet.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| harmless(cell));
            std::iter::once("".into()).chain(cells).collect::<Vec<_>>()
        });
        // Memory takes whatever is written to it.
        let written: Result<(), csv::Error> = first.and_then(|()| {
            rows.try_for_each(|cells| writer.write_record(cells.iter().map(|cell| cell.as_bytes())))
        });
        debug_assert!(written.is_ok(), "a flexible writer takes rows of any length");
    }
    writer.into_inner().unwrap_or_default()
}
