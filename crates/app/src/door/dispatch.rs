//! From text to text: every call, once.

use std::collections::BTreeMap;

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{RecordId, Value};
use spotcheck_store::BlobStore;

use super::desk::FindingFilter;
use super::photos::photo_hash;
use super::{Answer, Call, FindingView, Outcome, Topic};
use crate::inspection::{as_value, instance_path, slot_path};
use crate::instruments::{trust_of, trust_path};
use crate::record::Line;
use crate::{AppError, Decision, Device, FindingDraft, Host, SignatureDraft};

/// A screen's own notes are small.
const MAX_NOTE_BYTES: usize = 16 * 1024;
/// What the keys of a screen's notes begin with.
const NOTES: &str = "screen.";

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Answers a request of a screen: [`Call`] as JSON in, [`Outcome`] as JSON out. What it records
    /// is durable when it returns.
    ///
    /// # Errors
    /// As the call's own; `invalid` with the field for a request that is none.
    pub fn dispatch(&mut self, request: &str) -> Result<String, AppError> {
        let call = serde_json::from_str(request).map_err(|e| AppError::invalid("call", e))?;
        let outcome = self.answer_call(call)?;
        serde_json::to_string(&outcome).map_err(|e| AppError::invalid("answer", e))
    }

    fn answer_call(&mut self, call: Call) -> Result<Outcome, AppError> {
        let topics = topics(&call);
        let answer = match call {
            Call::Status {} => Answer::Status(self.status_view()?),
            Call::Today {} => Answer::Today(self.today()?),
            Call::FindSites { typed, limit } => {
                Answer::FindSites(self.find_site_views(&typed, limit as usize)?)
            }
            Call::RecentSites {} => Answer::RecentSites(self.recent_sites()?),
            Call::AddSite { site } => Answer::AddSite(self.add_site(&site)?),
            Call::AddedSites {} => Answer::AddedSites(self.added_sites()?),
            Call::ConfirmSite { code, name, kind } => {
                Answer::ConfirmSite(self.confirm_site(&code, &name, &kind)?)
            }
            Call::StartOptions { site } => {
                Answer::StartOptions(self.start_options(site.as_deref())?)
            }
            Call::StartCheck { head } => {
                let line = Line { head: Some(head), ..Line::default() };
                let begun = self.start(&line, &BTreeMap::new(), &BTreeMap::new(), vec![])?;
                Answer::StartCheck(begun.inspection.to_string())
            }
            Call::Check { id } => Answer::Check(self.check_view(self.resolve(&id)?)?),
            Call::Answer { id, path, answer, photos, why } => {
                let id = self.resolve(&id)?;
                self.answer_item(id, &path, &answer, photos, why)?;
                Answer::Answer(self.answer_view(id, &path)?)
            }
            Call::MoveToNewest { id } => {
                Answer::MoveToNewest(self.move_to_newest(self.resolve(&id)?)?.to_string())
            }
            Call::AddInstance { id, repeat, label } => {
                Answer::AddInstance(self.add_instance(self.resolve(&id)?, &repeat, &label)?)
            }
            Call::Raise { id, finding } => Answer::Raise(self.raise_one(&id, finding)?),
            Call::Fix { finding, fixed } => {
                let finding = self.resolve(&finding)?;
                self.fix_finding(finding, &fixed)?;
                Answer::Fix(self.finding_view(finding)?)
            }
            Call::EditFinding { finding, draft } => {
                let finding = self.resolve(&finding)?;
                self.edit_finding(finding, &draft)?;
                Answer::EditFinding(self.finding_view(finding)?)
            }
            Call::Describe { id, particulars } => {
                self.describe(self.resolve(&id)?, &particulars)?;
                Answer::Describe(())
            }
            Call::Sign { id, signature } => {
                Answer::Sign(self.sign_drawn(self.resolve(&id)?, &signature)?)
            }
            Call::Complete { id } => {
                let id = self.resolve(&id)?;
                self.complete(id)?;
                Answer::Complete(self.missing_items(id)?)
            }
            Call::Undo { op } => {
                let op = op.parse().map_err(|e| AppError::invalid("op", e))?;
                Answer::Undo(self.undo(op, None)?.to_string())
            }
            Call::Void { id, why } => {
                Answer::Void(self.void(self.resolve(&id)?, &why)?.to_string())
            }
            Call::History { id, path } => {
                Answer::History(self.history_of(self.resolve(&id)?, &path)?)
            }
            Call::KeepLoose { sha256 } => Answer::KeepLoose(self.keep_loose(&sha256)?),
            Call::PlaceLoose { evidence, record } => {
                let into = record.map(|id| self.resolve(&id)).transpose()?;
                self.place_loose(self.resolve(&evidence)?, into)?;
                Answer::PlaceLoose(())
            }
            Call::Photo { sha256 } => Answer::Photo(self.photo_facts(&sha256)?),
            Call::PhotoTaken { sha256, shot } => {
                self.note_shot(photo_hash(&sha256)?, &shot)?;
                Answer::PhotoTaken(())
            }
            Call::AskPhoto { sha256 } => Answer::AskPhoto(self.ask_for_photo(&sha256)?),
            Call::SyncState {} => Answer::SyncState(self.sync_view()?),
            Call::Remember { key, value } => {
                self.remember(&key, &value)?;
                Answer::Remember(())
            }
            Call::Recall { key } => {
                let kept = self.store.fact(&note_key(&key)?)?;
                Answer::Recall(kept.filter(|value| !value.is_empty()))
            }
            Call::RecallUnder { prefix } => Answer::RecallUnder(self.recall_under(&prefix)?),
            Call::DerivePhoto { original, derived, how } => {
                self.derive_photo(&original, &derived, &how)?;
                Answer::DerivePhoto(())
            }
            Call::AnswerLog { id, path, log, why } => {
                let id = self.resolve(&id)?;
                self.answer_log(id, &path, log, why)?;
                Answer::AnswerLog(self.answer_view(id, &path)?)
            }
            Call::ReadLogger { sha256, answers, wanted } => {
                Answer::ReadLogger(self.logger_view(&sha256, &answers, &wanted)?)
            }
            Call::AnswerLogger { id, path, sha256, source, finding, why } => {
                let id = self.resolve(&id)?;
                self.answer_logger(id, &path, &sha256, (source, finding), why)?;
                Answer::AnswerLogger(self.answer_view(id, &path)?)
            }
            Call::ReadLog { sha256, from, limit } => {
                Answer::ReadLog(self.log_view(&sha256, from as usize, limit as usize)?)
            }
            Call::NearbySites { lat, lon, limit } => {
                Answer::NearbySites(self.nearby_sites(&lat, &lon, limit as usize)?)
            }
            Call::Board { day, first } => Answer::Board(self.board(day.as_deref(), first)?),
            Call::Coverage { from, to, by } => Answer::Coverage(self.coverage(&from, &to, by)?),
            Call::CoverageSites { from, to, by, key, done, after } => {
                Answer::CoverageSites(self.coverage_sites((&from, &to), (by, &key), done, after)?)
            }
            Call::CellChecks { site, day, checklist } => {
                Answer::CellChecks(self.cell_checks(&site, &day, checklist.as_deref())?)
            }
            Call::Findings { day, severity, item, after } => {
                let only = FindingFilter { day, severity, item };
                Answer::Findings(self.findings_page(&only, after.as_deref())?)
            }
            Call::Inbox { day, after } => Answer::Inbox(self.inbox(&day, after)?),
            Call::Merged { site, day, checklist } => {
                Answer::Merged(self.merged(&site, &day, &checklist)?)
            }
            Call::Decide { site, day, id, keep, value, seen, why } => {
                let at = (site.as_str(), day.as_str(), id.as_str());
                let decision = decision(keep.as_deref(), value.as_ref())?;
                Answer::Decide(self.decide_one(at, &decision, &seen, &why)?.to_string())
            }
            Call::Unite { findings, main, why } => {
                Answer::Unite(self.unite_some(&findings, main.as_deref(), &why)?.to_string())
            }
            Call::Library {} => Answer::Library(self.library_view()?),
            Call::Preview { sha256 } => Answer::Preview(self.preview(&sha256)?),
            Call::Publish { sha256 } => Answer::Publish(self.publish_taken(&sha256)?),
            Call::SignMerge { asked } => Answer::SignMerge(self.sign_merge(&asked)?.to_string()),
            Call::Instruments { asked } => Answer::Instruments(self.instrument_call(asked)?),
            Call::Excursions { id, path, asked } => {
                Answer::Excursions(self.excursion_call(self.resolve(&id)?, &path, &asked)?)
            }
            Call::Team {} => Answer::Team(self.team()?),
            Call::Search { typed } => Answer::Search(self.search(&typed)?),
            Call::Timeline { id } => Answer::Timeline(self.timeline(self.resolve(&id)?)?),
        };
        Ok(Outcome { answer, topics })
    }

    /// One answer, through the same path as a line of a record file.
    fn answer_item(
        &mut self,
        id: RecordId,
        path: &str,
        answer: &serde_json::Value,
        photos: Vec<String>,
        why: Option<String>,
    ) -> Result<(), AppError> {
        let kept = self.named_photos(&photos)?;
        self.tell_shots(kept.values(), (id, Some(path)))?;
        let answer =
            Value::parse(&answer.to_string()).map_err(|e| AppError::invalid("answer", e))?;
        let line = Line {
            inspection: Some(id.to_string()),
            answers: BTreeMap::from([(path.to_owned(), answer)]),
            photos: BTreeMap::from([(path.to_owned(), photos)]),
            why,
            ..Line::default()
        };
        // It was read just now, whatever the day of the check.
        let slots = self
            .with_instruments(&line.answer_slots(&kept)?, (self.day_here()?, self.scope_of(id)?))?;
        self.go_on(id, &line, &slots, &kept, sorted(kept.values().copied()))?;
        Ok(())
    }

    fn raise_one(&mut self, id: &str, finding: FindingDraft) -> Result<FindingView, AppError> {
        let id = self.resolve(id)?;
        let fixes = finding.fixed.iter().flat_map(|fixed| &fixed.photos);
        let kept = self.named_photos(finding.photos.iter().chain(&finding.voice).chain(fixes))?;
        self.tell_shots(kept.values(), (id, finding.item.as_deref()))?;
        let answers = self.answer_behind(id, finding.item.as_deref())?;
        let raised = self.raise_over(id, &finding, &answers, &kept)?;
        self.finding_view(raised)
    }

    /// Adds a place of a repeat. A name that can be part of a slot is its own id, so that two people
    /// who add gate 3 mean the same gate; any other name gets a fresh one.
    fn add_instance(
        &mut self,
        id: RecordId,
        repeat: &str,
        label: &str,
    ) -> Result<String, AppError> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > 40 {
            return Err(AppError::invalid("label", "give it a name of at most 40 characters"));
        }
        let rules = self.rules_of(id)?;
        let asked = |it: spotcheck_checklists::Repeat| it.as_str() == repeat;
        if !rules.checklist.items.iter().any(|item| item.repeat.is_some_and(asked)) {
            return Err(AppError::invalid("repeat", "nothing in this checklist is asked for it"));
        }
        let plain =
            label.len() <= 16 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let place = match plain {
            true => label.to_ascii_uppercase(),
            false => self.fresh().iter().take(4).map(|byte| format!("{byte:02x}")).collect(),
        };
        let path = instance_path(repeat, &place)?;
        let data = OpData {
            replaces: self.current_ops(id, std::iter::once(&path))?,
            set: BTreeMap::from([(path, label.into())]),
            ..OpData::default()
        };
        self.record_on(id, kind::INSPECTION_ANSWERED, data)?;
        Ok(place)
    }

    fn sign_drawn(&mut self, id: RecordId, signature: &SignatureDraft) -> Result<String, AppError> {
        let kept = self.named_photos(&signature.drawn)?;
        Ok(self.sign_with(id, signature, sorted(kept.into_values()))?.to_string())
    }

    fn remember(&mut self, key: &str, value: &str) -> Result<(), AppError> {
        let key = note_key(key)?;
        if value.len() > MAX_NOTE_BYTES {
            return Err(AppError::invalid("value", "keep at most 16 KiB"));
        }
        match value {
            "" => Ok(self.store.forget_fact(&key)?),
            _ => Ok(self.store.set_fact(&key, value)?),
        }
    }

    /// What screens keep under keys that begin so. Empty ones were forgotten by an older version.
    fn recall_under(&self, prefix: &str) -> Result<BTreeMap<String, String>, AppError> {
        let kept = self.store.facts_under(&note_key(prefix)?)?;
        let own = kept.into_iter().filter(|(_, value)| !value.is_empty());
        let plain = |key: String| key.strip_prefix(NOTES).map(str::to_owned).unwrap_or(key);
        Ok(own.map(|(key, value)| (plain(key), value)).collect())
    }

    /// The current answer a finding comes from, so that its verdict is kept with it.
    fn answer_behind(
        &self,
        id: RecordId,
        item: Option<&str>,
    ) -> Result<BTreeMap<spotcheck_domain::SlotPath, Value>, AppError> {
        let Some(item) = item else { return Ok(BTreeMap::new()) };
        let path = slot_path(item)?;
        let doc = self.show(id)?.doc;
        let Some(said) = doc.slots.get(&path).and_then(|values| values.last()) else {
            return Ok(BTreeMap::new());
        };
        let trust = trust_of(&doc, &path, said.op);
        let mut behind = BTreeMap::new();
        if let Some(trust) = trust {
            behind.insert(trust_path(&path)?, as_value(&trust, "instrument")?);
        }
        behind.insert(path, said.value.clone());
        Ok(behind)
    }
}

