//! An inspection, from arrival to signature.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{BlobRef, Covers, OpData, kind};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, Op, OpHash, OpId, RecordId, SlotPath, Value};
use spotcheck_rules::Judgement;
use spotcheck_store::{BlobStore, Draft};

mod finding;
mod head;
mod places;
mod position;
mod rules;
mod stand;
mod version;

pub(crate) use finding::raise;
pub use finding::{FindingDraft, Fixed};
pub(crate) use head::VISITS;
pub use head::{Head, HeadPart, Outside, Particulars, Place};
pub(crate) use places::places_of;
pub use position::Position;
pub(crate) use rules::Rules;
pub(crate) use stand::{Stand, answered, answers_item};
pub(crate) use version::{checklist_of, pack_of};

use crate::{AppError, Device, Host};
use ts_rs::TS;

/// A signature, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignatureDraft {
    /// In which role: `inspector`, `site`, `witness` …
    pub role: String,
    /// Which of several in that role: an inspector's code, as the head names them. Each signs in a
    /// slot of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The signer's name, as they gave it.
    #[serde(default)]
    pub name: Option<String>,
    /// Why it was refused, if so.
    #[serde(default)]
    pub refused: Option<String>,
    /// Who saw the refusal.
    #[serde(default)]
    pub witness: Option<String>,
    /// The drawn signature, by SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<String>,
}

impl SignatureDraft {
    /// Checks it and gives its slot.
    pub(crate) fn check(&self) -> Result<SlotPath, AppError> {
        let blank = |text: &str| text.trim().is_empty();
        if self.refused.as_deref().is_some_and(blank) {
            let remedy = "say why they refused, as they put it; leave it out where they signed";
            return Err(AppError::invalid("signatures.refused", remedy));
        }
        if self.refused.is_some() && self.witness.as_deref().is_none_or(blank) {
            return Err(AppError::invalid("signatures.witness", "a refusal needs a witness"));
        }
        match self.who.as_deref() {
            Some("") => Err(AppError::invalid("signatures.who", "give a code, or leave it out")),
            Some(who) => slot_path(&format!("signatures/{}.{}/signature", self.role, part_of(who))),
            None => slot_path(&format!("signatures/{}/signature", self.role)),
        }
    }
}

/// A person as part of a slot: the code itself where it can be one, else letters that stand for it
/// alone. The head may name people who have no code, in any script.
fn part_of(who: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if who.len() <= 32 && !who.starts_with('.') && who.bytes().all(plain) {
        return who.to_owned();
    }
    // No code that stands as it is begins with a dot: a name never meets one.
    format!(".{}", &BlobHash::of(who.as_bytes()).to_string()[..16])
}

/// An answer just recorded, with what it asks for next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answered {
    /// The slot.
    pub path: String,
    /// The op.
    pub op: OpId,
    /// The verdict, where a limit or the answer itself gives one.
    pub judgement: Option<Judgement>,
    /// Asked for because it did not pass: `note`, `photo`, `severity`.
    pub asks: Vec<&'static str>,
}

/// Photos of an act, already on this device.
pub(crate) type Photos = BTreeMap<String, BlobRef>;

pub(crate) fn as_value(it: &impl Serialize, field: &str) -> Result<Value, AppError> {
    let text = serde_json::to_string(it).map_err(|e| AppError::invalid(field, e))?;
    Value::parse(&text).map_err(|e| AppError::invalid(field, e))
}

pub(crate) fn slot_path(path: &str) -> Result<SlotPath, AppError> {
    SlotPath::new(path).map_err(|e| AppError::invalid(path, e))
}

/// The slot of the photos that back an answer: `evidence/room.R1.CCS-03/photos` for
/// `room/R1/CCS-03`.
pub(crate) fn evidence_path(answer: &SlotPath) -> Result<SlotPath, AppError> {
    slot_path(&format!("evidence/{}/photos", answer.as_str().replace('/', ".")))
}

/// The slot of what people call a place of a repeat: `instances/room.R1/label`.
pub(crate) fn instance_path(repeat: &str, id: &str) -> Result<SlotPath, AppError> {
    slot_path(&format!("instances/{repeat}.{id}/label"))
}

