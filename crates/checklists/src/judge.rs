//! What an answer means on the day it was given.

mod rank;

use std::collections::BTreeMap;

use serde_json::Value;
use spotcheck_rules::{
    Beyond, Judgement, NaiveDate, Pack, Quantity, RuleError, Trust, Verdict, judge, judge_count,
    judge_days, judge_declared, judge_ratio, judge_timed_count,
};

use crate::{Answer, AnswerError, CountRole, Item, Outcome, parse_answer};
pub use rank::{WorstRank, worst_rank};

/// Why an answer could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    /// The answer does not have the shape of its item.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The pack cannot judge the value.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

/// Judges an answer by the pack, as of the day `on`. `None`: there is nothing to judge by, because
/// the item has no limit, or none is in force on that day (rules §4.F).
///
/// Pass/fail answers are their own verdict; measured values, shares, rates, dates and counts are
/// compared with the item's limit; steps and documents fail when something is missing. Where an
/// item has several limits the worst verdict is returned. A refused signature passes: the duty is
/// to note it. Not applicable is [`Verdict::NotObserved`].
///
/// # Errors
/// [`JudgeError`] when the answer has not the item's shape, or the pack cannot judge its unit.
pub fn judge_answer(
    item: &Item,
    answer: &Value,
    pack: &Pack,
    on: NaiveDate,
) -> Result<Option<Judgement>, JudgeError> {
    judge_reading(item, answer, pack, on, None)
}

/// Judges an answer like [`judge_answer`]; a measured one with what its instrument can be trusted with.
///
/// # Errors
/// As [`judge_answer`].
pub fn judge_reading(
    item: &Item,
    answer: &Value,
    pack: &Pack,
    on: NaiveDate,
    trust: Option<&Trust>,
) -> Result<Option<Judgement>, JudgeError> {
    let by = By { item, pack, on };
    match parse_answer(item, answer)? {
        Answer::NotApplicable { .. } => Ok(Some(direct(item, Verdict::NotObserved, "applicable"))),
        Answer::PassFail { result: Outcome::Pass, .. } => {
            Ok(Some(direct(item, Verdict::Pass, "pass")))
        }
        Answer::PassFail { result: Outcome::Fail, .. } => {
            Ok(Some(direct(item, Verdict::Fail, "pass")))
        }
        Answer::Measured { value, unit, label: Some(label), counts, .. } => {
            let main = match trust {
                None => judge_declared(&item.code, item.severity, &value, &label, &unit)?,
                Some(trust) => {
                    let rule = (item.code.as_str(), item.severity);
                    trust.judge_declared(rule, on, (&value, &label), &unit)?
                }
            };
            by.with_counts(Some(main), &counts)
        }
        Answer::Measured { value, unit, counts, .. } => {
            let main = by.limit(|key| match trust {
                None => judge(pack, key, on, &value, &unit),
                Some(trust) => trust.judge(pack, key, on, &value, &unit),
            })?;
            by.with_counts(main, &counts)
        }
        Answer::Tally { counts } => by.with_counts(by.share(&counts)?, &counts),
        Answer::TimedCount { count, seconds, lanes, counts } => {
            let unit = item.unit.as_deref().unwrap_or_default();
            let counted = (count, seconds, lanes);
            let rate = by.limit(|key| judge_timed_count(pack, key, on, counted, unit))?;
            by.with_counts(rate, &counts)
        }
        Answer::Choice { choice } => Ok(item
            .choices
            .iter()
            .find(|offered| offered.code == choice)
            .and_then(|offered| offered.verdict)
            .map(|verdict| direct(item, verdict, "choice"))),
        Answer::Steps { missing, .. } | Answer::DocumentSet { missing, .. } => {
            Ok(Some(complete(item, missing.len())))
        }
        Answer::Date { date } => by.limit(|key| judge_days(pack, key, on, date)),
        Answer::ReadingLog { count, missing: Some(missing), .. } => {
            let expected = count.saturating_add(missing);
            by.limit(|key| judge_ratio(pack, key, on, count, expected))
        }
        Answer::People { count } => {
            let unit = item.unit.as_deref().unwrap_or_default();
            by.limit(|key| judge_count(pack, key, on, count, unit))
        }
        Answer::Signature(_) => Ok(Some(direct(item, Verdict::Pass, "signed or refusal noted"))),
        Answer::ReadingLog { missing: None, .. } | Answer::Text { .. } | Answer::Photo { .. } => {
            Ok(None)
        }
    }
}

struct By<'a> {
    item: &'a Item,
    pack: &'a Pack,
    on: NaiveDate,
}

impl By<'_> {
    fn limit(
        &self,
        judge: impl FnOnce(&str) -> Result<Judgement, RuleError>,
    ) -> Result<Option<Judgement>, JudgeError> {
        self.item.limit.as_deref().map_or(Ok(None), |key| in_force(judge(key)))
    }

    fn share(&self, counts: &BTreeMap<String, u64>) -> Result<Option<Judgement>, JudgeError> {
        let having = |role| {
            let count = self.item.counts.iter().find(|count| count.role == Some(role));
            count.and_then(|count| counts.get(&count.code)).copied().unwrap_or(0)
        };
        let (checked, observed) = (having(CountRole::Checked), having(CountRole::Observed));
        self.limit(|key| judge_ratio(self.pack, key, self.on, checked, observed))
    }

    /// The worst of the main judgement and those of counts that have a limit of their own.
    fn with_counts(
        &self,
        main: Option<Judgement>,
        counts: &BTreeMap<String, u64>,
    ) -> Result<Option<Judgement>, JudgeError> {
        let mut worst = main;
        for count in &self.item.counts {
            let (Some(key), Some(number)) = (&count.limit, counts.get(&count.code)) else {
                continue;
            };
            let unit = count.unit.as_deref().unwrap_or_default();
            let next = in_force(judge_count(self.pack, key, self.on, *number, unit))?;
            // Where neither is worse, the main value explains the item better.
            if worst_rank(next.as_ref()) > worst_rank(worst.as_ref()) {
                worst = next;
            }
        }
        Ok(worst)
    }
}

/// A rule that is not in force on that day is absent, not an error.
fn in_force(judged: Result<Judgement, RuleError>) -> Result<Option<Judgement>, JudgeError> {
    match judged {
        Ok(judgement) => Ok(Some(judgement)),
        Err(RuleError::NotInForce { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn direct(item: &Item, verdict: Verdict, limit: &str) -> Judgement {
    Judgement {
        verdict,
        rule: item.code.clone(),
        severity: (verdict == Verdict::Fail).then_some(item.severity),
        limit: limit.to_owned(),
        beyond: None,
        doubt: None,
    }
}

fn complete(item: &Item, missing: usize) -> Judgement {
    let verdict = if missing == 0 { Verdict::Pass } else { Verdict::Fail };
    // Decimal text of a small whole number always parses; without it answers still order by verdict.
    let amount = Quantity::parse(&missing.to_string()).ok();
    Judgement {
        beyond: amount.map(|amount| Beyond { amount, unit: "missing".to_owned() }),
        ..direct(item, verdict, "none missing")
    }
}
