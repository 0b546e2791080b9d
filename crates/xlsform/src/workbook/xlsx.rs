//! `.xlsx` and `.xlsm`.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, XlsxError};

use super::package::{damaged, plain};
use super::{KNOWN_SHEETS, Sheet, Sheets, cell};
use crate::problem::Stop;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Stop> {
    let mut workbook = Xlsx::new(Cursor::new(plain(bytes)?)).map_err(|_| damaged())?;
    let names = workbook.sheet_names();
    let only = names.len() == 1;
    let mut sheets = Sheets::default();
    for name in names {
        sheets.begin(&name)?;
        if !only && !is_known(&name) {
            continue;
        }
        // Cell by cell: a range is as large as its two farthest cells lie apart.
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A chart fills the place of a sheet.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(_) => return Err(damaged()),
        };
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let (row, column) = cell.get_position();
            let value = Data::from(cell.get_value().clone());
            sheets.put(row.saturating_add(1), column.saturating_add(1), &cell::text(&value))?;
        }
    }
    Ok(sheets.done())
}

pub(super) fn is_known(sheet: &str) -> bool {
    KNOWN_SHEETS.iter().any(|known| known.eq_ignore_ascii_case(sheet.trim()))
}
