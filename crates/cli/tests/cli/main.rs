//! The program as scripts use it: real processes, real folders, a real server on loopback.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests use files and processes")]

mod author;
mod bad_home;
mod blobs;
mod calc;
mod documents;
mod exchange;
mod home;
mod misuse;
mod record;
mod server;
mod team;
mod tls;