/// One of the values, or another.
fn decision(keep: Option<&str>, value: Option<&serde_json::Value>) -> Result<Decision, AppError> {
    match (keep, value) {
        (Some(op), None) => {
            Ok(Decision::Keep(op.parse().map_err(|e| AppError::invalid("keep", e))?))
        }
        (None, Some(value)) => Ok(Decision::Value(
            Value::parse(&value.to_string()).map_err(|e| AppError::invalid("value", e))?,
        )),
        _ => Err(AppError::invalid("keep", "give either keep or value")),
    }
}

/// Notes of screens stand apart from what the device itself notes.
fn note_key(key: &str) -> Result<String, AppError> {
    if key.is_empty() || key.len() > 200 {
        return Err(AppError::invalid("key", "use 1 to 200 letters"));
    }
    Ok(format!("{NOTES}{key}"))
}

fn sorted(
    blobs: impl Iterator<Item = spotcheck_domain::op::BlobRef>,
) -> Vec<spotcheck_domain::op::BlobRef> {
    let mut blobs: Vec<_> = blobs.collect();
    blobs.sort();
    blobs.dedup();
    blobs
}

/// What a call touches when it succeeds.
fn topics(call: &Call) -> Vec<Topic> {
    match call {
        Call::Status {}
        | Call::Today {}
        | Call::FindSites { .. }
        | Call::RecentSites {}
        | Call::AddedSites {}
        | Call::StartOptions { .. }
        | Call::Check { .. }
        | Call::History { .. }
        | Call::Photo { .. }
        | Call::PhotoTaken { .. }
        | Call::SyncState {}
        | Call::Remember { .. }
        | Call::Recall { .. }
        | Call::RecallUnder { .. }
        | Call::ReadLog { .. }
        | Call::ReadLogger { .. }
        | Call::NearbySites { .. }
        | Call::Board { .. }
        | Call::Coverage { .. }
        | Call::CoverageSites { .. }
        | Call::CellChecks { .. }
        | Call::Findings { .. }
        | Call::Inbox { .. }
        | Call::Merged { .. }
        | Call::Team {}
        | Call::Search { .. }
        | Call::Library {}
        | Call::Preview { .. }
        | Call::Timeline { .. } => vec![],
        Call::Instruments { asked } => asked.topics(),
        Call::Excursions { asked, .. } => asked.topics(),
        Call::Publish { .. } => vec![Topic::Checks, Topic::Sites, Topic::Sync],
        Call::AddSite { .. } | Call::ConfirmSite { .. } => vec![Topic::Sites, Topic::Sync],
        Call::StartCheck { .. } => vec![Topic::Checks, Topic::Sites, Topic::Sync],
        Call::KeepLoose { .. } | Call::PlaceLoose { .. } => vec![Topic::Loose, Topic::Sync],
        Call::AskPhoto { .. } | Call::DerivePhoto { .. } => vec![Topic::Sync],
        Call::Answer { .. }
        | Call::AnswerLog { .. }
        | Call::AnswerLogger { .. }
        | Call::MoveToNewest { .. }
        | Call::AddInstance { .. }
        | Call::Raise { .. }
        | Call::Fix { .. }
        | Call::EditFinding { .. }
        | Call::Describe { .. }
        | Call::Sign { .. }
        | Call::Complete { .. }
        | Call::Decide { .. }
        | Call::Unite { .. }
        | Call::SignMerge { .. }
        | Call::Undo { .. }
        | Call::Void { .. } => vec![Topic::Checks, Topic::Check, Topic::Merge, Topic::Sync],
    }
}
