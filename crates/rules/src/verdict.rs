//! Verdicts: one reading against one limit, exactly, in the unit that was read.

mod guard;
mod instrument;
mod measured;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Limit, LimitValue, Operator, Pack, Quantity, QuantityError, Severity};
pub use guard::{acceptance_limit, judge_with_uncertainty};
pub use instrument::{DailyCheck, Doubt, Trust};
use measured::Measured;
use ts_rs::TS;

/// What a comparison says. The words are stored, so none is ever renamed; others may join, so a
/// `match` needs an arm for what it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// Within the limit.
    Pass,
    /// Beyond the limit.
    Fail,
    /// Not plausible: the instrument or its set-up is in doubt, so nothing is said about the site.
    Invalid,
    /// Nothing was there to observe. Missing data is not in-range data (rules §1.5).
    NotObserved,
    /// Within the limit, but nearer to it than the instrument can tell: a note, no more.
    ConditionalPass,
    /// Beyond the limit, but no farther than the instrument can err: hold and measure again. It is
    /// no proof, so no penalty starts here (rules §1.2).
    ConditionalFail,
}

/// How far a value lies beyond its limit: positive when failing, negative inside. It only orders
/// answers by how bad they are; a verdict never depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Beyond {
    /// The distance.
    #[ts(type = "string")]
    pub amount: Quantity,
    /// The unit of the distance; two distances compare only in the same unit.
    pub unit: String,
}

/// A verdict with all that a report must print beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Judgement {
    /// What the comparison said.
    pub verdict: Verdict,
    /// The key of the limit, or the item code where the answer itself is the verdict.
    pub rule: String,
    /// How grave; only with [`Verdict::Fail`].
    pub severity: Option<Severity>,
    /// The limit as people read it, such as `<= -18.0 °C`.
    pub limit: String,
    /// How far beyond; absent where nothing was measured.
    pub beyond: Option<Beyond>,
    /// Why the reading says less than its number; absent where nothing speaks against its instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub doubt: Option<Doubt>,
}

impl Judgement {
    /// Whether it makes a finding.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.verdict == Verdict::Fail
    }
}

/// Why a reading could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No period of the pack knows this key.
    #[error("pack {pack} has no limit {key}; use a pack that holds it, or correct the key")]
    UnknownKey {
        /// The code of the pack.
        pack: String,
        /// The key asked for.
        key: String,
    },
    /// The key exists, but not on that day: then there is no rule, and nothing to fail.
    #[error("limit {key} of pack {pack} is not in force on {on}; there is nothing to judge by")]
    NotInForce {
        /// The code of the pack.
        pack: String,
        /// The key asked for.
        key: String,
        /// The day asked for.
        on: NaiveDate,
    },
    /// The reading is in a unit the limit has no value for. It is never converted.
    #[error("limit {key} cannot be read in \"{unit}\"; read it in one of: {accepted}")]
    UnknownUnit {
        /// The key of the limit.
        key: String,
        /// The unit of the reading.
        unit: String,
        /// The accepted units, comma-separated.
        accepted: String,
    },
    /// The reading is no decimal number.
    #[error(transparent)]
    Value(#[from] QuantityError),
    /// An uncertainty is a width, so it has no sign.
    #[error("the uncertainty {0} is negative; give its width, such as 0.5")]
    NegativeUncertainty(String),
    /// A tally passes more than it observed.
    #[error("{passed} passed of {observed} observed; count again, or correct one of the two")]
    MorePassedThanObserved {
        /// How many passed.
        passed: u64,
        /// How many were observed.
        observed: u64,
    },
    /// The numbers are too large to be compared exactly.
    #[error("the numbers given for {key} are too large to compare exactly; check the counts")]
    TooLarge {
        /// The key of the limit.
        key: String,
    },
}

/// Judges a decimal text read in `unit` on the day `on`.
///
/// Values are compared in full, not as displayed: 8.05 fails `<= 8.0` (rules §2.7, §4.E).
///
/// # Errors
/// [`RuleError`] when no such limit is in force, the unit is not one of its units, or the value is
/// no decimal number.
pub fn judge(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    value: &str,
    unit: &str,
) -> Result<Judgement, RuleError> {
    let measured = Measured::Exact(Quantity::parse(value)?.decimal());
    judge_measured(load_limit(pack, key, on)?, unit, measured)
}

/// Judges a share of a tally, in `%`: `passed × 100` against `limit × observed`, so that 2 of 3 is
/// never rounded. Observing nothing is [`Verdict::NotObserved`].
///
/// # Errors
/// [`RuleError`] as for [`judge`], and when more passed than were observed.
pub fn judge_ratio(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    passed: u64,
    observed: u64,
) -> Result<Judgement, RuleError> {
    if passed > observed {
        return Err(RuleError::MorePassedThanObserved { passed, observed });
    }
    let (numerator, denominator) = (i128::from(passed) * 100, i128::from(observed));
    judge_measured(load_limit(pack, key, on)?, "%", Measured::Fraction { numerator, denominator })
}

/// Judges a count of things, in the unit the limit counts them in (`persons`, `gaps`).
///
/// # Errors
/// [`RuleError`] as for [`judge`].
pub fn judge_count(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    count: u64,
    unit: &str,
) -> Result<Judgement, RuleError> {
    judge_measured(load_limit(pack, key, on)?, unit, Measured::Exact(count.into()))
}

