//! A draft goes on by a newer version of its checklist when somebody asks for it, and loses nothing.

use serde_json::{Value, json};
use spotcheck_testkit::world::World;

use crate::calls::{ask, try_ask};
use crate::desk::{ADA, BEN, DAY, LEAD, day, settle};

/// A later version of CCS that asks X-1 where it asked GEN-02.
fn publish(world: &mut World, version: &str) {
    let shipped = spotcheck_checklists::shipped();
    let shipped = shipped.iter().find(|known| known.code == "CCS").unwrap();
    let mut list: Value = serde_json::from_slice(shipped.bytes).unwrap();
    list["version"] = json!(version);
    let items = list["items"].as_array_mut().unwrap();
    let replaced = items.iter_mut().find(|item| item["code"] == "GEN-02").unwrap();
    replaced["code"] = json!("X-1");
    let bytes = serde_json::to_vec(&list).unwrap();
    world.devices[LEAD].act(|app| app.publish(&bytes)).unwrap();
}

fn begin(world: &mut World) -> String {
    let head = json!({"checklist": "CCS", "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"],
        "place": {"none": "no signal"}});
    let id = ask(world, ADA, json!({"call": "start_check", "head": head}));
    let id = id.as_str().unwrap().to_owned();
    let answer =
        json!({"call": "answer", "id": id, "path": "GEN-02", "answer": {"result": "pass"}});
    ask(world, ADA, answer);
    id
}

fn look(world: &mut World, device: usize, id: &str) -> Value {
    ask(world, device, json!({"call": "check", "id": id}))
}

#[test]
fn a_draft_moves_when_asked_and_what_was_answered_before_stays_in_view() {
    let (mut world, _) = day();
    let id = begin(&mut world);
    assert_eq!(look(&mut world, ADA, &id)["newer"], Value::Null);
    let early = json!({"call": "move_to_newest", "id": id});
    assert!(try_ask(&mut world, ADA, &early).unwrap_err().contains("no newer version"));
    publish(&mut world, "2");
    settle(&mut world);
    settle(&mut world);
    let before = look(&mut world, ADA, &id);
    let newer = json!({"version": "2", "added": ["X-1"], "gone": ["GEN-02"], "answered": 1});
    assert_eq!(before["newer"], newer);
    assert!(!before["sections"].to_string().contains("\"X-1\""), "nothing moves by itself");
    let moved = ask(&mut world, ADA, json!({"call": "move_to_newest", "id": id}));
    settle(&mut world);
    for device in [ADA, BEN] {
        let after = look(&mut world, device, &id);
        assert!(after["sections"].to_string().contains("\"X-1\""));
        assert_eq!((&after["newer"], &after["old"][0]["path"]), (&Value::Null, &json!("GEN-02")));
        assert_eq!(after["old"][0]["value"], json!({"result": "pass"}));
        assert_eq!(after["old"][0]["item"]["code"], "GEN-02", "in the words it was asked in");
    }
    // It is an act like any other: taken back, the check is what it was.
    ask(&mut world, ADA, json!({"call": "undo", "op": moved}));
    assert_eq!(look(&mut world, ADA, &id)["newer"], newer);
    assert_eq!(look(&mut world, ADA, &id)["old"], json!([]));
    ask(&mut world, ADA, json!({"call": "complete", "id": id}));
    assert_eq!(look(&mut world, ADA, &id)["newer"], Value::Null, "it is a draft no more");
    assert!(try_ask(&mut world, ADA, &json!({"call": "move_to_newest", "id": id})).is_err());
}

#[test]
fn two_who_move_a_check_at_once_meet_at_the_newer_version() {
    let (mut world, _) = day();
    let id = begin(&mut world);
    publish(&mut world, "2");
    settle(&mut world);
    settle(&mut world);
    publish(&mut world, "3");
    for device in [LEAD, BEN, BEN] {
        world.sync_cleanly(device).unwrap();
    }
    let version = |world: &mut World, device: usize| {
        ask(world, device, json!({"call": "move_to_newest", "id": id}));
        look(world, device, &id)["newer"].clone()
    };
    assert_eq!((version(&mut world, ADA), version(&mut world, BEN)), (Value::Null, Value::Null));
    settle(&mut world);
    settle(&mut world);
    for device in [ADA, BEN, LEAD] {
        let view = look(&mut world, device, &id);
        assert_eq!(view["newer"], Value::Null, "{device} is at version 3");
        assert!(view["sections"].to_string().contains("\"X-1\""), "{device}");
    }
}
