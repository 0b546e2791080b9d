//! The rules an inspection is filled by, and what they say of its answers.

use std::collections::BTreeMap;

use spotcheck_checklists::{Checklist, Conditions, Item, Kind, check_answer, judge_reading};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, RecordId, SlotPath, Value};
use spotcheck_rules::{Judgement, Pack, Trust, Verdict};

use super::{Stand, is_aside};
use crate::AppError;
use crate::instruments::trust_in;

/// An answer's slot, its judgement, and what it asks for.
pub(crate) type Judged = (SlotPath, Option<Judgement>, Vec<&'static str>);

/// The checklist and pack an inspection goes by, on this device.
pub(crate) struct Rules<'a> {
    pub(crate) checklist: &'a Checklist,
    pub(crate) conditions: Option<&'a Conditions>,
    pub(crate) pack: &'a Pack,
    pub(crate) pack_hash: BlobHash,
    pub(crate) day: chrono::NaiveDate,
}

impl<'a> Rules<'a> {
    /// How the items stand by the answers of an inspection.
    pub(crate) fn stand(&self, record: RecordId, doc: &RecordDoc) -> Stand<'a> {
        Stand::of(self.checklist, self.conditions, record, doc)
    }

    /// The item that a slot answers.
    pub(crate) fn item_at(&self, path: &SlotPath) -> Result<&'a Item, AppError> {
        self.checklist.find_item(path.item()).ok_or_else(|| {
            let remedy = format!("checklist {} has no such item", self.checklist.code);
            AppError::invalid(path.as_str(), remedy)
        })
    }

    /// Judges a value that follows from other answers.
    pub(crate) fn judge_computed(
        &self,
        item: &Item,
        path: &SlotPath,
        text: &str,
    ) -> Option<Judgement> {
        let unit = item.unit.as_deref().filter(|_| item.kind == Kind::Measured)?;
        let answer = serde_json::json!({ "value": text, "unit": unit }).to_string();
        self.judge(path, &Value::parse(&answer).ok()?, None).ok()?.1
    }

    /// Checks an answer's shape and judges it, by what was known of its instrument.
    pub(crate) fn judge(
        &self,
        path: &SlotPath,
        answer: &Value,
        trust: Option<&Trust>,
    ) -> Result<(&Item, Option<Judgement>), AppError> {
        let item = self.item_at(path)?;
        if item.repeat.is_none() && path.as_str().contains('/') {
            return Err(AppError::invalid(
                path.as_str(),
                "this item is answered once, not in a repeat",
            ));
        }
        let json: serde_json::Value = serde_json::from_str(&answer.to_string())
            .map_err(|e| AppError::invalid(path.as_str(), e))?;
        check_answer(item, &json).map_err(|e| AppError::invalid(path.as_str(), e))?;
        let judgement = judge_reading(item, &json, self.pack, self.day, trust)
            .map_err(|e| AppError::invalid(path.as_str(), e))?;
        Ok((item, judgement))
    }

    /// Checks answers and says what each asks for.
    pub(crate) fn judge_all(
        &self,
        answers: &BTreeMap<SlotPath, Value>,
    ) -> Result<Vec<Judged>, AppError> {
        let items = answers.iter().filter(|(path, _)| !is_aside(path));
        let judged = items.map(|(path, answer)| {
            let trust = trust_in(answers, path);
            let (_, judgement) = self.judge(path, answer, trust.as_ref())?;
            let failed = judgement.as_ref().is_some_and(|j| j.verdict == Verdict::Fail);
            let asks = if failed { vec!["note", "photo", "severity"] } else { vec![] };
            Ok((path.clone(), judgement, asks))
        });
        judged.collect()
    }
}
