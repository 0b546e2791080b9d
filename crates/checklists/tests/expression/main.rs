//! The expression engine: what it answers, what it refuses, and what always holds.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod corpus;
mod faults;
mod fixture;
mod logic;
mod odk;
mod properties;
