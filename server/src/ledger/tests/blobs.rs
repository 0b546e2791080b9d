use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, Op, OpData};
use spotcheck_protocol::messages::Introduction;

use super::Place;
use super::office::{Author, Office, WS};
use crate::ledger::Ledger;

const PHOTO: BlobRef = BlobRef { sha256: BlobHash([0xf0; 32]), bytes: 7 };
const OTHER: BlobRef = BlobRef { sha256: BlobHash([0xf1; 32]), bytes: 9 };

/// Writes a finding with a photo.
fn photograph(author: &mut Author, blob: BlobRef) -> Op {
    author.write("finding.raised", None, &OpData { blobs: vec![blob], ..OpData::default() })
}

async fn may_read<L: Ledger>(ledger: &L, who: &Author, blob: BlobRef) -> bool {
    let found = ledger.readable_blob(WS, blob.sha256, &[who.scope]).await.unwrap();
    assert!(found.is_none_or(|found| found == blob));
    found.is_some()
}

async fn is_held<L: Ledger>(ledger: &L, who: &Author, blob: BlobRef) -> bool {
    let held = ledger.held(WS, who.log, &[who.scope], &[blob.sha256]).await.unwrap();
    held == [blob.sha256]
}

pub(super) async fn an_op_opens_a_photo_to_its_scope_once_its_device_had_the_bytes(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, cy) = office.two_teams().await;
    photograph(&mut ada, PHOTO);
    office.admit(ada.run(1, 1)).await;
    assert!(!may_read(&ledger, &ada, PHOTO).await, "named, and not here");
    ledger.put_blob(WS, PHOTO, ada.log).await.unwrap();
    assert!(may_read(&ledger, &ada, PHOTO).await);
    assert!(!may_read(&ledger, &cy, PHOTO).await);

    // The other way round, and by a log that continues the one that uploaded.
    ledger.put_blob(WS, OTHER, ada.log).await.unwrap();
    assert!(!may_read(&ledger, &ada, OTHER).await, "here, and in no op");
    let mut next = Author::new(0xad, ada.user, ada.scope);
    let introduction = Introduction { old: ada.log, key: BlobHash(next.key), sig: [4; 64] };
    ledger.add_successor(&introduction).await.unwrap();
    photograph(&mut next, OTHER);
    office.admit(next.whole()).await;
    assert!(may_read(&ledger, &ada, OTHER).await);
}

pub(super) async fn whoever_never_had_the_bytes_opens_nothing(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (ada, mut cy) = office.two_teams().await;
    ledger.put_blob(WS, PHOTO, ada.log).await.unwrap();
    // Somebody heard of the hash.
    photograph(&mut cy, PHOTO);
    office.admit(cy.whole()).await;
    assert!(!may_read(&ledger, &cy, PHOTO).await);
    // What is in quarantine opens nothing, whoever had the bytes.
    let mut ada = ada;
    photograph(&mut ada, PHOTO);
    office.hold(ada.whole(), "out_of_scope").await;
    assert!(!may_read(&ledger, &ada, PHOTO).await);
}

pub(super) async fn a_photo_is_held_for_who_uploaded_or_reads_it_and_nobody_else(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    let ben = office.user("ben", "inspector").await;
    let mut ben = office.device(0xbe, ben, ada.scope).await;
    photograph(&mut ada, PHOTO);
    ledger.put_blob(WS, PHOTO, ada.log).await.unwrap();
    assert!(is_held(&ledger, &ada, PHOTO).await, "uploaded, whoever reads it");
    assert!(!is_held(&ledger, &ben, PHOTO).await && !is_held(&ledger, &cy, PHOTO).await);
    office.admit(ada.whole()).await;

    // The team may read it now: it has the bytes. The other team is not even told that it is there.
    assert!(is_held(&ledger, &ben, PHOTO).await);
    assert!(!is_held(&ledger, &cy, PHOTO).await);
    photograph(&mut cy, PHOTO);
    office.admit(cy.whole()).await;
    assert!(!is_held(&ledger, &cy, PHOTO).await && !may_read(&ledger, &cy, PHOTO).await);
    ledger.put_blob(WS, PHOTO, cy.log).await.unwrap();
    assert!(is_held(&ledger, &cy, PHOTO).await && may_read(&ledger, &cy, PHOTO).await);

    // Who was told that it need not be sent opens it where its ops go, as if it had sent it.
    let third = office.user("eve", "inspector").await;
    let (c, _) = office.team("C", &[(third, "inspector")]).await;
    ben.scope = c;
    photograph(&mut ben, PHOTO);
    office.admit(ben.whole()).await;
    assert!(may_read(&ledger, &ben, PHOTO).await);
    // As asked, and nothing that is not here.
    let asked = [OTHER.sha256, PHOTO.sha256];
    assert_eq!(ledger.held(WS, ada.log, &[], &asked).await.unwrap(), [PHOTO.sha256]);
}

pub(super) async fn a_photo_is_an_entry_of_the_history_once(place: &impl Place) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (ada, cy) = office.two_teams().await;
    let before = office.size().await;
    for log in [ada.log, ada.log, cy.log] {
        ledger.put_blob(WS, PHOTO, log).await.unwrap();
    }
    assert_eq!(office.size().await, before + 1);
}

pub(super) async fn what_is_named_and_not_here_is_awaited_of_who_named_it_first(
    place: &impl Place,
) {
    let ledger = place.open();
    let office = Office::open(&ledger).await;
    let (mut ada, mut cy) = office.two_teams().await;
    photograph(&mut ada, PHOTO);
    photograph(&mut ada, OTHER);
    office.admit(ada.whole()).await;
    photograph(&mut cy, PHOTO);
    office.admit(cy.whole()).await;
    let awaited = async |who: &Author| {
        let found = ledger.device_standings(WS, Some(&[who.user]), None, 10).await.unwrap();
        found[0].awaited
    };
    assert_eq!((awaited(&ada).await, awaited(&cy).await), ((2, 16), (0, 0)));
    ledger.put_blob(WS, PHOTO, cy.log).await.unwrap();
    assert_eq!(awaited(&ada).await, (1, 9));
}
