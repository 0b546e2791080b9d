//! When each device was last heard of.
//!
//! Kept in memory, and written to the ledger by the host once a minute and when it stops
//! ([`super::Service::keep_contacts`]): no request waits for a disk because of it, and a crash forgets a
//! minute at most.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use spotcheck_domain::LogId;

/// By first log. Only devices that signed a request are in it: as many as there are.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    heard: Mutex<BTreeMap<LogId, Heard>>,
}

#[derive(Debug, Clone, Copy)]
struct Heard {
    last_ms: i64,
    kept_ms: i64,
}

impl Contacts {
    /// Notes a verified request.
    pub(super) fn note(&self, root: LogId, now_ms: i64) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.entry(root).or_insert(Heard { last_ms: 0, kept_ms: 0 });
        known.last_ms = known.last_ms.max(now_ms);
    }

    /// The last one since this process began; 0 for none.
    pub(super) fn last(&self, root: LogId) -> i64 {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get(&root).map_or(0, |heard| heard.last_ms)
    }

    /// Those that were not kept yet.
    pub(super) fn fresh(&self) -> Vec<(LogId, i64)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = heard.iter().filter(|(_, it)| it.last_ms > it.kept_ms);
        fresh.map(|(root, it)| (*root, it.last_ms)).collect()
    }

    /// Those were kept.
    pub(super) fn kept(&self, contacts: &[(LogId, i64)]) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        for (root, last_ms) in contacts {
            if let Some(known) = heard.get_mut(root) {
                known.kept_ms = known.kept_ms.max(*last_ms);
            }
        }
    }
}
