//! Recording from a file: one JSON object a line, one inspection each.
//!
//! `docs/CLI.md` has the format with examples. A line is checked as a whole before it is recorded: a
//! bad one leaves nothing, with the field and the remedy named; the other lines stand. Head, answers
//! and findings are one transaction; what follows them is recorded act by act.

mod line;
mod logger_file;
mod reading_log;

pub use line::Line;
pub use logger_file::{LoggerSource, Original};
pub use reading_log::{LogSource, ReadingLog};

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;
use spotcheck_domain::op::{BlobRef, OpData, kind};
use spotcheck_domain::{BlobHash, RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, Draft};

use crate::inspection::{Answered, Photos, Rules, answered, raise, slot_path};
use crate::{AppError, Device, HeadPart, Host};
use reading_log::{KeptLog, KeptLogs};

/// Opens a photo or document that a line names.
pub type OpenFile<'a> = &'a mut dyn FnMut(&str) -> std::io::Result<Box<dyn Read>>;

/// What a line recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    /// The inspection.
    pub inspection: RecordId,
    /// Whether this line started it.
    pub started: bool,
    /// Its answers, with verdicts and what they ask for.
    pub answers: Vec<Answered>,
    /// Findings raised.
    pub findings: Vec<RecordId>,
    /// Photos and documents kept.
    pub photos: Vec<BlobHash>,
    /// Required items without an answer, when the line completed the inspection.
    pub missing: Vec<String>,
    /// What the head lacks, when the line completed the inspection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub head_lacks: Vec<HeadPart>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Records one line. Durable when it returns.
    ///
    /// # Errors
    /// Names the field and the remedy; nothing of the line is then recorded but the bytes of photos
    /// it named, which the same line finds again.
    pub fn record_line(&mut self, json: &str, open: OpenFile<'_>) -> Result<Recorded, AppError> {
        self.record_parsed(Line::parse(json)?, open)
    }

    /// Records a line that was read already.
    pub(crate) fn record_parsed(
        &mut self,
        line: Line,
        open: OpenFile<'_>,
    ) -> Result<Recorded, AppError> {
        self.check_rest(&line)?;
        let photos = self.keep_photos(&line, open)?;
        let logs = self.keep_reading_logs(&line, open)?;
        let mut answers = line.answer_slots(&photos)?;
        answers.extend(logs.iter().map(|(path, log)| (path.clone(), log.answer.clone())));
        let blobs = answer_blobs(&line, &photos, &logs);
        self.note_shots(&line, &photos)?;
        let mut recorded = match line.inspection.as_deref() {
            Some(id) => {
                let inspection = self.resolve(id)?;
                self.go_on(inspection, &line, &answers, &photos, blobs)?
            }
            None => self.start(&line, &answers, &photos, blobs)?,
        };
        for name in line.photo_facts.keys() {
            self.tell_shots(photos.get(name), (recorded.inspection, line.item_of(name)))?;
        }
        let logs = logs.values().flat_map(KeptLog::blobs);
        recorded.photos = photos.values().copied().chain(logs).map(|blob| blob.sha256).collect();
        for answered in &mut recorded.answers {
            answered.asks.retain(|asked| !line.gives(&answered.path, asked));
        }
        for signature in &line.signatures {
            self.sign(recorded.inspection, signature)?;
        }
        if let Some(op) = &line.undo {
            let op = op.parse().map_err(|e| AppError::invalid("undo", e))?;
            self.undo(op, line.why.as_deref())?;
        }
        if let Some(why) = &line.void {
            self.void(recorded.inspection, why)?;
        }
        if line.complete {
            recorded.missing = self.missing_items(recorded.inspection)?;
            let row = self.store.find_record(recorded.inspection)?;
            recorded.head_lacks = row.map_or(vec![], |row| HeadPart::lacking(&row.doc));
            self.complete(recorded.inspection)?;
        }
        Ok(recorded)
    }

    /// What follows answers and findings is checked before they are recorded, so that a line is not
    /// half kept for a missing witness.
    fn check_rest(&self, line: &Line) -> Result<(), AppError> {
        for signature in &line.signatures {
            signature.check()?;
        }
        if let Some(op) = &line.undo {
            let op = op.parse().map_err(|e| AppError::invalid("undo", e))?;
            self.own_op(op)?;
        }
        if line.void.as_ref().is_some_and(|why| why.trim().is_empty()) {
            return Err(AppError::invalid("void", "give the reason"));
        }
        Ok(())
    }

    fn keep_photos(&mut self, line: &Line, open: OpenFile<'_>) -> Result<Photos, AppError> {
        let mut photos = Photos::new();
        for name in line.files() {
            let mut file =
                open(name).map_err(|e| AppError::invalid(format!("photo {name:?}"), e))?;
            let blob = self.keep_photo(&mut file)?;
            if blob.bytes == 0 {
                return Err(AppError::invalid(format!("photo {name:?}"), "the file is empty"));
            }
            photos.insert(name.to_owned(), blob);
        }
        Ok(photos)
    }

    fn note_shots(&mut self, line: &Line, photos: &Photos) -> Result<(), AppError> {
        for (name, shot) in &line.photo_facts {
            let field = format!("photo_facts.{name}");
            let blob = photos
                .get(name)
                .ok_or_else(|| AppError::invalid(&field, "name this file in photos too"))?;
            shot.slots().map_err(|error| AppError::invalid(&field, error))?;
            self.note_shot(blob.sha256, shot)?;
        }
        Ok(())
    }

    /// A new inspection: head, answers and findings in one transaction.
    pub(crate) fn start(
        &mut self,
        line: &Line,
        answers: &BTreeMap<SlotPath, Value>,
        photos: &Photos,
        blobs: Vec<BlobRef>,
    ) -> Result<Recorded, AppError> {
        let head = line.head()?;
        let (at, seed) = (self.now()?, self.fresh());
        let scope = self.scope_to_begin_in(head.scope.as_deref())?;
        let (checklist_hash, checklist) = self.library.checklist(&head.checklist)?;
        let (pack_hash, pack) = self.library.pack(&checklist.pack)?;
        let mut set = head.slots(&at.local_day(), checklist_hash, pack_hash)?;
        let day = set.get(&slot_path("day")?).and_then(Value::as_text).unwrap_or_default();
        let day = spotcheck_rules::parse_date(day).map_err(|e| AppError::invalid("day", e))?;
        let answers = &self.with_instruments(answers, (day, scope))?;
        let rules = Rules { checklist, conditions: None, pack, pack_hash, day };
        let judged = rules.judge_all(answers)?;
        set.extend(answers.clone());
        let data = OpData { set, blobs, ..OpData::default() };
        let draft = Draft { record: None, scope, kind: kind::INSPECTION_STARTED.to_owned(), data };
        let (op, findings) = self.store.act(at, seed, |act| {
            let op = act.record(&draft)?;
            let raised = line
                .findings
                .iter()
                .map(|finding| raise(act, op.record(), scope, finding, &rules, answers, photos));
            let findings = raised.collect::<Result<Vec<_>, AppError>>()?;
            Ok::<_, AppError>((op, findings))
        })?;
        let answers = judged.into_iter().map(|(path, judgement, asks)| Answered {
            path: path.to_string(),
            op: op.hash.id(),
            judgement,
            asks,
        });
        Ok(Recorded {
            inspection: op.record(),
            started: true,
            answers: answers.collect(),
            findings,
            photos: vec![],
            missing: vec![],
            head_lacks: vec![],
        })
    }

    /// Further answers and findings for one that exists.
    pub(crate) fn go_on(
        &mut self,
        inspection: RecordId,
        line: &Line,
        answers: &BTreeMap<SlotPath, Value>,
        photos: &Photos,
        blobs: Vec<BlobRef>,
    ) -> Result<Recorded, AppError> {
        let (at, seed, scope) = (self.now()?, self.fresh(), self.writable_scope_of(inspection)?);
        let Rules { checklist, pack, pack_hash, day, .. } = self.rules_of(inspection)?;
        let answers = &self.with_instruments(answers, (day, scope))?;
        let replaces = self.current_ops(inspection, answers.keys())?;
        // The store is written to below while these are read: take copies out of the library.
        let (checklist, pack) = (checklist.clone(), pack.clone());
        let rules = Rules { checklist: &checklist, conditions: None, pack: &pack, pack_hash, day };
        let judged = rules.judge_all(answers)?;
        let data = OpData {
            set: answers.clone(),
            replaces,
            blobs,
            why: line.why.clone(),
            ..OpData::default()
        };
        let kind = kind::INSPECTION_ANSWERED.to_owned();
        let draft = Draft { record: Some(inspection), scope, kind, data };
        let (op, findings) = self.store.act(at, seed, |act| {
            let op = if answers.is_empty() { None } else { Some(act.record(&draft)?.hash.id()) };
            let raised = line
                .findings
                .iter()
                .map(|finding| raise(act, inspection, scope, finding, &rules, answers, photos));
            Ok::<_, AppError>((op, raised.collect::<Result<Vec<_>, AppError>>()?))
        })?;
        let answered = op.into_iter().flat_map(|op| {
            judged.iter().map(move |(path, judgement, asks)| Answered {
                path: path.to_string(),
                op,
                judgement: judgement.clone(),
                asks: asks.clone(),
            })
        });
        let answers = answered.collect();
        Ok(Recorded {
            inspection,
            started: false,
            answers,
            findings,
            photos: vec![],
            missing: vec![],
            head_lacks: vec![],
        })
    }

    /// Required items of an inspection without any answer.
    pub(crate) fn missing_items(&self, inspection: RecordId) -> Result<Vec<String>, AppError> {
        let rules = self.rules_of(inspection)?;
        let Some(row) = self.store.find_record(inspection)? else { return Ok(vec![]) };
        let answered = answered(rules.checklist, &row.doc);
        let stand = rules.stand(inspection, &row.doc);
        let missing = stand.required().filter(|code| !answered.contains(code));
        Ok(missing.map(str::to_owned).collect())
    }
}

/// The photos and documents that answers name; those of findings are in the findings' ops.
fn answer_blobs(line: &Line, photos: &Photos, logs: &KeptLogs) -> Vec<BlobRef> {
    let named = line.answer_files().filter_map(|name| photos.get(name)).copied();
    let mut blobs: Vec<BlobRef> = named.chain(logs.values().flat_map(KeptLog::blobs)).collect();
    blobs.sort();
    blobs.dedup();
    blobs
}
