//! The document a record projects to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{LogId, OpId, RecordId, UserId};
use crate::op::{Op, OpData, kind};
use crate::slot::SlotPath;
use crate::value::Value;

/// A record as its ops now say it is. Serialised, equal ops give equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordDoc {
    /// `inspection`, `finding` …; empty until the op that created the record has arrived.
    pub kind: String,
    /// The record this one belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RecordId>,
    /// The op that created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Cited>,
    /// The ops whose values are current, by id.
    pub ops: BTreeMap<OpId, Cited>,
    /// Slot → its current values, by op id. More than one op with equal values is agreement; with
    /// different values a contradiction, and both stand until a person decides.
    pub slots: BTreeMap<SlotPath, Vec<Current>>,
}

/// Who did an op, and when by their own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The person.
    pub by: UserId,
    /// The device's log.
    pub log: LogId,
    /// The position in it.
    pub seq: u64,
    /// Wall clock in ms since 1970 UTC, and minutes east: claimed, not judged.
    pub at: (i64, i32),
}

/// A value that no active op replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// The op that set it.
    pub op: OpId,
    /// The value.
    pub value: Value,
}

impl Cited {
    /// What a document says of an op.
    pub fn of(op: &Op) -> Self {
        let header = &op.header;
        let at = (header.at.wall_ms, header.at.offset_min);
        Self { by: header.by, log: header.log, seq: header.seq, at }
    }
}

impl RecordDoc {
    /// The value of a slot on which all current ops agree; `None` when unset or contradictory.
    pub fn agreed(&self, path: &str) -> Option<&Value> {
        let path = SlotPath::new(path).ok()?;
        let values = self.slots.get(&path)?;
        let first = &values.first()?.value;
        values.iter().all(|v| v.value == *first).then_some(first)
    }

    /// Slots whose current values differ.
    pub fn contradictions(&self) -> impl Iterator<Item = (&SlotPath, &[Current])> {
        self.slots
            .iter()
            .filter(|(_, values)| values.windows(2).any(|pair| pair[0].value != pair[1].value))
            .map(|(path, values)| (path, values.as_slice()))
    }

    /// Takes in what the op that created the record says of it.
    pub fn create(&mut self, op: &Op, data: &OpData) {
        self.kind = kind::record_kind(&op.header.kind).to_owned();
        self.parent = data.parent;
        self.created = Some(Cited::of(op));
    }

    /// Puts a slot's current values in place. `ops` is tidied by [`RecordDoc::drop_uncited`].
    pub fn put(&mut self, path: SlotPath, values: Vec<(Current, Cited)>) {
        if values.is_empty() {
            self.slots.remove(&path);
            return;
        }
        let (current, cited): (Vec<_>, Vec<_>) = values.into_iter().unzip();
        self.ops.extend(current.iter().map(|c| c.op).zip(cited));
        self.slots.insert(path, current);
    }

    /// Puts the only value of a slot in place: what nearly every answer is.
    pub fn put_one(&mut self, path: SlotPath, current: Current, cited: &Cited) {
        self.ops.entry(current.op).or_insert_with(|| cited.clone());
        self.slots.insert(path, vec![current]);
    }

    /// Forgets ops that no slot names any more.
    pub fn drop_uncited(&mut self) {
        let mut cited: Vec<OpId> =
            self.slots.values().flatten().map(|current| current.op).collect();
        cited.sort_unstable();
        cited.dedup();
        self.ops.retain(|id, _| cited.binary_search(id).is_ok());
    }
}
