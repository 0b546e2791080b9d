//! Tables of Markdown, as `pyxform` reads them.

use super::harmless;
use crate::Workbook;

/// All sheets, one table after another. A line break within a cell becomes a space: Markdown has
/// none in its tables.
#[must_use]
pub fn write_markdown(workbook: &Workbook) -> String {
    let mut text = String::new();
    for sheet in &workbook.sheets {
        row(&mut text, std::iter::once(sheet.name.as_str()));
        for cells in &sheet.rows {
            row(&mut text, std::iter::once("").chain(cells.cells.iter().map(String::as_str)));
        }
    }
    text
}

fn row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    text.push('|');
    for cell in cells {
        let cell = harmless(cell);
        text.push(' ');
        text.push_str(&cell.replace(['\r', '\n', '\u{b}', '\u{c}'], " ").replace('|', "\\|"));
        text.push_str(" |");
    }
    text.push('\n');
}
