//! From a text to a table, or to the questions that stand before it.

use super::shape::{self, Shape};
use super::survey::Survey;
use super::{Layout, Table, logtag};
use crate::error::ErrorCode;
use crate::stamp::{ORDERS, offset_in};
use crate::value::unit_in;
use crate::wizard::{
    Question, Sniffed, ask_decimal_mark, ask_interval, ask_separator, ask_time_columns, ask_unit,
    ask_value_column, ask_zone, no_readings, order_question,
};
use crate::{Answers, Column, DateOrder, DecimalMark, FileKind, ReadError, Separator, Unit};

/// Separators that stand in a text for nothing else, and spaces only if none of them does.
const SEPARATORS: [Separator; 4] =
    [Separator::Comma, Separator::Semicolon, Separator::Tab, Separator::Bar];

impl Table {
    /// Looks at the whole text. The table is there once nothing is open.
    pub(crate) fn examine(
        text: &str,
        known: Answers,
    ) -> Result<(Option<Self>, Sniffed), ReadError> {
        let mut shapes = match known.separator {
            Some(separator) => shape::find(text, separator).into_iter().collect(),
            None => find_shapes(text),
        };
        let shape = match shapes.len() {
            0 => return Err(no_readings(text)),
            1 => shapes.remove(0),
            _ => {
                let found: Vec<_> = shapes.iter().map(|shape| shape.separator).collect();
                let question = ask_separator(&found);
                return Ok((None, sniffed(FileKind::Table, known, Vec::new(), vec![question])));
            }
        };
        Examination { text, shape, known, questions: Vec::new() }.finish()
    }
}

fn find_shapes(text: &str) -> Vec<Shape> {
    let shapes: Vec<_> = SEPARATORS.iter().filter_map(|s| shape::find(text, *s)).collect();
    if shapes.is_empty() {
        return shape::find(text, Separator::Spaces).into_iter().collect();
    }
    shapes
}

fn sniffed(
    kind: FileKind,
    known: Answers,
    columns: Vec<Column>,
    questions: Vec<Question>,
) -> Sniffed {
    Sniffed { kind: Some(kind), device: None, known, columns, questions }
}

struct Examination<'a> {
    text: &'a str,
    shape: Shape,
    known: Answers,
    questions: Vec<Question>,
}

