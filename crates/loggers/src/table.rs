//! Any table of times and values: the engine behind the mapping wizard and LogTag files.

mod cells;
mod examine;
mod logtag;
mod rows;
mod shape;
mod survey;

use crate::{DateOrder, DecimalMark, LoggerFile, ReadError, Separator, Unit};
use logtag::Preamble;

/// A table of which nothing is open any more.
#[derive(Debug)]
pub(crate) struct Table {
    layout: Layout,
    order: DateOrder,
    mark: DecimalMark,
    unit: Unit,
    /// Of the logger's clock; lines may state their own.
    offset_min: Option<i16>,
    preamble: Preamble,
}

/// Where the columns are; places count from 0 here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layout {
    separator: Separator,
    times: Vec<usize>,
    value: usize,
    /// The line of the first row.
    first_row: u32,
}

impl Table {
    /// Reads every row.
    pub(crate) fn read(self, text: &str, answers: crate::Answers) -> Result<LoggerFile, ReadError> {
        rows::read(self, text, answers)
    }
}
