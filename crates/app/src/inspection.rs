//! An inspection, from arrival to signature.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_checklists::{Checklist, Item, check_answer, judge_answer};
use spotcheck_domain::op::{BlobRef, Covers, OpData, kind};
use spotcheck_domain::{BlobHash, Op, OpHash, OpId, RecordId, SlotPath, Value};
use spotcheck_rules::{Judgement, Pack, Severity, Verdict};
use spotcheck_store::{Act, BlobStore, Draft};

use crate::{AppError, Device, Host};

/// What an inspection is about: set once when it starts, corrected by later answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The checklist's code.
    pub checklist: String,
    /// The site's code, from a register or free.
    pub site: String,
    /// The day of the visit, `YYYY-MM-DD`; this device's day when not given.
    #[serde(default)]
    pub day: Option<String>,
    /// 突击 `surprise`, 机动 `mobile`, 现场督查 `on_site`, 抽查 `spot`, 调研 `survey`, 回头看 `look_back`.
    #[serde(default = "surprise")]
    pub visit: String,
    /// Nobody at the site knew.
    #[serde(default = "yes")]
    pub unannounced: bool,
    /// Planned beforehand or begun on the spot.
    #[serde(default)]
    pub planned: bool,
    /// Programme codes.
    #[serde(default)]
    pub programmes: Vec<String>,
    /// The batch in the programme.
    #[serde(default)]
    pub batch: Option<String>,
    /// The dated operation.
    #[serde(default)]
    pub action: Option<String>,
    /// User codes or names of the inspectors; two or more.
    #[serde(default)]
    pub inspectors: Vec<String>,
    /// Lead and participating bodies.
    #[serde(default)]
    pub bodies: Vec<String>,
    /// Outside participants by role; a name is not needed.
    #[serde(default)]
    pub outside: Vec<Outside>,
    /// When they arrived, RFC 3339.
    #[serde(default)]
    pub arrived_at: Option<String>,
    /// Proof of place, or why there is none.
    #[serde(default)]
    pub place: Option<Place>,
}

/// Outside participants of one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// `police`, `community`, `medic` …
    pub role: String,
    /// How many.
    pub count: u32,
}

/// Proof of place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// A position, WGS-84, as decimal text, with its accuracy in metres.
    Position {
        /// Latitude.
        lat: String,
        /// Longitude.
        lon: String,
        /// Accuracy in metres.
        accuracy_m: u32,
    },
    /// A code read on site.
    Code(String),
    /// No proof, and why.
    None(String),
}

fn surprise() -> String {
    "surprise".to_owned()
}

fn yes() -> bool {
    true
}

/// The visit types of version 1.
const VISITS: [&str; 6] = ["surprise", "mobile", "on_site", "spot", "survey", "look_back"];

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingDraft {
    /// The item it came from; none for one that no item asks about.
    #[serde(default)]
    pub item: Option<String>,
    /// How grave; the item's when not given.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// What is wrong.
    pub note: String,
    /// Photos, as the host names them.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Cured before the inspectors left.
    #[serde(default)]
    pub fixed: Option<Fixed>,
}

/// A cure on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// What was done.
    pub note: String,
    /// Photos afterwards.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// A signature, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureDraft {
    /// In which role: `inspector`, `site`, `witness` …
    pub role: String,
    /// The signer's name, as they gave it.
    #[serde(default)]
    pub name: Option<String>,
    /// Why it was refused, if so.
    #[serde(default)]
    pub refused: Option<String>,
    /// Who saw the refusal.
    #[serde(default)]
    pub witness: Option<String>,
}

impl SignatureDraft {
    /// Checks it and gives its slot.
    pub(crate) fn check(&self) -> Result<SlotPath, AppError> {
        if self.refused.is_some() && self.witness.is_none() {
            return Err(AppError::invalid("signatures.witness", "a refusal needs a witness"));
        }
        slot_path(&format!("signatures/{}/signature", self.role))
    }
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

impl Head {
    /// Checks the head and gives its slots.
    pub(crate) fn slots(
        &self,
        today: &str,
        checklist: BlobHash,
        pack: BlobHash,
    ) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        if !VISITS.contains(&self.visit.as_str()) {
            return Err(AppError::invalid("visit", format!("use one of {}", VISITS.join(", "))));
        }
        let day = self.day.as_deref().unwrap_or(today);
        spotcheck_rules::parse_date(day).map_err(|e| AppError::invalid("day", e))?;
        if let Some(at) = &self.arrived_at {
            chrono::DateTime::parse_from_rfc3339(at)
                .map_err(|_| AppError::invalid("arrived_at", "use 2021-06-24T09:30:00+08:00"))?;
        }
        if self.site.is_empty() || self.site.chars().count() > 128 {
            return Err(AppError::invalid("site", "give the site's code, at most 128 characters"));
        }
        let mut slots: BTreeMap<&str, Value> = BTreeMap::from([
            ("site", self.site.as_str().into()),
            ("day", day.into()),
            ("checklist", self.checklist.as_str().into()),
            ("checklist_sha256", checklist.to_string().into()),
            ("pack_sha256", pack.to_string().into()),
            ("visit", self.visit.as_str().into()),
            ("unannounced", self.unannounced.into()),
            ("planned", self.planned.into()),
        ]);
        for (slot, list) in
            [("programmes", &self.programmes), ("inspectors", &self.inspectors), ("bodies", &self.bodies)]
        {
            if !list.is_empty() {
                slots.insert(slot, list.clone().into());
            }
        }
        for (slot, text) in
            [("batch", &self.batch), ("action", &self.action), ("arrived_at", &self.arrived_at)]
        {
            if let Some(text) = text {
                slots.insert(slot, text.as_str().into());
            }
        }
        if !self.outside.is_empty() {
            slots.insert("outside", as_value(&self.outside, "outside")?);
        }
        if let Some(place) = &self.place {
            slots.insert("place", as_value(place, "place")?);
        }
        slots.into_iter().map(|(path, value)| Ok((slot_path(path)?, value))).collect()
    }
}

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

