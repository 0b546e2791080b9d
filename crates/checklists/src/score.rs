//! Points of a check, where its checklist counts any. A score orders checks for who reads many; no verdict
//! and no finding depends on it.

use serde::{Deserialize, Serialize};
use spotcheck_rules::Verdict;
use ts_rs::TS;

use crate::Item;

/// How the points of items are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// The points of what passed, of all that could be had.
    Earned,
    /// The points of what failed: none is best.
    Lost,
}

/// What came of adding up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Score {
    /// How they were added up.
    pub scoring: Scoring,
    /// The points.
    pub points: u32,
    /// The points of all that was judged: what could be had, or lost.
    pub of: u32,
    /// The points of what is not judged yet.
    pub open: u32,
}

impl Scoring {
    /// Adds up the points of items, each with the worst that was said of it at one place of its repeat; `None`
    /// while it has no answer. What does not apply counts for nothing; what is invalid is open.
    #[must_use]
    pub fn score<'a>(self, judged: impl IntoIterator<Item = (&'a Item, Option<Verdict>)>) -> Score {
        let mut score = Score { scoring: self, points: 0, of: 0, open: 0 };
        for (item, verdict) in judged {
            let points = item.score.unwrap_or(0);
            let counts = match verdict {
                Some(Verdict::NotObserved) => continue,
                Some(Verdict::Pass | Verdict::ConditionalPass) => self == Self::Earned,
                Some(Verdict::Fail | Verdict::ConditionalFail) => self == Self::Lost,
                _ => {
                    score.open = score.open.saturating_add(points);
                    continue;
                }
            };
            score.of = score.of.saturating_add(points);
            score.points = score.points.saturating_add(if counts { points } else { 0 });
        }
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checklist, shipped};

    #[test]
    fn what_passed_earns_and_what_failed_loses() {
        let mut items = Checklist::parse(shipped()[0].bytes).unwrap().items;
        items.truncate(6);
        for (item, points) in items.iter_mut().zip([5, 10, 20, 40, 80, 160]) {
            item.score = Some(points);
        }
        let verdicts = [
            Some(Verdict::Pass),
            Some(Verdict::ConditionalPass),
            Some(Verdict::Fail),
            Some(Verdict::NotObserved),
            None,
            Some(Verdict::Invalid),
        ];
        let judged = || items.iter().zip(verdicts);
        let earned = Scoring::Earned.score(judged());
        assert_eq!((earned.points, earned.of, earned.open), (15, 35, 240));
        let lost = Scoring::Lost.score(judged());
        assert_eq!((lost.points, lost.of, lost.open), (20, 35, 240));
    }
}
