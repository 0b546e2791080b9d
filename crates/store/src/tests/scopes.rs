use super::author::pull;
use super::*;

#[test]
fn a_lost_scope_takes_others_ops_along_and_leaves_own_ones() {
    let (mut store, mut ada) = (device(), Author::new(1));
    let shared = ada.write(None, &set("S", "hers"));
    let hers = ada.write(None, &set("S", "only hers"));
    let mut elsewhere = Author { scope: OTHER, ..Author::new(2) };
    let kept = elsewhere.write(None, &set("S", "elsewhere"));
    pull(&mut store, HOME, &[ada.all()]);
    pull(&mut store, OTHER, &[elsewhere.all()]);
    let replaces = vec![shared.hash.id()];
    let mine = OpData { replaces, ..set("S", "mine") };
    let mine = store.record(&draft(Some(shared.record()), HOME, mine), at(1), [5; 16]).unwrap();
    let (head, before) = (store.current_log().unwrap(), doc(&store, kept.record()));

    store.drop_scope(HOME).unwrap();

    let ops: Vec<_> = store.list_ops(0, 10).unwrap().into_iter().map(|row| row.op.hash).collect();
    assert_eq!(ops, [kept.hash, mine.hash]);
    let left = store.find_record(shared.record()).unwrap().unwrap().doc;
    assert_eq!(left.agreed("S"), Some(&Value::from("mine")));
    assert!(!doc(&store, shared.record()).unwrap().contains("hers"));
    assert_eq!(doc(&store, hers.record()), None);
    assert_eq!(doc(&store, kept.record()), before);
    assert_eq!(store.pulled_runs_beyond(0).unwrap(), [elsewhere.all()]);
    assert_eq!(store.current_log().unwrap(), head);
    assert_eq!(store.cursor(HOME).unwrap().count, 0);
    assert!(store.projections_hold().unwrap());

    // Given back, cut otherwise, all is as it was, and nothing is left of the runs of before.
    pull(&mut store, HOME, &[ada.run(1..=1), ada.run(2..=2)]);
    let runs = [ada.run(1..=1), ada.run(2..=2), elsewhere.all()];
    assert_eq!(store.pulled_runs_beyond(0).unwrap(), runs);
    assert!(store.projections_hold().unwrap());
    assert!(doc(&store, hers.record()).unwrap().contains("only hers"));
}

#[test]
fn a_retraction_lost_with_its_scope_no_longer_counts() {
    let (mut store, mut ada) = (device(), Author::new(1));
    let mine = store.record(&draft(None, HOME, set("S", "mine")), at(1), [5; 16]).unwrap();
    ada.write(Some(mine.record()), &retracting([mine.hash.id()]));
    pull(&mut store, HOME, &[ada.all()]);
    assert_eq!(store.find_record(mine.record()).unwrap().unwrap().doc.agreed("S"), None);
    store.drop_scope(HOME).unwrap();
    let left = store.find_record(mine.record()).unwrap().unwrap().doc;
    assert_eq!(left.agreed("S"), Some(&Value::from("mine")));
    assert!(store.projections_hold().unwrap());
}

#[test]
fn both_branches_of_a_forked_log_are_kept_and_given_back() {
    let (mut store, mut ada, mut clone) = (device(), Author::new(1), Author::new(1));
    for n in 0..3 {
        ada.write(None, &set("S", format!("ada {n}")));
        clone.write(None, &set("S", format!("{} {n}", if n == 0 { "ada" } else { "clone" })));
    }
    pull(&mut store, HOME, &[ada.run(1..=1), ada.run(2..=3), clone.run(2..=3)]);
    assert_eq!(store.op_count().unwrap(), 5);
    let mut back = store.pulled_runs_beyond(0).unwrap();
    back.sort_by_key(|run| (run.first_seq, run.end()));
    let mut signed = vec![ada.run(1..=1), ada.run(2..=3), clone.run(2..=3)];
    signed.sort_by_key(|run| (run.first_seq, run.end()));
    assert_eq!(back, signed);
}
