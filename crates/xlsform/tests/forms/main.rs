//! Whole forms: pyxform's own, broken ones, random ones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod conformance;
mod corpus;
