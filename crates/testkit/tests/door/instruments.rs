//! Instruments: a register that travels, a check before the readings of a day, and verdicts that say how far an
//! instrument can be trusted.

use serde_json::{Value, json};
use spotcheck_testkit::world::World;

use crate::calls::{ask, start, try_ask, world};

fn asked(ask: &str, more: Value) -> Value {
    let mut asked = json!({ "ask": ask });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "call": "instruments", "asked": asked })
}

fn probe() -> Value {
    json!({ "number": "TP-7", "kind": "digital_probe", "mpe": { "°C": "0.5" },
        "calibrated": "2021-01-04", "due": "2021-12-31" })
}

fn add(world: &mut World, device: usize, instrument: Value) -> Value {
    let all = ask(world, device, asked("keep", json!({ "instrument": instrument })));
    let all = all.as_array().unwrap();
    all.iter().find(|it| it["withdrawn"] == false).unwrap().clone()
}

fn in_ice(world: &mut World, id: &Value, value: &str) -> Value {
    let all = ask(world, 0, asked("check", json!({ "id": id, "value": value, "unit": "°C" })));
    all.as_array().unwrap().iter().find(|it| it["id"] == *id).unwrap().clone()
}

/// What a reading of a frozen room (at most -18.0 °C) comes to: verdict, doubt, and what it asks for.
fn read(world: &mut World, id: &str, value: &str, instrument: &str) -> (Value, Value, Value) {
    let answer = json!({ "value": value, "unit": "°C", "instrument": instrument });
    let call = json!({ "call": "answer", "id": id, "path": "room/A1/CCS-03", "answer": answer });
    let answered = ask(world, 0, call);
    let judged = &answered["values"][0]["judgement"];
    (judged["verdict"].clone(), judged["doubt"].clone(), answered["asks"].clone())
}

fn room(world: &mut World) -> String {
    let id = start(world);
    ask(world, 0, json!({"call": "add_instance", "id": id, "repeat": "room", "label": "A1"}));
    id
}

