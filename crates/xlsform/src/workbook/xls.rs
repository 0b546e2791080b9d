//! `.xls`, as Excel wrote it before 2007.

use std::io::Cursor;

use calamine::{Reader, Xls};

use super::package::damaged;
use super::xlsx::is_known;
use super::{Sheet, Sheets, cell};
use crate::problem::Stop;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Stop> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let names = workbook.sheet_names();
    let only = names.len() == 1;
    let mut sheets = Sheets::default();
    for name in names {
        sheets.begin(&name)?;
        if !only && !is_known(&name) {
            continue;
        }
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top);
            let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(left);
            sheets.put(row.saturating_add(1), column.saturating_add(1), &cell::text(value))?;
        }
    }
    Ok(sheets.done())
}
