//! Packs: published documents of limits, named by the SHA-256 of their exact bytes.

mod check;
mod notice;
mod reference;
mod shipped;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Bilingual, Limit, json_path_at};
pub use notice::{Notice, PackCheck, Weight, check_pack};
pub use reference::{ReferenceError, with_reference};
pub use shipped::{ShippedPack, shipped};

/// Whether an expert has looked at a pack. A report says so, because a draft is not official.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not yet reviewed.
    Draft,
    /// Reviewed by the named person.
    Reviewed,
}

/// A published set of limits for one jurisdiction. The bytes are the truth: this is a reading of
/// them and is never written back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// What checklists refer to, such as `cn-shenzhen-2021`.
    pub code: String,
    /// What people read.
    pub title: Bilingual,
    /// Where it holds, such as `CN-SZ`.
    pub jurisdiction: String,
    /// Grows with each publication of the code, such as `1`.
    pub version: String,
    /// Draft or reviewed.
    pub status: Status,
    /// Who reviewed it; null for a draft.
    pub reviewed_by: Option<String>,
    /// Every limit, of every period.
    pub limits: Vec<Limit>,
}

/// Why a pack cannot be used: where, what, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Not JSON, or not the fields of a pack. The source names line and column.
    #[error("{path}: {source}; correct this place, every field is documented with the type Pack")]
    Json {
        /// The field, such as `limits[3].values[0].unit`.
        path: String,
        /// What the JSON reader met.
        #[source]
        source: serde_json::Error,
    },
    /// The fields are there but contradict each other.
    #[error("{path}: {problem}; {remedy}")]
    Invalid {
        /// The field, such as `limits[3] (cold.frozen_room).effective_to`.
        path: String,
        /// What is wrong with it.
        problem: String,
        /// What its author should do.
        remedy: String,
    },
}

impl Pack {
    /// Reads a pack and checks that every limit in it can judge.
    ///
    /// # Errors
    /// [`PackError`] for unknown, missing and repeated fields, numbers that are not decimal text,
    /// and limits that contradict themselves or each other.
    pub fn parse(bytes: &[u8]) -> Result<Self, PackError> {
        let pack: Self = serde_json::from_slice(bytes).map_err(|source| PackError::Json {
            path: json_path_at(bytes, source.line(), source.column()),
            source,
        })?;
        match check::faults(&pack).into_iter().next() {
            None => Ok(pack),
            Some(first) => Err(PackError::Invalid {
                path: first.path,
                problem: first.problem.en,
                remedy: first.remedy.en,
            }),
        }
    }

    /// The limit of that key in force on that day.
    #[must_use]
    pub fn find_limit(&self, key: &str, on: NaiveDate) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.key == key && limit.is_in_force(on))
    }

    /// Whether the key exists in any period.
    #[must_use]
    pub fn has_key(&self, key: &str) -> bool {
        self.limits.iter().any(|limit| limit.key == key)
    }
}

/// The name of a published document: SHA-256 of its exact bytes. Whitespace counts.
#[must_use]
pub fn content_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A content hash as people and inspection heads write it: 64 lower-case hexadecimal digits.
#[must_use]
pub fn hash_text(hash: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(hash)
}
