//! Dates and times.

use super::args::Args;
use crate::expression::date::{DAY, Fields, parse_date_time, parse_time};
use crate::expression::error::Faulty;
use crate::expression::{DateTime, Function, Value};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Args<'_> {
    pub(super) fn of_dates(&self) -> Faulty<Value> {
        let now = self.run.host_time();
        match self.function {
            Function::Today => Ok(date_or_empty(now.map(DateTime::midnight))),
            Function::Now => Ok(date_or_empty(now)),
            Function::Date => Ok(date_or_empty(self.moment(true).map(DateTime::midnight))),
            Function::DateTime => Ok(date_or_empty(self.moment(true))),
            Function::DecimalDateTime => {
                Ok(Value::Number(self.moment(false).map_or(f64::NAN, DateTime::days)))
            }
            Function::DecimalTime => Ok(Value::Number(self.time_of_day())),
            _ => {
                let with_time = self.function == Function::FormatDateTime;
                let shown = self.moment(false).map(|date| format(date, &self.text(1), with_time));
                self.give(shown.unwrap_or_default())
            }
        }
    }

    /// The first argument as a moment: ISO text, or days since 1970.
    fn moment(&self, loose: bool) -> Option<DateTime> {
        let offset = self.run.moment.offset_minutes;
        match self.values.first()? {
            Value::Date(date) => Some(*date),
            Value::Number(days) => DateTime::from_days(*days, offset),
            Value::Bool(_) => None,
            value => {
                let text = self.run.text(value);
                let days = || DateTime::from_days(self.run.text_number(&text), offset);
                // Only the formats read a number that was stored as text: a date never is one.
                let is_format =
                    matches!(self.function, Function::FormatDate | Function::FormatDateTime);
                parse_date_time(&text, offset, loose)
                    .or_else(|| if is_format { days() } else { None })
            }
        }
    }

    /// The part of a day gone at a time of day, local to its own offset or the host's.
    fn time_of_day(&self) -> f64 {
        let Some((millis, offset)) = parse_time(&self.text(0)) else { return f64::NAN };
        let host = self.run.moment.offset_minutes;
        let shift = offset.map_or(0, |offset| i64::from(host) - i64::from(offset));
        (millis + shift * 60_000).rem_euclid(DAY) as f64 / DAY as f64
    }
}

fn date_or_empty(date: Option<DateTime>) -> Value {
    date.map_or_else(Value::empty, Value::Date)
}

/// Fills a format. Signs that are none stay as they are; a date's format knows no time.
fn format(date: DateTime, format: &str, with_time: bool) -> String {
    let fields = date.fields();
    let mut out = String::new();
    let mut rest = format;
    while let Some((plain, after)) = rest.split_once('%') {
        out.push_str(plain);
        let sign = after.chars().next();
        match sign.and_then(|sign| field(&fields, sign, with_time)) {
            Some(text) => {
                out.push_str(&text);
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn field(date: &Fields, sign: char, with_time: bool) -> Option<String> {
    let named = |names: &[&str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).map(|name| (*name).to_owned())
    };
    match sign {
        'Y' => Some(format!("{:04}", date.year)),
        'y' => Some(format!("{:02}", date.year % 100)),
        'm' => Some(format!("{:02}", date.month)),
        'n' => Some(date.month.to_string()),
        'b' => named(&MONTHS, date.month - 1),
        'd' => Some(format!("{:02}", date.day)),
        'e' => Some(date.day.to_string()),
        'a' => named(&WEEKDAYS, date.weekday),
        'H' if with_time => Some(format!("{:02}", date.hour)),
        'h' if with_time => Some(date.hour.to_string()),
        'M' if with_time => Some(format!("{:02}", date.minute)),
        'S' if with_time => Some(format!("{:02}", date.second)),
        '3' if with_time => Some(format!("{:03}", date.milli)),
        _ => None,
    }
}
