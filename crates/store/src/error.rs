//! What can go wrong in the store.

use spotcheck_domain::op::OpError;
use spotcheck_sqlite::{OpenError, rusqlite, what_to_do};

/// A failure of the device's database. Nothing half-done is ever left behind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite refused.
    #[error("{}", what_to_do(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// An op could not be written or read.
    #[error(transparent)]
    Op(#[from] OpError),
    /// Nobody has enrolled this device yet.
    #[error("this device is not enrolled: enrol it with a code from your administrator")]
    NotEnrolled,
    /// Stored bytes are not what this program wrote.
    #[error("the database holds something unreadable in {0}: keep the folder and ask for help")]
    Damaged(&'static str),
    /// A page does not continue where the last one ended.
    #[error("a page that does not follow the last one; it was not applied")]
    OutOfOrder,
    /// Bytes that are not what their hash says.
    #[error("the bytes of {0} are not what its hash says; they were not kept")]
    BlobMismatch(String),
}

impl StoreError {
    /// Whether the disk is full: the one failure a person can clear.
    pub fn is_full(&self) -> bool {
        let code = match self {
            Self::Sqlite(error) | Self::Open(OpenError::Sqlite(error)) => error.sqlite_error_code(),
            _ => None,
        };
        code == Some(rusqlite::ErrorCode::DiskFull)
    }
}
