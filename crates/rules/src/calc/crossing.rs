//! When a series is beyond a limit, and for how long between two readings.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::CalcError;
use super::input::Number;
use super::series::Segment;
use crate::{Limit, LimitValue, Operator};

/// One side of a limit, stated as what is *out* of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beyond {
    operator: Operator,
    value: Decimal,
}

/// What is out of range: beyond any of its sides. Two sides never overlap.
#[derive(Debug, Clone)]
pub(super) struct OutOfRange {
    sides: Vec<Beyond>,
    unit: String,
}

/// `{"operator":">","value":"8.0"}` or `{"operator":"outside","min":"2.0","max":"8.0"}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutInput {
    pub(super) operator: String,
    pub(super) value: Option<Number>,
    pub(super) min: Option<Number>,
    pub(super) max: Option<Number>,
}

impl OutOfRange {
    pub(super) fn read(path: &str, input: &OutInput, unit: &str) -> Result<Self, CalcError> {
        let operator = match input.operator.as_str() {
            ">" => Operator::Above,
            ">=" => Operator::AtLeast,
            "<" => Operator::Below,
            "<=" => Operator::AtMost,
            "outside" => return Self::outside(path, input, unit),
            other => {
                let at = format!("{path}.operator");
                return Err(CalcError::unknown_word(
                    &at,
                    other,
                    &[">", ">=", "<", "<=", "outside"],
                ));
            }
        };
        let value = input.value.ok_or_else(|| CalcError::missing(&format!("{path}.value")))?;
        let side = Beyond { operator, value: bounded(path, value.0.decimal())? };
        Ok(Self { sides: vec![side], unit: unit.to_owned() })
    }

    fn outside(path: &str, input: &OutInput, unit: &str) -> Result<Self, CalcError> {
        match (input.min, input.max) {
            (Some(Number(min)), Some(Number(max))) if min <= max => {
                let below = bounded(path, min.decimal())?;
                let above = bounded(path, max.decimal())?;
                Ok(Self::band(below, above, unit))
            }
            _ => {
                let en = "\"outside\" needs `min` and `max` in this order";
                Err(CalcError::field(path, en, "outside 需要 min 与 max，且 min 不大于 max"))
            }
        }
    }

    fn band(min: Decimal, max: Decimal, unit: &str) -> Self {
        let below = Beyond { operator: Operator::Below, value: min };
        let above = Beyond { operator: Operator::Above, value: max };
        Self { sides: vec![below, above], unit: unit.to_owned() }
    }

    /// What a limit does not let pass.
    pub(super) fn of_limit(limit: &Limit, bound: &LimitValue) -> Option<Self> {
        let operator = match limit.operator {
            Operator::Above => Operator::AtMost,
            Operator::AtLeast => Operator::Below,
            Operator::Below => Operator::AtLeast,
            Operator::AtMost => Operator::Above,
            Operator::Between => {
                return Some(Self::band(bound.min?.decimal(), bound.max?.decimal(), &bound.unit));
            }
            Operator::Equal => return None,
        };
        let side = Beyond { operator, value: bounded("limit", bound.value?.decimal()).ok()? };
        Some(Self { sides: vec![side], unit: bound.unit.clone() })
    }

    /// Beyond any of these, for what is not read from a question; `None` where one is no temperature.
    pub(super) fn of_sides(sides: impl Iterator<Item = (Operator, Decimal)>) -> Option<Self> {
        let side = |(operator, value)| Some(Beyond { operator, value: bounded("", value).ok()? });
        Some(Self { sides: sides.map(side).collect::<Option<_>>()?, unit: String::new() })
    }

    /// Above one value, for what is not read from a question.
    pub(super) fn above(value: Decimal, unit: &str) -> Self {
        let side = Beyond { operator: Operator::Above, value };
        Self { sides: vec![side], unit: unit.to_owned() }
    }

    pub(super) fn contains(&self, value: Decimal) -> bool {
        self.sides.iter().any(|side| side.operator.holds(value.cmp(&side.value)))
    }

    /// The share of a stretch out of range with the line between its ends taken as straight, in ms.
    /// `None` when the numbers are too large.
    pub(super) fn linear_ms(&self, segment: &Segment) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for side in &self.sides {
            sum = sum.checked_add(side.linear_ms(segment)?)?;
        }
        // Two crossings in one stretch are each rounded in the 28th digit.
        Some(sum.min(Decimal::from(segment.ms())))
    }

    /// The condition as people read it: `> 8.0 °C`, or `< 2.0 or > 8.0 °C`.
    pub(super) fn describe(&self) -> String {
        let sides = self.sides.iter().map(|side| format!("{} {}", side.operator, side.value));
        format!("{} {}", sides.collect::<Vec<_>>().join(" or "), self.unit)
    }
}

impl Beyond {
    fn linear_ms(&self, segment: &Segment) -> Option<Decimal> {
        let is_out = |value: Decimal| self.operator.holds(value.cmp(&self.value));
        let all = Decimal::from(segment.ms());
        let out = match (is_out(segment.first), is_out(segment.last)) {
            (true, true) => return Some(all),
            (false, false) => return Some(Decimal::ZERO),
            (true, false) => segment.first,
            (false, true) => segment.last,
        };
        let beyond = out.checked_sub(self.value)?.abs();
        let range = segment.last.checked_sub(segment.first)?.abs();
        all.checked_mul(beyond)?.checked_div(range)
    }
}

/// The instant at which a falling or rising stretch meets `value`, in ms after its first end.
pub(super) fn crossing_ms(segment: &Segment, value: Decimal) -> Option<Decimal> {
    let range = segment.last.checked_sub(segment.first)?;
    let part = value.checked_sub(segment.first)?;
    Decimal::from(segment.ms()).checked_mul(part)?.checked_div(range)
}

fn bounded(path: &str, value: Decimal) -> Result<Decimal, CalcError> {
    if value.abs() > Decimal::from(1_000) || value.scale() > 6 {
        let en = "the limit is no temperature; give -1000 to 1000 with at most 6 decimals";
        return Err(CalcError::field(path, en, "限值不是温度，应在 ±1000 内、最多 6 位小数"));
    }
    Ok(value)
}
