//! Checklists and packs of one's own: published by a lead, used by everybody, kept by each check.

use serde_json::{Value, json};
use spotcheck_app::AppError;
use spotcheck_domain::op::{OpData, kind};
use spotcheck_store::Draft;
use spotcheck_testkit::world::World;

use crate::calls::{ask, try_ask};
use crate::desk::{ADA, BEN, DAY, LEAD, day, settle};

/// A shipped checklist as its next version, with the first item asked in other words.
fn next_version(code: &str, version: &str) -> Vec<u8> {
    let shipped = spotcheck_checklists::shipped();
    let shipped = shipped.iter().find(|known| known.code == code).unwrap();
    let mut list: Value = serde_json::from_slice(shipped.bytes).unwrap();
    list["version"] = json!(version);
    list["items"][0]["text"] = json!({"zh": "换了说法", "en": "In other words"});
    serde_json::to_vec(&list).unwrap()
}

fn publish(world: &mut World, device: usize, bytes: &[u8]) -> Result<String, AppError> {
    world.devices[device].act(|app| app.publish(bytes)).map(|it| it.sha256.to_string())
}

/// What the item said first is called in a new check of a device.
fn first_item(world: &mut World, device: usize, code: &str) -> Value {
    let head = json!({"checklist": code, "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"],
        "place": {"none": "no signal"}});
    let id = ask(world, device, json!({"call": "start_check", "head": head}));
    words_of(world, device, &id)
}

fn words_of(world: &mut World, device: usize, check: &Value) -> Value {
    let view = ask(world, device, json!({"call": "check", "id": check})).to_string();
    json!(view.contains("In other words"))
}

#[test]
fn a_new_version_reaches_everybody_and_a_check_keeps_the_one_it_was_begun_with() {
    let (mut world, checks) = day();
    publish(&mut world, LEAD, &next_version("CCS", "2")).unwrap();
    assert_eq!(first_item(&mut world, LEAD, "CCS"), json!(true), "at once where it was published");
    assert_eq!(first_item(&mut world, ADA, "CCS"), json!(false), "nobody has heard of it");
    settle(&mut world);
    settle(&mut world);
    for device in [ADA, BEN] {
        assert_eq!(first_item(&mut world, device, "CCS"), json!(true));
        let version = |it: &Value| it["code"] == "CCS" && it["version"] == "2";
        let options = ask(&mut world, device, json!({"call": "start_options"}));
        assert!(options["checklists"].as_array().unwrap().iter().any(version));
    }
    assert_eq!(words_of(&mut world, ADA, &json!(checks[0])), json!(false), "begun with the first");
    // A device that comes later has both.
    let late = world.add_device("ada", 0);
    settle(&mut world);
    assert_eq!(words_of(&mut world, late, &json!(checks[0])), json!(false));
    assert_eq!(first_item(&mut world, late, "CCS"), json!(true));
    // What is published is there after a start anew.
    world.devices[ADA].crash();
    world.devices[ADA].start();
    assert_eq!(first_item(&mut world, ADA, "CCS"), json!(true));
}

#[test]
fn a_checklist_nobody_knew_comes_with_its_pack() {
    let (mut world, _) = day();
    let pack = spotcheck_rules::shipped().iter().find(|it| it.code == "cn-shenzhen-2021").unwrap();
    let mut pack: Value = serde_json::from_slice(pack.bytes).unwrap();
    pack["code"] = json!("our-own");
    let mut list: Value = serde_json::from_slice(&next_version("CCS", "1")).unwrap();
    (list["code"], list["pack"]) = (json!("OWN"), json!("our-own"));
    let (pack, list) = (serde_json::to_vec(&pack).unwrap(), serde_json::to_vec(&list).unwrap());
    let early = publish(&mut world, LEAD, &list).unwrap_err().to_string();
    assert!(early.contains("publish that pack first"), "{early}");
    publish(&mut world, LEAD, &pack).unwrap();
    publish(&mut world, LEAD, &list).unwrap();
    settle(&mut world);
    settle(&mut world);
    assert_eq!(first_item(&mut world, BEN, "OWN"), json!(true));
}

