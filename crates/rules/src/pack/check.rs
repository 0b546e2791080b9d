//! What the types of a pack cannot say: a limit must be able to judge, and only one at a time.

use super::{Pack, PackError, Status};
use crate::{Limit, LimitValue, Operator};

type Checked = Result<(), PackError>;

/// Fails at the first contradiction, in the order of the document.
pub(super) fn check(pack: &Pack) -> Checked {
    filled("code", &pack.code)?;
    filled("jurisdiction", &pack.jurisdiction)?;
    filled("version", &pack.version)?;
    titled("title", &pack.title)?;
    let reviewer = pack.reviewed_by.as_deref().unwrap_or_default().trim();
    if pack.status == Status::Reviewed && reviewer.is_empty() {
        return fail("reviewed_by", "a reviewed pack names no reviewer", "name who reviewed it");
    }
    if pack.limits.is_empty() {
        return fail("limits", "the pack holds no limit", "add at least one limit");
    }
    for (index, limit) in pack.limits.iter().enumerate() {
        let path = format!("limits[{index}] ({})", limit.key);
        check_limit(&path, limit)?;
        check_overlap(&path, limit, &pack.limits[..index])?;
    }
    Ok(())
}

fn check_limit(path: &str, limit: &Limit) -> Checked {
    filled(&format!("{path}.key"), &limit.key)?;
    filled(&format!("{path}.source"), &limit.source)?;
    titled(&format!("{path}.title"), &limit.title)?;
    if limit.effective_to.is_some_and(|last| last < limit.effective_from) {
        let problem = "the last day in force lies before the first";
        return fail(&format!("{path}.effective_to"), problem, "correct one of the two dates");
    }
    if limit.values.is_empty() {
        return fail(&format!("{path}.values"), "there is no value", "give a value and its unit");
    }
    for (index, value) in limit.values.iter().enumerate() {
        let at = format!("{path}.values[{index}]");
        check_value(&at, limit.operator, value)?;
        if limit.values[..index].iter().any(|other| other.unit == value.unit) {
            let problem = format!("the unit {} appears twice", value.unit);
            return fail(&format!("{at}.unit"), problem, "keep one value per unit");
        }
    }
    check_escalation(path, limit)
}

fn check_value(path: &str, operator: Operator, value: &LimitValue) -> Checked {
    filled(&format!("{path}.unit"), &value.unit)?;
    match (operator, value.value, value.min, value.max) {
        (Operator::Between, None, Some(min), Some(max)) if min <= max => {}
        (Operator::Between, ..) => {
            let problem = "`between` needs `min` and `max` in this order and no `value`";
            return fail(path, problem, "give both ends of the passing range");
        }
        (_, Some(_), None, None) => {}
        _ => {
            let problem = format!("`{operator}` needs `value` and neither `min` nor `max`");
            return fail(path, problem, "give one value, or use the operator `between`");
        }
    }
    match &value.plausible {
        Some(range) if range.min > range.max => {
            let problem = "`min` lies above `max`, so every reading would be invalid";
            fail(&format!("{path}.plausible"), problem, "swap the two ends")
        }
        _ => Ok(()),
    }
}

fn check_escalation(path: &str, limit: &Limit) -> Checked {
    for (index, step) in limit.escalation.iter().enumerate() {
        let at = format!("{path}.escalation[{index}]");
        if step.operator == Operator::Between {
            return fail(&at, "an escalation starts at one value", "use >, >=, <, <= or ==");
        }
        if limit.find_value(&step.unit).is_none() {
            let problem = format!("the limit has no value in {}", step.unit);
            return fail(&format!("{at}.unit"), problem, "use a unit of the limit's values");
        }
        if step.severity <= limit.severity {
            let problem = "it is no graver than the limit itself";
            return fail(&format!("{at}.severity"), problem, "raise it, or drop the escalation");
        }
    }
    // A limit that escalates in °C only would judge the same freezer milder when read in °F.
    let silent = |unit: &&str| !limit.escalation.iter().any(|step| step.unit == *unit);
    match limit.list_units().into_iter().find(silent) {
        Some(unit) if !limit.escalation.is_empty() => {
            let problem = format!("readings in {unit} would never escalate");
            fail(&format!("{path}.escalation"), problem, "give the escalation in every unit")
        }
        _ => Ok(()),
    }
}

fn check_overlap(path: &str, limit: &Limit, earlier: &[Limit]) -> Checked {
    let starts_before_end =
        |a: &Limit, b: &Limit| b.effective_to.is_none_or(|last| a.effective_from <= last);
    let overlaps = |other: &&Limit| {
        other.key == limit.key && starts_before_end(limit, other) && starts_before_end(other, limit)
    };
    match earlier.iter().find(overlaps) {
        Some(other) => {
            let problem = format!(
                "this key is already in force from {} (source {})",
                other.effective_from, other.source
            );
            let remedy = "end the earlier one the day before this one starts, or rename one";
            fail(&format!("{path}.effective_from"), problem, remedy)
        }
        None => Ok(()),
    }
}

fn titled(path: &str, title: &crate::Bilingual) -> Checked {
    match title.find_empty() {
        Some(language) => filled(&format!("{path}.{language}"), ""),
        None => Ok(()),
    }
}

fn filled(path: &str, text: &str) -> Checked {
    if text.trim().is_empty() {
        return fail(path, "the text is empty", "fill it in");
    }
    Ok(())
}

fn fail(path: &str, problem: impl Into<String>, remedy: &'static str) -> Checked {
    Err(PackError::Invalid { path: path.to_owned(), problem: problem.into(), remedy })
}