/// Whether a slot stands beside answers and is none: photos that back one, names of places.
pub(crate) fn is_aside(path: &SlotPath) -> bool {
    path.as_str().starts_with("evidence/") || path.as_str().starts_with("instances/")
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The rules an inspection is filled by.
    pub(crate) fn rules_of(&self, inspection: RecordId) -> Result<Rules<'_>, AppError> {
        let row = self.store.find_record(inspection)?.filter(|row| row.doc.kind == "inspection");
        let doc = row
            .ok_or_else(|| {
                AppError::NotFound(format!("no inspection {inspection} on this device"))
            })?
            .doc;
        let text = |slot: &str| doc.agreed(slot).and_then(Value::as_text).unwrap_or_default();
        let newer = |what: &str| {
            AppError::NotFound(format!("this device has not the {what} of this inspection"))
        };
        let hash = checklist_of(&doc, &self.library);
        let checklist = hash.and_then(|hash| self.library.find_checklist(hash));
        let pack_hash = pack_of(&doc, &self.library).ok_or_else(|| newer("rule pack"))?;
        let day =
            spotcheck_rules::parse_date(text("day")).map_err(|e| AppError::invalid("day", e))?;
        Ok(Rules {
            checklist: checklist.ok_or_else(|| newer("checklist"))?,
            conditions: hash.and_then(|hash| self.library.conditions(hash)),
            pack: self.library.find_pack(pack_hash).ok_or_else(|| newer("rule pack"))?,
            pack_hash,
            day,
        })
    }

    /// How many of the items that must be answered are, and how many there are. None without the
    /// checklist.
    pub(crate) fn progress_of(&self, record: RecordId, doc: &RecordDoc) -> (u32, u32) {
        let hash = checklist_of(doc, &self.library);
        let Some((hash, list)) = hash.and_then(|it| Some((it, self.library.find_checklist(it)?)))
        else {
            return (0, 0);
        };
        let stand = Stand::of(list, self.library.conditions(hash), record, doc);
        let answered = answered(list, doc);
        stand
            .required()
            .fold((0, 0), |(done, all), code| (done + u32::from(answered.contains(code)), all + 1))
    }

    /// Answers items of an inspection, as one act. Corrections name every value they replace.
    ///
    /// # Errors
    /// When an answer does not fit its item, or the disk refuses; nothing is then recorded.
    pub fn answer(
        &mut self,
        inspection: RecordId,
        answers: &BTreeMap<SlotPath, Value>,
        why: Option<&str>,
    ) -> Result<Vec<Answered>, AppError> {
        let rules = self.rules_of(inspection)?;
        let answers = self.with_instruments(answers, (rules.day, self.scope_of(inspection)?))?;
        let judged = rules.judge_all(&answers)?;
        let data = OpData {
            replaces: self.current_ops(inspection, answers.keys())?,
            set: answers,
            why: why.map(str::to_owned),
            ..OpData::default()
        };
        let op = self.record_on(inspection, kind::INSPECTION_ANSWERED, data)?;
        Ok(judged
            .into_iter()
            .map(|(path, judgement, asks)| Answered { path: path.to_string(), op, judgement, asks })
            .collect())
    }

    /// The current ops of some slots of a record: what a correction replaces.
    pub(crate) fn current_ops<'a>(
        &self,
        record: RecordId,
        slots: impl Iterator<Item = &'a SlotPath>,
    ) -> Result<Vec<OpId>, AppError> {
        let Some(row) = self.store.find_record(record)? else { return Ok(vec![]) };
        let values = slots.filter_map(|path| row.doc.slots.get(path)).flatten();
        let ops: BTreeSet<OpId> = values.map(|current| current.op).collect();
        Ok(ops.into_iter().collect())
    }

    /// Takes one's own op back: what it replaced is current again.
    ///
    /// # Errors
    /// When there is no such op of this user on this device.
    pub fn undo(&mut self, op: OpId, why: Option<&str>) -> Result<OpId, AppError> {
        let found = self.own_op(op)?;
        let record = Some(found.record());
        let data = OpData { retracts: vec![op], why: why.map(str::to_owned), ..OpData::default() };
        // A merge has no scope of its own: whoever sees the op must see that it was taken back.
        let scope = match self.store.home_scope(found.record())? {
            Some(_) => self.writable_scope_of(found.record())?,
            None => found.header.scope,
        };
        let draft = Draft { record, scope, kind: kind::INSPECTION_UNDONE.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// An op of this user on this device.
    pub(crate) fn own_op(&self, op: OpId) -> Result<Op, AppError> {
        let user = self.identity()?.user;
        let found = self.store.find_op(op)?.filter(|op| op.header.by == user);
        found.ok_or_else(|| AppError::NotFound(format!("no op {op} of yours on this device")))
    }

    /// Voids a record: it stays, with the reason.
    ///
    /// # Errors
    /// When there is no such record, or no reason.
    pub fn void(&mut self, record: RecordId, why: &str) -> Result<OpId, AppError> {
        if why.trim().is_empty() {
            return Err(AppError::invalid("void", "give the reason"));
        }
        let path = slot_path("voided")?;
        let data = OpData {
            replaces: self.current_ops(record, std::iter::once(&path))?,
            set: BTreeMap::from([(path, true.into())]),
            why: Some(why.to_owned()),
            ..OpData::default()
        };
        self.record_on(record, kind::INSPECTION_VOIDED, data)
    }

    /// Says what the site record needs and no item asks for. Only what differs is recorded.
    ///
    /// # Errors
    /// When a text is too long or a time is none, there is no such record, or it may not be written.
    pub fn describe(
        &mut self,
        inspection: RecordId,
        particulars: &Particulars,
    ) -> Result<(), AppError> {
        let row = self.store.find_record(inspection)?.filter(|row| row.doc.kind == "inspection");
        let doc = row
            .ok_or_else(|| {
                AppError::NotFound(format!("no inspection {inspection} on this device"))
            })?
            .doc;
        let mut set = particulars.slots()?;
        set.retain(|path, value| match doc.slots.get(path) {
            Some(_) => doc.agreed(path.as_str()) != Some(value),
            None => value.as_text() != Some(""),
        });
        if set.is_empty() {
            return Ok(());
        }
        let replaces = self.current_ops(inspection, set.keys())?;
        let data = OpData { set, replaces, ..OpData::default() };
        self.record_on(inspection, kind::INSPECTION_ANSWERED, data)?;
        Ok(())
    }

    /// Says that the work is done, over everything that this device has of it.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn complete(&mut self, inspection: RecordId) -> Result<OpId, AppError> {
        let path = slot_path("completed")?;
        let data = OpData {
            replaces: self.current_ops(inspection, std::iter::once(&path))?,
            set: BTreeMap::from([(path, true.into())]),
            covers: Some(self.covers(inspection)?),
            ..OpData::default()
        };
        self.record_on(inspection, kind::INSPECTION_COMPLETED, data)
    }

    /// Signs, or records a refusal, over everything that this device has of it.
    ///
    /// # Errors
    /// When a refusal has no reason or no witness, or there is no such record.
    pub fn sign(
        &mut self,
        inspection: RecordId,
        signature: &SignatureDraft,
    ) -> Result<OpId, AppError> {
        self.sign_with(inspection, signature, vec![])
    }

    /// Signs with what was drawn, whose bytes are here already.
    pub(crate) fn sign_with(
        &mut self,
        inspection: RecordId,
        signature: &SignatureDraft,
        blobs: Vec<BlobRef>,
    ) -> Result<OpId, AppError> {
        let path = signature.check()?;
        let data = OpData {
            replaces: self.current_ops(inspection, std::iter::once(&path))?,
            set: BTreeMap::from([(path, as_value(signature, "signatures")?)]),
            covers: Some(self.covers(inspection)?),
            blobs,
            ..OpData::default()
        };
        self.record_on(inspection, kind::INSPECTION_SIGNED, data)
    }

    /// What a signer on this device sees of a record and its children.
    pub(crate) fn covers(&self, record: RecordId) -> Result<Covers, AppError> {
        let children = self.store.children(record)?.into_iter().map(|row| row.record);
        self.covers_of(std::iter::once(record).chain(children))
    }

    /// The same of any records: count and hash of their ops, and every photo they name.
    pub(crate) fn covers_of(
        &self,
        records: impl Iterator<Item = RecordId>,
    ) -> Result<Covers, AppError> {
        let mut ops: Vec<OpHash> = vec![];
        let mut blobs: Vec<BlobHash> = vec![];
        for record in records {
            ops.extend(self.store.op_hashes_of(record)?);
            blobs.extend(self.store.blobs_named_by(record)?);
        }
        ops.sort();
        blobs.sort();
        blobs.dedup();
        let all: Vec<u8> = ops.iter().flat_map(|op| op.0).collect();
        Ok(Covers { count: ops.len() as u64, ops_sha256: BlobHash::of(&all), blobs })
    }

    /// Records one op about a record, in that record's home scope.
    pub(crate) fn record_on(
        &mut self,
        record: RecordId,
        kind: &str,
        data: OpData,
    ) -> Result<OpId, AppError> {
        let scope = self.writable_scope_of(record)?;
        let draft = Draft { record: Some(record), scope, kind: kind.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// The home scope of a record that this user may write: not one another team shared. Who was
    /// taken out of a team goes on with what they began; the server keeps it for review.
    pub(crate) fn writable_scope_of(
        &self,
        record: RecordId,
    ) -> Result<spotcheck_domain::ScopeId, AppError> {
        let scope = self.scope_of(record)?;
        let pulled = self.store.cursors()?.iter().any(|(known, _)| *known == scope);
        if !pulled && !self.store.has_own_op(record)? {
            return Err(AppError::ReadOnly(format!(
                "{record} is another team's, shared for reading: ask them to change it, or record \
                 your own inspection of the site"
            )));
        }
        // What costs least is asked first: this is asked at every answer.
        if scope != self.identity()?.home_scope
            && !self.store.has_own_op(record)?
            && self.is_for_reading(scope)?
        {
            return Err(AppError::ReadOnly(format!(
                "{record} is in a scope that is open to you for reading: ask an administrator to \
                 open it for writing"
            )));
        }
        Ok(scope)
    }

    /// The home scope of a record on this device.
    pub(crate) fn scope_of(&self, record: RecordId) -> Result<spotcheck_domain::ScopeId, AppError> {
        if let Some(scope) = self.store.home_scope(record)? {
            return Ok(scope);
        }
        // A derived record, such as a day's merge, has no op that created it: any of its ops says.
        let ops = self.store.ops_of(record)?;
        let first = ops.first().map(|row| row.op.header.scope);
        first.ok_or_else(|| AppError::NotFound(format!("no record {record} on this device")))
    }
}
