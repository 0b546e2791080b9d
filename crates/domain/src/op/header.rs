//! The part of an op that its hash covers: who, where in which log, about what, when.

use std::fmt::Write as _;

use serde::Deserialize;

use super::OpError;
use super::kind::is_kind;
use crate::id::{BlobHash, LogId, RecordId, ScopeId, UserId, WorkspaceId};
use crate::time::Timestamp;
use crate::value::MAX_INT;

/// An op's header. Written one way only, so equal headers are equal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The log it stands in.
    pub log: LogId,
    /// Its position there: 1, 2, 3 … without a gap.
    pub seq: u64,
    /// The tenant.
    pub ws: WorkspaceId,
    /// Who may see it: its record's home scope.
    pub scope: ScopeId,
    /// Who did it.
    pub by: UserId,
    /// The record it is about; `None` when it creates one.
    pub record: Option<RecordId>,
    /// What was done, `record.verb`.
    pub kind: String,
    /// When, as claimed.
    pub at: Timestamp,
    /// SHA-256 over salt and data: the data can be destroyed and the header still stands.
    pub data_sha256: [u8; 32],
}

/// As it stands in JSON, fields in order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    log: LogId,
    seq: u64,
    ws: WorkspaceId,
    scope: ScopeId,
    by: UserId,
    record: String,
    kind: String,
    at: (i64, i32, i64, i64, i64),
    data_sha256: BlobHash,
}

impl Header {
    /// The bytes that are hashed, stored and forwarded.
    pub fn write(&self) -> String {
        let mut text = String::with_capacity(360);
        let at = &self.at;
        // `write!` to a String cannot fail.
        let _ = write!(
            text,
            r#"{{"v":1,"log":"{}","seq":{},"ws":"{}","scope":"{}","by":"{}","record":""#,
            self.log, self.seq, self.ws, self.scope, self.by,
        );
        if let Some(record) = &self.record {
            let _ = write!(text, "{record}");
        }
        let _ = write!(
            text,
            r#"","kind":"{}","at":[{},{},{},{},{}],"data_sha256":"{}"}}"#,
            self.kind,
            at.wall_ms,
            at.offset_min,
            at.boot,
            at.tick_ms,
            at.server_ms,
            BlobHash(self.data_sha256),
        );
        text
    }

    /// Reads a header written by any client of version 1.
    ///
    /// # Errors
    /// When the text is not byte for byte what [`Header::write`] gives: two spellings of one header
    /// would be two ops.
    pub fn parse(text: &str) -> Result<Self, OpError> {
        let written: Written =
            serde_json::from_str(text).map_err(|e| OpError::Header(e.to_string()))?;
        if written.v != 1 {
            return Err(OpError::Header(format!(
                "version {} is newer than this program",
                written.v
            )));
        }
        let record = match written.record.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|e| OpError::Header(format!("record: {e}")))?),
        };
        let (wall_ms, offset_min, boot, tick_ms, server_ms) = written.at;
        let header = Self {
            log: written.log,
            seq: written.seq,
            ws: written.ws,
            scope: written.scope,
            by: written.by,
            record,
            kind: written.kind,
            at: Timestamp { wall_ms, offset_min, boot, tick_ms, server_ms },
            data_sha256: written.data_sha256.0,
        };
        header.check()?;
        if header.write() != text {
            return Err(OpError::Header("not in canonical form".to_owned()));
        }
        Ok(header)
    }

    /// Checks the ranges that JSON alone does not.
    ///
    /// # Errors
    /// When a field is outside what version 1 allows.
    pub fn check(&self) -> Result<(), OpError> {
        let at = &self.at;
        let small = |n: i64| n.unsigned_abs() <= MAX_INT as u64;
        if self.seq == 0 || self.seq > MAX_INT as u64 {
            return Err(OpError::Header("seq counts from 1 to 2^53".to_owned()));
        }
        if !is_kind(&self.kind) {
            return Err(OpError::Header("kind: use a-z 0-9 _ . and at most 64 of them".to_owned()));
        }
        if ![at.wall_ms, at.boot, at.tick_ms, at.server_ms].into_iter().all(small)
            || at.offset_min.unsigned_abs() > 24 * 60
        {
            return Err(OpError::Header("at: a time beyond ±2^53 ms or ±24 h offset".to_owned()));
        }
        Ok(())
    }
}
