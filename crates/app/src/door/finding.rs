//! Findings of a check.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use super::Person;
use super::check::list_of;
use super::people::{People, person};
use crate::inspection::{Photos, Rules, as_value, raise, slot_path};
use crate::query::text;
use crate::{AppError, Device, FindingDraft, Fixed, Host};

/// Something wrong.
#[derive(Debug, Serialize, TS)]
pub struct FindingView {
    /// Its record.
    pub id: String,
    /// The slot it came from; none where no item asks about it.
    pub item: Option<String>,
    /// `minor`, `major` or `critical`.
    pub severity: String,
    /// What is wrong.
    pub note: String,
    /// Photos, by SHA-256.
    pub photos: Vec<String>,
    /// Voice notes, by SHA-256.
    pub voice: Vec<String>,
    /// Cured before the inspectors left: what was done, and photos afterwards.
    pub fixed: Option<(String, Vec<String>)>,
    /// Who raised it.
    pub by: Person,
    /// By this device's user.
    pub mine: bool,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn finding_views(
        &self,
        inspection: RecordId,
        people: &People,
    ) -> Result<Vec<FindingView>, AppError> {
        let rows = self.findings_of(inspection)?;
        rows.iter().map(|row| self.view_of_finding(row, people)).collect()
    }

    pub(super) fn view_of_finding(
        &self,
        row: &RecordRow,
        people: &People,
    ) -> Result<FindingView, AppError> {
        let (doc, user) = (&row.doc, self.identity()?.user);
        let by = doc.created.as_ref().map_or(user, |cited| cited.by);
        let fixed = doc.agreed("fixed").is_some_and(|it| *it == Value::Bool(true));
        Ok(FindingView {
            id: row.record.to_string(),
            item: Some(text(doc, "item").to_owned()).filter(|it| !it.is_empty()),
            severity: text(doc, "severity").to_owned(),
            note: text(doc, "note").to_owned(),
            photos: list_of(doc, "photos"),
            voice: list_of(doc, "voice"),
            fixed: fixed.then(|| (text(doc, "fix_note").to_owned(), list_of(doc, "fix_photos"))),
            by: person(people, by),
            mine: by == user,
            at_ms: row.at_ms,
        })
    }

    pub(super) fn finding_view(&self, finding: RecordId) -> Result<FindingView, AppError> {
        let people = self.people()?;
        let row = self.store.find_record(finding)?;
        let parent = row.and_then(|row| row.doc.parent);
        let views = parent.map(|parent| self.finding_views(parent, &people)).transpose()?;
        let id = finding.to_string();
        let view = views.into_iter().flatten().find(|view| view.id == id);
        view.ok_or_else(|| AppError::NotFound(format!("no finding {finding} on this device")))
    }

    /// Raises a finding over answers that stand already.
    pub(super) fn raise_over(
        &mut self,
        inspection: RecordId,
        finding: &FindingDraft,
        answers: &BTreeMap<SlotPath, Value>,
        photos: &Photos,
    ) -> Result<RecordId, AppError> {
        let (at, seed, scope) = (self.now()?, self.fresh(), self.writable_scope_of(inspection)?);
        let Rules { checklist, pack, pack_hash, day, .. } = self.rules_of(inspection)?;
        // The store is written to below while these are read: take copies out of the library.
        let (checklist, pack) = (checklist.clone(), pack.clone());
        let rules = Rules { checklist: &checklist, conditions: None, pack: &pack, pack_hash, day };
        self.store
            .act(at, seed, |act| raise(act, inspection, scope, finding, &rules, answers, photos))
    }

    pub(super) fn fix_finding(&mut self, finding: RecordId, fixed: &Fixed) -> Result<(), AppError> {
        self.change_finding(finding, &fixed_slots(fixed), &fixed.photos)
    }

    pub(super) fn edit_finding(
        &mut self,
        finding: RecordId,
        draft: &FindingDraft,
    ) -> Result<(), AppError> {
        let mut set =
            vec![("note", draft.note.as_str().into()), ("photos", draft.photos.clone().into())];
        // A finding without voice notes has no such slot: nothing was ever taken away from it.
        if !draft.voice.is_empty() || !list_of(&self.show(finding)?.doc, "voice").is_empty() {
            set.push(("voice", draft.voice.clone().into()));
        }
        if let Some(severity) = draft.severity {
            set.push(("severity", as_value(&severity, "severity")?));
        }
        let was_fixed = self.show(finding)?.doc.agreed("fixed") == Some(&Value::Bool(true));
        match &draft.fixed {
            Some(fixed) => set.extend(fixed_slots(fixed)),
            None if was_fixed => set.push(("fixed", Value::Bool(false))),
            None => {}
        }
        let fixes = draft.fixed.iter().flat_map(|fixed| &fixed.photos);
        let named: Vec<String> =
            draft.photos.iter().chain(&draft.voice).chain(fixes).cloned().collect();
        self.change_finding(finding, &set, &named)
    }

    /// Sets the slots whose value differs.
    fn change_finding(
        &mut self,
        finding: RecordId,
        set: &[(&str, Value)],
        photos: &[String],
    ) -> Result<(), AppError> {
        let doc = self.show(finding)?.doc;
        if doc.kind != "finding" {
            return Err(AppError::NotFound(format!("no finding {finding} on this device")));
        }
        let mut changed = BTreeMap::new();
        for (slot, value) in set {
            if doc.agreed(slot) != Some(value) {
                changed.insert(slot_path(slot)?, value.clone());
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let mut blobs: Vec<_> = self.named_photos(photos)?.into_values().collect();
        self.tell_shots(&blobs, (finding, None))?;
        blobs.sort();
        let data = OpData {
            replaces: self.current_ops(finding, changed.keys())?,
            set: changed,
            blobs,
            ..OpData::default()
        };
        self.record_on(finding, kind::FINDING_CHANGED, data)?;
        Ok(())
    }
}

/// What a cure on the spot sets.
fn fixed_slots(fixed: &Fixed) -> [(&'static str, Value); 3] {
    [
        ("fixed", Value::Bool(true)),
        ("fix_note", fixed.note.as_str().into()),
        ("fix_photos", fixed.photos.clone().into()),
    ]
}
