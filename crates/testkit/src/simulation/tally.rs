//! How often each thing happened: a simulation that never meets a fault proves nothing about it.

use std::collections::BTreeMap;

/// Counts by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<String, u64>);

/// What must have happened at least once over all seeds of a run.
pub(super) const MUST: [&str; 44] = [
    "path photo of another fetched",
    "op inspection.started",
    "op inspection.answered",
    "op inspection.completed",
    "op inspection.signed",
    "op inspection.undone",
    "op inspection.voided",
    "op finding.raised",
    "op inspection.shared",
    "op merge.decided",
    "fault request lost",
    "fault reply lost",
    "fault request repeated",
    "fault request late",
    "fault reply truncated",
    "fault reply forged",
    "fault captive portal",
    "fault reply stale",
    "fault device crash",
    "fault device power cut",
    "fault power cut in mid-write",
    "fault disk full",
    "fault flush failed",
    "fault clock jump",
    "fault device cloned",
    "fault device revoked",
    "fault scope changed",
    "fault quarantine released",
    "fault server power cut",
    "fault server restored",
    "path successor log",
    "path rewound",
    "path quarantined",
    "path contradiction",
    "path forked log kept",
    "path paused offline",
    "path paused portal",
    "path paused revoked",
    "path ops repeated",
    "path photo uploaded",
    "path document fetched",
    "path scope dropped",
    "path clock refused",
    "path calm seed",
];

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, name: &str) {
        *self.0.entry(name.to_owned()).or_default() += 1;
    }

    /// Adds another run's counts.
    pub fn merge(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name.clone()).or_default() += count;
        }
    }

    /// What should have happened and never did.
    pub fn never(&self) -> Vec<&'static str> {
        MUST.into_iter().filter(|name| !self.0.contains_key(*name)).collect()
    }
}
