//! Which of two answers is worse.

use std::cmp::Ordering;

use spotcheck_rules::{Beyond, Judgement, Severity, Verdict};

/// How bad an answer is; greater is worse. Two distances beyond a limit in different units do not
/// compare, because nothing is ever converted: then the lead decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorstRank {
    verdict: u8,
    severity: Option<Severity>,
    beyond: Option<Beyond>,
}

/// Ranks a judged answer for [`crate::Merge::WorstWins`]: fail, then conditional fail, then invalid, then
/// not observed or not applicable, then conditional pass, then pass, then not judged at all. Among equals the graver severity is worse,
/// then the value farther beyond its limit.
#[must_use]
pub fn worst_rank(judgement: Option<&Judgement>) -> WorstRank {
    WorstRank {
        verdict: match judgement.map(|judgement| judgement.verdict) {
            None => 0,
            Some(Verdict::Pass) => 1,
            Some(Verdict::ConditionalPass) => 2,
            Some(Verdict::NotObserved) => 3,
            Some(Verdict::Invalid) => 4,
            // A verdict of a newer version is worse than doubt and no proven failure.
            Some(Verdict::ConditionalFail) => 6,
            Some(Verdict::Fail) => 7,
            Some(_) => 5,
        },
        severity: judgement.and_then(|judgement| judgement.severity),
        beyond: judgement.and_then(|judgement| judgement.beyond.clone()),
    }
}

impl PartialOrd for WorstRank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let graver = (self.verdict, self.severity).cmp(&(other.verdict, other.severity));
        if graver.is_ne() {
            return Some(graver);
        }
        match (&self.beyond, &other.beyond) {
            (Some(a), Some(b)) if a.unit != b.unit => None,
            (Some(a), Some(b)) => Some(a.amount.cmp(&b.amount)),
            (a, b) => Some(a.is_some().cmp(&b.is_some())),
        }
    }
}