/// Whether a slot holds photos that back an answer.
pub(crate) fn is_evidence(path: &SlotPath) -> bool {
    path.as_str().starts_with("evidence/")
}

/// The checklist and pack an inspection was started with, on this device.
pub(crate) struct Rules<'a> {
    pub(crate) checklist: &'a Checklist,
    pub(crate) pack: &'a Pack,
    pub(crate) pack_hash: BlobHash,
    pub(crate) day: chrono::NaiveDate,
}

impl Rules<'_> {
    /// Checks an answer's shape and judges it.
    pub(crate) fn judge(&self, path: &SlotPath, answer: &Value) -> Result<(&Item, Option<Judgement>), AppError> {
        let item = self.checklist.find_item(path.item()).ok_or_else(|| {
            let remedy = format!("checklist {} has no such item", self.checklist.code);
            AppError::invalid(path.as_str(), remedy)
        })?;
        if item.repeat.is_none() && path.as_str().contains('/') {
            return Err(AppError::invalid(path.as_str(), "this item is answered once, not in a repeat"));
        }
        let json: serde_json::Value = serde_json::from_str(&answer.to_string())
            .map_err(|e| AppError::invalid(path.as_str(), e))?;
        check_answer(item, &json).map_err(|e| AppError::invalid(path.as_str(), e))?;
        let judgement = judge_answer(item, &json, self.pack, self.day)
            .map_err(|e| AppError::invalid(path.as_str(), e))?;
        Ok((item, judgement))
    }

    /// Checks answers and says what each asks for.
    pub(crate) fn judge_all(
        &self,
        answers: &BTreeMap<SlotPath, Value>,
    ) -> Result<Vec<(SlotPath, Option<Judgement>, Vec<&'static str>)>, AppError> {
        let items = answers.iter().filter(|(path, _)| !is_evidence(path));
        let judged = items.map(|(path, answer)| {
            let (_, judgement) = self.judge(path, answer)?;
            let failed = judgement.as_ref().is_some_and(|j| j.verdict == Verdict::Fail);
            let asks = if failed { vec!["note", "photo", "severity"] } else { vec![] };
            Ok((path.clone(), judgement, asks))
        });
        judged.collect()
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The rules an inspection is filled by.
    pub(crate) fn rules_of(&self, inspection: RecordId) -> Result<Rules<'_>, AppError> {
        let row = self.store.find_record(inspection)?.filter(|row| row.doc.kind == "inspection");
        let doc = row
            .ok_or_else(|| AppError::NotFound(format!("no inspection {inspection} on this device")))?
            .doc;
        let text = |slot: &str| doc.agreed(slot).and_then(Value::as_text).unwrap_or_default();
        let newer = |what: &str| AppError::NotFound(format!("this device has not the {what} of this inspection"));
        let checklist = text("checklist_sha256").parse().ok();
        let checklist = checklist.and_then(|hash| self.library.find_checklist(hash));
        let pack_hash: BlobHash = text("pack_sha256").parse().map_err(|_| newer("rule pack"))?;
        let day = spotcheck_rules::parse_date(text("day")).map_err(|e| AppError::invalid("day", e))?;
        Ok(Rules {
            checklist: checklist.ok_or_else(|| newer("checklist"))?,
            pack: self.library.find_pack(pack_hash).ok_or_else(|| newer("rule pack"))?,
            pack_hash,
            day,
        })
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
        let judged = self.rules_of(inspection)?.judge_all(answers)?;
        let data = OpData {
            set: answers.clone(),
            replaces: self.current_ops(inspection, answers.keys())?,
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
        let ops: std::collections::BTreeSet<OpId> = values.map(|current| current.op).collect();
        Ok(ops.into_iter().collect())
    }

    /// Takes one's own op back: what it replaced is current again.
    ///
    /// # Errors
    /// When there is no such op of this user on this device.
    pub fn undo(&mut self, op: OpId, why: Option<&str>) -> Result<OpId, AppError> {
        let found = self.own_op(op)?;
        let data = OpData {
            retracts: vec![op],
            why: why.map(str::to_owned),
            ..OpData::default()
        };
        self.record_on(found.record(), kind::INSPECTION_UNDONE, data)
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
    pub fn sign(&mut self, inspection: RecordId, signature: &SignatureDraft) -> Result<OpId, AppError> {
        let path = signature.check()?;
        let data = OpData {
            replaces: self.current_ops(inspection, std::iter::once(&path))?,
            set: BTreeMap::from([(path, as_value(signature, "signatures")?)]),
            covers: Some(self.covers(inspection)?),
            ..OpData::default()
        };
        self.record_on(inspection, kind::INSPECTION_SIGNED, data)
    }

    /// What a signer on this device sees of a record and its children.
    pub(crate) fn covers(&self, record: RecordId) -> Result<Covers, AppError> {
        let mut ops: Vec<OpHash> = vec![];
        let mut blobs: Vec<BlobHash> = vec![];
        let children = self.store.children(record)?.into_iter().map(|row| row.record);
        for record in std::iter::once(record).chain(children) {
            for row in self.store.ops_of(record)? {
                ops.push(row.op.hash);
                let named = row.op.data().unwrap_or_default().blobs;
                blobs.extend(named.iter().map(|blob| blob.sha256));
            }
        }
        ops.sort();
        blobs.sort();
        blobs.dedup();
        let all: Vec<u8> = ops.iter().flat_map(|op| op.0).collect();
        Ok(Covers { count: ops.len() as u64, ops_sha256: BlobHash::of(&all), blobs })
    }

    /// Records one op about a record, in that record's home scope.
    pub(crate) fn record_on(&mut self, record: RecordId, kind: &str, data: OpData) -> Result<OpId, AppError> {
        let scope = self.scope_of(record)?;
        let draft = Draft { record: Some(record), scope, kind: kind.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// The home scope of a record on this device.
    pub(crate) fn scope_of(&self, record: RecordId) -> Result<spotcheck_domain::ScopeId, AppError> {
        let ops = self.store.ops_of(record)?;
        let first = ops.first().map(|row| row.op.header.scope);
        first.ok_or_else(|| AppError::NotFound(format!("no record {record} on this device")))
    }
}

/// Raises a finding inside an act.
pub(crate) fn raise(
    act: &mut Act<'_>,
    parent: RecordId,
    scope: spotcheck_domain::ScopeId,
    finding: &FindingDraft,
    rules: &Rules<'_>,
    answers: &BTreeMap<SlotPath, Value>,
    photos: &Photos,
) -> Result<RecordId, AppError> {
    let mut set: BTreeMap<SlotPath, Value> = BTreeMap::new();
    let mut put = |path: &str, value: Value| slot_path(path).map(|path| set.insert(path, value));
    let mut severity = finding.severity;
    put("note", finding.note.as_str().into())?;
    put("pack_sha256", rules.pack_hash.to_string().into())?;
    if let Some(code) = &finding.item {
        let path = slot_path(code)?;
        let item = rules.checklist.find_item(path.item()).ok_or_else(|| {
            AppError::invalid("findings.item", format!("no item {code:?} in this checklist"))
        })?;
        put("item", code.as_str().into())?;
        severity = severity.or(Some(item.severity));
        if let Some(answer) = answers.get(&path)
            && let (_, Some(judgement)) = rules.judge(&path, answer)?
        {
            put("judgement", as_value(&judgement, "judgement")?)?;
        }
    }
    put("severity", as_value(&severity.unwrap_or(Severity::Major), "severity")?)?;
    let mut blobs: Vec<BlobRef> = vec![];
    let mut named = |names: &[String]| -> Result<Value, AppError> {
        let list = names.iter().map(|name| {
            let blob = photos
                .get(name)
                .ok_or_else(|| AppError::invalid("findings.photos", format!("{name:?} was not read")))?;
            blobs.push(*blob);
            Ok(blob.sha256.to_string())
        });
        Ok(list.collect::<Result<Vec<_>, AppError>>()?.into())
    };
    if !finding.photos.is_empty() {
        put("photos", named(&finding.photos)?)?;
    }
    if let Some(fixed) = &finding.fixed {
        put("fixed", true.into())?;
        put("fix_note", fixed.note.as_str().into())?;
        put("fix_photos", named(&fixed.photos)?)?;
    }
    blobs.sort();
    blobs.dedup();
    let data = OpData { parent: Some(parent), set, blobs, ..OpData::default() };
    let draft = Draft { record: None, scope, kind: kind::FINDING_RAISED.to_owned(), data };
    Ok(act.record(&draft)?.record())
}
