//! Random sets of ops over a few records and slots, and the meaning of `set`, `replaces` and
//! `retracts` once more, as plainly as it can be said.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// What one random op does. It may name any op before it, of its own record or of another.
#[derive(Debug, Clone)]
struct Act {
    who: u8,
    /// The first op of a record it adds to; `None` creates one.
    record: Option<Index>,
    set: Vec<(u8, i64)>,
    replaces: Vec<Target>,
    retracts: Vec<Target>,
}

#[derive(Debug, Clone)]
enum Target {
    Earlier(Index),
    Unknown(u8),
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        9 => any::<Index>().prop_map(Target::Earlier),
        1 => any::<u8>().prop_map(Target::Unknown),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    use proptest::collection::vec;
    let record = proptest::option::weighted(0.9, any::<Index>());
    (0_u8..4, record, vec((0_u8..3, 0_i64..3), 0..3), vec(target(), 0..4), vec(target(), 0..3))
        .prop_map(|(who, record, set, replaces, retracts)| Act {
            who,
            record,
            set,
            replaces,
            retracts,
        })
}

fn write(acts: &[Act]) -> Vec<Op> {
    let (mut pens, mut ops) = (Pens::default(), Vec::<Op>::new());
    for act in acts {
        let ids = |targets: &[Target]| {
            let id = |target: &Target| match target {
                Target::Earlier(index) if !ops.is_empty() => index.get(&ops).hash.id(),
                Target::Earlier(_) => OpId([0xee; 16]),
                Target::Unknown(n) => OpId([*n; 16]),
            };
            targets.iter().map(id).collect()
        };
        let path = |n: &u8| SlotPath::new(&format!("S-{n}")).unwrap();
        let data = OpData {
            set: act.set.iter().map(|(slot, value)| (path(slot), Value::Int(*value))).collect(),
            replaces: ids(&act.replaces),
            retracts: ids(&act.retracts),
            ..OpData::default()
        };
        // Few records, so that their ops meet.
        let known: Vec<RecordId> = ops.iter().map(Op::record).take(3).collect();
        let record = act.record.filter(|_| !known.is_empty()).map(|index| *index.get(&known));
        ops.push(pens.write(act.who, record, &data));
    }
    ops
}

/// Ops of several devices, in an order in which they could have been written.
pub(super) fn ops() -> impl Strategy<Value = Vec<Op>> {
    proptest::collection::vec(act(), 1..24).prop_map(|acts| write(&acts))
}

/// The same ops in some order, some of them more than once.
pub(super) fn ops_and_a_delivery() -> impl Strategy<Value = (Vec<Op>, Vec<Op>)> {
    ops().prop_flat_map(|ops| {
        let again = proptest::sample::subsequence(ops.clone(), 0..=ops.len());
        again.prop_flat_map(move |again| {
            let all: Vec<Op> = ops.iter().cloned().chain(again).collect();
            (Just(ops.clone()), Just(all).prop_shuffle())
        })
    })
}

/// An op counts unless an op that counts retracts it.
fn counts(id: OpId, mine: &[(&Op, OpData)]) -> bool {
    !mine.iter().any(|(op, data)| data.retracts.contains(&id) && counts(op.hash.id(), mine))
}

/// A slot's current values: set by an op that counts, and replaced there by none that counts.
pub(super) fn by_definition(record: RecordId, slot: &str, ops: &[Op]) -> Vec<(OpId, Value)> {
    let path = SlotPath::new(slot).unwrap();
    let mine = ops.iter().filter(|op| op.record() == record);
    let mine: Vec<(&Op, OpData)> = mine.map(|op| (op, op.data().unwrap())).collect();
    let replaced = |id: OpId| {
        mine.iter().any(|(op, data)| {
            let here = data.set.contains_key(&path) && data.replaces.contains(&id);
            here && counts(op.hash.id(), &mine)
        })
    };
    let mut values: Vec<(OpId, Value)> = mine
        .iter()
        .filter_map(|(op, data)| Some((op.hash.id(), data.set.get(&path)?.clone())))
        .filter(|(id, _)| counts(*id, &mine) && !replaced(*id))
        .collect();
    values.sort_by_key(|(id, _)| *id);
    values
}
