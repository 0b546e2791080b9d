//! The device's own database: its log, the records its ops add up to, what it knows of the server.
//!
//! One door for writes: [`Store::record`] for what a person does here, [`Store::apply_page`] for what
//! arrives. Either moves the log and every projection in one durable transaction, or nothing.

mod blob;
mod brief;
mod error;
mod identity;
mod keys;
mod log;
mod pages;
mod projector;
mod read;
mod site;
mod sync_state;
#[cfg(test)]
mod tests;
mod told;

pub use blob::{BlobError, BlobState, BlobStore, ChunkBlobs, Wanted};
pub use brief::{BriefRow, CoverageColumn, CoverageRow};
pub use error::StoreError;
pub use identity::{Identity, OwnLog};
pub use keys::{KeptKey, KeyTable};
pub use log::{Act, Draft};
pub use pages::{Delivered, Page};
pub use read::{LogWritten, OpRow, RecordRow};
pub use site::{SiteRow, initials};
pub use sync_state::{Cursor, KnownCheckpoint, Receipt};

use std::cell::Cell;

use spotcheck_sqlite::rusqlite::Connection;
use spotcheck_sqlite::{Location, Migrations, Profile};

/// Marks a device database: "SpcD".
const MIGRATIONS: Migrations = Migrations {
    application_id: 0x5370_6344,
    steps: &[
        include_str!("../schema/0001_log.sql"),
        include_str!("../schema/0002_projection.sql"),
        include_str!("../schema/0003_sync.sql"),
        include_str!("../schema/0004_open.sql"),
        include_str!("../schema/0005_brief.sql"),
        include_str!("../schema/0006_photos.sql"),
        include_str!("../schema/0007_brief.sql"),
        include_str!("../schema/0008_register.sql"),
    ],
};

/// A device's database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    identity: Option<Identity>,
    /// Each inspection has its brief, and no record has changed since.
    all_in_brief: Cell<bool>,
}

impl Store {
    /// Opens or creates the database.
    ///
    /// # Errors
    /// When it is foreign, newer, in use, damaged, or cannot promise durability.
    pub fn open(location: Location<'_>, profile: Profile) -> Result<Self, StoreError> {
        let conn = spotcheck_sqlite::open(location, profile, None, &MIGRATIONS)?;
        let mut store = Self { conn, identity: None, all_in_brief: Cell::new(false) };
        store.identity = store.load_identity()?;
        Ok(store)
    }

    /// Who this device works for; `None` before it is enrolled.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}
