//! Photos that others took: a lead's device has them by itself, an inspector's when they are opened.

use serde_json::{Value, json};
use spotcheck_domain::BlobHash;
use spotcheck_server::blobs::Blobs as _;
use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

use crate::calls::{ask, photo, try_ask};

const ADA: usize = 0;
const BEN: usize = 1;
const LEAD: usize = 2;
const TEN_MINUTES_MS: i64 = 600_000;

/// Ada's check with a photo of more than two pieces; the photo and its bytes.
fn world() -> (World, String, Vec<u8>) {
    let mut world = World::new(9, Profile::Device);
    for user in ["ada", "ben", "lead"] {
        world.add_device(user, 0);
    }
    for device in [BEN, LEAD] {
        world.sync_cleanly(device).unwrap();
    }
    let head =
        json!({"checklist": "CCS", "site": "CS-1", "day": "2021-06-24", "inspectors": ["ada"]});
    let id = ask(&mut world, ADA, json!({"call": "start_check", "head": head}));
    let bytes: Vec<u8> = (0..1_500_000_u32).map(|n| (n % 251) as u8).collect();
    let shot = photo(&mut world, ADA, &bytes);
    let answer = json!({"call": "answer", "id": id, "path": "CCS-10", "answer": {"result": "fail"}, "photos": [shot]});
    ask(&mut world, ADA, answer);
    (world, shot, bytes)
}

fn facts(world: &mut World, device: usize, shot: &str) -> Value {
    ask(world, device, json!({"call": "photo", "sha256": shot}))
}

#[test]
fn a_leads_device_fetches_them_and_shows_who_took_them() {
    let (mut world, shot, bytes) = world();
    // The words arrive before the photo does.
    world.sync_metered(ADA, 0).unwrap();
    let report = world.sync_cleanly(LEAD).unwrap();
    assert_eq!((report.photos_received, &report.pause, report.unfetched.len()), (0, &None, 0));
    let known = facts(&mut world, LEAD, &shot);
    assert_eq!((&known["here"], &known["bytes"]), (&json!(false), &json!(1_500_000)));
    assert_eq!(known["by"]["code"], "ada", "{known}");

    world.sync_cleanly(ADA).unwrap();
    assert_eq!(world.sync_cleanly(LEAD).unwrap().photos_received, 0, "it was asked a moment ago");
    world.clock.set(world.clock.get() + TEN_MINUTES_MS);
    let report = world.sync_cleanly(LEAD).unwrap();
    assert_eq!((report.photos_received, report.photo_bytes_received), (1, 1_500_000));
    assert_eq!(facts(&mut world, LEAD, &shot)["here"], true);
    let hash: BlobHash = shot.parse().unwrap();
    assert_eq!(world.devices[LEAD].app().read_photo(hash, 0, 2_000_000).unwrap(), bytes);
    assert_eq!(world.sync_cleanly(LEAD).unwrap().requests, 1, "there is nothing more to fetch");
}

#[test]
fn over_a_metered_network_photos_go_that_fit_and_one_that_was_begun_goes_on() {
    let (mut world, shot, bytes) = world();
    assert_eq!(world.sync_metered(ADA, 0).unwrap().photo_bytes_sent, 0);
    // Begun over and over it would never arrive.
    assert_eq!(world.sync_metered(ADA, 1_400_000).unwrap().photo_bytes_sent, 0);
    let begun = world.sync_cut(ADA, 7).unwrap().photo_bytes_sent;
    assert!((1..1_500_000).contains(&begun), "{begun}");
    let on = world.sync_metered(ADA, 100_000).unwrap().photo_bytes_sent;
    assert_eq!(on, 100_000, "no more than was said");
    let left = world.devices[ADA].app().status().unwrap();
    assert_eq!((left.ops_waiting, left.photos_waiting.0), (0, 1));
    let rest = world.sync_cleanly(ADA).unwrap().photo_bytes_sent;
    assert_eq!(begun + on + rest, 1_500_000, "nothing is sent twice");
    let (blobs, ws) = (&world.server.blobs, world.server.ws);
    let hash: BlobHash = shot.parse().unwrap();
    let held = pollster::block_on(blobs.read(ws, hash, 0, usize::MAX)).unwrap();
    assert_eq!(held, bytes);
}

#[test]
fn an_inspectors_device_fetches_what_was_opened_at_once_even_on_a_metered_network() {
    let (mut world, shot, _) = world();
    world.sync_cleanly(ADA).unwrap();
    assert_eq!(world.sync_cleanly(BEN).unwrap().photos_received, 0);
    assert_eq!(facts(&mut world, BEN, &shot)["here"], false);
    let call = json!({"call": "ask_photo", "sha256": shot});
    assert_eq!(ask(&mut world, BEN, call.clone()), true);
    assert_eq!(ask(&mut world, BEN, call.clone()), false, "it is wanted already");
    let report = world.sync_metered(BEN, 0).unwrap();
    assert_eq!(report.photos_received, 1);
    assert_eq!(ask(&mut world, BEN, call), false, "it is here");
    let unknown = json!({"call": "ask_photo", "sha256": "00".repeat(32)});
    assert_eq!(ask(&mut world, BEN, unknown), false);
    let wrong = try_ask(&mut world, BEN, &json!({"call": "ask_photo", "sha256": "x"}));
    assert!(wrong.unwrap_err().contains("sha256"));
}

#[test]
fn a_fetch_that_was_cut_goes_on_where_it_was_also_after_a_restart() {
    let (mut world, shot, bytes) = world();
    world.sync_cleanly(ADA).unwrap();
    // The pull, and two pieces.
    let report = world.sync_cut(LEAD, 3).unwrap();
    let held = report.photo_bytes_received;
    assert!(report.photos_received == 0 && held > 0 && held < 1_500_000, "{report:?}");
    assert_eq!(facts(&mut world, LEAD, &shot)["here"], false);
    world.devices[LEAD].stop();
    world.devices[LEAD].start();
    let report = world.sync_cleanly(LEAD).unwrap();
    assert_eq!((report.photos_received, report.photo_bytes_received), (1, 1_500_000 - held));
    let hash: BlobHash = shot.parse().unwrap();
    assert_eq!(world.devices[LEAD].app().read_photo(hash, 0, 2_000_000).unwrap(), bytes);
}
