//! Photos: those that wait for an item, and the facts of each.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_domain::op::{BlobRef, OpData, kind};
use spotcheck_domain::{BlobHash, RecordId, ScopeId, Value};
use spotcheck_store::{BlobStore, Draft, RecordRow};
use ts_rs::TS;

use super::Person;
use super::people::person;
use crate::inspection::{Photos, slot_path};
use crate::query::text;
use crate::{AppError, Device, Host, Shot};

/// Loose photos shown.
const LOOSE: usize = 200;

/// A photo that was taken first; its item is picked later.
#[derive(Debug, Serialize, TS)]
pub struct LoosePhoto {
    /// Its record.
    pub evidence: String,
    /// The photo.
    pub sha256: String,
    /// When it was taken, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A photo's facts.
#[derive(Debug, Serialize, TS)]
pub struct PhotoFacts {
    /// Its hash.
    pub sha256: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Its bytes are on this device.
    pub here: bool,
    /// A verified receipt says that the server holds it, or it came from there.
    pub held: bool,
    /// Who first named it here; none for one that no record of this device names.
    pub by: Option<Person>,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
    /// The record that names it.
    pub record: Option<String>,
    /// The photo it is a marked copy of.
    pub derived_from: Option<String>,
    /// How it came to be, as the device that took it said; none where it did not say.
    pub shot: Option<Shot>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The photos a request names, whose bytes were handed in before. From here on they must reach
    /// the server.
    pub(super) fn named_photos<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a String>,
    ) -> Result<Photos, AppError> {
        let mut photos = Photos::new();
        for name in names {
            let blob = self.held_photo(name)?;
            self.store.note_blob(blob, true)?;
            photos.insert(name.clone(), blob);
        }
        Ok(photos)
    }

    fn held_photo(&self, name: &str) -> Result<BlobRef, AppError> {
        let hash = photo_hash(name)?;
        let state = self.store.find_blob(hash)?.filter(|state| state.here && state.blob.bytes > 0);
        let gone =
            || AppError::NotFound(format!("photo {name} is not on this device: take it again"));
        state.map(|state| state.blob).ok_or_else(gone)
    }

    pub(super) fn keep_loose(&mut self, sha256: &str) -> Result<LoosePhoto, AppError> {
        let photos = self.named_photos([&sha256.to_owned()])?;
        let photo = photo_hash(sha256)?;
        let mut set = self.shot_slots(photo)?.unwrap_or_default();
        set.insert(slot_path("photos")?, vec![sha256.to_owned()].into());
        let data = OpData { set, blobs: photos.into_values().collect(), ..OpData::default() };
        let (at, seed, scope) = (self.now()?, self.fresh(), self.scope_to_begin_in(None)?);
        let draft = Draft { record: None, scope, kind: kind::EVIDENCE_CAPTURED.to_owned(), data };
        let op = self.store.record(&draft, at, seed)?;
        self.forget_shot(photo)?;
        let evidence = op.record().to_string();
        Ok(LoosePhoto { evidence, sha256: sha256.to_owned(), at_ms: at.wall_ms })
    }

    /// Keeps, durably and signed, that a photo is a copy of another: who looks at the copy finds the
    /// original. Said again of the same pair, it changes nothing.
    pub(super) fn derive_photo(
        &mut self,
        original: &str,
        derived: &str,
        how: &str,
    ) -> Result<(), AppError> {
        if original == derived {
            return Err(AppError::invalid("derived", "it is the original itself"));
        }
        if how != "marked" {
            return Err(AppError::invalid("how", "say marked"));
        }
        let photos = self.named_photos([&original.to_owned(), &derived.to_owned()])?;
        let set = BTreeMap::from([
            (slot_path("photos")?, Value::from(vec![derived.to_owned()])),
            (slot_path("derived_from")?, original.into()),
            (slot_path("how")?, how.into()),
            // It was made for a record: it waits for none.
            (slot_path("placed")?, "derived".into()),
        ]);
        let mut blobs: Vec<BlobRef> = photos.into_values().collect();
        blobs.sort();
        let data = OpData { set, blobs, ..OpData::default() };
        let scope = self.scope_of_photo(photo_hash(original)?)?;
        let (at, seed) = (self.now()?, self.fresh());
        let draft = Draft { record: None, scope, kind: kind::EVIDENCE_DERIVED.to_owned(), data };
        self.store.record(&draft, at, seed)?;
        Ok(())
    }

