//! The envelope of every answer: rule, pack, source.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde_json::{Number, Value};

use super::CalcError;

/// What an answer rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Cited {
    /// The key of the limit, or the name of the rule.
    pub(super) rule: String,
    /// The code of the pack or data file; `None` where the question brought its own limit.
    pub(super) pack: Option<String>,
    /// Keys of the rules document, or `House`, or `given`.
    pub(super) source: String,
}

/// Joins a result, which must be an object, with what it rests on.
pub(super) fn cite(result: &impl Serialize, cited: Cited) -> Result<Value, CalcError> {
    let unreadable = |problem: String| CalcError::Data { name: "answer", problem };
    let mut value = serde_json::to_value(result).map_err(|error| unreadable(error.to_string()))?;
    let fields = value.as_object_mut().ok_or_else(|| unreadable("no object".to_owned()))?;
    fields.insert("rule".to_owned(), Value::from(cited.rule));
    fields.insert("pack".to_owned(), Value::from(cited.pack));
    fields.insert("source".to_owned(), Value::from(cited.source));
    Ok(value)
}

/// A computed number for people and charts, rounded half to even to so many decimals.
pub(super) fn number(value: Decimal, decimals: u32) -> Value {
    let rounded = value.round_dp(decimals).normalize();
    match rounded.to_i64().filter(|whole| Decimal::from(*whole) == rounded) {
        Some(whole) => Value::from(whole),
        None => float(rounded.to_f64().unwrap_or_default()),
    }
}

/// Milliseconds as minutes with three decimals.
pub(super) fn minutes(ms: Decimal) -> Value {
    number(ms.checked_div(Decimal::from(60_000)).unwrap_or_default(), 3)
}

fn float(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
