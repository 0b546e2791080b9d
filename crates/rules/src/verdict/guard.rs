//! Guard bands: a verdict that says how far the instrument can be trusted (rules §2.7, ILAC-G8).

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Judgement, RuleError, Verdict, judge, judge_declared, load_limit};
use crate::{LimitValue, Operator, Pack, Quantity, Severity};

impl Verdict {
    /// The word under which the verdict is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Invalid => "invalid",
            Self::NotObserved => "not_observed",
            Self::ConditionalPass => "conditional_pass",
            Self::ConditionalFail => "conditional_fail",
        }
    }

    /// The most an instrument with overdue calibration can say: nothing is certain, so a pass and
    /// a failure both become conditional (rules §2.7, calibration).
    #[must_use]
    pub fn capped(self) -> Self {
        match self {
            Self::Pass => Self::ConditionalPass,
            Self::Fail => Self::ConditionalFail,
            other => other,
        }
    }
}

/// Judges like [`judge`], with the uncertainty `U` of the reading in the same unit, by default the
/// instrument's maximum permissible error. With `v ± U` as the span in which the true value lies:
///
/// | the limit holds for | verdict |
/// |---|---|
/// | the whole span | [`Verdict::Pass`] |
/// | the reading | [`Verdict::ConditionalPass`] |
/// | some of the span | [`Verdict::ConditionalFail`] |
/// | none of it | [`Verdict::Fail`] |
///
/// A severity comes only with [`Verdict::Fail`]; with `U` = 0 the verdict is that of [`judge`].
///
/// # Errors
/// [`RuleError`] as for [`judge`], and when the uncertainty is negative or no decimal number.
pub fn judge_with_uncertainty(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    value: &str,
    unit: &str,
    uncertainty: &str,
) -> Result<Judgement, RuleError> {
    let mut judgement = judge(pack, key, on, value, unit)?;
    let (value, width) = (Quantity::parse(value)?, Quantity::parse(uncertainty)?);
    if width.decimal().is_sign_negative() && !width.decimal().is_zero() {
        return Err(RuleError::NegativeUncertainty(uncertainty.to_owned()));
    }
    let limit = load_limit(pack, key, on)?;
    // `judge` has refused a unit without a value already.
    let Some(bound) = limit.find_value(unit) else { return Ok(judgement) };
    if matches!(judgement.verdict, Verdict::Pass | Verdict::Fail) {
        let passes = judgement.verdict == Verdict::Pass;
        judgement.verdict = guarded(limit.operator, bound, value, width, passes)
            .ok_or_else(|| RuleError::TooLarge { key: key.to_owned() })?;
    }
    if judgement.verdict != Verdict::Fail {
        judgement.severity = None;
    }
    Ok(judgement)
}

/// The same of a maximum that the goods themselves declare.
pub(super) fn judge_declared_with_uncertainty(
    (rule, severity): (&str, Severity),
    (value, max): (&str, &str),
    unit: &str,
    width: Quantity,
) -> Result<Judgement, RuleError> {
    let mut judgement = judge_declared(rule, severity, value, max, unit)?;
    let (value, max) = (Quantity::parse(value)?, Quantity::parse(max)?);
    let unit = unit.to_owned();
    let bound = LimitValue { value: Some(max), min: None, max: None, unit, plausible: None };
    let passes = judgement.verdict == Verdict::Pass;
    judgement.verdict = guarded(Operator::AtMost, &bound, value, width, passes)
        .ok_or_else(|| RuleError::TooLarge { key: rule.to_owned() })?;
    if judgement.verdict != Verdict::Fail {
        judgement.severity = None;
    }
    Ok(judgement)
}

/// The acceptance limit `AL = TL ∓ U` as people read it, such as `<= 7.5 °C`: a reading that keeps
/// it passes without a condition. `None` where there is none (`==`), or it cannot be kept exactly.
#[must_use]
pub fn acceptance_limit(
    operator: Operator,
    bound: &LimitValue,
    uncertainty: Quantity,
) -> Option<String> {
    let (width, unit) = (uncertainty.decimal(), &bound.unit);
    let up = |value: Quantity| value.decimal().checked_add(width);
    let down = |value: Quantity| value.decimal().checked_sub(width);
    match operator {
        Operator::Above | Operator::AtLeast => {
            Some(format!("{operator} {} {unit}", up(bound.value?)?))
        }
        Operator::Below | Operator::AtMost => {
            Some(format!("{operator} {} {unit}", down(bound.value?)?))
        }
        Operator::Between => {
            Some(format!("between {} and {} {unit}", up(bound.min?)?, down(bound.max?)?))
        }
        Operator::Equal => None,
    }
}

fn guarded(
    operator: Operator,
    bound: &LimitValue,
    value: Quantity,
    width: Quantity,
    passes: bool,
) -> Option<Verdict> {
    let low = value.decimal().checked_sub(width.decimal())?;
    let high = value.decimal().checked_add(width.decimal())?;
    let (all, some) = span_holds(operator, bound, low, high)?;
    Some(match (all, passes, some) {
        (true, ..) => Verdict::Pass,
        (_, true, _) => Verdict::ConditionalPass,
        (_, _, true) => Verdict::ConditionalFail,
        _ => Verdict::Fail,
    })
}

/// Whether the limit holds for all, and for some, of the values from `low` to `high`.
fn span_holds(
    operator: Operator,
    bound: &LimitValue,
    low: Decimal,
    high: Decimal,
) -> Option<(bool, bool)> {
    if operator == Operator::Between {
        let (min, max) = (bound.min?.decimal(), bound.max?.decimal());
        return Some((min <= low && high <= max, min <= high && low <= max));
    }
    let limit = bound.value?.decimal();
    if operator == Operator::Equal {
        return Some((low == limit && high == limit, low <= limit && limit <= high));
    }
    let (at_low, at_high) = (operator.holds(low.cmp(&limit)), operator.holds(high.cmp(&limit)));
    Some((at_low && at_high, at_low || at_high))
}
