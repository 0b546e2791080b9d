//! What a user is told when something cannot be done.

use spotcheck_store::{BlobError, StoreError};

/// A failure with a stable code for programs and a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The device's storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes of photos and documents.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// What was asked for is not here.
    #[error("{0}")]
    NotFound(String),
    /// What was given cannot be recorded: names the field and the remedy.
    #[error("{field}: {remedy}")]
    Invalid {
        /// Which part of the input.
        field: String,
        /// What to write instead.
        remedy: String,
    },
    /// It may be read here and not written.
    #[error("{0}")]
    ReadOnly(String),
    /// What it would rest on changed since it was looked at; nothing was recorded.
    #[error("{0}")]
    Changed(String),
    /// A key could not be made or found.
    #[error("device key: {0}")]
    Key(String),
}

impl AppError {
    /// Input that cannot be recorded.
    pub fn invalid(field: impl Into<String>, remedy: impl std::fmt::Display) -> Self {
        Self::Invalid { field: field.into(), remedy: remedy.to_string() }
    }

    /// A code that never changes; screens and scripts decide by it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(StoreError::NotEnrolled) => "not_enrolled",
            Self::Store(error) if error.is_full() => "storage_full",
            Self::Blob(error) if error.is_full() => "storage_full",
            Self::Store(StoreError::Open(_)) => "storage_unopened",
            Self::Store(_) | Self::Blob(_) => "storage",
            Self::NotFound(_) => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::ReadOnly(_) => "read_only",
            Self::Changed(_) => "changed",
            Self::Key(_) => "device_key",
        }
    }
}
