//! One reading against one limit, with guard band, set-up and the state of the instrument.

mod question;
mod which;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::{Cited, cite};
use super::input::read;
use crate::{
    Judgement, Limit, Pack, Quantity, Verdict, acceptance_limit, hash_text, judge, judge_count,
    judge_days, judge_ratio, judge_timed_count, judge_with_uncertainty, parse_date,
};
use question::{Instrument, Observed, Question};
pub(super) use which::{PackInput, find_pack};

/// See `docs/CALC.md`, verdict.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    let on = day("on", &question.on)?;
    let (pack, key, given) = question.find_limit(on)?;
    let observed = question.observed()?;
    let uncertainty = question.uncertainty();
    let mut judgement = compare(&pack.0, &key, on, &observed, uncertainty)?;
    let doubts = doubts(&question, &pack.0, on)?;
    if doubts.iter().any(|doubt| doubt.invalidates) {
        judgement.verdict = Verdict::Invalid;
        judgement.severity = None;
    } else if !doubts.is_empty() {
        judgement.verdict = judgement.verdict.capped();
        judgement.severity = None;
    }
    let limit = pack.0.find_limit(&key, on);
    let bound = limit.and_then(|limit| limit.find_value(observed.unit()));
    let accepted = limit.zip(bound).zip(uncertainty);
    let source = limit.map(|limit| limit.source.clone()).unwrap_or_default();
    let result = json!({
        "verdict": judgement.verdict,
        "severity": judgement.severity,
        "action": action(judgement.verdict),
        "limit": judgement.limit,
        "beyond": judgement.beyond,
        "uncertainty": uncertainty.map(|width| width.to_string()),
        "acceptance_limit": accepted
            .and_then(|((limit, bound), width)| acceptance_limit(limit.operator, bound, width)),
        "shown": observed.value().map(|value| shown(value, limit, observed.unit())),
        "because": doubts.iter().map(|doubt| doubt.code).collect::<Vec<_>>(),
        "pack_sha256": pack.1.map(|hash| hash_text(&hash)),
    });
    let code = (!given).then(|| pack.0.code.clone());
    cite(&result, Cited { rule: judgement.rule, pack: code, source })
}

/// Reads a day of a question.
pub(super) fn day(path: &str, text: &str) -> Result<NaiveDate, CalcError> {
    parse_date(text).map_err(|error| {
        let zh = format!("“{text}”不是日期，请写成 2021-06-24");
        CalcError::field(path, error.to_string(), zh)
    })
}

fn compare(
    pack: &Pack,
    key: &str,
    on: NaiveDate,
    observed: &Observed,
    uncertainty: Option<Quantity>,
) -> Result<Judgement, CalcError> {
    let judged = match observed {
        Observed::Value { value: None, unit } => {
            // Judged once with any value for the limit's text; then there is nothing to say.
            judge(pack, key, on, "0", unit).map(|judgement| Judgement {
                verdict: Verdict::NotObserved,
                severity: None,
                beyond: None,
                doubt: None,
                ..judgement
            })
        }
        Observed::Value { value: Some(value), unit } => match uncertainty {
            Some(width) => {
                let (value, width) = (value.to_string(), width.to_string());
                judge_with_uncertainty(pack, key, on, &value, unit, &width)
            }
            None => judge(pack, key, on, &value.to_string(), unit),
        },
        Observed::Tally { passed, observed } => judge_ratio(pack, key, on, *passed, *observed),
        Observed::Count { count, unit } => judge_count(pack, key, on, *count, unit),
        Observed::Timed { count, seconds, lanes, unit } => {
            judge_timed_count(pack, key, on, (*count, *seconds, *lanes), unit)
        }
        Observed::Date { date } => judge_days(pack, key, on, *date),
    };
    judged.map_err(|error| CalcError::rule("document", &error))
}

/// Why a verdict says less than the comparison did.
struct Doubt {
    code: &'static str,
    invalidates: bool,
}

fn doubts(question: &Question, pack: &Pack, on: NaiveDate) -> Result<Vec<Doubt>, CalcError> {
    let mut doubts = Vec::new();
    let mut push = |code, invalidates| doubts.push(Doubt { code, invalidates });
    for (index, step) in question.setup.iter().enumerate() {
        let path = format!("setup[{index}]");
        let judged = judge(pack, &step.key, on, &step.value.0.to_string(), &step.unit)
            .map_err(|error| CalcError::rule(&path, &error))?;
        if judged.verdict != Verdict::Pass {
            push("setup_out_of_range", true);
        }
    }
    if let Some(Instrument { calibration_due, daily_check, .. }) = &question.instrument {
        if let Some(due) = calibration_due
            && day("instrument.calibration_due", due)? < on
        {
            push("calibration_overdue", false);
        }
        match daily_check.as_deref() {
            None | Some("ok") => {}
            Some("missing") => push("daily_check_missing", false),
            Some("failed") => push("daily_check_failed", true),
            Some(other) => {
                let known = ["ok", "missing", "failed"];
                let path = "instrument.daily_check";
                return Err(CalcError::unknown_word(path, other, &known));
            }
        }
    }
    Ok(doubts)
}

/// What follows (rules §1.2): a penalty needs a failure, a safety hold starts before it.
fn action(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "none",
        Verdict::ConditionalPass => "note",
        Verdict::ConditionalFail => "hold_and_measure_again",
        Verdict::Fail => "finding",
        Verdict::Invalid => "mend_setup_and_measure_again",
        Verdict::NotObserved => "observe",
    }
}

/// The reading with the decimals of its limit, for display only.
fn shown(value: Quantity, limit: Option<&Limit>, unit: &str) -> String {
    let bound = limit.and_then(|limit| limit.find_value(unit));
    let scale =
        bound.and_then(|bound| bound.value.or(bound.max)).map(|value| value.decimal().scale());
    value.rounded_for_display(scale.unwrap_or(1)).to_string()
}
