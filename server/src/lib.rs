//! The sync server: authenticates, stores and orders ops, filters them by scope, keeps photo bytes,
//! signs receipts. It needs no query over inspections to do its job.
#![allow(
    clippy::disallowed_methods,
    reason = "a host: this is where files, clocks and threads come from"
)]

pub mod admin;
pub mod blobs;
pub mod config;
pub mod data_dir;
pub mod demo;
pub mod host;
pub mod http;
pub mod keys;
pub mod lan;
pub mod ledger;
pub mod qr;
pub mod register;
pub mod say;
pub mod service;
pub mod setup;
