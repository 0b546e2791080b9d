use spotcheck_domain::{Entry, OpHash};

use super::author::{page, pull};
use super::*;
use crate::{Cursor, Delivered, Page, StoreError};

/// Everything a page could change.
fn state(store: &Store) -> impl PartialEq + std::fmt::Debug + use<> {
    let runs = store.pulled_runs_beyond(0).unwrap();
    (store.list_ops(0, 1000).unwrap(), store.cursors().unwrap(), store.own_logs().unwrap(), runs)
}

fn refused(store: &mut Store, page: &Page) {
    let before = state(store);
    assert!(matches!(store.apply_page(page), Err(StoreError::OutOfOrder)), "{page:?}");
    assert_eq!(state(store), before);
    assert!(store.projections_hold().unwrap());
}

fn three_ops() -> Author {
    let mut ada = Author::new(1);
    let record = ada.write(None, &set("S", "19")).record();
    ada.write(Some(record), &set("S", "20"));
    ada.write(Some(record), &set("T", "x"));
    ada
}

#[test]
fn a_page_that_does_not_follow_changes_nothing() {
    let (mut store, ada) = (device(), three_ops());
    pull(&mut store, HOME, &[ada.run(1..=1)]);
    let next = page(&store, HOME, &[ada.run(2..=3)]);
    refused(&mut store, &Page { after: 0, ..next.clone() });
    refused(&mut store, &Page { after: 2, ..next.clone() });
    refused(&mut store, &Page { through: 0, ..next.clone() });
    store.apply_page(&next).unwrap();
    assert_eq!(store.cursor(HOME).unwrap().after, 3);
}

#[test]
fn the_same_page_twice_is_refused_and_harmless() {
    let (mut store, ada) = (device(), three_ops());
    let first = page(&store, HOME, &[ada.run(1..=2)]);
    store.apply_page(&first).unwrap();
    refused(&mut store, &first);
}

#[test]
fn ops_that_come_again_are_kept_once() {
    let (mut store, ada) = (device(), three_ops());
    pull(&mut store, HOME, &[ada.all()]);
    let before = doc(&store, ada.ops[0].record());
    pull(&mut store, HOME, &[ada.run(2..=3)]);
    assert_eq!(store.op_count().unwrap(), 3);
    assert_eq!(doc(&store, ada.ops[0].record()), before);
}

#[test]
fn a_page_that_fails_half_way_leaves_nothing() {
    let (mut store, ada) = (device(), three_ops());
    let mut half = page(&store, HOME, &[ada.all()]);
    let log = store.current_log().unwrap().log;
    // An op of our own log that we never wrote: only a forged or foreign page says that.
    half.delivered.push(Delivered::Own { log, first_seq: 1, server_seqs: vec![4] });
    half.through = 4;
    refused(&mut store, &half);
    assert_eq!(store.op_count().unwrap(), 0);
}

#[test]
fn the_cursor_never_passes_an_op_that_did_not_come() {
    let (mut store, ada) = (device(), three_ops());
    for seqs in [vec![], vec![1, 2], vec![1, 2, 3, 4]] {
        let delivered = vec![Delivered::Run(ada.all(), seqs)];
        refused(&mut store, &Page { scope: HOME, after: 0, through: 4, delivered });
    }
}

#[test]
fn own_ops_come_back_as_numbers_and_count_in_the_digest() {
    let mut store = device();
    let own: Vec<OpHash> = (1..=3)
        .map(|n| store.record(&draft(None, HOME, OpData::default()), at(n), [5; 16]).unwrap().hash)
        .collect();
    let log = store.current_log().unwrap().log;
    let delivered = vec![Delivered::Own { log, first_seq: 1, server_seqs: vec![1, 2, 3] }];
    store.apply_page(&Page { scope: HOME, after: 0, through: 3, delivered }).unwrap();
    assert_eq!(store.cursor(HOME).unwrap(), digest(3, &own));
    assert_eq!(store.op_count().unwrap(), 3);
}

