//! I4 and I7: what a device shows of a record follows from the ops it has, and from nothing else.

use std::collections::BTreeMap;

use spotcheck_domain::projection::project;
use spotcheck_domain::{BlobHash, Op, OpHash, RecordId};

use super::Violation;
use super::plain::Record;
use crate::world::World;

/// The records of the devices looked at so far: by record and the ops it is made of, whose device it
/// was and the bytes of the document there.
#[derive(Default)]
pub(super) struct Replicas(BTreeMap<(RecordId, BlobHash), (String, String)>);

impl Replicas {
    /// I4: each document is byte for byte that of every other device with the same ops of the record,
    /// and what the definition makes of them in an order drawn by lot. I7: it shows the values that
    /// nothing replaced, all of them, and no other.
    pub(super) fn check(
        &mut self,
        world: &World,
        index: usize,
        here: &BTreeMap<OpHash, Op>,
    ) -> Result<(), Violation> {
        let dice = world.dice.clone();
        let user = world.devices[index].user.clone();
        let store = world.devices[index].peek().store();
        let mut by_record: BTreeMap<RecordId, Vec<&Op>> = BTreeMap::new();
        for op in here.values() {
            by_record.entry(op.record()).or_default().push(op);
        }
        for (record, mut ops) in by_record {
            // In the order of their hashes: what they are together has one name.
            let all: Vec<u8> = ops.iter().flat_map(|op| op.hash.0).collect();
            let row = store.find_record(record).ok().flatten();
            let Some(doc) = row.map(|row| row.doc) else {
                let what = format!("{user}: record {record} has ops and no document");
                return Err(Violation::new("I4", what));
            };
            let bytes = serde_json::to_string(&doc).unwrap_or_default();
            for at in (1..ops.len()).rev() {
                ops.swap(at, dice.below(at as u64 + 1) as usize);
            }
            let anew = serde_json::to_string(&project(record, ops.iter().copied()));
            if anew.unwrap_or_default() != bytes {
                let what = format!("{user}: record {record} differs when its ops come otherwise");
                return Err(Violation::new("I4", what));
            }
            let mut shown: Vec<_> = doc
                .slots
                .iter()
                .flat_map(|(path, values)| values.iter().map(|it| (path.to_string(), it.op)))
                .collect();
            shown.sort();
            if shown != Record::new(ops.iter().copied()).visible() {
                let what = format!("{user}: record {record} hides a value that nothing replaced");
                return Err(Violation::new("I7", what));
            }
            let first = self.0.entry((record, BlobHash::of(&all)));
            let (other, theirs) = first.or_insert_with(|| (user.clone(), bytes.clone()));
            if *theirs != bytes {
                let what = format!("record {record} of the same ops differs: {user} and {other}");
                return Err(Violation::new("I4", what));
            }
        }
        Ok(())
    }
}
