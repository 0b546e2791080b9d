//! Errors that move no state: RFC 9457 problem documents with a stable code.

use serde::{Deserialize, Serialize};

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for a person and for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:spotcheck:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable: programs decide by it.
    pub code: String,
    /// One sentence that names the field and the remedy.
    pub detail: String,
}

impl Problem {
    /// A problem document.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        let (kind, code) = (format!("urn:spotcheck:{code}"), code.to_owned());
        Self { kind, status, code, detail: detail.into() }
    }
}
