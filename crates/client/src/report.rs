//! What a screen is told of a round: the same words in every host.

use serde::Serialize;
use spotcheck_sync::{Pause, Report};
use ts_rs::TS;

/// How far a round came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Progress {
    /// Requests made.
    pub requests: u64,
    /// Ops sent, repetitions included.
    pub ops_sent: u64,
    /// Ops received from others.
    pub ops_received: u64,
    /// Bytes of photos sent.
    pub photo_bytes_sent: u64,
    /// Bytes of others' photos received.
    pub photo_bytes_received: u64,
    /// Others' photos that are now here.
    pub photos_received: u64,
    /// Documents fetched.
    pub documents: u64,
}

impl Progress {
    /// As a round's report has it now.
    pub fn of(report: &Report) -> Self {
        Self {
            requests: report.requests,
            ops_sent: report.ops_sent,
            ops_received: report.ops_received,
            photo_bytes_sent: report.photo_bytes_sent,
            photo_bytes_received: report.photo_bytes_received,
            photos_received: report.photos_received,
            documents: report.documents,
        }
    }
}

/// A round that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RoundReport {
    /// What it did.
    #[serde(flatten)]
    pub progress: Progress,
    /// Scopes this user may no longer read; others' data of them was dropped.
    pub scopes_lost: u64,
    /// The server was restored and got back what it had lost.
    pub restored: bool,
    /// Something had been missed, and was fetched.
    pub repaired: bool,
    /// Another device was seen writing this one's log; it goes on under a new one.
    pub new_log: bool,
    /// What stopped it early. Nothing is lost.
    pub pause: Option<Said>,
}

/// Why a round stopped, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Said {
    /// See [`Pause::code`].
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

impl RoundReport {
    /// As a round's report has it at its end.
    pub fn of(report: &Report) -> Self {
        let said = |pause: &Pause| Said { code: pause.code(), message: pause.to_string() };
        Self {
            progress: Progress::of(report),
            scopes_lost: report.scopes_lost,
            restored: report.rewound,
            repaired: report.repaired,
            new_log: report.succeeded,
            pause: report.pause.as_ref().map(said),
        }
    }
}
