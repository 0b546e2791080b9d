//! How the device stands towards its server.

use serde::Serialize;
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::{SentState, SiteView};
use crate::query::text;
use crate::{AppError, Device, Host};

/// At most so many rows in a list of what waits.
const ROWS: usize = 200;

/// Whether the device is enrolled, and what waits.
#[derive(Debug, Serialize, TS)]
pub struct StatusView {
    /// Nothing before enrolment.
    pub enrolled: Option<Enrolled>,
    /// Own records and answers that no receipt covers yet.
    pub ops_waiting: u32,
    /// Own photos that no receipt covers yet.
    pub photos_waiting: u32,
    /// Their bytes.
    #[ts(type = "number")]
    pub photo_bytes_waiting: u64,
    /// Server time of the last verified reply, ms since 1970 UTC; 0 before the first.
    #[ts(type = "number")]
    pub last_sync_ms: i64,
    /// How far the server's clock is ahead of this device's, ms, as last learnt.
    #[ts(type = "number")]
    pub clock_off_ms: i64,
    /// This device was revoked: what it records stays here, and is kept for review.
    pub revoked: bool,
}

/// For whom a device works.
#[derive(Debug, Serialize, TS)]
pub struct Enrolled {
    /// The user's code.
    pub user: String,
    /// The user's name in Chinese and English.
    pub name: (String, String),
    /// `inspector`, `lead` …
    pub role: String,
    /// Where the server is.
    pub server: String,
}

/// What waits to be sent.
#[derive(Debug, Serialize, TS)]
pub struct SyncView {
    /// The figures.
    pub status: StatusView,
    /// Own records with something unsent, the latest first; at most 200.
    pub records: Vec<SyncRow>,
    /// Photos to send, the smallest first; at most 200.
    pub photos: Vec<PhotoWaiting>,
}

/// A record with something unsent.
#[derive(Debug, Serialize, TS)]
pub struct SyncRow {
    /// The record.
    pub id: String,
    /// `inspection`, `finding` …
    pub kind: String,
    /// The record it belongs to.
    pub parent: Option<String>,
    /// The site, where it names one.
    pub site: Option<SiteView>,
    /// What a finding or photo says.
    pub note: Option<String>,
    /// How it stands.
    pub sent: SentState,
    /// When it was begun, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A photo the server does not hold yet.
#[derive(Debug, Serialize, TS)]
pub struct PhotoWaiting {
    /// The photo.
    pub sha256: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn status_view(&self) -> Result<StatusView, AppError> {
        let Some(identity) = self.store.identity() else {
            return Ok(StatusView {
                enrolled: None,
                ops_waiting: 0,
                photos_waiting: 0,
                photo_bytes_waiting: 0,
                last_sync_ms: 0,
                clock_off_ms: 0,
                revoked: false,
            });
        };
        let (photos, bytes) = self.store.blobs_waiting()?;
        Ok(StatusView {
            enrolled: Some(Enrolled {
                user: identity.user_code.clone(),
                name: identity.name.clone(),
                role: identity.role.clone(),
                server: identity.server_url.clone(),
            }),
            ops_waiting: clamp(self.store.ops_waiting()?),
            photos_waiting: clamp(photos),
            photo_bytes_waiting: bytes,
            last_sync_ms: self.number("server_ms")?,
            clock_off_ms: self.number("server_offset_ms")?,
            revoked: self.store.fact("revoked")?.is_some(),
        })
    }

    pub(super) fn sync_view(&self) -> Result<SyncView, AppError> {
        let mut records = vec![];
        for record in self.store.unsent_records(ROWS)? {
            let Some(row) = self.store.find_record(record)? else { continue };
            let site = text(&row.doc, "site");
            let note = text(&row.doc, "note");
            records.push(SyncRow {
                id: record.to_string(),
                kind: row.doc.kind.clone(),
                parent: row.doc.parent.map(|it| it.to_string()),
                site: (!site.is_empty()).then(|| self.site_view(site)).transpose()?,
                note: (!note.is_empty()).then(|| note.to_owned()),
                sent: self.sent_state(record)?,
                at_ms: row.at_ms,
            });
        }
        let photos = self.store.blobs_to_send(ROWS)?;
        let photos = photos
            .into_iter()
            .map(|blob| PhotoWaiting { sha256: blob.sha256.to_string(), bytes: blob.bytes });
        Ok(SyncView { status: self.status_view()?, records, photos: photos.collect() })
    }
}

/// Counts fit a screen's number.
pub(super) fn clamp(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