fn digest<'a>(after: u64, ops: impl IntoIterator<Item = &'a OpHash>) -> Cursor {
    let mut cursor = Cursor { after, ..Cursor::default() };
    ops.into_iter().for_each(|op| cursor.add(op));
    cursor
}

#[test]
fn a_rewind_leaves_the_digest_of_what_remains() {
    let (mut store, ada) = (device(), three_ops());
    pull(&mut store, HOME, &[ada.all()]);
    let mut elsewhere = Author { scope: OTHER, ..Author::new(2) };
    elsewhere.write(None, &set("S", "1"));
    pull(&mut store, OTHER, &[elsewhere.all()]);
    let hashes: Vec<OpHash> = ada.ops.iter().map(|op| op.hash).collect();
    store.rewind(3, "owed").unwrap();
    assert_eq!(store.cursor(HOME).unwrap(), digest(3, &hashes));
    let other = store.cursor(OTHER).unwrap();
    store.rewind(2, "owed").unwrap();
    assert_eq!(store.cursor(HOME).unwrap(), digest(2, &hashes[..2]));
    assert_eq!((store.cursor(OTHER).unwrap(), store.op_count().unwrap()), (other, 4));
    // What lies beyond is delivered anew, and counted then.
    pull(&mut store, HOME, &[ada.run(3..=3)]);
    assert_eq!(store.cursor(HOME).unwrap(), digest(3, &hashes));
    assert_eq!(store.fact("owed").unwrap().as_deref(), Some("1"));
}

#[test]
fn a_range_put_right_holds_what_the_server_says_and_the_cursor_stands() {
    let (mut store, ada) = (device(), three_ops());
    let hashes: Vec<OpHash> = ada.ops.iter().map(|op| op.hash).collect();
    // Op 1 was passed over: the cursor stands at 3, and its digest shows the gap.
    let delivered = vec![Delivered::Run(ada.run(2..=3), vec![2, 3])];
    store.apply_page(&Page { scope: HOME, after: 0, through: 3, delivered }).unwrap();
    assert_eq!(store.cursor(HOME).unwrap(), digest(3, &hashes[1..]));
    let ranges = store.range_digests(HOME, &[(0, 1), (1, 3)]).unwrap();
    assert_eq!(ranges, [digest(1, []), digest(3, &hashes[1..])]);

    for (range, seqs) in [((0, 4), vec![1, 2]), ((0, 2), vec![1, 3]), ((0, 2), vec![1])] {
        let outside = store.apply_range(HOME, range, &[(ada.run(1..=2), seqs)]);
        assert!(matches!(outside, Err(StoreError::OutOfOrder)), "{outside:?}");
    }
    store.apply_range(HOME, (0, 2), &[(ada.run(1..=2), vec![1, 2])]).unwrap();

    assert_eq!(store.cursor(HOME).unwrap(), digest(3, &hashes));
    assert_eq!(store.range_digests(HOME, &[(0, 3)]).unwrap(), [digest(3, &hashes)]);
    assert_eq!(store.op_count().unwrap(), 3);
    assert!(store.projections_hold().unwrap());
}

#[test]
fn a_restored_server_gets_back_others_runs_as_they_were_signed() {
    let (mut store, ada) = (device(), three_ops());
    let mut partly = ada.run(2..=3);
    let Entry::Op(hidden) = &partly.entries[0] else { panic!() };
    partly.entries[0] = Entry::Withheld(hidden.hash);
    partly.seed = None;
    pull(&mut store, HOME, &[ada.run(1..=1), partly.clone()]);
    assert_eq!(store.pulled_runs_beyond(0).unwrap(), [ada.run(1..=1), partly.clone()]);
    assert_eq!(store.pulled_runs_beyond(1).unwrap(), [partly]);
    assert_eq!(store.pulled_runs_beyond(2).unwrap(), []);
}