impl Examination<'_> {
    fn finish(mut self) -> Result<(Option<Table>, Sniffed), ReadError> {
        self.known.separator = Some(self.shape.separator);
        let preamble = logtag::preamble(self.text, &self.shape)?;
        let kind = if preamble.is_logtag { FileKind::LogTag } else { FileKind::Table };
        let times = self.times()?;
        let value = self.value(times.as_deref())?;
        let (Some(times), Some(value)) = (times, value) else {
            return Ok((None, sniffed(kind, self.known, self.shape.columns, self.questions)));
        };
        let Shape { separator, first_row, .. } = self.shape;
        let mut layout = Layout { separator, times, value, first_row };
        // Rows above the usual ones, a cell shorter or longer, are rows all the same.
        layout.first_row = layout.find_first_row(self.text);
        self.shape.first_row = layout.first_row;
        let preamble = logtag::preamble(self.text, &self.shape)?;
        let survey = Survey::of(self.text, &layout);
        if survey.rows == 0 {
            return Err(no_readings(self.text));
        }
        let unit = self.unit(&layout, &survey, preamble.unit)?;
        let order = self.order(&survey);
        let mark = self.mark(&survey);
        self.zone(&layout, &survey);
        let measured = survey.rows > 1;
        if !measured && preamble.interval_s.or(self.known.interval_s).is_none() {
            self.questions.push(ask_interval());
        }
        let device = preamble.device.model.clone();
        let offset_min = self.known.offset_min;
        let table = match (unit, order, mark) {
            (Some(unit), Some(order), Some(mark)) if self.questions.is_empty() => {
                Some(Table { layout, order, mark, unit, offset_min, preamble })
            }
            _ => None,
        };
        let sniffed = sniffed(kind, self.known, self.shape.columns, self.questions);
        Ok((table, Sniffed { device, ..sniffed }))
    }

    fn times(&mut self) -> Result<Option<Vec<usize>>, ReadError> {
        if let Some(answered) = &self.known.time_columns {
            let places: Option<Vec<_>> = answered.iter().map(|c| place(*c)).collect();
            let there = places.filter(|places| self.shape.times.contains(places));
            return there.map(Some).ok_or_else(|| not_there(answered));
        }
        if let [only] = self.shape.times.as_slice() {
            self.known.time_columns = Some(only.iter().map(|at| number(*at)).collect());
            return Ok(Some(only.clone()));
        }
        let examples = |columns: &[u32]| self.examples_of(columns);
        let found = self.shape.times.iter().map(|places| {
            let columns: Vec<_> = places.iter().map(|at| number(*at)).collect();
            let shown = examples(&columns);
            (columns, shown)
        });
        let question = ask_time_columns(&found.collect::<Vec<_>>());
        self.questions.push(question);
        Ok(None)
    }

    /// The cells of neighbouring columns, row by row.
    fn examples_of(&self, columns: &[u32]) -> Vec<String> {
        let of: Vec<&Column> =
            self.shape.columns.iter().filter(|it| columns.contains(&it.column)).collect();
        let rows = of.first().map_or(0, |column| column.examples.len());
        let row = |at: usize| -> Vec<&str> {
            of.iter().filter_map(|column| column.examples.get(at)).map(String::as_str).collect()
        };
        (0..rows).map(|at| row(at).join(" ")).collect()
    }

    fn value(&mut self, times: Option<&[usize]>) -> Result<Option<usize>, ReadError> {
        let free = |at: &usize| !times.is_some_and(|times| times.contains(at));
        if let Some(answered) = self.known.value_column {
            let there = place(answered).filter(|at| *at < self.shape.width).filter(free);
            return there.map(Some).ok_or_else(|| not_there(&[answered]));
        }
        if let [only] = self.shape.values.as_slice() {
            self.known.value_column = Some(number(*only));
            return Ok(Some(*only));
        }
        let columns = self.shape.columns.iter();
        let found: Vec<_> = columns
            .filter(|it| place(it.column).is_some_and(|at| self.shape.values.contains(&at)))
            .map(|it| (it.column, it.heading.clone(), it.examples.clone()))
            .collect();
        self.questions.push(ask_value_column(&found));
        Ok(None)
    }

    /// What the heading, the cells or the lines above say, if they agree.
    fn unit(
        &mut self,
        layout: &Layout,
        survey: &Survey,
        above: Option<Unit>,
    ) -> Result<Option<Unit>, ReadError> {
        let heading = self.shape.columns.get(layout.value).and_then(|it| unit_in(&it.heading));
        let mut said = [survey.unit, heading, above].into_iter().flatten();
        let first = said.next();
        let stated = first.filter(|first| said.all(|unit| unit == *first));
        if let (Some(stated), Some(answered)) = (stated, self.known.unit)
            && stated != answered
        {
            return Err(crate::berlinger::other_unit(stated));
        }
        self.known.unit = stated.or(self.known.unit);
        if self.known.unit.is_none() {
            let units = [Unit::Celsius, Unit::Fahrenheit, Unit::Humidity];
            self.questions.push(ask_unit(&units).about(&survey.lines));
        }
        Ok(self.known.unit)
    }

    fn order(&mut self, survey: &Survey) -> Option<DateOrder> {
        if let [only] = survey.orders.as_slice() {
            self.known.date_order = Some(self.known.date_order.unwrap_or(*only));
        }
        if self.known.date_order.is_none() {
            let possible = ORDERS.iter().filter(|order| survey.orders.contains(order));
            let found: Vec<_> = possible.map(|order| (*order, shown(survey, *order))).collect();
            self.questions.push(order_question(&found).about(&survey.lines));
        }
        self.known.date_order
    }

    fn mark(&mut self, survey: &Survey) -> Option<DecimalMark> {
        let open = survey.has_comma && survey.point_fits && survey.comma_fits;
        if self.known.decimal_mark.is_none() && !open {
            let comma = survey.has_comma && survey.comma_fits;
            let mark = if comma { DecimalMark::Comma } else { DecimalMark::Point };
            self.known.decimal_mark = Some(mark);
        }
        if self.known.decimal_mark.is_none() {
            let marks = [DecimalMark::Comma, DecimalMark::Point];
            let read = |mark: DecimalMark| -> Vec<String> {
                let numbers = survey.numbers.iter();
                numbers.filter_map(|n| crate::value::decimal(n, mark)).map(String::from).collect()
            };
            let shown = marks.map(|mark| (mark, read(mark)));
            self.questions.push(ask_decimal_mark(&shown).about(&survey.lines));
        }
        self.known.decimal_mark
    }

    fn zone(&mut self, layout: &Layout, survey: &Survey) {
        let headings = layout.times.iter().filter_map(|at| self.shape.columns.get(*at));
        let stated = headings.filter_map(|column| offset_in(&column.heading)).next();
        self.known.offset_min = self.known.offset_min.or(stated);
        if survey.lacks_offset && self.known.offset_min.is_none() {
            self.questions.push(ask_zone().about(&survey.lines));
        }
    }
}

/// The example dates under an order.
fn shown(survey: &Survey, order: DateOrder) -> Vec<String> {
    let date = |date: &crate::stamp::DateNumbers| date.resolve(order).map(|it| it.to_string());
    survey.dates.iter().filter_map(date).collect()
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1)
}

fn place(number: u32) -> Option<usize> {
    number.checked_sub(1).and_then(|at| usize::try_from(at).ok())
}

fn not_there(columns: &[u32]) -> ReadError {
    let names: Vec<_> = columns.iter().map(u32::to_string).collect();
    ReadError::whole(
        ErrorCode::Contradicted,
        format!("第 {} 列不能这样使用；请从列出的列中选择", names.join("、")),
        format!("column {} cannot be used so; choose one of those listed", names.join(" and ")),
    )
}