#[test]
fn what_only_a_newer_version_can_read_is_said_and_taken_up_by_nobody() {
    let (mut world, _) = day();
    // As a later version writes it: with a field that this one does not know.
    let mut list: Value = serde_json::from_slice(&next_version("CCS", "2")).unwrap();
    list["items"][0]["later"] = json!(true);
    let bytes = serde_json::to_vec(&list).unwrap();
    let blob = world.devices[LEAD].app().take_photo(&mut &bytes[..]).unwrap();
    // So that its bytes are sent.
    ask(&mut world, LEAD, json!({ "call": "keep_loose", "sha256": blob.sha256.to_string() }));
    let scope = world.devices[LEAD].app().identity().unwrap().home_scope;
    let slot = |path: &str| spotcheck_domain::SlotPath::new(path).unwrap();
    let set = [
        ("code", "CCS".to_owned()),
        ("version", "2".to_owned()),
        ("sha256", blob.sha256.to_string()),
    ];
    let set = set.into_iter().map(|(path, text)| (slot(path), text.into())).collect();
    let data = OpData { set, blobs: vec![blob], ..OpData::default() };
    let kind = kind::CHECKLIST_PUBLISHED.to_owned();
    assert!(world.devices[LEAD].tamper(&Draft { record: None, scope, kind, data }));
    settle(&mut world);
    settle(&mut world);
    for call in ["library", "start_options"] {
        let view = ask(&mut world, ADA, json!({ "call": call }));
        let unread = &view["unread"];
        assert_eq!(
            (&unread[0]["code"], &unread[0]["version"]),
            (&json!("CCS"), &json!("2")),
            "{call}"
        );
        assert_eq!(unread.as_array().unwrap().len(), 1);
    }
    assert_eq!(first_item(&mut world, ADA, "CCS"), json!(false), "checks go by what can be read");
    assert_eq!(ask(&mut world, BEN, json!({ "call": "library" }))["unread"][0]["code"], "CCS");
}

#[test]
fn who_does_not_lead_publishes_nothing_that_counts() {
    let (mut world, _) = day();
    let bytes = next_version("CCS", "2");
    assert!(matches!(publish(&mut world, ADA, &bytes), Err(AppError::ReadOnly(_))));
    // The same document by a lead counts.
    publish(&mut world, LEAD, &bytes).unwrap();
    settle(&mut world);
    settle(&mut world);
    assert_eq!(first_item(&mut world, ADA, "CCS"), json!(true));
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_mend() {
    let (mut world, _) = day();
    let once = publish(&mut world, LEAD, &next_version("CCS", "2")).unwrap();
    assert_eq!(
        publish(&mut world, LEAD, &next_version("CCS", "2")).unwrap(),
        once,
        "twice is once"
    );
    let mut other: Value = serde_json::from_slice(&next_version("CCS", "2")).unwrap();
    other["items"][0]["text"]["en"] = json!("Other words again");
    let mut limitless = other.clone();
    limitless["version"] = json!("3");
    limitless["items"][0]["limit"] = json!("no.such.limit");
    let cases = [
        (serde_json::to_vec(&other).unwrap(), "at version 2 here"),
        (serde_json::to_vec(&limitless).unwrap(), "no.such.limit"),
        (b"{}".to_vec(), "checklist"),
        (b"{\"limits\":[]}".to_vec(), "pack"),
        (b"no JSON".to_vec(), "checklist"),
        (vec![b' '; 9 << 20], "8 MiB"),
    ];
    for (bytes, said) in cases {
        let refused = publish(&mut world, LEAD, &bytes).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
    let unknown = json!({"call": "start_check", "head": {"checklist": "NO", "site": "CS-1", "day": DAY,
        "inspectors": ["ada"], "place": {"none": "x"}}});
    assert!(try_ask(&mut world, ADA, &unknown).unwrap_err().contains("no checklist"));
}

#[test]
fn a_screen_lists_previews_and_publishes() {
    let (mut world, _) = day();
    let file = crate::calls::photo(&mut world, LEAD, &next_version("CCS", "2"));
    let call = json!({"call": "publish", "sha256": file});
    assert_eq!(ask(&mut world, LEAD, call.clone()), file);
    let view = ask(&mut world, LEAD, json!({"call": "library"}));
    let versions = |view: &Value| -> Vec<Value> {
        let all = view["documents"].as_array().unwrap().clone();
        all.into_iter().filter(|it| it["code"] == "CCS").collect()
    };
    let both = versions(&view);
    assert_eq!((&both[0]["version"], &both[0]["newest"]), (&json!("2"), &json!(true)));
    assert_eq!((&both[0]["by"]["code"], &both[1]["by"]), (&json!("lead"), &Value::Null));
    assert_eq!(both[1]["newest"], false);
    let preview = ask(&mut world, LEAD, json!({"call": "preview", "sha256": file}));
    assert_eq!(preview["items"][0]["item"]["text"]["en"], "In other words");
    assert!(preview["items"].to_string().contains("°C"), "with the limits of today");
    // Others look at it once it is there, and do not publish.
    let theirs = ask(&mut world, ADA, json!({"call": "library"}));
    assert_eq!((&theirs["may_publish"], versions(&theirs).len()), (&json!(false), 1));
    let early = json!({"call": "preview", "sha256": file});
    assert!(try_ask(&mut world, ADA, &early).unwrap_err().contains("sync"));
    settle(&mut world);
    settle(&mut world);
    assert_eq!(ask(&mut world, ADA, early)["version"], "2");
    let unknown = json!({"call": "publish", "sha256": "0".repeat(64)});
    assert!(try_ask(&mut world, LEAD, &unknown).unwrap_err().contains("not on this device"));
}