#[test]
fn a_reading_says_no_more_than_its_instrument_can() {
    let mut world = world();
    let id = room(&mut world);
    let (none, nothing) = (Value::Null, json!([]));
    // A number that nobody registered judges as it always did.
    assert_eq!(read(&mut world, &id, "-17.6", "X-1").0, "fail");
    let added = add(&mut world, 0, probe());
    assert_eq!((&added["check"], &added["doubt"]), (&json!("missing"), &json!("unchecked")));
    assert_eq!(added["ice_point"], "between -0.5 and 0.5 °C");
    let unchecked = read(&mut world, &id, "-14.0", "TP-7");
    assert_eq!(unchecked, (json!("conditional_fail"), json!("unchecked"), nothing.clone()));
    let checked = in_ice(&mut world, &added["id"], "0.2");
    assert_eq!((&checked["check"], &checked["doubt"]), (&json!("passed"), &none));
    // What was read before stays what it was.
    let check = ask(&mut world, 0, json!({ "call": "check", "id": id }));
    assert!(check.to_string().contains(r#""doubt":"unchecked""#));
    let margin = read(&mut world, &id, "-17.6", "TP-7");
    assert_eq!(margin, (json!("conditional_fail"), json!("margin"), nothing.clone()));
    let (verdict, doubt, asks) = read(&mut world, &id, "-14.0", "TP-7");
    assert_eq!((verdict, doubt), (json!("fail"), none));
    assert_eq!(asks, json!(["note", "severity", "photo"]));
    let failed = in_ice(&mut world, &added["id"], "0.9");
    assert_eq!((&failed["check"], &failed["doubt"]), (&json!("failed"), &json!("check_failed")));
    let invalid = read(&mut world, &id, "-14.0", "TP-7");
    assert_eq!(invalid, (json!("invalid"), json!("check_failed"), nothing));
}

#[test]
fn the_register_and_what_was_known_travel_with_the_readings() {
    let mut world = world();
    let id = room(&mut world);
    let added = add(&mut world, 0, probe());
    in_ice(&mut world, &added["id"], "0.0");
    read(&mut world, &id, "-18.2", "TP-7");
    for device in [0, 0, 1, 1] {
        world.sync_cleanly(device).unwrap();
    }
    let seen = ask(&mut world, 1, asked("list", json!({})));
    assert_eq!(seen[0]["number"], "TP-7");
    assert_eq!((&seen[0]["check"], &seen[0]["by"]["code"]), (&json!("passed"), &json!("ada")));
    // Corrected afterwards: the verdict of the reading is that of its time, here and there.
    let recalibrated = json!({ "number": "TP-7", "kind": "probe", "mpe": { "°C": "0.1" },
        "calibrated": "2021-06-01", "due": "2022-05-31" });
    ask(&mut world, 1, asked("keep", json!({ "id": added["id"], "instrument": recalibrated })));
    for device in [1, 0] {
        let check = ask(&mut world, device, json!({ "call": "check", "id": id }));
        assert!(check.to_string().contains(r#""verdict":"conditional_pass""#), "{device}");
    }
    let now = ask(&mut world, 1, asked("list", json!({})));
    assert_eq!((&now[0]["due"], &now[0]["mpe"]["°C"]), (&json!("2022-05-31"), &json!("0.1")));
    let history = json!({ "call": "history", "id": added["id"], "path": "mpe" });
    assert_eq!(ask(&mut world, 1, history).as_array().unwrap().len(), 2);
}

#[test]
fn two_records_of_one_number_are_one_instrument_and_the_more_cautious_word_counts() {
    let mut world = world();
    let id = room(&mut world);
    let first = add(&mut world, 0, probe());
    let mut other = probe();
    other["mpe"] = json!({ "°C": "1.0" });
    add(&mut world, 1, other);
    for device in [0, 1, 0, 1] {
        world.sync_cleanly(device).unwrap();
    }
    in_ice(&mut world, &first["id"], "0.1");
    assert_eq!(read(&mut world, &id, "-18.9", "TP-7").1, "margin");
    assert_eq!(read(&mut world, &id, "-19.0", "TP-7"), (json!("pass"), Value::Null, json!([])));
}

#[test]
fn what_a_lead_keeps_of_two_readings_is_kept_with_what_was_known_of_it() {
    let mut world = world();
    let id = room(&mut world);
    let added = add(&mut world, 0, probe());
    in_ice(&mut world, &added["id"], "0.9");
    for device in [0, 0, 1, 1] {
        world.sync_cleanly(device).unwrap();
    }
    // Equally worthless and yet different: a person must say which stands.
    let path = "room/A1/CCS-12";
    for (device, value) in [(0, "3"), (1, "3.0")] {
        let answer = json!({ "value": value, "unit": "cm", "instrument": "TP-7" });
        ask(
            &mut world,
            device,
            json!({ "call": "answer", "id": id, "path": path, "answer": answer }),
        );
    }
    let lead = world.add_device("lead", 0);
    for device in [0, 1, lead, 0, 1, lead] {
        world.sync_cleanly(device).unwrap();
    }
    let merged =
        json!({ "call": "merged", "site": "CS-1", "day": "2021-06-24", "checklist": "CCS" });
    let merged = ask(&mut world, lead, merged);
    let items = merged["group"]["items"].as_array().unwrap();
    let item = items.iter().find(|it| it["path"] == path).unwrap();
    assert_eq!(item["sides"].as_array().unwrap().len(), 2);
    assert_eq!(item["sides"][0]["judgement"]["verdict"], "invalid", "{item}");
    let keep = json!({ "call": "decide", "site": "CS-1", "day": "2021-06-24", "id": item["id"],
        "keep": item["sides"][0]["op"], "why": "seen" });
    ask(&mut world, lead, keep);
    let check = ask(&mut world, lead, json!({ "call": "check", "id": id })).to_string();
    assert!(check.contains(r#""verdict":"invalid""#) && !check.contains(r#""verdict":"fail""#));
}

#[test]
fn a_calibration_that_is_over_caps_and_what_is_no_instrument_is_refused() {
    let mut world = world();
    let id = room(&mut world);
    let mut infrared = probe();
    infrared["kind"] = json!("infrared");
    infrared["calibrated"] = json!("2020-06-01");
    infrared["due"] = json!("2021-05-31");
    let added = add(&mut world, 0, infrared.clone());
    assert_eq!((&added["check"], &added["ice_point"]), (&json!("not_needed"), &Value::Null));
    assert_eq!(
        read(&mut world, &id, "-10", "TP-7"),
        (json!("conditional_fail"), json!("calibration"), json!([]))
    );
    let refused = |world: &mut World, asked: Value| try_ask(world, 0, &asked).unwrap_err();
    let twice = asked("keep", json!({ "instrument": infrared }));
    assert!(refused(&mut world, twice).contains("registered already"));
    let ice = asked("check", json!({ "id": added["id"], "value": "0", "unit": "°C" }));
    assert!(refused(&mut world, ice).contains("melting ice"));
    for (field, value, part) in [
        ("number", json!("  "), "number"),
        ("mpe", json!({ "°C": "-0.5" }), "without a sign"),
        ("mpe", json!({ "°C": "half" }), "mpe.°C"),
        ("due", json!("2019-01-01"), "before the calibration"),
        ("due", json!("soon"), "due"),
        ("due", Value::Null, "both"),
    ] {
        let mut wrong = infrared.clone();
        wrong["number"] = json!("TP-8");
        wrong[field] = value;
        let said = refused(&mut world, asked("keep", json!({ "instrument": wrong })));
        assert!(said.contains(part), "{said}: {part}");
    }
    // Written a month too late, then put right: the earlier day counts.
    let mut late = infrared.clone();
    (late["calibrated"], late["due"]) = (json!("2021-06-20"), json!("2022-06-19"));
    let mut right = infrared.clone();
    (right["calibrated"], right["due"]) = (json!("2021-05-20"), json!("2022-05-19"));
    for (said, due) in [(late, "2022-06-19"), (right, "2022-05-19")] {
        let all =
            ask(&mut world, 0, asked("keep", json!({ "id": added["id"], "instrument": said })));
        assert_eq!(all[0]["due"], due);
    }
    let mut withdrawn = infrared;
    withdrawn["withdrawn"] = json!(true);
    let all =
        ask(&mut world, 0, asked("keep", json!({ "id": added["id"], "instrument": withdrawn })));
    assert_eq!(all[0]["withdrawn"], true);
    // The number is free again, and what was put away does not speak for what bears it now.
    let again = add(&mut world, 0, probe());
    in_ice(&mut world, &again["id"], "0");
    assert_eq!(read(&mut world, &id, "-10", "TP-7").0, "fail");
}
