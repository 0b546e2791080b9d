//! How often each thing happened: a simulation that never meets a fault proves nothing about it.

use std::collections::BTreeMap;

use spotcheck_domain::op::kind;

/// Counts by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<String, u64>);

/// What must have happened at least once over all seeds of a run, beside an op of every kind.
const MUST: [&str; 43] = [
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
    "fault device tampered with",
    "fault rows lost on the device",
    "fault scope changed",
    "fault quarantine released",
    "fault server power cut",
    "fault server restored",
    "path successor log",
    "path rewound",
    "path repaired",
    "path quarantined",
    "path quarantined: its device was revoked",
    "path quarantined: its author may not write there",
    "path quarantined: its author may share nothing",
    "path quarantined: its record is in quarantine",
    "path contradiction",
    "path forked log kept",
    "path paused offline",
    "path paused portal",
    "path paused revoked",
    "path ops repeated",
    "path photo uploaded",
    "path photo resumed",
    "path photo of another fetched",
    "path document fetched",
    "path scope dropped",
    "path clock refused",
    "path calm seed",
];

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, name: &str) {
        self.count(name, 1);
    }

    /// Counts so many more.
    pub fn count(&mut self, name: &str, more: u64) {
        *self.0.entry(name.to_owned()).or_default() += more;
    }

    /// Adds another run's counts.
    pub fn merge(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            self.count(name, *count);
        }
    }

    /// What should have happened and never did: an op of each kind that this version writes, so that
    /// a new one is missed at once, and the list above.
    pub fn never(&self) -> Vec<String> {
        let kinds = kind::ALL.iter().map(|kind| format!("op {kind}"));
        let must = kinds.chain(MUST.into_iter().map(str::to_owned));
        must.filter(|name| !self.0.contains_key(name)).collect()
    }
}
