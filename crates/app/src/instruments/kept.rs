//! What was known of an instrument, kept beside the answer that was read from it.

use std::collections::BTreeMap;

use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{OpId, SlotPath, Value};
use spotcheck_rules::{DailyCheck, Trust};

use crate::AppError;
use crate::inspection::slot_path;

/// The slot of what was known of an answer's instrument: `evidence/room.R1.CCS-03/instrument`.
pub(crate) fn trust_path(answer: &SlotPath) -> Result<SlotPath, AppError> {
    slot_path(&format!("evidence/{}/instrument", answer.as_str().replace('/', ".")))
}

/// What was known of the instrument of an answer, by the op that gave the answer.
pub(crate) fn trust_of(doc: &RecordDoc, answer: &SlotPath, op: OpId) -> Option<Trust> {
    let said = doc.slots.get(&trust_path(answer).ok()?)?;
    let value = said.iter().find(|current| current.op == op)?;
    as_trust(&value.value)
}

/// The same of answers that are about to be given.
pub(crate) fn trust_in(answers: &BTreeMap<SlotPath, Value>, answer: &SlotPath) -> Option<Trust> {
    as_trust(answers.get(&trust_path(answer).ok()?)?)
}

/// What this version cannot read caps, as an instrument of which nothing is known.
fn as_trust(value: &Value) -> Option<Trust> {
    let read = serde_json::from_str(&value.to_string()).ok();
    Some(read.unwrap_or_else(|| Trust {
        number: String::new(),
        mpe: BTreeMap::new(),
        due: None,
        check: DailyCheck::Missing,
    }))
}
