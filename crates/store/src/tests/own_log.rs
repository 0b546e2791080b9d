use proptest::collection::vec;
use proptest::prelude::*;
use spotcheck_domain::op::Link;
use spotcheck_domain::{LogId, Op, Run};

use super::*;
use crate::StoreError;

/// All runs of a log, cut as a push would cut them.
fn runs(store: &Store, log: LogId, max_ops: usize, max_bytes: usize) -> Vec<Run> {
    let (mut runs, mut after) = (Vec::<Run>::new(), 0);
    while let Some(run) = store.own_run(log, after, max_ops, max_bytes).unwrap() {
        run.check().unwrap();
        after = run.last_seq();
        runs.push(run);
    }
    runs
}

/// What makes a list of runs the log: each continues the one before it, and the last ends it.
fn chains(store: &Store, runs: &[Run]) {
    let own = store.current_log().unwrap();
    let (mut link, mut seq) = (Link::START, 0);
    for run in runs {
        assert_eq!((run.prev, run.first_seq), (link, seq + 1));
        (link, seq) = (run.end(), run.last_seq());
        let seed = run.seed.unwrap();
        for op in run.ops() {
            assert_eq!(op.body.as_ref().unwrap().salt, seed.salt(op.header.seq));
        }
        let mut boots = run.ops().map(|op| op.header.at.boot);
        let first = boots.next();
        assert!(boots.all(|boot| Some(boot) == first), "a run has one boot on the wire");
    }
    assert_eq!((link, seq), (own.link, own.seq));
}

fn record_all(
    store: &mut Store,
    drafts: &[Draft],
    at: Timestamp,
    fresh_seed: [u8; 16],
) -> Result<Vec<Op>, StoreError> {
    store.act(at, fresh_seed, |act| drafts.iter().map(|draft| act.record(draft)).collect())
}

fn drafts(scope: ScopeId, count: usize) -> Vec<Draft> {
    vec![draft(None, scope, OpData::default()); count]
}

#[test]
fn runs_chain_to_the_head_across_segments() {
    let mut store = device();
    record_all(&mut store, &drafts(HOME, 501), at(1), [1; 16]).unwrap();
    record_all(&mut store, &drafts(OTHER, 3), at(2), [2; 16]).unwrap();
    record_all(&mut store, &drafts(HOME, 500), at(3), [2; 16]).unwrap();
    store.record(&drafts(HOME, 1)[0], at(4), [2; 16]).unwrap();
    let log = store.current_log().unwrap().log;
    let whole = runs(&store, log, 500, usize::MAX);
    chains(&store, &whole);
    let sizes: Vec<usize> = whole.iter().map(|run| run.entries.len()).collect();
    assert_eq!(sizes, [500, 1, 3, 500, 1]);
    let mut seeds: Vec<[u8; 16]> = whole.iter().filter_map(|run| run.seed).map(|s| s.0).collect();
    seeds.sort_unstable();
    seeds.dedup();
    assert_eq!(seeds.len(), 5, "no two segments share a seed");
    chains(&store, &runs(&store, log, 7, usize::MAX));
    assert!(store.own_run(log, 1005, 500, usize::MAX).unwrap().is_none());
}

#[test]
fn a_run_ends_where_the_clock_began_anew() {
    let mut store = device();
    for boot in [1, 1, 2, 2, 1] {
        let at = Timestamp { boot, ..at(1) };
        store.record(&drafts(HOME, 1)[0], at, [1; 16]).unwrap();
    }
    let log = store.current_log().unwrap().log;
    let runs = runs(&store, log, 500, usize::MAX);
    chains(&store, &runs);
    assert_eq!(runs.iter().map(|run| run.entries.len()).collect::<Vec<_>>(), [2, 2, 1]);
}

#[test]
fn a_run_stays_within_its_bytes_but_never_stands_still() {
    let mut store = device();
    for n in 0..6 {
        let data = set("S", "x".repeat(1000 * n));
        store.record(&draft(None, HOME, data), at(1), [1; 16]).unwrap();
    }
    let log = store.current_log().unwrap().log;
    let runs = runs(&store, log, 500, 3000);
    chains(&store, &runs);
    assert_eq!(runs.iter().map(|run| run.entries.len()).collect::<Vec<_>>(), [2, 1, 1, 1, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_course_of_acts_is_pushed_whole(
        acts in vec((any::<bool>(), 1_i64..3, 1_usize..180), 1..10),
        (max_ops, max_bytes) in (1_usize..600, 100_usize..100_000),
    ) {
        let mut store = device();
        for (n, (home, boot, count)) in acts.iter().enumerate() {
            let at = Timestamp { boot: *boot, ..at(n as i64) };
            let scope = if *home { HOME } else { OTHER };
            record_all(&mut store, &drafts(scope, *count), at, [n as u8; 16]).unwrap();
        }
        let log = store.current_log().unwrap().log;
        chains(&store, &runs(&store, log, max_ops, max_bytes));
    }
}

#[test]
fn several_acts_are_recorded_all_or_none() {
    let mut store = device();
    let first = store.record(&draft(None, HOME, set("S", "1")), at(1), [1; 16]).unwrap();
    let before = store.current_log().unwrap();
    let mut bad = vec![draft(Some(first.record()), HOME, set("S", "2"))];
    bad.push(Draft { kind: "Not A Kind".to_owned(), ..bad[0].clone() });
    assert!(matches!(record_all(&mut store, &bad, at(2), [1; 16]), Err(StoreError::Op(_))));
    bad[1] = draft(None, HOME, set("S", "x".repeat(70_000)));
    assert!(matches!(record_all(&mut store, &bad, at(2), [1; 16]), Err(StoreError::Op(_))));
    assert_eq!((store.current_log().unwrap(), store.op_count().unwrap()), (before, 1));
    assert!(store.projections_hold().unwrap());
}

#[test]
fn a_device_that_nobody_enrolled_records_nothing() {
    let mut store = Store::open(Location::Memory, Profile::Device).unwrap();
    let refused = store.record(&drafts(HOME, 1)[0], at(1), [1; 16]);
    assert!(matches!(refused, Err(StoreError::NotEnrolled)), "{refused:?}");
}

#[test]
fn a_successor_log_begins_anew_and_the_old_one_is_still_sent() {
    let mut store = device();
    record_all(&mut store, &drafts(HOME, 3), at(1), [1; 16]).unwrap();
    let old = store.current_log().unwrap();
    let new = store.succeed(old.log, [8; 32], [9; 64]).unwrap();
    record_all(&mut store, &drafts(HOME, 2), at(2), [1; 16]).unwrap();
    assert_eq!(store.current_log().unwrap().log, new);
    assert_eq!(store.current_log().unwrap().introduction, Some((old.log, [9; 64])));
    chains(&store, &runs(&store, new, 500, usize::MAX));
    assert_eq!(runs(&store, old.log, 500, usize::MAX)[0].end(), old.link);
    assert_eq!(store.ops_waiting().unwrap(), 5);
}
