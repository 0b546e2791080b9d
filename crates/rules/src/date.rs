//! Calendar dates as `YYYY-MM-DD` and nothing else: "2021-6-4" and "06/04" mean different days to
//! different people.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

/// A text is no calendar date in the one accepted form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a calendar date; write it as YYYY-MM-DD, for example 2021-06-24")]
pub struct DateError(String);

/// Reads `YYYY-MM-DD`.
///
/// # Errors
/// [`DateError`] for any other form and for days that do not exist (2021-02-29).
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    // chrono also accepts signs, spaces and missing zeros, which would give one day many spellings.
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return Err(DateError(text.to_owned()));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| DateError(text.to_owned()))
}

/// For `#[serde(deserialize_with)]`: a strict date.
pub(crate) fn required<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(from)?;
    parse_date(&text).map_err(serde::de::Error::custom)
}

/// For `#[serde(deserialize_with)]`: a strict date, or null.
pub(crate) fn optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| parse_date(&text).map_err(serde::de::Error::custom)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_spelling_of_a_day_is_accepted() {
        assert!(parse_date("2021-06-24").is_ok());
        for wrong in ["2021-6-24", "2021-02-29", "20210624", "2021/06/24", " 2021-06-2", ""] {
            assert!(parse_date(wrong).is_err(), "{wrong}");
        }
    }
}
