//! A check from its start to its signature, only through the door.

use serde_json::{Value, json};
use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

pub(crate) fn world() -> World {
    let mut world = World::new(12, Profile::Device);
    world.add_device("ada", 0);
    world.add_device("ben", 0);
    world
}

/// Asks a device; the answer's value. Its name must be the call's.
#[track_caller]
pub(crate) fn ask(world: &mut World, device: usize, call: Value) -> Value {
    let outcome = try_ask(world, device, &call).unwrap();
    assert_eq!(outcome["is"], call["call"]);
    outcome["value"].clone()
}

pub(crate) fn try_ask(world: &mut World, device: usize, call: &Value) -> Result<Value, String> {
    let asked = world.devices[device].app().dispatch(&call.to_string());
    asked.map(|text| serde_json::from_str(&text).unwrap()).map_err(|e| e.to_string())
}

pub(crate) fn photo(world: &mut World, device: usize, bytes: &[u8]) -> String {
    world.devices[device].app().take_photo(&mut &bytes[..]).unwrap().sha256.to_string()
}

pub(crate) fn start(world: &mut World) -> String {
    let head = json!({"checklist": "CCS", "site": "CS-1", "day": "2021-06-24", "inspectors": ["ada", "ben"]});
    ask(world, 0, json!({"call": "start_check", "head": head})).as_str().unwrap().to_owned()
}

fn item<'a>(check: &'a Value, code: &str) -> &'a Value {
    let sections = check["sections"].as_array().unwrap();
    let mut items = sections.iter().flat_map(|section| section["items"].as_array().unwrap());
    items.find(|item| item["item"]["code"] == code).unwrap()
}

#[test]
fn a_check_is_walked_from_start_to_signature() {
    let mut world = world();
    let id = start(&mut world);
    let today = ask(&mut world, 0, json!({"call": "today"}));
    assert_eq!(today["drafts"][0]["id"], id.as_str());
    let room = ask(
        &mut world,
        0,
        json!({"call": "add_instance", "id": id, "repeat": "room", "label": "1号库"}),
    );
    let path = format!("room/{}/CCS-03", room.as_str().unwrap());
    let answer = json!({"call": "answer", "id": id, "path": path, "answer": {"value": "-14.5", "unit": "°C"}});
    let answered = ask(&mut world, 0, answer);
    assert_eq!(answered["values"][0]["judgement"]["verdict"], "fail");
    assert_eq!(answered["values"][0]["judgement"]["severity"], "critical");
    assert_eq!(answered["asks"], json!(["note", "severity", "photo"]));
    let shot = photo(&mut world, 0, b"the thermometer");
    let finding = json!({"item": path, "note": "温度过高", "photos": [shot]});
    let finding = ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    assert_eq!(finding["severity"], "major");
    let fixed = json!({"note": "调低温度", "photos": []});
    let fixed =
        ask(&mut world, 0, json!({"call": "fix", "finding": finding["id"], "fixed": fixed}));
    assert_eq!(fixed["fixed"][0], "调低温度");
    let check = ask(&mut world, 0, json!({"call": "check", "id": id}));
    assert_eq!(item(&check, "CCS-03")["answers"][0]["asks"], json!([]));
    assert_eq!(item(&check, "CCS-03")["limit"]["units"][0]["text"], "<= -18.0 °C");
    assert_eq!(check["sections"].as_array().unwrap().last().unwrap()["key"], "common");
    let drawn = photo(&mut world, 0, b"a signature");
    let signature = json!({"role": "inspector", "name": "Ada", "drawn": drawn});
    ask(&mut world, 0, json!({"call": "sign", "id": id, "signature": signature}));
    let site = json!({"role": "site", "name": "Mr Li"});
    ask(&mut world, 0, json!({"call": "sign", "id": id, "signature": site}));
    let missing = ask(&mut world, 0, json!({"call": "complete", "id": id}));
    assert!(missing.as_array().unwrap().iter().any(|code| code == "GEN-01"));
    let today = ask(&mut world, 0, json!({"call": "today"}));
    assert_eq!(
        (today["drafts"].as_array().unwrap().len(), &today["done"][0]["id"]),
        (0, &json!(id))
    );
    assert_eq!(today["done"][0]["sent"]["state"], "here");
    // The other's signature and completing came after; that is no change of what was signed over.
    let after = |world: &mut World| -> Vec<bool> {
        let check = ask(world, 0, json!({"call": "check", "id": id}));
        let signatures = check["signatures"].as_array().unwrap().clone();
        signatures.iter().map(|it| it["after"] == true).collect()
    };
    assert_eq!(after(&mut world), [false, false]);
    for _ in 0..3 {
        world.sync_cleanly(0).unwrap();
    }
    let today = ask(&mut world, 0, json!({"call": "today"}));
    assert_eq!(today["done"][0]["sent"]["state"], "sent");
    world.sync_cleanly(1).unwrap();
    let seen = ask(&mut world, 1, json!({"call": "check", "id": id}));
    assert_eq!(seen["findings"][0]["note"], "温度过高");
    assert_eq!(
        seen["sections"].as_array().unwrap().len(),
        check["sections"].as_array().unwrap().len()
    );
    let late = json!({"call": "answer", "id": id, "path": "GEN-02", "answer": {"result": "pass"}});
    ask(&mut world, 0, late);
    assert_eq!(after(&mut world), [true, true]);
}

