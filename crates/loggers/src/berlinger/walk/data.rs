//! `Data`: the readings, one a line, behind a tab.

use super::Walk;
use crate::berlinger::fields::{bad_line, moment, order_of};
use crate::gaps::push;
use crate::value::Cell;
use crate::{DecimalMark, ReadError, Reading};

impl<'a> Walk<'a> {
    /// A line that begins with a tab.
    pub(super) fn row(
        &mut self,
        line: u32,
        content: &'a str,
        row: &'a str,
    ) -> Result<(), ReadError> {
        self.is_signed = false;
        match self.path.first().copied() {
            Some("Data") => self.reading(line, row),
            Some("Marker") => self.fact(line, "Row", row),
            _ => self.keep(line, content),
        }
    }

    fn reading(&mut self, line: u32, row: &str) -> Result<(), ReadError> {
        let mut cells = row.split('\t').map(str::trim);
        let (time, value) = (cells.next().unwrap_or_default(), cells.next());
        let Some(order) = self.order else {
            let known = value == Some("T");
            self.order = Some(order_of(line, time)?);
            return if known { Ok(()) } else { Err(bad_line(line, row)) };
        };
        let at = moment(line, time, order, self.offset_min)?;
        let value = value.ok_or_else(|| bad_line(line, row))?;
        let cell = Cell::of(value);
        let decimal = cell.decimal(DecimalMark::Point).filter(|_| cell.unit.is_none());
        if decimal.is_none() && !cell.is_missing() {
            return Err(ReadError::value(line, value));
        }
        let marked = match cells.next() {
            None | Some("") => false,
            Some("x" | "X") => true,
            Some(_) => return Err(bad_line(line, row)),
        };
        if cells.any(|cell| !cell.is_empty()) {
            return Err(bad_line(line, row));
        }
        push(&mut self.file.readings, Reading { at, value: decimal, marked, line })
    }
}
