//! The sync server: authenticates, stores and orders ops, filters them by scope, keeps photo bytes,
//! signs receipts. It needs no query over inspections to do its job.
#![allow(
    clippy::disallowed_methods,
    reason = "a host: this is where files, clocks and threads come from"
)]

pub mod demo;
pub mod blobs;
pub mod ledger;
pub mod service;
