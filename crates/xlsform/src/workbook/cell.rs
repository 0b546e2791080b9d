//! A spreadsheet's value as the text its author meant.

use calamine::{Data, ExcelDateTime};

/// Numbers as short as they can be, dates as ISO 8601, no-break spaces as spaces.
pub(super) fn text(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.replace('\u{a0}', " ")
        }
        Data::Int(number) => number.to_string(),
        Data::Float(number) => self::number(*number),
        Data::Bool(is) => if *is { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => date(moment),
        Data::Error(error) => error.to_string(),
    }
}

fn number(number: f64) -> String {
    // `{}` never writes an exponent and always the fewest digits that read the same.
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let value = moment.as_f64();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if (0.0..1.0).contains(&value) {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if value.fract() == 0.0 { date } else { format!("{date}T{time}") }
}
