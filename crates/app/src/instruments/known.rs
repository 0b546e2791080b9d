//! An instrument as its record says, and what several records of one number come to.

use std::collections::BTreeMap;

use spotcheck_domain::Value;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_rules::{DailyCheck, NaiveDate, Quantity, Trust, Verdict, parse_date};
use spotcheck_store::RecordRow;

use super::InstrumentKind;
use crate::inspection::slot_path;

/// An instrument as it is known.
#[derive(Debug, Clone)]
pub(crate) struct Instrument {
    pub(crate) row: RecordRow,
    pub(crate) kind: InstrumentKind,
}

/// Texts that a slot says, of everybody.
fn current<'a>(doc: &'a RecordDoc, slot: &str) -> impl Iterator<Item = &'a str> {
    let path = slot_path(slot).ok();
    let values = path.and_then(|path| doc.slots.get(&path)).map(Vec::as_slice).unwrap_or_default();
    values.iter().filter_map(|current| current.value.as_text())
}

impl Instrument {
    pub(super) fn of(row: RecordRow) -> Self {
        // Of several words at once the kind that asks for a check.
        let words = current(&row.doc, "kind");
        let kinds = words.filter_map(|word| serde_json::from_value(word.into()).ok());
        let kind = kinds.max_by_key(|kind: &InstrumentKind| kind.check_key().is_some());
        Self { kind: kind.unwrap_or(InstrumentKind::Other), row }
    }

    /// Whether it bears a number, by any current word.
    pub(super) fn bears(&self, number: &str) -> bool {
        current(&self.row.doc, "number").any(|it| it == number.trim())
    }

    pub(crate) fn number(&self) -> &str {
        current(&self.row.doc, "number").next().unwrap_or_default()
    }

    pub(crate) fn is_withdrawn(&self) -> bool {
        self.row.doc.agreed("withdrawn") == Some(&Value::Bool(true))
    }

    /// Slots of one heading: what stands between its slashes, and the values.
    fn under<'a>(
        &'a self,
        heading: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
        self.row.doc.slots.iter().flat_map(move |(path, values)| {
            let parts: Vec<&str> = path.as_str().split('/').collect();
            let found = match parts.as_slice() {
                [first, middle, last] if *first == heading => Some((*middle, *last)),
                _ => None,
            };
            let values = found.map(|_| values.iter()).into_iter().flatten();
            values.map(move |it| {
                let (middle, last) = found.unwrap_or_default();
                (middle, last, &it.value)
            })
        })
    }

    /// When it was calibrated, and until when each holds. One that was taken back has no such day.
    pub(super) fn calibrations(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
        let said = self.under("calibration").filter(|(_, what, _)| *what == "due");
        said.filter_map(|(made, _, due)| {
            Some((parse_date(made).ok()?, parse_date(due.as_text()?).ok()?))
        })
    }

    /// Its calibration in force on a day: when it was made and until when it holds. Of one day with two
    /// words the shorter.
    pub(crate) fn calibration(&self, on: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let made = self.calibrations().filter(|(made, _)| *made <= on);
        made.max_by_key(|(made, due)| (*made, std::cmp::Reverse(*due)))
    }

    /// Its error by unit.
    pub(crate) fn mpe(&self) -> BTreeMap<String, Quantity> {
        let mut widest: BTreeMap<String, Quantity> = BTreeMap::new();
        let said = self.row.doc.slots.iter().filter(|(path, _)| path.as_str() == "mpe");
        for (_, values) in said {
            for value in values {
                let Value::Map(by_unit) = &value.value else { continue };
                for (unit, width) in by_unit {
                    let Some(width) = width.as_text().and_then(|it| Quantity::parse(it).ok())
                    else {
                        continue;
                    };
                    let known = widest.entry(unit.clone()).or_insert(width);
                    *known = (*known).max(width);
                }
            }
        }
        widest
    }

    /// What its check of a day said: of several words the worst.
    pub(crate) fn check(&self, on: NaiveDate) -> DailyCheck {
        let day = on.to_string();
        let checks = self.under("check").filter(|(it, ..)| *it == day);
        let verdicts = checks.map(|(_, _, value)| match value {
            Value::Map(map) => map.get("verdict").and_then(Value::as_text).unwrap_or_default(),
            _ => "",
        });
        let passed = |verdict: &str| match verdict == Verdict::Pass.as_str() {
            true => DailyCheck::Passed,
            false => DailyCheck::Failed,
        };
        // What was checked was checked, whatever it is called by now.
        let unchecked = match self.kind.check_key() {
            Some(_) => DailyCheck::Missing,
            None => DailyCheck::NotNeeded,
        };
        verdicts.map(passed).max().unwrap_or(unchecked)
    }
}

/// What several records of one number come to on a day: the more cautious word of each.
pub(crate) fn trust_on(all: &[&Instrument], on: NaiveDate) -> Option<Trust> {
    let number = all.first()?.number().to_owned();
    let mut trust = Trust { number, mpe: BTreeMap::new(), due: None, check: DailyCheck::NotNeeded };
    let mut made: Option<(NaiveDate, NaiveDate)> = None;
    for instrument in all {
        for (unit, width) in instrument.mpe() {
            let known = trust.mpe.entry(unit).or_insert(width);
            *known = (*known).max(width);
        }
        made = match (made, instrument.calibration(on)) {
            (Some(a), Some(b)) if a.0 == b.0 => Some((a.0, a.1.min(b.1))),
            (a, b) => a.max(b),
        };
        // A check of one record is a check of the thing: only a failure outweighs it.
        trust.check = match (trust.check, instrument.check(on)) {
            (DailyCheck::Missing, DailyCheck::Passed)
            | (DailyCheck::Passed, DailyCheck::Missing) => DailyCheck::Passed,
            (a, b) => a.max(b),
        };
    }
    trust.due = made.map(|(_, due)| due);
    Some(trust)
}
