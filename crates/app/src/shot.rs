//! How a photo came to be: its origin, when and where. Noted as soon as its bytes are kept, and said
//! in an op of its own, right before the op that names the photo.
//!
//! An op of its own, because two people may name the same photo: facts in the slots of the answer
//! would then contradict each other without anybody having differed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{BlobRef, OpData, kind};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, Draft};
use ts_rs::TS;

use crate::inspection::{Position, as_value, slot_path};
use crate::query::text;
use crate::{AppError, Device, Host};

/// How a photo came to this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// Where it comes from.
    pub origin: Origin,
    /// When it was taken, RFC 3339: by this device's clock if it took it, else as the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub taken_at: Option<String>,
    /// Where this device was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub position: Option<Position>,
}

/// Where a photo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Taken with this device's camera, for this check.
    Captured,
    /// Picked from an album or a folder: it may be of any day and place.
    Imported,
}

/// What a photo is taken for: the record, and the item of it.
pub(crate) type For<'a> = (RecordId, Option<&'a str>);

impl Shot {
    /// Checks what the host said, and gives the slots that keep it.
    pub(crate) fn slots(&self) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        let mut slots = BTreeMap::from([(slot_path("origin")?, as_value(&self.origin, "origin")?)]);
        if let Some(at) = &self.taken_at {
            chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| AppError::invalid("taken_at", "use 2021-06-24T09:30:00+08:00"))?;
            slots.insert(slot_path("taken_at")?, at.as_str().into());
        }
        if let Some(position) = &self.position {
            position.check()?;
            slots.insert(slot_path("position")?, as_value(position, "position")?);
        }
        Ok(slots)
    }

    /// What a record of evidence says; none where it says nothing of the origin.
    pub(crate) fn of(doc: &RecordDoc) -> Option<Self> {
        let read = |slot: &str| serde_json::from_str(&doc.agreed(slot)?.to_string()).ok();
        let position = doc.agreed("position");
        Some(Self {
            origin: serde_json::from_value(text(doc, "origin").into()).ok()?,
            taken_at: Some(text(doc, "taken_at").to_owned()).filter(|it| !it.is_empty()),
            position: position.and_then(|_| read("position")),
        })
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Notes, durably, how a photo came to be, until an op names it. Said again, it replaces what
    /// was said: a position may come later than the photo.
    ///
    /// # Errors
    /// When a field is wrong or the store fails.
    pub(crate) fn note_shot(&mut self, photo: BlobHash, shot: &Shot) -> Result<(), AppError> {
        shot.slots()?;
        let note = serde_json::to_string(shot).map_err(|e| AppError::invalid("shot", e))?;
        Ok(self.store.set_fact(&note_of(photo), &note)?)
    }

    /// What was noted of a photo that no op names yet, as slots. Whoever records them forgets the note.
    pub(crate) fn shot_slots(
        &self,
        photo: BlobHash,
    ) -> Result<Option<BTreeMap<SlotPath, Value>>, AppError> {
        let note = self.store.fact(&note_of(photo))?.filter(|note| !note.is_empty());
        let shot = note.and_then(|note| serde_json::from_str::<Shot>(&note).ok());
        shot.map(|shot| shot.slots()).transpose()
    }

    /// The note is done with: an op says it.
    pub(crate) fn forget_shot(&mut self, photo: BlobHash) -> Result<(), AppError> {
        Ok(self.store.forget_fact(&note_of(photo))?)
    }

    /// Says, durably and signed, how these photos came to be, as far as the host told. A kill
    /// right after leaves facts of a photo that nothing names yet: it is named by the same act done
    /// again.
    pub(crate) fn tell_shots<'a>(
        &mut self,
        photos: impl IntoIterator<Item = &'a BlobRef>,
        taken_for: For<'_>,
    ) -> Result<(), AppError> {
        for blob in photos {
            let Some(mut set) = self.shot_slots(blob.sha256)? else { continue };
            let (parent, item) = taken_for;
            set.insert(slot_path("photos")?, vec![blob.sha256.to_string()].into());
            // It waits for no item.
            set.insert(slot_path("placed")?, parent.to_string().into());
            if let Some(item) = item {
                set.insert(slot_path("item")?, item.into());
            }
            let data =
                OpData { parent: Some(parent), set, blobs: vec![*blob], ..OpData::default() };
            let (at, seed) = (self.now()?, self.fresh());
            let scope = self.writable_scope_of(parent)?;
            let kind = kind::EVIDENCE_CAPTURED.to_owned();
            self.store.record(&Draft { record: None, scope, kind, data }, at, seed)?;
            self.forget_shot(blob.sha256)?;
        }
        Ok(())
    }

    /// How a photo came to be, if any record of this device says so.
    pub(crate) fn shot_of(&self, photo: BlobHash) -> Result<Option<Shot>, AppError> {
        for (record, _) in self.records_with(photo)? {
            let Some(row) = self.store.find_record(record)? else { continue };
            if row.doc.kind == "evidence"
                && let Some(shot) = Shot::of(&row.doc)
            {
                return Ok(Some(shot));
            }
        }
        Ok(None)
    }
}

fn note_of(photo: BlobHash) -> String {
    format!("shot.{photo}")
}