/// Judges a timed count as a rate per lane and minute, in `unit`: 37 persons in 300 s through one
/// lane are 7.4. No time or no lane is [`Verdict::NotObserved`].
///
/// # Errors
/// [`RuleError`] as for [`judge`].
pub fn judge_timed_count(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    (count, seconds, lanes): (u64, u64, u64),
    unit: &str,
) -> Result<Judgement, RuleError> {
    let (numerator, denominator) =
        (i128::from(count) * 60, i128::from(seconds).checked_mul(i128::from(lanes)));
    let denominator = denominator.ok_or_else(|| RuleError::TooLarge { key: key.to_owned() })?;
    judge_measured(load_limit(pack, key, on)?, unit, Measured::Fraction { numerator, denominator })
}

/// Judges a date by its age in days (`d`) on the day `on`: today is 0, a due date ahead is negative.
///
/// # Errors
/// [`RuleError`] as for [`judge`].
pub fn judge_days(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    date: NaiveDate,
) -> Result<Judgement, RuleError> {
    let age = on.signed_duration_since(date).num_days();
    judge_measured(load_limit(pack, key, on)?, "d", Measured::Exact(age.into()))
}

/// Judges a reading against a maximum that the goods themselves declare on their label (CCS-05).
/// `rule` names who asks, usually the item code.
///
/// # Errors
/// [`RuleError::Value`] when either is no decimal number.
pub fn judge_declared(
    rule: &str,
    severity: Severity,
    value: &str,
    declared_max: &str,
    unit: &str,
) -> Result<Judgement, RuleError> {
    let (value, max) = (Quantity::parse(value)?, Quantity::parse(declared_max)?);
    let fails = value > max;
    let amount = value.decimal().checked_sub(max.decimal());
    Ok(Judgement {
        verdict: if fails { Verdict::Fail } else { Verdict::Pass },
        rule: rule.to_owned(),
        severity: fails.then_some(severity),
        limit: format!("<= {max} {unit}"),
        beyond: amount.map(|amount| Beyond { amount: amount.into(), unit: unit.to_owned() }),
        doubt: None,
    })
}

/// Judges an exact value against a limit that is already at hand: for the many readings of a log.
pub(crate) fn passes(limit: &Limit, value: &LimitValue, reading: Quantity) -> bool {
    measured_passes(limit, value, &Measured::Exact(reading.decimal())).unwrap_or(false)
}

fn load_limit<'a>(pack: &'a Pack, key: &str, on: NaiveDate) -> Result<&'a Limit, RuleError> {
    let (pack_code, owned) = (pack.code.clone(), key.to_owned());
    match pack.find_limit(key, on) {
        Some(limit) => Ok(limit),
        None if pack.has_key(key) => Err(RuleError::NotInForce { pack: pack_code, key: owned, on }),
        None => Err(RuleError::UnknownKey { pack: pack_code, key: owned }),
    }
}

fn judge_measured(limit: &Limit, unit: &str, measured: Measured) -> Result<Judgement, RuleError> {
    let value = limit.find_value(unit).ok_or_else(|| RuleError::UnknownUnit {
        key: limit.key.clone(),
        unit: unit.to_owned(),
        accepted: limit.list_units().join(", "),
    })?;
    let mut judgement = Judgement {
        verdict: Verdict::NotObserved,
        rule: limit.key.clone(),
        severity: None,
        limit: limit.describe(value),
        beyond: None,
        doubt: None,
    };
    if measured.is_nothing() {
        return Ok(judgement);
    }
    let too_large = || RuleError::TooLarge { key: limit.key.clone() };
    judgement.verdict = if !is_plausible(value, &measured).ok_or_else(too_large)? {
        Verdict::Invalid
    } else if measured_passes(limit, value, &measured).ok_or_else(too_large)? {
        Verdict::Pass
    } else {
        judgement.severity = Some(severity_of(limit, unit, &measured).ok_or_else(too_large)?);
        Verdict::Fail
    };
    judgement.beyond = measured
        .beyond(limit.operator, value)
        .map(|amount: Decimal| Beyond { amount: amount.into(), unit: unit.to_owned() });
    Ok(judgement)
}

fn is_plausible(value: &LimitValue, measured: &Measured) -> Option<bool> {
    match &value.plausible {
        Some(range) => measured.is_within(range.min, range.max),
        None => Some(true),
    }
}

fn measured_passes(limit: &Limit, value: &LimitValue, measured: &Measured) -> Option<bool> {
    match (limit.operator, value.value, value.min, value.max) {
        (Operator::Between, _, Some(min), Some(max)) => measured.is_within(min, max),
        (operator, Some(bound), ..) => Some(operator.holds(measured.compare(bound)?)),
        // `Pack::parse` lets no such limit through; one built by hand passes nothing.
        _ => Some(false),
    }
}

/// The gravest of the limit's own severity and every escalation that applies.
fn severity_of(limit: &Limit, unit: &str, measured: &Measured) -> Option<Severity> {
    let mut severity = limit.severity;
    for step in limit.escalation.iter().filter(|step| step.unit == unit) {
        if step.operator.holds(measured.compare(step.value)?) {
            severity = severity.max(step.severity);
        }
    }
    Some(severity)
}
