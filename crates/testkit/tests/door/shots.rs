//! How a photo came to be: said by the host, kept in an op of its own, seen by all who see the photo.

use serde_json::{Value, json};

use crate::calls::{ask, photo, start, try_ask, world};

fn taken(sha256: &str, shot: Value) -> Value {
    json!({"call": "photo_taken", "sha256": sha256, "shot": shot})
}

#[test]
fn the_facts_of_a_photo_travel_with_it() {
    let mut world = world();
    let id = start(&mut world);
    let (gate, hall) = (photo(&mut world, 0, b"the gate"), photo(&mut world, 0, b"the hall"));
    let here = json!({"lat": "22.5431000", "lon": "113.9297000", "accuracy_m": 12});
    let at = "2021-06-24T01:30:00.000Z";
    ask(&mut world, 0, taken(&gate, json!({"origin": "captured", "taken_at": at})));
    // The place is known a moment later.
    let placed = json!({"origin": "captured", "taken_at": at, "position": here});
    ask(&mut world, 0, taken(&gate, placed.clone()));
    ask(&mut world, 0, taken(&hall, json!({"origin": "imported"})));
    let answer = json!({"call": "answer", "id": id, "path": "CCS-10", "answer": {"result": "fail"}, "photos": [gate]});
    ask(&mut world, 0, answer);
    let finding = json!({"note": "见照片", "photos": [hall]});
    ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    world.sync_cleanly(0).unwrap();
    for device in [0, 1] {
        world.sync_cleanly(device).unwrap();
        let shot = |world: &mut _, sha256: &str| {
            ask(world, device, json!({"call": "photo", "sha256": sha256}))["shot"].take()
        };
        assert_eq!(shot(&mut world, &gate), placed);
        assert_eq!(shot(&mut world, &hall), json!({"origin": "imported"}));
    }
    assert_eq!(ask(&mut world, 0, json!({"call": "today"}))["loose"], json!([]), "none waits");
}

#[test]
fn a_photo_taken_first_keeps_its_facts() {
    let mut world = world();
    let shot = photo(&mut world, 0, b"first the photo");
    let captured = json!({"origin": "captured"});
    ask(&mut world, 0, taken(&shot, captured.clone()));
    ask(&mut world, 0, json!({"call": "keep_loose", "sha256": shot}));
    let id = start(&mut world);
    let finding = json!({"note": "门口无人", "photos": [shot]});
    ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    assert_eq!(ask(&mut world, 0, json!({"call": "photo", "sha256": shot}))["shot"], captured);
}

#[test]
fn a_photo_that_two_people_name_does_not_contradict_itself() {
    let mut world = world();
    let id = start(&mut world);
    world.sync_cleanly(0).unwrap();
    world.sync_cleanly(1).unwrap();
    for (device, origin) in [(0, "captured"), (1, "imported")] {
        let shot = photo(&mut world, device, b"handed on");
        ask(&mut world, device, taken(&shot, json!({"origin": origin})));
        let answer = json!({"call": "answer", "id": id, "path": "CCS-10", "answer": {"result": "fail"}, "photos": [shot]});
        ask(&mut world, device, answer);
    }
    for device in [0, 1, 0] {
        world.sync_cleanly(device).unwrap();
    }
    assert_eq!(world.devices[0].app().contradictions(None, None).unwrap().len(), 0);
}

#[test]
fn facts_that_make_no_sense_are_refused_by_name() {
    let mut world = world();
    let shot = photo(&mut world, 0, b"a photo");
    for (facts, names) in [
        (json!({"origin": "found"}), "origin"),
        (json!({"origin": "captured", "taken_at": "yesterday"}), "taken_at"),
        (
            json!({"origin": "captured", "position": {"lat": "91", "lon": "0", "accuracy_m": 1}}),
            "lat",
        ),
        (
            json!({"origin": "captured", "position": {"lat": "1", "lon": "NaN", "accuracy_m": 1}}),
            "lon",
        ),
    ] {
        let refused = try_ask(&mut world, 0, &taken(&shot, facts)).unwrap_err();
        assert!(refused.contains(names) || refused.contains("variant"), "{names}: {refused}");
    }
}
