use spotcheck_domain::{BlobHash, OpHash};
use spotcheck_protocol::messages::RangeDigest;

use super::Place;
use super::office::{Office, WS, positions};
use crate::ledger::Ledger as _;

fn range(after: u64, through: u64, ops: &[OpHash]) -> RangeDigest {
    let mut xor = [0; 32];
    for op in ops {
        xor.iter_mut().zip(&op.0).for_each(|(mine, theirs)| *mine ^= theirs);
    }
    RangeDigest { after, through, count: ops.len() as u64, xor: BlobHash(xor) }
}

pub(super) async fn a_range_comes_back_where_the_reader_counted_something_else(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    let before = office.size().await;
    let ops: Vec<OpHash> = (1..=4).map(|n| ada.find(&n.to_string()).hash).collect();
    office.admit(ada.whole()).await;
    cy.find("between");
    office.admit(cy.whole()).await;
    let (middle, end) = (before + 2, office.size().await);

    let same = [range(before, middle, &ops[..2]), range(middle, end, &ops[2..])];
    assert!(ledger.compare(WS, ada.scope, &same, 1 << 20).await.unwrap().is_empty());
    // One op too few, one of another, and a range in which nothing was delivered.
    for wrong in [&ops[2..3], &[ops[2], ops[0]]] {
        let asked = [same[0], range(middle, end, wrong)];
        let differing = ledger.compare(WS, ada.scope, &asked, 1 << 20).await.unwrap();
        let [one] = &differing[..] else { panic!("{differing:?}") };
        assert_eq!((one.after, one.through), (middle, end));
        let found = positions(one.parts.as_ref().unwrap());
        assert_eq!(found, [(middle + 1, ops[2]), (middle + 2, ops[3])]);
    }
    let nothing = [range(0, before, &ops[..1])];
    let differing = ledger.compare(WS, ada.scope, &nothing, 1 << 20).await.unwrap();
    assert_eq!(differing[0].parts.as_ref().map(Vec::len), Some(0), "then the range held just this");
}

pub(super) async fn what_is_too_much_is_named_and_one_op_always_fits(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let before = office.size().await;
    (1..=3).for_each(|n| drop(ada.find(&"x".repeat(1000 * n))));
    office.admit(ada.whole()).await;
    let all = [range(before, before + 3, &[])];
    let differing = ledger.compare(WS, ada.scope, &all, 100).await.unwrap();
    assert!(differing.len() == 1 && differing[0].parts.is_none(), "{differing:?}");
    // As far as the reply goes: the first is given, the other is for another time.
    let two = [range(before, before + 1, &[]), range(before + 1, before + 3, &[])];
    let differing = ledger.compare(WS, ada.scope, &two, 2500).await.unwrap();
    let given: Vec<bool> = differing.iter().map(|one| one.parts.is_some()).collect();
    assert_eq!(given, [true, false]);
    // The op alone would fit, and its proof beside it does not: it is given all the same.
    let one = ledger.compare(WS, ada.scope, &two[..1], 1200).await.unwrap();
    assert_eq!(positions(one[0].parts.as_ref().unwrap()), [(before + 1, ada.ops[0].hash)]);
}
