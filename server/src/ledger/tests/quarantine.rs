use spotcheck_domain::{OpData, OpId, Value};
use spotcheck_protocol::directory::QUARANTINE_RELEASED;
use spotcheck_protocol::messages::Introduction;

use super::Place;
use super::office::{Author, Office, WS, hashes, set};
use crate::ledger::Ledger;

async fn release<L: Ledger>(office: &Office<'_, L>, ops: &[OpId]) {
    let ids = ops.iter().map(|op| op.to_string().into()).collect();
    office.say(QUARANTINE_RELEASED, None, &set(&[("ops", Value::List(ids))])).await;
}

pub(super) async fn what_is_not_admitted_is_kept_listed_and_delivered_to_nobody(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let (first, second) = (ada.find("one"), ada.find("two"));
    let before = office.size().await;
    let held = office.hold(ada.run(1, 1), "out_of_scope").await;
    office.hold(ada.run(2, 2), "too_large").await;

    assert_eq!(
        held.head.map(|head| head.seq),
        Some(1),
        "it is here, and its author need not send it"
    );
    assert!(office.delivered(ada.scope).await.is_empty());
    assert_eq!(office.size().await, before + 2, "what a receipt speaks of is in the history");
    // The latest first, as far as a receipt goes.
    let codes = ledger.quarantined(WS, ada.log, 10).await.unwrap();
    let told = |op: &spotcheck_domain::Op, code: &str| (op.hash.id(), code.to_owned());
    assert_eq!(codes, [told(&second, "too_large"), told(&first, "out_of_scope")]);
    assert_eq!(ledger.quarantined(WS, ada.log, 1).await.unwrap(), codes[..1]);
    let listed = ledger.list_quarantine(WS, 10).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|one| (one.op.hash, one.code.as_str())).collect();
    assert_eq!(listed, [(first.hash, "out_of_scope"), (second.hash, "too_large")]);
    // Where it would be, for what names it; and that it is not to be seen.
    let home = ledger.record_home(WS, first.record()).await.unwrap();
    assert_eq!(home, Some((ada.scope, false)));
    // Sent again with a better verdict, it stays: only a release lets it out.
    office.admit(ada.run(1, 1)).await;
    assert!(office.delivered(ada.scope).await.is_empty());
}

pub(super) async fn a_release_delivers_once_whenever_it_comes(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let (first, second) = (ada.find("one"), ada.find("two"));
    office.hold(ada.run(1, 1), "out_of_scope").await;
    // The first is here, the second will be.
    for _ in 0..2 {
        release(&office, &[first.hash.id(), second.hash.id()]).await;
    }
    assert!(ledger.is_released(WS, second.hash.id()).await.unwrap());
    assert_eq!(hashes(&office.delivered(ada.scope).await), [first.hash]);
    office.hold(ada.run(2, 2), "out_of_scope").await;
    office.hold(ada.run(2, 2), "out_of_scope").await;
    assert_eq!(hashes(&office.delivered(ada.scope).await), [first.hash, second.hash]);
    assert!(ledger.quarantined(WS, ada.log, 10).await.unwrap().is_empty());
    assert_eq!(ledger.record_home(WS, first.record()).await.unwrap(), Some((ada.scope, true)));
}

pub(super) async fn what_a_revoked_device_leaves_is_counted_over_all_its_logs(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    let mut next = Author::new(0xad, ada.user, ada.scope);
    let introduction =
        Introduction { old: ada.log, key: spotcheck_domain::BlobHash(next.key), sig: [4; 64] };
    ledger.add_successor(&introduction).await.unwrap();
    let ops = [ada.find("one"), next.find("two"), cy.find("three")];
    office.hold(ada.whole(), "device_revoked").await;
    office.hold(next.whole(), "device_revoked").await;
    office.hold(cy.whole(), "device_revoked").await;
    next.find("four");
    office.hold(next.run(2, 2), "out_of_scope").await;

    let bytes: usize =
        ops[..2].iter().map(|op| op.header_text.len() + op.body.as_ref().unwrap().text.len()).sum();
    let expected = (2, bytes as u64);
    assert_eq!(ledger.revoked_quarantine(WS, ada.log).await.unwrap(), expected);
    assert_eq!(ledger.revoked_quarantine(WS, next.log).await.unwrap(), expected);
}

pub(super) async fn what_belongs_to_a_record_is_found_with_it(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    let visit = ada.find("visit");
    let child = OpData { parent: Some(visit.record()), ..OpData::default() };
    let finding = ada.write("finding.raised", None, &child);
    let later = ada.write("finding.mended", Some(finding.record()), &OpData::default());
    ada.find("something else");
    office.hold(ada.whole(), "out_of_scope").await;
    let mut found = ledger.quarantine_of(WS, visit.record(), 100).await.unwrap();
    found.sort();
    let mut expected = [visit.hash.id(), finding.hash.id(), later.hash.id()];
    expected.sort();
    assert_eq!(found, expected);
}
