use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_sqlite::OpenError;

use super::*;
use crate::{Receipt, StoreError};

#[test]
fn a_second_process_is_kept_out_until_the_first_lets_go() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("device.db");
    let first = Store::open(Location::File(&path), Profile::Device).unwrap();
    for _ in 0..2 {
        let second = Store::open(Location::File(&path), Profile::Device);
        assert!(matches!(second, Err(StoreError::Open(OpenError::InUse))), "{second:?}");
    }
    drop(first);
    Store::open(Location::File(&path), Profile::Device).unwrap();
}

fn blob(n: u8, bytes: u64) -> BlobRef {
    BlobRef { sha256: BlobHash([n; 32]), bytes }
}

fn receipt(store: &Store, seq: u64, blobs: Vec<BlobHash>) -> Receipt {
    Receipt {
        log: store.current_log().unwrap().log,
        seq,
        server_ms: 1,
        body: "{}".to_owned(),
        sig: [1; 64],
        blobs,
        quarantined: vec![],
    }
}

#[test]
fn the_smallest_photo_is_sent_first_until_a_receipt_covers_it() {
    let mut store = device();
    for (n, bytes) in [(1, 900), (2, 30), (3, 4_000_000), (4, 30)] {
        store.note_blob(blob(n, bytes), true).unwrap();
    }
    // What others took is here to be seen, not to be sent.
    store.note_blob(blob(5, 1), false).unwrap();
    let order = |store: &Store| -> Vec<u8> {
        store.blobs_to_send(10).unwrap().iter().map(|blob| blob.sha256.0[0]).collect()
    };
    assert_eq!(order(&store), [2, 4, 1, 3]);
    assert_eq!(store.blobs_to_send(1).unwrap(), [blob(2, 30)]);
    assert_eq!(store.blobs_waiting().unwrap(), (4, 4_000_960));
    // Seen again as somebody else's, it is still ours to send.
    store.note_blob(blob(2, 30), false).unwrap();
    store.set_upload_note(BlobHash([2; 32]), Some("at 12")).unwrap();
    assert_eq!(order(&store), [2, 4, 1, 3]);
    let receipt = receipt(&store, 0, vec![BlobHash([2; 32]), BlobHash([3; 32])]);
    store.put_receipt(&receipt).unwrap();
    assert_eq!(order(&store), [4, 1]);
    assert_eq!(store.upload_note(BlobHash([2; 32])).unwrap(), None);
    assert!(store.find_blob(BlobHash([3; 32])).unwrap().unwrap().held);
    store.rewind(0, "owed").unwrap();
    assert_eq!(order(&store), [2, 4, 1, 3]);
}

#[test]
fn only_a_receipt_makes_an_op_sent() {
    let mut store = device();
    for n in 1..=4 {
        store.record(&draft(None, HOME, OpData::default()), at(n), [5; 16]).unwrap();
    }
    let log = store.current_log().unwrap().log;
    store.set_pushed(log, 3).unwrap();
    assert_eq!(store.ops_waiting().unwrap(), 4);
    store.put_receipt(&receipt(&store, 2, vec![])).unwrap();
    assert_eq!(store.ops_waiting().unwrap(), 2);
    // An older receipt, or one beyond what was written, moves nothing where it cannot be.
    store.put_receipt(&receipt(&store, 1, vec![])).unwrap();
    assert_eq!(store.ops_waiting().unwrap(), 2);
    store.put_receipt(&receipt(&store, 99, vec![])).unwrap();
    assert_eq!((store.ops_waiting().unwrap(), store.current_log().unwrap().receipt_seq), (0, 4));
    // A restored server has less.
    store.set_pushed(log, 1).unwrap();
    assert_eq!(store.ops_waiting().unwrap(), 3);
}

#[test]
fn a_quarantined_op_says_why() {
    let mut store = device();
    let op = store.record(&draft(None, HOME, OpData::default()), at(1), [5; 16]).unwrap();
    let quarantined = vec![(op.hash.id(), "out_of_scope".to_owned())];
    store.put_receipt(&Receipt { quarantined, ..receipt(&store, 1, vec![]) }).unwrap();
    let rows = store.ops_of(op.record()).unwrap();
    assert_eq!(rows[0].quarantined.as_deref(), Some("out_of_scope"));
}
