//! When each key is in force: at most once on any day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::words::{END_EARLIER, both, fault};
use crate::Limit;
use crate::pack::notice::Notice;

/// The periods of each key so far, by first day. None of them overlap.
#[derive(Default)]
pub(super) struct Periods<'a>(BTreeMap<&'a str, BTreeMap<NaiveDate, &'a Limit>>);

impl<'a> Periods<'a> {
    /// Adds a period, or says with which one it overlaps.
    pub(super) fn add(&mut self, path: &str, limit: &'a Limit) -> Option<Notice> {
        let known = self.0.entry(&limit.key).or_default();
        // As none of the known overlap, only the neighbours can reach into this one.
        let before = known.range(..=limit.effective_from).next_back().map(|(_, other)| *other);
        let after = known.range(limit.effective_from..).next().map(|(_, other)| *other);
        let overlaps = |other: &&Limit| {
            ends_from(limit, other.effective_from) && ends_from(other, limit.effective_from)
        };
        match before.filter(overlaps).or_else(|| after.filter(overlaps)) {
            Some(other) => {
                let (from, source) = (other.effective_from, &other.source);
                let problem = both(
                    format!("该键自 {from} 起已有生效限值（来源 {source}）"),
                    format!("this key is already in force from {from} (source {source})"),
                );
                Some(fault(&format!("{path}.effective_from"), problem, END_EARLIER))
            }
            None => {
                known.insert(limit.effective_from, limit);
                None
            }
        }
    }
}

/// Whether the limit is still in force on that day, or ends later.
fn ends_from(limit: &Limit, day: NaiveDate) -> bool {
    limit.effective_to.is_none_or(|last| day <= last)
}
