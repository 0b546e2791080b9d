//! A photo is sent when those who may read its finding can see it, and not because somebody has the
//! same bytes.

use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{PushReply, PushRequest, Reply};
use spotcheck_protocol::receipt::Receipt;
use spotcheck_protocol::{PROTOCOL, frame, reply};
use spotcheck_server::ledger::Ledger as _;

use super::*;

const FINDING: &str = r#","findings":[{"note":"no log","severity":"major","photos":["door"]}]"#;

/// Whether a user may read the photo that all of this is about.
fn reads(world: &World, user: &str) -> bool {
    let (ledger, ws) = (world.server.service().ledger(), world.server.ws);
    pollster::block_on(async {
        let user = ledger.find_user(ws, world.server.user(user)).await.unwrap().unwrap();
        ledger.readable_blob(ws, BlobHash::of(b"door"), &user.reads).await.unwrap().is_some()
    })
}

/// Whether a device shows the photo as sent.
fn is_sent(world: &mut World, device: usize) -> bool {
    let state = world.devices[device].app().store().find_blob(BlobHash::of(b"door"));
    state.unwrap().unwrap().held
}

#[test]
fn a_photo_that_another_team_sent_is_sent_again_and_read_in_both() {
    // The lead, who reads both teams, is not here: what is shut to one team must not look open.
    let mut world = world(&["ada", "cy"]);
    inspect(&mut world, 0, FINDING);
    sync(&mut world, 0);
    assert!(reads(&world, "ada") && !reads(&world, "cy"));

    inspect(&mut world, 1, FINDING);
    let report = sync(&mut world, 1);
    assert!(reads(&world, "cy"), "shown as sent, and shut to the team for good");
    assert_eq!(report.photo_bytes_sent, 4);
    assert!(is_sent(&mut world, 1));
}

#[test]
fn who_may_read_a_photo_need_not_send_it_and_may_open_it_to_others() {
    let mut world = world(&["ada", "ben", "lead"]);
    inspect(&mut world, 0, FINDING);
    sync(&mut world, 0);
    let bens = inspect(&mut world, 1, FINDING);
    let report = sync(&mut world, 1);
    assert_eq!(report.photo_bytes_sent, 0, "the team has it");
    assert!(is_sent(&mut world, 1));

    // Ada's finding stays in the team; Ben's is shared, with the photo he never sent.
    sync(&mut world, 2);
    world.devices[2].act(|app| app.share(bens, "B")).unwrap();
    sync(&mut world, 2);
    assert!(reads(&world, "cy"));
}

#[test]
fn whether_others_have_a_photo_is_told_to_nobody_who_may_not_read_it() {
    let mut world = world(&["ada", "cy"]);
    inspect(&mut world, 0, FINDING);
    sync(&mut world, 0);
    assert_eq!(held(&world, 0), [BlobHash::of(b"door")]);
    assert!(held(&world, 1).is_empty());
}

#[test]
fn a_revoked_device_learns_of_its_own_photos_only() {
    let mut world = world(&["ada", "ben"]);
    inspect(&mut world, 0, FINDING);
    sync(&mut world, 0);
    for device in [0, 1] {
        let log = world.key_of(device).log();
        world.server.revoke(log);
    }
    assert_eq!(held(&world, 0), [BlobHash::of(b"door")]);
    assert!(held(&world, 1).is_empty(), "its user's team has it, and the device is out");
}

/// What a receipt says of the photo to a device that only asks.
fn held(world: &World, device: usize) -> Vec<BlobHash> {
    let logs = vec![(world.key_of(device).log(), 0, spotcheck_domain::OpHash([0; 32]))];
    let (p, ask) = (PROTOCOL, vec![BlobHash::of(b"door")]);
    let body = PushRequest { p, seen: None, introductions: vec![], runs: vec![], logs, ask };
    let body = frame::compress(&serde_json::to_vec(&body).unwrap());
    let (request, nonce) = world.signed_post(device, path::PUSH, body);
    let key = world.server.service().public_key();
    let answer = reply::open(world.handle(&request).body(), &nonce, &key).unwrap().reply;
    let Reply::Push(PushReply { receipts, .. }) = answer else { panic!("{answer:?}") };
    let receipt: Receipt = serde_json::from_str(&receipts[0].body).unwrap();
    receipt.blobs
}