#[test]
fn every_inspector_signs_for_themselves_and_may_sign_anew() {
    let mut world = world();
    let id = start(&mut world);
    let sign = |world: &mut World, who: Value, name: &str| {
        let drawn = photo(world, 0, name.as_bytes());
        let mut signature = json!({"role": "inspector", "name": name, "drawn": drawn});
        if !who.is_null() {
            signature["who"] = who;
        }
        ask(world, 0, json!({"call": "sign", "id": id, "signature": signature}));
    };
    // As an older version recorded it, and two who are named, one of them without a code.
    for (who, name) in [(json!(null), "Ada"), (json!("ada"), "Ada"), (json!("蔡示例"), "Cai")] {
        sign(&mut world, who, name);
    }
    let signed = |world: &mut World| -> Vec<Value> {
        let check = ask(world, 0, json!({"call": "check", "id": id}));
        check["signatures"].as_array().unwrap().clone()
    };
    let mut who: Vec<Value> = signed(&mut world).iter().map(|it| it["who"].clone()).collect();
    who.sort_by_key(Value::to_string);
    assert_eq!(who, [json!("ada"), json!("蔡示例"), json!(null)]);
    assert!(
        signed(&mut world).iter().all(|it| it["after"] == false),
        "nobody's makes another's old"
    );
    sign(&mut world, json!("ada"), "Ada again");
    let now = signed(&mut world);
    assert_eq!(now.len(), 3, "one for each");
    let again = now.iter().find(|it| it["who"] == "ada").unwrap();
    assert_eq!(again["name"], "Ada again");
    let history = ask(&mut world, 0, json!({"call": "history", "id": id, "path": again["path"]}));
    assert_eq!(history[1]["value"]["name"], "Ada", "the earlier one is not gone");
}

#[test]
fn what_the_site_record_needs_is_said_at_the_end_and_corrected() {
    let mut world = world();
    let id = start(&mut world);
    let say = |world: &mut World, said: Value| {
        try_ask(world, 0, &json!({"call": "describe", "id": id, "particulars": said}))
    };
    say(&mut world, json!({"in_charge": "李经理", "handling": "限期三日整改"})).unwrap();
    say(&mut world, json!({"left_at": "2021-06-24T11:30:00+08:00", "badges": {"ada": "0755-12"}}))
        .unwrap();
    say(&mut world, json!({"handling": ""})).unwrap();
    let check = ask(&mut world, 0, json!({"call": "check", "id": id}));
    let expected = json!({"in_charge": "李经理", "left_at": "2021-06-24T11:30:00+08:00", "badges": {"ada": "0755-12"}});
    assert_eq!(check["particulars"], expected);
    let before = ask(&mut world, 0, json!({"call": "history", "id": id, "path": "handling"}));
    assert_eq!(before[1]["value"], "限期三日整改");
    assert!(
        say(&mut world, json!({"left_at": "half past eleven"})).unwrap_err().contains("left_at")
    );
    // Said once more, or nothing where nothing was: no op of it.
    let waiting = ask(&mut world, 0, json!({"call": "status"}))["ops_waiting"].clone();
    say(&mut world, json!({"in_charge": "李经理", "address": ""})).unwrap();
    assert_eq!(
        ask(&mut world, 0, json!({"call": "status"}))["ops_waiting"],
        waiting,
        "said before"
    );
}

#[test]
fn an_answer_is_corrected_undone_and_remembered() {
    let mut world = world();
    let id = start(&mut world);
    let say = |count: u32| json!({"call": "answer", "id": id, "path": "GEN-01", "answer": {"count": count}});
    ask(&mut world, 0, say(1));
    let second = ask(&mut world, 0, say(2));
    assert_eq!(second["values"].as_array().unwrap().len(), 1);
    ask(&mut world, 0, json!({"call": "undo", "op": second["values"][0]["op"]}));
    let check = ask(&mut world, 0, json!({"call": "check", "id": id}));
    assert_eq!(item(&check, "GEN-01")["answers"][0]["values"][0]["value"]["count"], 1);
    let history = ask(&mut world, 0, json!({"call": "history", "id": id, "path": "GEN-01"}));
    assert_eq!(history.as_array().unwrap().len(), 3);
    assert_eq!(history[2]["current"], true);
    ask(&mut world, 0, json!({"call": "remember", "key": "at", "value": "GEN-01"}));
    assert_eq!(ask(&mut world, 0, json!({"call": "recall", "key": "at"})), "GEN-01");
}

