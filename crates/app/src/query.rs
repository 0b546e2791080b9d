//! Looking at what this device has.

use serde::Serialize;
use spotcheck_domain::projection::{Current, RecordDoc};
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, OpRow, RecordRow};

use crate::{AppError, Device, Host};

/// A record for people and programs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// When it was created, as claimed: ms since 1970 UTC.
    pub at_ms: i64,
    /// Slots, current values, and the ops they come from.
    #[serde(flatten)]
    pub doc: spotcheck_domain::projection::RecordDoc,
    /// Whether every op and photo of it is covered by the server's receipts.
    pub sent: bool,
}

/// An op for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpView {
    /// A key to page by, on this device only.
    pub row: i64,
    /// Its id.
    pub op: OpId,
    /// Its position in its log.
    pub log: String,
    /// See `log`.
    pub seq: u64,
    /// The record it is about.
    pub record: RecordId,
    /// Who did it, by user id.
    pub by: String,
    /// What was done.
    pub kind: String,
    /// When, as claimed: ms since 1970 UTC.
    pub at_ms: i64,
    /// Written on this device.
    pub mine: bool,
    /// Why the server did not admit it, if so.
    pub quarantined: Option<String>,
}

/// A slot with different current values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// What to decide it by.
    pub id: String,
    /// The site's code.
    pub site: String,
    /// The day.
    pub day: String,
    /// The checklist's code.
    pub checklist: String,
    /// The slot.
    pub path: SlotPath,
    /// The values, with who, when and where they come from.
    pub values: Vec<crate::MergedValue>,
}

impl From<OpRow> for OpView {
    fn from(row: OpRow) -> Self {
        let header = &row.op.header;
        Self {
            row: row.id,
            op: row.op.hash.id(),
            log: header.log.to_string(),
            seq: header.seq,
            record: row.op.record(),
            by: header.by.to_string(),
            kind: header.kind.clone(),
            at_ms: header.at.wall_ms,
            mine: row.mine,
            quarantined: row.quarantined,
        }
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Finds a record by its id or the first digits of it.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn resolve(&self, id: &str) -> Result<RecordId, AppError> {
        let hex = id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let found = if hex && (4..=32).contains(&id.len()) {
            self.store.find_by_prefix(id)?
        } else {
            vec![]
        };
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(AppError::NotFound(format!("no record {id:?} on this device"))),
            _ => Err(AppError::invalid(
                "id",
                format!("{id:?} fits several records; give more digits"),
            )),
        }
    }

    /// A record.
    ///
    /// # Errors
    /// When it is not on this device.
    pub fn show(&self, record: RecordId) -> Result<RecordView, AppError> {
        let row = self.store.find_record(record)?;
        self.view(
            row.ok_or_else(|| AppError::NotFound(format!("no record {record} on this device")))?,
        )
    }

    /// Records of a kind, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list(
        &self,
        kind: &str,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordView>, AppError> {
        self.store.list_records(kind, after, limit)?.into_iter().map(|row| self.view(row)).collect()
    }

    /// The history of a record, in order of arrival.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, record: RecordId) -> Result<Vec<OpView>, AppError> {
        Ok(self.store.ops_of(record)?.into_iter().map(OpView::from).collect())
    }

    /// The ops on this device, in order of arrival.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn log(&self, after: i64, limit: usize) -> Result<Vec<OpView>, AppError> {
        Ok(self.store.list_ops(after, limit)?.into_iter().map(OpView::from).collect())
    }

    fn view(&self, row: RecordRow) -> Result<RecordView, AppError> {
        let sent = self.is_sent(row.record)?;
        Ok(RecordView { id: row.record, at_ms: row.at_ms, doc: row.doc, sent })
    }

    /// "Sent" only when receipts cover a record's own ops, all admitted, and every photo they name.
    fn is_sent(&self, record: RecordId) -> Result<bool, AppError> {
        let logs = self.store.own_logs()?;
        for row in self.store.ops_of(record)?.iter().filter(|row| row.mine) {
            let header = &row.op.header;
            let covered =
                logs.iter().any(|log| log.log == header.log && log.receipt_seq >= header.seq);
            if !covered || row.quarantined.is_some() {
                return Ok(false);
            }
            for blob in row.op.data().unwrap_or_default().blobs {
                if !self.store.find_blob(blob.sha256)?.is_some_and(|state| state.held) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// What the server's own log said last in a slot. It changes who may do what without naming what it
/// replaces, so that all it said stands beside each other: its latest word counts.
pub(crate) fn latest<'a>(doc: &'a RecordDoc, path: &SlotPath) -> Option<&'a Value> {
    let seq = |it: &Current| doc.ops.get(&it.op).map_or(0, |cited| cited.seq);
    doc.slots.get(path)?.iter().max_by_key(|it| seq(it)).map(|it| &it.value)
}

/// A slot's agreed text, or nothing.
pub(crate) fn text<'a>(doc: &'a RecordDoc, slot: &str) -> &'a str {
    doc.agreed(slot).and_then(Value::as_text).unwrap_or_default()
}
