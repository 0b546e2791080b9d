use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, OpData};

use super::Place;
use super::office::{Office, WS};
use crate::ledger::{Ledger as _, Upload, Waiting};

fn upload(byte: u8, expires_ms: i64) -> Upload {
    Upload {
        id: format!("u{byte}"),
        ws: WS,
        log: LogId([3; 16]),
        sha256: BlobHash([byte; 32]),
        bytes: 5,
        capability: [byte; 32],
        expires_ms,
        created: false,
        done: false,
        metadata: None,
    }
}

pub(super) async fn an_upload_is_kept_until_it_is_forgotten(place: &impl Place) {
    let ledger = place.open();
    Office::open(&ledger).await;
    let one = upload(1, 1_000);
    ledger.add_upload(&one).await.unwrap();
    assert_eq!(ledger.find_upload([1; 32]).await.unwrap(), Some(one.clone()));
    assert_eq!(ledger.find_upload([2; 32]).await.unwrap(), None);
    ledger.create_upload("u1", Some("name eA==")).await.unwrap();
    let created = Upload { created: true, metadata: Some("name eA==".to_owned()), ..one };
    assert_eq!(ledger.find_upload([1; 32]).await.unwrap(), Some(created.clone()));
    ledger.finish_upload("u1").await.unwrap();
    let done = Upload { done: true, ..created };
    assert_eq!(ledger.find_upload([1; 32]).await.unwrap(), Some(done));
    assert!(ledger.knows_upload("u1").await.unwrap());
    ledger.forget_upload("u1").await.unwrap();
    assert!(!ledger.knows_upload("u1").await.unwrap());
    assert_eq!(ledger.find_upload([1; 32]).await.unwrap(), None);
}

pub(super) async fn uploads_end_in_the_order_of_their_time(place: &impl Place) {
    let ledger = place.open();
    Office::open(&ledger).await;
    for (byte, expires_ms) in [(1, 3_000), (2, 1_000), (3, 2_000)] {
        ledger.add_upload(&upload(byte, expires_ms)).await.unwrap();
    }
    assert_eq!(ledger.expired_uploads(2_000, 10).await.unwrap(), ["u2", "u3"]);
    assert_eq!(ledger.expired_uploads(9_000, 1).await.unwrap(), ["u2"]);
    assert!(ledger.expired_uploads(999, 10).await.unwrap().is_empty());
}

pub(super) async fn what_waits_is_counted_and_no_longer_once_it_is_done(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, _) = office.two_teams().await;
    assert_eq!(ledger.waiting().await.unwrap(), Waiting::default());
    let photo = BlobRef { sha256: BlobHash([0xf0; 32]), bytes: 7 };
    let data = OpData { blobs: vec![photo], ..OpData::default() };
    ada.write("finding.raised", None, &data);
    let mut clone = ada.clone();
    office.admit(ada.whole()).await;
    ada.find("here");
    clone.find("there");
    office.admit(ada.run(2, 2)).await;
    office.hold(clone.run(2, 2), "out_of_scope").await;
    ledger.add_upload(&upload(1, 1_000)).await.unwrap();
    let all = Waiting { quarantined: 1, forked: 1, awaited: 1, uploads: 1 };
    assert_eq!(ledger.waiting().await.unwrap(), all);
    ledger.put_blob(WS, photo, ada.log).await.unwrap();
    ledger.finish_upload("u1").await.unwrap();
    let left = Waiting { awaited: 0, uploads: 0, ..all };
    assert_eq!(ledger.waiting().await.unwrap(), left);
}

pub(super) async fn a_probe_leaves_nothing_behind(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    office.two_teams().await;
    let before = ledger.checkpoint(WS).await.unwrap();
    ledger.probe().await.unwrap();
    assert_eq!(ledger.checkpoint(WS).await.unwrap(), before);
    assert_eq!(ledger.list_workspaces().await.unwrap().len(), 1);
}
