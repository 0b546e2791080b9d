//! What the proxy did, so that a test can tell "no fault happened" from "it was survived".

use serde::{Deserialize, Serialize};

/// Totals since the start. Every connection ends in at most one of the faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Connections accepted.
    pub connections: u64,
    /// Bytes forwarded from clients to the upstream.
    pub bytes_up: u64,
    /// Bytes forwarded from the upstream to clients.
    pub bytes_down: u64,
    /// Replies held back.
    pub delayed: u64,
    /// Connections reset at once.
    pub refused: u64,
    /// Connections given the login page.
    pub portal: u64,
    /// Connections reset after their share of bytes.
    pub cut: u64,
    /// Connections reset when a reply was due.
    pub lost: u64,
    /// Connections ended amid a reply.
    pub truncated: u64,
    /// Connections reset by a change of settings.
    pub reset_by_change: u64,
    /// Connections reset because the upstream did not answer.
    pub upstream_unreachable: u64,
}

impl Counts {
    /// Counts a new connection; its number, from 1.
    pub(super) fn connection(&mut self) -> u64 {
        self.connections += 1;
        self.connections
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        *match fault {
            Fault::Refused => &mut self.refused,
            Fault::Portal => &mut self.portal,
            Fault::Cut => &mut self.cut,
            Fault::Lost => &mut self.lost,
            Fault::Truncated => &mut self.truncated,
            Fault::Changed => &mut self.reset_by_change,
            Fault::Unreachable => &mut self.upstream_unreachable,
        } += 1;
    }
}

/// How a connection ended, if not by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Refused,
    Portal,
    Cut,
    Lost,
    Truncated,
    Changed,
    Unreachable,
}
