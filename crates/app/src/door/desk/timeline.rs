//! A check from its first op to its last: who did what, when, and what came after signing.

use serde::Serialize;
use spotcheck_domain::op::kind;
use spotcheck_domain::{RecordId, Value};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use crate::door::Person;
use crate::door::people::person;
use crate::door::photos::pictures_of;
use crate::{AppError, Device, Host};

/// Events shown of one check; a check has hundreds.
const EVENTS: usize = 5_000;

/// The events of a check and its findings, in order of their claimed times.
#[derive(Debug, Serialize, TS)]
pub struct TimelineView {
    /// The events.
    pub events: Vec<TimelineEvent>,
    /// There are more than are shown.
    pub more: bool,
}

/// One op.
#[derive(Debug, Serialize, TS)]
pub struct TimelineEvent {
    /// The op.
    pub op: String,
    /// The record it is about.
    pub record: String,
    /// What was done, such as `inspection.answered`.
    pub kind: String,
    /// Who.
    pub by: Person,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The last server time the device had seen then: ms since 1970 UTC; 0 before the first.
    #[ts(type = "number")]
    pub server_ms: i64,
    /// The first digits of the log, and the position in it.
    pub log: String,
    /// See `log`.
    #[ts(type = "number")]
    pub seq: u64,
    /// What it set: slot → value.
    #[ts(type = "Record<string, unknown>")]
    pub set: std::collections::BTreeMap<String, Value>,
    /// The ops it took back.
    pub took_back: Vec<String>,
    /// Why.
    pub why: Option<String>,
    /// Photos and documents it named, by SHA-256.
    pub photos: Vec<String>,
    /// Recorded after somebody had signed.
    pub after_signing: bool,
    /// Why the server keeps it apart, if it does.
    pub quarantined: Option<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn timeline(&self, record: RecordId) -> Result<TimelineView, AppError> {
        let people = self.people()?;
        let children = self.store.children(record)?.into_iter().map(|row| row.record);
        let mut rows = vec![];
        for record in std::iter::once(record).chain(children) {
            rows.extend(self.store.ops_of(record)?);
        }
        if rows.is_empty() {
            return Err(AppError::NotFound(format!("no record {record} on this device")));
        }
        rows.sort_by_key(|row| (row.op.header.at.wall_ms, row.op.hash));
        let more = rows.len() > EVENTS;
        rows.truncate(EVENTS);
        let mut signed = false;
        let mut events = vec![];
        for row in rows {
            let header = &row.op.header;
            let data = row.op.data().unwrap_or_default();
            let signs = header.kind == kind::INSPECTION_SIGNED;
            let closes = signs || header.kind == kind::INSPECTION_COMPLETED;
            let photos = pictures_of(&data).iter().map(ToString::to_string).collect();
            events.push(TimelineEvent {
                op: row.op.hash.id().to_string(),
                record: row.op.record().to_string(),
                kind: header.kind.clone(),
                by: person(&people, header.by),
                at_ms: header.at.wall_ms,
                server_ms: header.at.server_ms,
                log: header.log.to_string().chars().take(8).collect(),
                seq: header.seq,
                set: data.set.into_iter().map(|(path, value)| (path.to_string(), value)).collect(),
                took_back: data.retracts.iter().map(ToString::to_string).collect(),
                why: data.why,
                photos,
                after_signing: signed && !closes,
                quarantined: row.quarantined,
            });
            signed |= signs;
        }
        Ok(TimelineView { events, more })
    }
}
