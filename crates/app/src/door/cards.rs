//! Checks in lists: the home screen.

use std::collections::BTreeSet;

use serde::Serialize;
use spotcheck_domain::RecordId;
use spotcheck_rules::Bilingual;
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use super::people::{People, person};
use super::sync::clamp;
use super::{LoosePhoto, Person, SiteView, StatusView};
use crate::inspection::checklist_of;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Lists on the home screen hold at most so many cards.
const CARDS: usize = 50;
/// Open checks looked through: one's own are among them, and colleagues' of the day.
const OPEN: usize = 2_000;

/// The home screen.
#[derive(Debug, Serialize, TS)]
pub struct Today {
    /// This device's day, `YYYY-MM-DD`.
    pub day: String,
    /// Who this device is and what waits.
    pub status: StatusView,
    /// Own checks that were begun and not completed, the latest first.
    pub drafts: Vec<CheckCard>,
    /// Colleagues' open checks of today, to be gone on with together.
    pub team: Vec<CheckCard>,
    /// Own checks that are done, the latest first.
    pub done: Vec<CheckCard>,
    /// Photos that wait for an item.
    pub loose: Vec<LoosePhoto>,
}

/// A check in a list.
#[derive(Debug, Serialize, TS)]
pub struct CheckCard {
    /// The inspection.
    pub id: String,
    /// Where.
    pub site: SiteView,
    /// The checklist's code.
    pub checklist: String,
    /// The checklist's title; none where this version does not know it.
    pub title: Option<Bilingual>,
    /// The day of the visit.
    pub day: String,
    /// When it was begun, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who began it.
    pub by: Person,
    /// Required items with an answer.
    pub answered: u32,
    /// Required items.
    pub required: u32,
    /// Findings raised.
    pub findings: u32,
    /// The work is done.
    pub completed: bool,
    /// How it stands towards the server.
    pub sent: SentState,
}

/// How a record stands towards the server. Apart from whether the work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SentState {
    /// Saved on this device, not all of it sent.
    Here,
    /// All is sent but photos.
    PhotosWaiting {
        /// How many.
        photos: u32,
    },
    /// Receipts cover all of it and every photo.
    Sent,
    /// The server keeps it apart until a person has looked.
    NeedsReview {
        /// Why.
        code: String,
    },
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn today(&self) -> Result<Today, AppError> {
        let day = self.now()?.local_day();
        let people = self.people()?;
        let (mut drafts, mut team) = (vec![], vec![]);
        for row in self.store.open_records("inspection", OPEN)? {
            let own = self.is_own(&row)?;
            let list = if own { &mut drafts } else { &mut team };
            if list.len() < CARDS && (own || text(&row.doc, "day") == day) {
                list.push(self.card(row, &people)?);
            }
        }
        let mut done = vec![];
        for row in self.store.list_records("inspection", None, CARDS)? {
            let card_is_open = row.doc.agreed("completed").is_none();
            if self.is_own(&row)? && !card_is_open && row.doc.agreed("voided").is_none() {
                done.push(self.card(row, &people)?);
            }
        }
        let loose = self.loose_photos()?;
        Ok(Today { day, status: self.status_view()?, drafts, team, done, loose })
    }

    pub(super) fn card(&self, row: RecordRow, people: &People) -> Result<CheckCard, AppError> {
        let doc = &row.doc;
        let hash = checklist_of(doc, &self.library);
        let checklist = hash.and_then(|hash| self.library.find_checklist(hash));
        let (answered, required) = self.progress_of(row.record, doc);
        let by = doc.created.as_ref().map(|cited| cited.by);
        Ok(CheckCard {
            id: row.record.to_string(),
            site: self.site_view(text(doc, "site"))?,
            checklist: text(doc, "checklist").to_owned(),
            title: checklist.map(|it| it.title.clone()),
            day: text(doc, "day").to_owned(),
            at_ms: row.at_ms,
            by: person(people, by.unwrap_or(self.identity()?.user)),
            answered,
            required,
            findings: clamp(self.findings_of(row.record)?.len() as u64),
            completed: doc.agreed("completed").is_some(),
            sent: self.sent_state(row.record)?,
        })
    }

    /// The records of a check's findings, voided ones left out.
    pub(super) fn findings_of(&self, record: RecordId) -> Result<Vec<RecordRow>, AppError> {
        let mut rows = self.store.children(record)?;
        rows.retain(|row| row.doc.kind == "finding" && row.doc.agreed("voided").is_none());
        rows.sort_by_key(|row| (row.at_ms, row.record));
        Ok(rows)
    }

    /// Begun by this device's user.
    pub(super) fn is_own(&self, row: &RecordRow) -> Result<bool, AppError> {
        let user = self.identity()?.user;
        Ok(row.doc.created.as_ref().is_some_and(|cited| cited.by == user))
    }

    /// "Sent" covers the record and what belongs to it: a check is not sent before its findings are.
    pub(super) fn sent_state(&self, record: RecordId) -> Result<SentState, AppError> {
        let logs = self.store.own_logs()?;
        let children = self.store.children(record)?.into_iter().map(|row| row.record);
        let mut photos = BTreeSet::new();
        let mut here = false;
        for record in std::iter::once(record).chain(children) {
            for row in self.store.ops_of(record)?.into_iter().filter(|row| row.mine) {
                if let Some(code) = row.quarantined {
                    return Ok(SentState::NeedsReview { code });
                }
                let header = &row.op.header;
                here |=
                    !logs.iter().any(|log| log.log == header.log && log.receipt_seq >= header.seq);
                for blob in row.op.data().unwrap_or_default().blobs {
                    if !self.store.find_blob(blob.sha256)?.is_some_and(|state| state.held) {
                        photos.insert(blob.sha256);
                    }
                }
            }
        }
        Ok(match (here, clamp(photos.len() as u64)) {
            (true, _) => SentState::Here,
            (false, 0) => SentState::Sent,
            (false, photos) => SentState::PhotosWaiting { photos },
        })
    }
}
