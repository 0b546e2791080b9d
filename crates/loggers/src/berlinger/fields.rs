//! Values of keyed lines. A value that is none is located; a missing one is `---`, or empty.

use spotcheck_rules::NaiveDate;

use crate::error::{ErrorCode, shortened};
use crate::stamp::{Stamp, clock_seconds};
use crate::value::{Cell, is_missing};
use crate::{DateOrder, DecimalMark, Moment, ReadError};

pub(super) fn decimal(line: u32, value: &str) -> Result<Option<String>, ReadError> {
    let cell = Cell::of(value);
    if cell.is_missing() {
        return Ok(None);
    }
    match cell.decimal(DecimalMark::Point) {
        Some(text) if cell.unit.is_none() => Ok(Some(text.into())),
        _ => Err(ReadError::value(line, value)),
    }
}

pub(super) fn whole(line: u32, value: &str) -> Result<u32, ReadError> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| digits).ok_or_else(|| ReadError::value(line, value))
}

pub(super) fn whole_if_any(line: u32, value: &str) -> Result<Option<u32>, ReadError> {
    if is_missing(value) { Ok(None) } else { whole(line, value).map(Some) }
}

/// `00:42`
pub(super) fn clock(line: u32, value: &str) -> Result<Option<String>, ReadError> {
    if is_missing(value) {
        return Ok(None);
    }
    match Stamp::parse(value) {
        Some(Stamp { date: None, clock_s: Some(_), offset_min: None }) => {
            Ok(Some(value.to_owned()))
        }
        _ => Err(ReadError::time(line, value)),
    }
}

/// `2022-06-08`
pub(super) fn date(line: u32, value: &str) -> Result<NaiveDate, ReadError> {
    Stamp::parse(value)
        .filter(|stamp| stamp.clock_s.is_none())
        .and_then(|stamp| stamp.date?.resolve(DateOrder::YearMonthDay))
        .ok_or_else(|| ReadError::time(line, value))
}

/// `2022-06-08 10:14`, in the order that the column's heading states.
pub(super) fn moment(
    line: u32,
    value: &str,
    order: DateOrder,
    offset_min: i16,
) -> Result<Moment, ReadError> {
    let clock_s = Stamp::parse(value)
        .filter(|stamp| stamp.offset_min.is_none())
        .and_then(|stamp| Some(clock_seconds(stamp.date?.resolve(order)?, stamp.clock_s?)));
    let clock_s = clock_s.ok_or_else(|| ReadError::time(line, value))?;
    Ok(Moment::of_clock(clock_s, offset_min))
}

/// `yyyy-MM-dd hh:mm`: the order that a heading states.
pub(super) fn order_of(line: u32, heading: &str) -> Result<DateOrder, ReadError> {
    let at = |letter: char| heading.find(letter);
    match (at('y'), at('M'), at('d')) {
        (Some(y), Some(m), Some(d)) if y < m && m < d => Ok(DateOrder::YearMonthDay),
        (Some(y), Some(m), Some(d)) if d < m && m < y => Ok(DateOrder::DayMonthYear),
        (Some(y), Some(m), Some(d)) if m < d && d < y => Ok(DateOrder::MonthDayYear),
        _ => Err(bad_line(line, heading)),
    }
}

pub(super) fn bad_line(line: u32, text: &str) -> ReadError {
    let text = shortened(text.trim());
    ReadError::at(
        line,
        ErrorCode::Line,
        format!("“{text}”不符合该记录仪的格式；请从记录仪重新复制文件"),
        format!("\"{text}\" is not as this logger writes it; copy the file again from the logger"),
    )
}
