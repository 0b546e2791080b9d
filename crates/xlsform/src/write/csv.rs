//! XLSForm's one-sheet CSV.

use csv::WriterBuilder;

use super::harmless;
use crate::Workbook;

/// All sheets in one table, the first column naming them; UTF-8 with a mark, for Excel. Formulas
/// are made harmless by a `'` before them.
#[must_use]
pub fn write_csv(workbook: &Workbook) -> Vec<u8> {
    let mut writer = WriterBuilder::new().flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
    for sheet in &workbook.sheets {
        let name = harmless(&sheet.name);
        let first = writer.write_record([name.as_ref()]);
        let rows = sheet.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| harmless(cell));
            std::iter::once("".into()).chain(cells).collect::<Vec<_>>()
        });
        // Memory takes whatever is written to it.
        let written: Result<(), csv::Error> = first.and_then(|()| {
            rows.map(|cells| writer.write_record(cells.iter().map(|cell| cell.as_bytes())))
                .collect()
        });
        debug_assert!(written.is_ok(), "a flexible writer takes rows of any length");
    }
    writer.into_inner().unwrap_or_default()
}
