//! The meaning of `set`, `replaces` and `retracts`.

use std::collections::{BTreeMap, BTreeSet};

use super::doc::{Cited, Current, RecordDoc};
use crate::id::{OpId, RecordId};
use crate::op::{Op, OpData};
use crate::slot::SlotPath;
use crate::value::Value;

/// An op as one slot sees it.
#[derive(Debug, Clone)]
pub struct SlotOp {
    /// The op.
    pub id: OpId,
    /// The value it sets in this slot.
    pub value: Value,
    /// The ops it replaces here.
    pub replaces: Vec<OpId>,
    /// Whether no active op retracts it.
    pub active: bool,
    /// Who and when.
    pub cited: Cited,
}

/// A slot's current values: those of active ops that no active op of the slot replaces, by op id.
pub fn fold_slot(ops: &[SlotOp]) -> Vec<(Current, Cited)> {
    let replaced: BTreeSet<OpId> = ops
        .iter()
        .filter(|op| op.active)
        .flat_map(|op| op.replaces.iter().map(move |target| (op, *target)))
        .filter(|(op, target)| {
            // The planted fault lets a wall clock decide whether a correction counts.
            let theirs = ops.iter().find(|other| other.id == *target);
            !crate::planted!("clock-orders-corrections")
                || theirs.is_none_or(|theirs| theirs.cited.at < op.cited.at)
        })
        .map(|(_, target)| target)
        .collect();
    let current: BTreeMap<OpId, &SlotOp> = ops
        .iter()
        .filter(|op| op.active && !replaced.contains(&op.id))
        .map(|op| (op.id, op))
        .collect();
    let latest = current.values().map(|op| op.cited.at).max();
    let mut current: Vec<&SlotOp> = current.into_values().collect();
    if crate::planted!("arrival-orders-values") {
        let place = |id: OpId| ops.iter().position(|op| op.id == id);
        current.sort_by_key(|op| place(op.id));
    }
    current
        .into_iter()
        .filter(|op| !crate::planted!("last-write-wins") || Some(op.cited.at) == latest)
        .map(|op| (Current { op: op.id, value: op.value.clone() }, op.cited.clone()))
        .collect()
}

/// Which ops of a record count. `retracts` gives, for each op, what it takes back.
///
/// A retraction can itself be retracted. Hashes leave no cycle possible; if one is forged with
/// colliding short ids, its members stay active: showing too much beats hiding evidence.
pub fn active_ops(retracts: &BTreeMap<OpId, Vec<OpId>>) -> BTreeSet<OpId> {
    let mut retracted_by: BTreeMap<OpId, Vec<OpId>> = BTreeMap::new();
    for (by, targets) in retracts {
        for target in targets.iter().filter(|target| retracts.contains_key(target)) {
            retracted_by.entry(*target).or_default().push(*by);
        }
    }
    // Settle ops whose retractors are all settled, starting from those nobody retracts.
    let mut waiting: BTreeMap<OpId, usize> =
        retracts.keys().map(|id| (*id, retracted_by.get(id).map_or(0, Vec::len))).collect();
    let mut ready: Vec<OpId> =
        waiting.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
    let mut inactive = BTreeSet::new();
    while let Some(id) = ready.pop() {
        let active = !inactive.contains(&id);
        for target in &retracts[&id] {
            if active && retracts.contains_key(target) {
                inactive.insert(*target);
            }
            if let Some(left) = waiting.get_mut(target) {
                *left -= 1;
                if *left == 0 {
                    ready.push(*target);
                }
            }
        }
    }
    for (id, left) in &waiting {
        if *left > 0 {
            inactive.remove(id);
        }
    }
    retracts.keys().filter(|id| !inactive.contains(id)).copied().collect()
}

/// Computes a record from all its ops, in any order, with repetitions.
///
/// Ops of other records are passed over, and so are ops whose data cannot be read.
pub fn project<'a>(record: RecordId, ops: impl IntoIterator<Item = &'a Op>) -> RecordDoc {
    let mut arrived = vec![];
    let mine: BTreeMap<OpId, (&Op, OpData)> = ops
        .into_iter()
        .filter(|op| op.record() == record)
        .inspect(|op| {
            if crate::planted!("arrival-orders-values") {
                arrived.push(op.hash.id());
            }
        })
        .filter_map(|op| Some((op.hash.id(), (op, op.data().ok()?))))
        .collect();
    let retracts = mine.iter().map(|(id, (_, data))| (*id, dedup(&data.retracts))).collect();
    let active = active_ops(&retracts);
    let mut doc = RecordDoc::default();
    let mut slots: BTreeMap<SlotPath, Vec<SlotOp>> = BTreeMap::new();
    for (id, (op, data)) in &mine {
        if op.header.record.is_none() {
            doc.create(op, data);
        }
        for (path, value) in &data.set {
            slots.entry(path.clone()).or_default().push(SlotOp {
                id: *id,
                value: value.clone(),
                replaces: data.replaces.clone(),
                active: active.contains(id),
                cited: Cited::of(op),
            });
        }
    }
    for (path, mut ops) in slots {
        if crate::planted!("arrival-orders-values") {
            ops.sort_by_key(|op| arrived.iter().position(|id| *id == op.id));
        }
        doc.put(path, fold_slot(&ops));
    }
    doc
}

fn dedup(ids: &[OpId]) -> Vec<OpId> {
    ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}