    /// Where what is said of a photo goes: to who sees the record that shows it, as far as this user
    /// writes there.
    fn scope_of_photo(&self, photo: BlobHash) -> Result<ScopeId, AppError> {
        for (record, kind) in self.records_with(photo)? {
            if matches!(kind.as_str(), "inspection" | "finding")
                && let Ok(scope) = self.writable_scope_of(record)
            {
                return Ok(scope);
            }
        }
        self.scope_to_begin_in(None)
    }

    /// What a photo is a copy of, if any record of this device says so.
    fn original_of(&self, sha256: &str, hash: BlobHash) -> Result<Option<String>, AppError> {
        for (record, _) in self.records_with(hash)? {
            let Some(row) = self.store.find_record(record)? else { continue };
            let of = text(&row.doc, "derived_from");
            if !of.is_empty() && of != sha256 {
                return Ok(Some(of.to_owned()));
            }
        }
        Ok(None)
    }

    pub(super) fn place_loose(
        &mut self,
        evidence: RecordId,
        into: Option<RecordId>,
    ) -> Result<(), AppError> {
        let path = slot_path("placed")?;
        let into = into.map_or(Value::from("none"), |record| record.to_string().into());
        let data = OpData {
            replaces: self.current_ops(evidence, std::iter::once(&path))?,
            set: BTreeMap::from([(path, into)]),
            ..OpData::default()
        };
        self.record_on(evidence, kind::EVIDENCE_PLACED, data)?;
        Ok(())
    }

    pub(super) fn loose_photos(&self) -> Result<Vec<LoosePhoto>, AppError> {
        let mut loose = vec![];
        for row in self.store.open_records("evidence", LOOSE)? {
            if self.is_own(&row)? {
                loose.extend(photo_of(&row));
            }
        }
        Ok(loose)
    }

    pub(super) fn photo_facts(&self, sha256: &str) -> Result<PhotoFacts, AppError> {
        let hash = photo_hash(sha256)?;
        let state = self.store.find_blob(hash)?;
        let state =
            state.ok_or_else(|| AppError::NotFound(format!("no photo {sha256} on this device")))?;
        let named = self.records_with(hash)?.into_iter().next().map(|(record, _)| record);
        let row = named.map(|record| self.store.find_record(record)).transpose()?.flatten();
        let cited = row.as_ref().and_then(|row| row.doc.created.clone());
        let people = self.people()?;
        Ok(PhotoFacts {
            sha256: sha256.to_owned(),
            bytes: state.blob.bytes,
            here: state.here,
            // One that another took came from there.
            held: state.held || (state.here && !state.captured && named.is_some()),
            by: cited.as_ref().map(|cited| person(&people, cited.by)),
            at_ms: cited.map(|cited| cited.at.0),
            record: named.map(|record| record.to_string()),
            derived_from: self.original_of(sha256, hash)?,
            shot: self.shot_of(hash)?,
        })
    }
}

/// A photo by its name.
pub(super) fn photo_hash(name: &str) -> Result<BlobHash, AppError> {
    name.parse().map_err(|_| AppError::invalid("photos", "not a SHA-256 in hex"))
}

/// What an op names that people may look at: all that its words name, and no log nor the logger's own
/// file, which are documents.
pub(super) fn pictures_of(data: &OpData) -> BTreeSet<BlobHash> {
    fn gather(value: &Value, into: &mut BTreeSet<BlobHash>) {
        match value {
            Value::Text(text) => into.extend(text.parse::<BlobHash>()),
            Value::List(list) => list.iter().for_each(|it| gather(it, into)),
            Value::Map(members) => {
                let others = members.iter().filter(|(name, _)| *name != "log");
                others.for_each(|(_, it)| gather(it, into));
            }
            Value::Null | Value::Bool(_) | Value::Int(_) => {}
        }
    }
    let mut named = BTreeSet::new();
    data.set.values().for_each(|value| gather(value, &mut named));
    data.blobs.iter().map(|blob| blob.sha256).filter(|blob| named.contains(blob)).collect()
}

fn photo_of(row: &RecordRow) -> Option<LoosePhoto> {
    let hash = row.doc.agreed("photos").and_then(|value| match value {
        Value::List(list) => list.first().and_then(Value::as_text),
        _ => None,
    })?;
    // A photo that was placed is no longer loose, whatever else is open about it.
    let open = text(&row.doc, "placed").is_empty();
    open.then(|| LoosePhoto {
        evidence: row.record.to_string(),
        sha256: hash.to_owned(),
        at_ms: row.at_ms,
    })
}
