//! What every logger's file is read into, and what stops one. All fixtures are synthetic.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should panic"
)]

mod bad_files;
mod berlinger;
mod logtag;
mod properties;
mod set_points;
mod synthetic;
mod tables;
mod year;
