//! Ops, records, slots, and what they mean. No I/O, no clock, no randomness.
//!
//! An [`op::Op`] is one act of one person, kept for ever as the bytes its author wrote. A record is
//! whatever its ops say; [`projection`] computes it, the same from any order of the same ops.

pub mod id;
pub mod op;
#[cfg(debug_assertions)]
pub mod planted;
pub mod projection;
pub mod run;
pub mod slot;
pub mod time;
pub mod value;

pub use id::{BlobHash, LogId, OpHash, OpId, RecordId, ScopeId, UserId, WorkspaceId};
pub use op::{Header, Op, OpData, OpError};
pub use run::{Entry, Run};
pub use slot::SlotPath;
pub use time::Timestamp;
pub use value::Value;

/// Whether a planted fault is active here: always `false`, and gone, in a release.
#[cfg(not(debug_assertions))]
#[macro_export]
macro_rules! planted {
    ($name:literal) => {
        false
    };
}

/// Whether a planted fault is active here; see [`planted`](mod@planted).
#[cfg(debug_assertions)]
#[macro_export]
macro_rules! planted {
    ($name:literal) => {
        $crate::planted::is_planted($name)
    };
}
