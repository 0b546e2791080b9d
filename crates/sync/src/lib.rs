//! One round of sync: push, pull, the photo lane, then others' photos. Sans-I/O.
//!
//! A [`Round`] says what to send next and takes in what came back. It never waits, signs, reads a
//! clock or opens a socket: the host does. So the same rounds run natively, in a browser worker, and
//! in a seeded simulation. Only a verified reply moves state, and each reply's effect is one durable
//! step of [`Local`], so that a round may be cut off anywhere.

mod compare;
mod fetch;
mod local;
mod outgoing;
mod photos;
mod pull;
mod push;
mod rewind;
mod round;

pub use local::{DeviceHost, Local, LocalLog, PhotoToSend, PulledPart, PulledSection, ReceiptIn};
pub use outgoing::{Auth, Outgoing};
pub use round::{Pause, Report, Round, SyncError};
