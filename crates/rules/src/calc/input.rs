//! What a question is made of: decimals, points in time, days.

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserialize, Deserializer};

use super::CalcError;
use crate::{Quantity, json_path_at};

/// Reads the whole question, naming the field that could not be read.
pub(super) fn read<T: DeserializeOwned>(json_text: &str) -> Result<T, CalcError> {
    serde_json::from_str(json_text).map_err(|error| CalcError::Json {
        path: json_path_at(json_text.as_bytes(), error.line(), error.column()),
        line: error.line(),
        column: error.column(),
        problem: error.to_string(),
    })
}

/// A decimal, as text (`"5.0"`) or as a JSON number.
///
/// A JSON number has been through a binary float by the time we see it. Up to 15 significant
/// digits its shortest text is again what was typed; beyond that it must be written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(pub(super) Quantity);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NumberVisitor).map(Self)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Quantity;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a decimal number, as text such as \"-18.5\" or as a JSON number")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Quantity, E> {
        Quantity::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Quantity, E> {
        Ok(Quantity::from(rust_decimal::Decimal::from(number)))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Quantity, E> {
        Ok(Quantity::from(rust_decimal::Decimal::from(number)))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Quantity, E> {
        let text = number.to_string();
        let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit);
        if digits.count() > 15 {
            return Err(E::custom("a number of more than 15 digits must be written as text"));
        }
        Quantity::parse(&text).map_err(E::custom)
    }
}

/// A logged value: a decimal, or nothing (`null`, `""`, `"--.-"`) where the probe was absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sensed(pub(super) Option<Quantity>);

impl<'de> Deserialize<'de> for Sensed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SensedVisitor).map(Self)
    }
}

struct SensedVisitor;

impl Visitor<'_> for SensedVisitor {
    type Value = Option<Quantity>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a decimal number such as \"5.0\", or null or \"--.-\" for no value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" | "--.-" => Ok(None),
            _ => NumberVisitor.visit_str(text).map(Some),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        NumberVisitor.visit_i64(number).map(Some)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        NumberVisitor.visit_u64(number).map(Some)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        NumberVisitor.visit_f64(number).map(Some)
    }
}

/// A point in time with the offset it was written in (RFC 3339). The zone is never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(super) ms: i64,
    /// Seconds east of UTC.
    pub(super) offset_s: i32,
}

impl Stamp {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self { ms: at.timestamp_millis(), offset_s: at.offset().local_minus_utc() })
    }

    /// RFC 3339 text in its own offset.
    pub(super) fn text(self) -> String {
        let at = DateTime::from_timestamp_millis(self.ms).zip(FixedOffset::east_opt(self.offset_s));
        at.map_or_else(String::new, |(at, offset)| {
            at.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, true)
        })
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "\"{text}\" is no RFC 3339 time; write it as 2021-06-24T08:00:00+08:00, with its offset"
            ))
        })
    }
}
