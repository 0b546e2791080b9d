use spotcheck_domain::{BlobHash, Entry};
use spotcheck_protocol::messages::Introduction;

use super::Place;
use super::office::{Author, Office, WS};
use crate::ledger::{Head, Ledger as _};

pub(super) async fn both_branches_are_kept_and_the_log_is_flagged(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    ada.find("one");
    let mut clone = ada.clone();
    ada.find("here");
    ada.find("here again");
    clone.find("there");
    assert!(!office.admit(ada.whole()).await.forked);
    assert!(!ledger.find_device(ada.log).await.unwrap().unwrap().forked);

    let second = office.admit(clone.run(2, 2)).await;
    let there = Head { seq: 2, link: clone.whole().end() };
    assert_eq!((second.forked, second.head), (true, Some(there)));
    assert!(ledger.find_device(ada.log).await.unwrap().unwrap().forked);
    let delivered = office.delivered(ada.scope).await;
    for op in ada.ops.iter().chain(&clone.ops) {
        assert!(delivered.values().any(|hash| *hash == op.hash), "{}", op.header_text);
    }
    assert_eq!(delivered.len(), 4, "and the op they share once");

    // Each branch is answered where it stands; who says nothing hears of the longest.
    assert_eq!(ledger.log_head(WS, ada.log, Some(there)).await.unwrap(), there);
    let here = Head { seq: 3, link: ada.whole().end() };
    assert_eq!(ledger.log_head(WS, ada.log, Some(here)).await.unwrap(), here);
    assert_eq!(ledger.log_head(WS, ada.log, None).await.unwrap(), here);
    // And either goes on.
    clone.find("there again");
    assert!(office.admit(clone.run(3, 3)).await.head.is_some());
}

/// With somebody else's run an op may come as its hash alone: then its author is asked for it.
pub(super) async fn a_hash_that_stands_for_an_op_is_no_op(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    ada.find("one");
    ada.find("two");
    let mut partly = ada.whole();
    partly.entries[0] = Entry::Withheld(ada.ops[0].hash);
    office.admit(partly).await;
    assert_eq!(office.delivered(ada.scope).await.len(), 1);
    assert_eq!(ledger.log_head(WS, ada.log, None).await.unwrap().seq, 0, "send all of it again");

    office.admit(ada.whole()).await;
    assert_eq!(office.delivered(ada.scope).await.len(), 2);
    assert_eq!(ledger.log_head(WS, ada.log, None).await.unwrap().seq, 2);
    assert!(!ledger.find_device(ada.log).await.unwrap().unwrap().forked);
}

/// The old key signed for both: somewhere there is a copy, and the lead sees it.
pub(super) async fn a_log_that_two_others_continue_is_flagged_and_they_are_not(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (ada, _) = office.two_teams().await;
    let next = [0xa2, 0xa3].map(|byte| Author::new(byte, ada.user, ada.scope));
    let flagged = async || {
        let standings = ledger.device_standings(WS, Some(&[ada.user]), None, 10).await.unwrap();
        standings.into_iter().filter(|one| one.forked).map(|one| one.log).collect::<Vec<_>>()
    };
    for (introduced, expected) in [(0, vec![]), (0, vec![]), (1, vec![ada.log])] {
        let key = BlobHash(next[introduced].key);
        let introduction = Introduction { old: ada.log, key, sig: [4; 64] };
        ledger.add_successor(&introduction).await.unwrap();
        assert_eq!(flagged().await, expected);
    }
}
