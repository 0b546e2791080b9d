//! What the instrument of a reading takes away from its verdict: its error, its calibration, its check of the
//! day (rules §2.7).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::guard::judge_declared_with_uncertainty;
use super::{Judgement, RuleError, Verdict, judge, judge_declared, judge_with_uncertainty};
use crate::{Pack, Quantity, Severity};

/// An instrument as it was known when something was read from it. Kept with the reading: what is learnt of
/// the instrument later judges later readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// The number on it.
    pub number: String,
    /// Its maximum permissible error, by the unit it reads.
    pub mpe: BTreeMap<String, Quantity>,
    /// The last day of its calibration; none: none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What its check of the day said.
    pub check: DailyCheck,
}

/// The check of an instrument before its first reading of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DailyCheck {
    /// It is not of a kind that is checked each day.
    NotNeeded,
    /// It showed what it should.
    Passed,
    /// Nobody has checked it that day.
    Missing,
    /// It showed something else.
    Failed,
}

/// Why a reading says less than its number does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Doubt {
    /// The limit is nearer than the instrument's error.
    Margin,
    /// Its calibration is past its last day, or none is known.
    Calibration,
    /// It was not checked that day.
    Unchecked,
    /// It failed its check that day: its readings say nothing.
    CheckFailed,
}

impl Trust {
    /// What caps every verdict of a day, the gravest first.
    #[must_use]
    pub fn doubt(&self, on: NaiveDate) -> Option<Doubt> {
        match self.check {
            DailyCheck::Failed => Some(Doubt::CheckFailed),
            _ if self.due.is_none_or(|due| due < on) => Some(Doubt::Calibration),
            DailyCheck::Missing => Some(Doubt::Unchecked),
            DailyCheck::Passed | DailyCheck::NotNeeded => None,
        }
    }

    /// Judges a reading like [`judge`], with the instrument's error as its uncertainty where that is known in
    /// the unit read. Overdue or unchecked, a pass and a failure are conditional; after a failed check the
    /// reading is [`Verdict::Invalid`].
    ///
    /// # Errors
    /// [`RuleError`] as for [`judge`].
    pub fn judge(
        &self,
        pack: &Pack,
        key: &str,
        on: NaiveDate,
        value: &str,
        unit: &str,
    ) -> Result<Judgement, RuleError> {
        let judged = match self.mpe.get(unit) {
            Some(width) => judge_with_uncertainty(pack, key, on, value, unit, &width.to_string())?,
            None => judge(pack, key, on, value, unit)?,
        };
        Ok(self.applied(judged, on))
    }

    /// Judges a reading like [`judge_declared`], in the same way.
    ///
    /// # Errors
    /// [`RuleError`] as for [`judge_declared`].
    pub fn judge_declared(
        &self,
        (rule, severity): (&str, Severity),
        on: NaiveDate,
        (value, max): (&str, &str),
        unit: &str,
    ) -> Result<Judgement, RuleError> {
        let judged = match self.mpe.get(unit) {
            Some(width) => {
                judge_declared_with_uncertainty((rule, severity), (value, max), unit, *width)?
            }
            None => judge_declared(rule, severity, value, max, unit)?,
        };
        Ok(self.applied(judged, on))
    }

    fn applied(&self, mut judged: Judgement, on: NaiveDate) -> Judgement {
        if matches!(judged.verdict, Verdict::ConditionalPass | Verdict::ConditionalFail) {
            judged.doubt = Some(Doubt::Margin);
        }
        let said = |it| matches!(it, Verdict::Invalid | Verdict::NotObserved);
        if let Some(doubt) = self.doubt(on).filter(|_| !said(judged.verdict)) {
            judged.verdict = match doubt {
                Doubt::CheckFailed => Verdict::Invalid,
                _ => judged.verdict.capped(),
            };
            judged.severity = None;
            judged.doubt = Some(doubt);
        }
        judged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse_date, shipped};

    fn trust(check: DailyCheck) -> Trust {
        let mpe = BTreeMap::from([("°C".to_owned(), Quantity::parse("0.5").unwrap())]);
        Trust { number: "T-1".into(), mpe, due: parse_date("2021-12-31").ok(), check }
    }

    fn read(trust: &Trust, day: &str, value: &str) -> (Verdict, Option<Doubt>) {
        let pack = Pack::parse(shipped()[2].bytes).unwrap();
        let key = pack.limits.iter().find(|it| it.operator == crate::Operator::AtMost).unwrap();
        let bound = key.find_value("°C").and_then(|it| it.value).map(|it| it.to_string());
        assert_eq!(bound.as_deref(), Some("-18.0"), "{}", key.key);
        let judged = trust.judge(&pack, &key.key, parse_date(day).unwrap(), value, "°C").unwrap();
        assert_eq!(judged.severity.is_some(), judged.verdict == Verdict::Fail);
        (judged.verdict, judged.doubt)
    }

    #[test]
    fn the_instrument_s_error_is_the_guard_band() {
        let good = trust(DailyCheck::Passed);
        let on = |value| read(&good, "2021-06-24", value);
        assert_eq!(on("-18.5"), (Verdict::Pass, None));
        assert_eq!(on("-18.4"), (Verdict::ConditionalPass, Some(Doubt::Margin)));
        assert_eq!(on("-17.6"), (Verdict::ConditionalFail, Some(Doubt::Margin)));
        assert_eq!(on("-17.4"), (Verdict::Fail, None));
    }

    #[test]
    fn what_is_overdue_or_unchecked_proves_nothing_and_what_failed_its_check_says_nothing() {
        let unchecked = trust(DailyCheck::Missing);
        let (day, late) = ("2021-06-24", "2022-01-01");
        let doubt = |doubt| Some(doubt);
        assert_eq!(
            read(&unchecked, day, "-15"),
            (Verdict::ConditionalFail, doubt(Doubt::Unchecked))
        );
        assert_eq!(
            read(&unchecked, day, "-25"),
            (Verdict::ConditionalPass, doubt(Doubt::Unchecked))
        );
        let overdue = trust(DailyCheck::NotNeeded);
        assert_eq!(read(&overdue, "2021-12-31", "-15"), (Verdict::Fail, None));
        assert_eq!(
            read(&overdue, late, "-15"),
            (Verdict::ConditionalFail, doubt(Doubt::Calibration))
        );
        let failed = trust(DailyCheck::Failed);
        assert_eq!(read(&failed, late, "-15"), (Verdict::Invalid, doubt(Doubt::CheckFailed)));
    }

    #[test]
    fn a_label_s_maximum_has_the_same_guard_band() {
        let good = trust(DailyCheck::NotNeeded);
        let day = parse_date("2021-06-24").unwrap();
        let judged = |value: &str| {
            let rule = ("CCS-05", Severity::Critical);
            good.judge_declared(rule, day, (value, "4.0"), "°C").unwrap().verdict
        };
        assert_eq!(judged("3.5"), Verdict::Pass);
        assert_eq!(judged("3.8"), Verdict::ConditionalPass);
        assert_eq!(judged("4.3"), Verdict::ConditionalFail);
        assert_eq!(judged("4.6"), Verdict::Fail);
    }
}