#[test]
fn what_a_screen_has_begun_is_found_again_by_its_beginning_and_forgotten_when_empty() {
    let mut world = world();
    for (key, value) in
        [("draft.1.note", "half a wo"), ("draft.1.pad", "-18"), ("draft.12.note", "x")]
    {
        ask(&mut world, 0, json!({"call": "remember", "key": key, "value": value}));
    }
    let under =
        |world: &mut World| ask(world, 0, json!({"call": "recall_under", "prefix": "draft.1."}));
    assert_eq!(under(&mut world), json!({"draft.1.note": "half a wo", "draft.1.pad": "-18"}));
    ask(&mut world, 0, json!({"call": "remember", "key": "draft.1.pad", "value": ""}));
    assert_eq!(under(&mut world), json!({"draft.1.note": "half a wo"}));
    assert_eq!(ask(&mut world, 0, json!({"call": "recall", "key": "draft.1.pad"})), json!(null));
}

#[test]
fn a_photo_may_come_before_its_item() {
    let mut world = world();
    let shot = photo(&mut world, 0, b"first the photo");
    // Nothing named it yet: it need not be sent.
    assert_eq!(ask(&mut world, 0, json!({"call": "status"}))["photos_waiting"], 0);
    let loose = ask(&mut world, 0, json!({"call": "keep_loose", "sha256": shot}));
    assert_eq!(ask(&mut world, 0, json!({"call": "today"}))["loose"][0]["sha256"], shot.as_str());
    assert_eq!(ask(&mut world, 0, json!({"call": "status"}))["photos_waiting"], 1);
    let id = start(&mut world);
    let finding = json!({"note": "门口无人", "photos": [shot]});
    ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    ask(&mut world, 0, json!({"call": "place_loose", "evidence": loose["evidence"], "record": id}));
    assert_eq!(ask(&mut world, 0, json!({"call": "today"}))["loose"], json!([]));
    let facts = ask(&mut world, 0, json!({"call": "photo", "sha256": shot}));
    assert_eq!((&facts["held"], &facts["by"]["code"]), (&json!(false), &json!("ada")));
    assert_eq!(
        ask(&mut world, 0, json!({"call": "sync_state"}))["photos"][0]["sha256"],
        shot.as_str()
    );
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let mut world = world();
    let id = start(&mut world);
    let bad = [
        (json!({"call": "dance"}), "call"),
        (json!({"call": "check", "id": "zz"}), "zz"),
        (json!({"call": "answer", "id": id, "path": "ENT-99", "answer": {"count": 1}}), "ENT-99"),
        (json!({"call": "answer", "id": id, "path": "GEN-01", "answer": {"count": 1.5}}), "answer"),
        (json!({"call": "add_instance", "id": id, "repeat": "moon", "label": "1"}), "repeat"),
        (json!({"call": "keep_loose", "sha256": "12"}), "photos"),
        (json!({"call": "photo", "sha256": "00".repeat(32)}), "no photo"),
        (json!({"call": "void", "id": id, "why": " "}), "void"),
        (json!({"call": "remember", "key": "", "value": ""}), "key"),
        (json!({"call": "add_site", "site": {"name": " ", "kind": "market"}}), "name"),
    ];
    for (call, named) in bad {
        let refused = try_ask(&mut world, 0, &call).unwrap_err();
        assert!(refused.contains(named), "{call}: {refused}");
    }
}

#[test]
fn a_site_nobody_listed_is_found_again_by_its_name() {
    let mut world = world();
    let site = json!({"name": "东门临时冷库", "kind": "cold_store"});
    let added = ask(&mut world, 0, json!({"call": "add_site", "site": site}));
    assert!(added["unconfirmed"].as_bool().unwrap());
    let found = ask(&mut world, 0, json!({"call": "find_sites", "typed": "临时", "limit": 10}));
    assert_eq!(found[0]["code"], added["code"]);
    let options = ask(&mut world, 0, json!({"call": "start_options", "site": added["code"]}));
    assert_eq!(
        (&options["checklists"][0]["code"], &options["me"]["code"]),
        (&json!("CCS"), &json!("ada"))
    );
}

#[test]
fn the_checklists_that_fit_a_site_come_first_and_all_are_there() {
    let mut world = world();
    let site = json!({"name": "新冷库", "kind": "cold_store"});
    let added = ask(&mut world, 0, json!({"call": "add_site", "site": site}));
    let options = ask(&mut world, 0, json!({"call": "start_options", "site": added["code"]}));
    let lists = options["checklists"].as_array().unwrap();
    let codes: Vec<_> = lists.iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes[..2], ["CCS", "LED"], "{codes:?}");
    assert_eq!(codes.len(), spotcheck_checklists::shipped().len());
}
