//! One pass over every row: what the times and numbers leave open.

use super::Layout;
use super::cells::{split, stamp_in};
use crate::stamp::{DateNumbers, ORDERS};
use crate::value::Cell;
use crate::wizard::ExampleLine;
use crate::{DateOrder, DecimalMark, Unit, text};

/// Rows shown with a question.
const EXAMPLES: usize = 3;

/// What all rows say together.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The orders under which every date exists; every order where dates contradict each other,
    /// so that reading locates the one that does not exist.
    pub(super) orders: Vec<DateOrder>,
    /// Whether every number is one with this mark; only commas leave anything open.
    pub(super) point_fits: bool,
    pub(super) comma_fits: bool,
    pub(super) has_comma: bool,
    /// Whether some rows state no offset from UTC.
    pub(super) lacks_offset: bool,
    /// The unit that stands behind every number.
    pub(super) unit: Option<Unit>,
    has_bare_numbers: bool,
    has_several_units: bool,
    pub(super) rows: usize,
    pub(super) lines: Vec<ExampleLine>,
    /// The first dates and the last, to show each order by.
    pub(super) dates: Vec<DateNumbers>,
    /// The first numbers, or the first with a comma.
    pub(super) numbers: Vec<String>,
}

impl Survey {
    pub(super) fn of(text: &str, layout: &Layout) -> Self {
        let mut survey = Self { point_fits: true, comma_fits: true, ..Self::default() };
        let mut orders = ORDERS.to_vec();
        let (mut before, mut last, mut is_open) = (None, None, false);
        let mut cells = Vec::new();
        for (line, content) in text::lines(text) {
            if line < layout.first_row {
                continue;
            }
            split(content, layout.separator, &mut cells);
            let Some(stamp) = stamp_in(&cells, &layout.times) else { continue };
            let Some(date) = stamp.date else { continue };
            survey.rows += 1;
            if survey.lines.len() < EXAMPLES {
                survey.lines.push(ExampleLine::of(line, content));
                survey.dates.push(date);
            } else {
                last = Some(date);
            }
            survey.lacks_offset |= stamp.offset_min.is_none();
            let exists = |order: &DateOrder| date.resolve(*order).is_some();
            if let Some(cell) = cells.get(layout.value) {
                survey.value(Cell::of(cell));
            }
            // A day has many rows, and each says the same of its order.
            if before.replace(date) == Some(date) {
                continue;
            }
            is_open |= date.is_open();
            // A date that exists in no order decides nothing; reading locates it.
            if date.is_open() && ORDERS.iter().any(exists) {
                orders.retain(exists);
            }
        }
        // A single row with a unit says nothing about the others; reading locates it.
        if survey.has_bare_numbers || survey.has_several_units {
            survey.unit = None;
        }
        survey.dates.extend(last);
        survey.orders = match (is_open, orders.is_empty()) {
            // Months by name: any order reads them alike.
            (false, _) => vec![DateOrder::YearMonthDay],
            (true, true) => ORDERS.to_vec(),
            (true, false) => orders,
        };
        survey
    }

    fn value(&mut self, cell: Cell<'_>) {
        let point = cell.fits(DecimalMark::Point);
        let comma_fits = cell.fits(DecimalMark::Comma);
        if cell.is_missing() || !(point || comma_fits) {
            return;
        }
        self.has_bare_numbers |= cell.unit.is_none();
        self.has_several_units |=
            self.unit.is_some() && cell.unit.is_some_and(|u| Some(u) != self.unit);
        self.unit = self.unit.or(cell.unit);
        let comma = cell.number.contains(',');
        if comma && !self.has_comma {
            self.numbers.clear();
        }
        self.has_comma |= comma;
        if self.numbers.len() < EXAMPLES && (comma || !self.has_comma) {
            self.numbers.push(cell.number.to_owned());
        }
        self.point_fits &= point;
        self.comma_fits &= comma_fits;
    }
}
