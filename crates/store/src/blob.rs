//! Photos and documents: their bytes, and what is known of them.
//!
//! Bytes before op: a photo is durable on this device before the op that names it.

mod chunks;
mod others;

pub use chunks::ChunkBlobs;
pub use others::Wanted;
pub(crate) use others::name_blob;

use std::io::Read;

use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_sqlite::rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

/// Where the bytes of photos and documents live. Hosts with files use a folder, the browser and the
/// simulation a table.
pub trait BlobStore {
    /// Takes bytes to the end, hashing them as they arrive, and keeps them durably under their hash.
    ///
    /// # Errors
    /// When they cannot be read or kept; nothing is then kept.
    fn put(&mut self, bytes: &mut dyn Read) -> Result<BlobRef, BlobError>;

    /// Reads up to `len` bytes from `offset`; fewer at the end.
    ///
    /// # Errors
    /// When the blob is not here or cannot be read.
    fn read(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, BlobError>;

    /// How many bytes are here of a blob that is arriving piece by piece. Pieces need not outlive a
    /// power cut.
    ///
    /// # Errors
    /// When it cannot be read.
    fn arrived(&self, blob: BlobHash) -> Result<u64, BlobError>;

    /// Adds the next piece of one that is arriving.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn arrive(&mut self, blob: BlobHash, piece: &[u8]) -> Result<(), BlobError>;

    /// Keeps one that has arrived, as `put` would; `None` when its bytes are not what the hash says.
    /// Its pieces are gone either way.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn finish(&mut self, blob: BlobHash) -> Result<Option<BlobRef>, BlobError>;

    /// Removes a blob, arrived or arriving; one that is not here is none.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&mut self, blob: BlobHash) -> Result<(), BlobError>;
}

/// A blob that could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is not on this device.
    #[error("photo or document {0} is not on this device")]
    Missing(BlobHash),
    /// Reading or writing failed.
    #[error("{}", io_text(.0))]
    Io(#[from] std::io::Error),
    /// The database that holds the bytes failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BlobError {
    /// Whether the disk is full: the one failure a person can clear.
    pub fn is_full(&self) -> bool {
        match self {
            Self::Io(error) => no_room(error),
            Self::Store(error) => error.is_full(),
            Self::Missing(_) => false,
        }
    }
}

fn no_room(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

fn io_text(error: &std::io::Error) -> String {
    if no_room(error) {
        "photo or document: the disk is full: free some space, then do it again".to_owned()
    } else {
        format!("photo or document: {error}")
    }
}

impl From<spotcheck_sqlite::rusqlite::Error> for BlobError {
    fn from(error: spotcheck_sqlite::rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What this device knows of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobState {
    /// Which one, and its length.
    pub blob: BlobRef,
    /// Its bytes are here.
    pub here: bool,
    /// It came from this device and must reach the server.
    pub captured: bool,
    /// A verified receipt says the server has it.
    pub held: bool,
}

impl Store {
    /// Notes that a blob's bytes are here, durably. `captured` when they came from this device.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn note_blob(&mut self, blob: BlobRef, captured: bool) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "insert into blob (sha256, bytes, here, captured) values (?1, ?2, 1, ?3)
             on conflict (sha256) do update set here = 1, bytes = excluded.bytes,
               captured = max(captured, excluded.captured)",
            )?
            .execute(params![blob.sha256.0, blob.bytes, captured])?;
        Ok(())
    }

    /// Captured blobs that no receipt covers yet, smallest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_to_send(&self, limit: usize) -> Result<Vec<BlobRef>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select sha256, bytes from blob where captured = 1 and held = 0
             order by bytes, sha256 limit ?1",
        )?;
        let rows = select.query_map([limit as i64], |row| {
            Ok(BlobRef { sha256: BlobHash(row.get(0)?), bytes: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many captured blobs no receipt covers yet, and their bytes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_waiting(&self) -> Result<(u64, u64), StoreError> {
        let sql =
            "select count(*), coalesce(sum(bytes), 0) from blob where captured = 1 and held = 0";
        Ok(self.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Where an upload stands, as the photo lane last noted it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload_note(&self, blob: BlobHash) -> Result<Option<String>, StoreError> {
        let sql = "select upload from blob where sha256 = ?1";
        let found =
            self.conn.prepare_cached(sql)?.query_row([blob.0], |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }

    /// Notes where an upload stands, so that it resumes after a restart; `None` when it is over.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn set_upload_note(
        &mut self,
        blob: BlobHash,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = "update blob set upload = ?2 where sha256 = ?1";
        self.conn.prepare_cached(sql)?.execute(params![blob.0, note])?;
        Ok(())
    }

    /// What this device knows of a blob.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_blob(&self, blob: BlobHash) -> Result<Option<BlobState>, StoreError> {
        let sql = "select bytes, here, captured, held from blob where sha256 = ?1";
        let mut select = self.conn.prepare_cached(sql)?;
        let found = select.query_row([blob.0], |row| {
            Ok(BlobState {
                blob: BlobRef { sha256: blob, bytes: row.get(0)? },
                here: row.get(1)?,
                captured: row.get(2)?,
                held: row.get(3)?,
            })
        });
        Ok(found.optional()?)
    }
}
