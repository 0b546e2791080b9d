//! What is kept op by op equals what `project` computes from all ops: after any course of own acts
//! and pages, and on every device.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use spotcheck_domain::projection::project;
use spotcheck_domain::{Op, Run};

use super::author::pull;
use super::*;

#[derive(Debug, Clone)]
enum Step {
    Act(Act),
    /// A page of some of the runs that have not come yet, in any order.
    Page(Vec<Index>),
}

#[derive(Debug, Clone)]
struct Act {
    /// 0 is this device.
    who: usize,
    record: Option<Index>,
    set: Vec<(usize, i64)>,
    replaces: Vec<Index>,
    retracts: Vec<Index>,
    /// Whether the author signs a run after it.
    signs: bool,
}

fn act() -> impl Strategy<Value = Act> {
    let record = proptest::option::weighted(0.85, any::<Index>());
    let targets = || vec(any::<Index>(), 0..3);
    (0_usize..4, record, vec((0_usize..4, 0_i64..3), 0..3), targets(), targets(), any::<bool>())
        .prop_map(|(who, record, set, replaces, retracts, signs)| Act {
            who,
            record,
            set,
            replaces,
            retracts,
            signs,
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let page = vec(any::<Index>(), 1..4);
    vec(prop_oneof![4 => act().prop_map(Step::Act), 1 => page.prop_map(Step::Page)], 1..32)
}

struct World {
    store: Store,
    others: Vec<Author>,
    signed: [usize; 3],
    pending: Vec<Run>,
    delivered: Vec<Run>,
    ops: Vec<Op>,
}

impl World {
    fn new(store: Store) -> Self {
        let others = (1..=3).map(Author::new).collect();
        Self { store, others, signed: [0; 3], pending: vec![], delivered: vec![], ops: vec![] }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Act(act) => self.act(act),
            Step::Page(picks) => {
                let mut runs = vec![];
                for pick in picks {
                    if !self.pending.is_empty() {
                        runs.push(self.pending.remove(pick.index(self.pending.len())));
                    }
                }
                self.deliver(runs);
            }
        }
    }

    fn act(&mut self, act: &Act) {
        // The last name is of an op that nobody ever wrote.
        let mut names: Vec<OpId> = self.ops.iter().map(|op| op.hash.id()).collect();
        names.push(OpId([0xee; 16]));
        let ids = |targets: &[Index]| targets.iter().map(|index| *index.get(&names)).collect();
        let slots = ["site", "day", "S-2", "gates/G1/S-3"];
        let path = |n: usize| SlotPath::new(slots[n]).unwrap();
        let data = OpData {
            set: act.set.iter().map(|(n, v)| (path(*n), v.to_string().into())).collect(),
            replaces: ids(&act.replaces),
            retracts: ids(&act.retracts),
            ..OpData::default()
        };
        let known: Vec<RecordId> = self.ops.iter().map(Op::record).take(3).collect();
        let record = act.record.filter(|_| !known.is_empty()).map(|index| *index.get(&known));
        let op = match act.who {
            0 => self.store.record(&draft(record, HOME, data), at(1), [5; 16]).unwrap(),
            who => self.others[who - 1].write(record, &data),
        };
        self.ops.push(op);
        if act.who > 0 && act.signs {
            self.sign(act.who - 1);
        }
    }

    fn sign(&mut self, who: usize) {
        let (from, to) = (self.signed[who], self.others[who].ops.len());
        if from < to {
            self.pending.push(self.others[who].run(from as u64 + 1..=to as u64));
            self.signed[who] = to;
        }
    }

    fn deliver(&mut self, runs: Vec<Run>) {
        pull(&mut self.store, HOME, &runs);
        self.delivered.extend(runs);
    }

    fn deliver_all(&mut self) {
        (0..3).for_each(|who| self.sign(who));
        let rest = std::mem::take(&mut self.pending);
        self.deliver(rest);
    }
}

/// Every record that an op names, as this device has it.
fn docs(store: &Store, ops: &[Op]) -> Vec<(RecordId, Option<String>)> {
    let records: std::collections::BTreeSet<RecordId> = ops.iter().map(Op::record).collect();
    records.into_iter().map(|record| (record, doc(store, record))).collect()
}

fn defined(ops: &[Op]) -> Vec<(RecordId, Option<String>)> {
    let records: std::collections::BTreeSet<RecordId> = ops.iter().map(Op::record).collect();
    let json = |record| serde_json::to_string(&project(record, ops)).unwrap();
    records.into_iter().map(|record| (record, Some(json(record)))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn records_kept_op_by_op_equal_their_definition(steps in steps()) {
        let mut world = World::new(device());
        for step in &steps {
            world.step(step);
            prop_assert!(world.store.projections_hold().unwrap(), "after {step:?}");
        }
        world.deliver_all();
        prop_assert!(world.store.projections_hold().unwrap());
        prop_assert_eq!(docs(&world.store, &world.ops), defined(&world.ops));
        prop_assert_eq!(world.store.op_count().unwrap(), world.ops.len() as u64);
    }

    #[test]
    fn two_devices_with_the_same_ops_show_the_same(
        (steps, order) in (steps(), vec(any::<Index>(), 64)),
    ) {
        let mut world = World::new(device());
        steps.iter().for_each(|step| world.step(step));
        world.deliver_all();
        let mut runs = world.delivered.clone();
        let own = world.store.current_log().unwrap();
        runs.extend(world.store.own_run(own.log, 0, 500, usize::MAX).unwrap());
        let mut ben = Store::open(Location::Memory, Profile::Device).unwrap();
        ben.enrol(&identity(), [8; 32]).unwrap();
        for index in order.iter().cycle() {
            if runs.is_empty() {
                break;
            }
            let run = runs.remove(index.index(runs.len()));
            pull(&mut ben, HOME, &[run]);
        }
        prop_assert!(ben.projections_hold().unwrap());
        prop_assert_eq!(docs(&ben, &world.ops), docs(&world.store, &world.ops));
    }
}

#[test]
fn a_reopened_device_is_exactly_as_it_was_left() {
    use proptest::strategy::ValueTree;
    let dir = tempfile::tempdir().unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for round in 0..8 {
        let path = dir.path().join(format!("{round}.db"));
        let open = || Store::open(Location::File(&path), Profile::Device).unwrap();
        let mut store = open();
        store.enrol(&identity(), [7; 32]).unwrap();
        let mut world = World::new(store);
        let steps = steps().new_tree(&mut runner).unwrap().current();
        steps.iter().for_each(|step| world.step(step));
        let state = |store: &Store| {
            let ops = store.list_ops(0, 1000).unwrap();
            let logs = store.own_logs().unwrap();
            (ops, logs, store.cursors().unwrap(), store.identity().cloned())
        };
        let (before, shown) = (state(&world.store), docs(&world.store, &world.ops));
        drop(world.store);
        world.store = open();
        assert_eq!(state(&world.store), before);
        assert_eq!(docs(&world.store, &world.ops), shown);
        // And it goes on from there.
        world.deliver_all();
        assert_eq!(docs(&world.store, &world.ops), defined(&world.ops));
    }
}
