//! Collects cells and stops at the limits, before memory does.

use super::{Row, Sheet};
use crate::Limits;
use crate::problem::{Code, Place, Problem, Stop};

/// The sheets read so far.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    sheets: Vec<Sheet>,
    cells: usize,
    text_bytes: usize,
    /// Rows are numbered by lines of a text, which all sheets share.
    by_line: bool,
}

impl Sheets {
    /// Sheets of a text file.
    pub(super) fn by_line() -> Self {
        Self { by_line: true, ..Self::default() }
    }

    /// Begins a sheet, or goes on with the one of that name.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Stop> {
        if let Some(at) = self.sheets.iter().position(|sheet| sheet.name == name) {
            let sheet = self.sheets.remove(at);
            self.sheets.push(sheet);
            return Ok(());
        }
        if self.sheets.len() >= Limits::SHEETS {
            return Err(too_large(Place::file(), Limits::SHEETS, ("张工作表", "sheets")));
        }
        if name.len() > Limits::CELL_BYTES {
            return Err(too_large(
                Place::file(),
                Limits::CELL_BYTES,
                ("字节的名称", "bytes of name"),
            ));
        }
        self.sheets.push(Sheet { name: name.to_owned(), rows: Vec::new() });
        Ok(())
    }

    /// Puts a text into the sheet begun last. `row` and `column` count from 1. Rows come in order,
    /// or else are sorted by [`Sheets::done`].
    pub(super) fn put(&mut self, row: u32, column: u32, text: &str) -> Result<(), Stop> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        let place = || Place::row(&sheet.name, row).at(&letters(column));
        let is_far = row > Limits::ROWS && !self.by_line;
        if is_far || sheet.rows.len() > Limits::ROWS as usize {
            return Err(too_large(place(), Limits::ROWS as usize, ("行", "rows")));
        }
        if column > Limits::COLUMNS {
            return Err(too_large(place(), Limits::COLUMNS as usize, ("列", "columns")));
        }
        if text.len() > Limits::CELL_BYTES {
            return Err(too_large(place(), Limits::CELL_BYTES, ("字节", "bytes in a cell")));
        }
        self.cells += 1;
        if self.cells > Limits::CELLS {
            return Err(too_large(place(), Limits::CELLS, ("个单元格", "cells")));
        }
        self.text_bytes += text.len();
        if self.text_bytes > Limits::TEXT_BYTES {
            return Err(too_large(place(), Limits::TEXT_BYTES, ("字节文字", "bytes of text")));
        }
        if sheet.rows.last().is_none_or(|last| last.number != row) {
            sheet.rows.push(Row { number: row, cells: Vec::new() });
        }
        let Some(last) = sheet.rows.last_mut() else { return Ok(()) };
        let index = column.saturating_sub(1) as usize;
        if last.cells.len() <= index {
            last.cells.resize(index + 1, String::new());
        }
        if let Some(cell) = last.cells.get_mut(index) {
            text.clone_into(cell);
        }
        Ok(())
    }

    /// All sheets. Rows that came in pieces are put together.
    pub(super) fn done(mut self) -> Vec<Sheet> {
        for sheet in &mut self.sheets {
            let in_order = sheet.rows.windows(2).all(|pair| match pair {
                [a, b] => a.number < b.number,
                _ => true,
            });
            if !in_order {
                sheet.rows.sort_by_key(|row| row.number);
                sheet.rows.dedup_by(|next, kept| {
                    next.number == kept.number && {
                        join(kept, next);
                        true
                    }
                });
            }
        }
        self.sheets
    }
}

fn join(kept: &mut Row, next: &mut Row) {
    for (index, text) in next.cells.drain(..).enumerate().filter(|(_, text)| !text.is_empty()) {
        if kept.cells.len() <= index {
            kept.cells.resize(index + 1, String::new());
        }
        if let Some(cell) = kept.cells.get_mut(index) {
            *cell = text;
        }
    }
}

pub(super) fn too_large(place: Place, most: usize, (zh, en): (&str, &str)) -> Stop {
    let said = (&*format!("超过 {most} {zh}"), &*format!("more than {most} {en}"));
    let remedy = ("拆分表单，或删去多余内容", "split the form, or remove what it does not need");
    Box::new(Problem::error(Code::TooLarge, place, said, remedy))
}

/// `A` for 1, `AA` for 27.
pub(crate) fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    letters.iter().rev().collect()
}
