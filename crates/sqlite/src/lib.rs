//! The one way to open SQLite here: durability profile, checks at open, numbered migrations.
//!
//! *Nothing is lost* begins in this crate: a profile is not set and hoped for, it is read back.

mod migrate;
mod open;

pub use migrate::Migrations;
pub use open::{Location, OpenError, Profile, open, what_to_do};
pub use rusqlite;
