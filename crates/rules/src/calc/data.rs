//! The dated data behind the calculations, as files beside the packs: rules are data, never code.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CalcError;
use crate::{Bilingual, Status};

/// What every data file starts with, as a [`crate::Pack`] does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read so that an incomplete head is refused, shown by the hosts")]
pub(super) struct Head {
    /// What an answer names as its `pack`.
    pub(super) code: String,
    /// What people read.
    pub(super) title: Bilingual,
    /// Where it holds.
    pub(super) jurisdiction: String,
    /// Grows with each publication.
    pub(super) version: String,
    /// Draft or reviewed.
    pub(super) status: Status,
    /// Who reviewed it; null for a draft.
    pub(super) reviewed_by: Option<String>,
}

/// Reads a shipped file.
pub(super) fn load<T: DeserializeOwned>(name: &'static str, text: &str) -> Result<T, CalcError> {
    serde_json::from_str(text).map_err(|error| CalcError::Data { name, problem: error.to_string() })
}
