//! Reading logs, marked copies, voice notes and places nearby, through the door.

use serde_json::{Value, json};
use spotcheck_testkit::world::World;

use crate::calls::{ask, photo, start, try_ask, world};

fn log_of(readings: Value) -> Value {
    json!({"unit": "°C", "interval_min": 30, "instrument": "L-7", "probe": null, "place": "1号库", "readings": readings})
}

#[test]
fn a_reading_log_is_kept_drawn_and_corrected_with_a_reason() {
    let mut world = world();
    let id = start(&mut world);
    let room = json!({"call": "add_instance", "id": id, "repeat": "room", "label": "A1"});
    assert_eq!(ask(&mut world, 0, room), "A1");
    let path = "room/A1/CCS-06";
    let readings = json!([
        ["2021-06-24T08:00:00+08:00", "-18.50"],
        ["2021-06-24T08:30:00+08:00", null],
        ["2021-06-24T10:30:00+08:00", "-17.9"],
    ]);
    let call =
        json!({"call": "answer_log", "id": id, "path": path, "log": log_of(readings), "why": null});
    let answered = ask(&mut world, 0, call);
    let value = &answered["values"][0]["value"];
    assert_eq!((&value["min"], &value["max"]), (&json!("-18.50"), &json!("-17.9")));
    let read = json!({"call": "read_log", "sha256": value["log"], "from": 1, "limit": 1});
    let view = ask(&mut world, 0, read);
    assert_eq!(
        (&view["total"], &view["count"], &view["instrument"]),
        (&json!(3), &json!(2), &json!("L-7"))
    );
    assert_eq!(view["rows"], json!([["2021-06-24T08:30:00+08:00", null]]), "a page, as typed");
    assert_eq!(view["gaps"].as_array().unwrap().len(), 1);
    assert_eq!(view["line"][0]["max"], "-18.50");

    let shorter = log_of(json!([["2021-06-24T08:00:00+08:00", "-19.0"]]));
    let call =
        json!({"call": "answer_log", "id": id, "path": path, "log": shorter, "why": "wrong probe"});
    ask(&mut world, 0, call);
    let history = ask(&mut world, 0, json!({"call": "history", "id": id, "path": path}));
    assert_eq!(history[0]["why"], "wrong probe");
    assert_eq!(history.as_array().unwrap().len(), 2, "the first log is still there");
    let bad = log_of(json!([["2021-06-24 08:00", "-19.0"]]));
    let call = json!({"call": "answer_log", "id": id, "path": path, "log": bad});
    assert!(try_ask(&mut world, 0, &call).unwrap_err().contains("readings[0]"));
}

#[test]
fn each_time_out_of_range_stands_for_itself_and_takes_what_was_done_about_it() {
    let mut world = world();
    let id = start(&mut world);
    ask(&mut world, 0, json!({"call": "add_instance", "id": id, "repeat": "room", "label": "A1"}));
    let path = "room/A1/CCS-06";
    let at = |minute: i64| format!("2021-06-24T{:02}:{:02}:00+08:00", 8 + minute / 60, minute % 60);
    let values = ["-20", "-15.5", "-20", "-20", "-16", "-14.25", "-20"];
    let readings: Vec<Value> =
        values.iter().enumerate().map(|(n, it)| json!([at(n as i64 * 30), it])).collect();
    let call =
        json!({"call": "answer_log", "id": id, "path": path, "log": log_of(json!(readings))});
    let log = ask(&mut world, 0, call)["values"][0]["value"]["log"].clone();
    let list = |world: &mut World, device: usize| {
        let bound =
            |unit: &str| json!({"unit": unit, "side": "hot", "open": false, "limit": "-18"});
        let asked = json!({"ask": "list", "sha256": log, "bounds": [bound("°C"), bound("°F")]});
        ask(world, device, json!({"call": "excursions", "id": id, "path": path, "asked": asked}))
    };
    let found = list(&mut world, 0);
    assert_eq!(
        (&found["total"], &found["list"][0]["ends"]),
        (&json!(2), &json!(["-15.5", "-15.5"]))
    );
    assert_eq!(found["list"][1]["ends"], json!(["-16", "-14.25"]));
    let from = found["list"][1]["span"][0].clone();
    let act = |note: &str| {
        let asked = json!({"ask": "act", "sha256": log, "from_ms": from, "note": note});
        json!({"call": "excursions", "id": id, "path": path, "asked": asked})
    };
    ask(&mut world, 0, act("转移到2号库"));
    ask(&mut world, 0, act(" 转移到2号库，报修 "));
    assert!(try_ask(&mut world, 0, &act("  ")).unwrap_err().contains("say what was done"));
    for device in [0, 0, 1] {
        world.sync_cleanly(device).unwrap();
    }
    // Another's document comes when it is asked for.
    ask(&mut world, 1, json!({"call": "ask_photo", "sha256": log}));
    world.sync_cleanly(1).unwrap();
    let seen = list(&mut world, 1);
    assert_eq!(seen["list"][0]["actions"], json!([]));
    let action = &seen["list"][1]["actions"];
    assert_eq!(
        (&action[0]["note"], &action[0]["by"]["code"]),
        (&json!("转移到2号库，报修"), &json!("ada"))
    );
    assert_eq!((action.as_array().unwrap().len(), &action[0]["mine"]), (1, &json!(false)));
    // A colleague's word stands beside one's own.
    ask(&mut world, 1, act("复核：已降温"));
    let both = &list(&mut world, 1)["list"][1]["actions"];
    assert_eq!(both.as_array().unwrap().len(), 2, "{both}");
    // It stands beside the answer and is none: nobody else has to agree with it.
    let merged = ask(&mut world, 1, json!({"call": "check", "id": id}));
    assert_eq!(merged["old"], json!([]));
}

#[test]
fn a_loggers_own_file_is_asked_about_read_and_kept_beside_its_readings() {
    let mut world = world();
    let id = start(&mut world);
    ask(&mut world, 0, json!({"call": "add_instance", "id": id, "repeat": "room", "label": "A1"}));
    let path = "room/A1/CCS-06";
    // A table as spreadsheet programs of the region write it: GBK, day or month first.
    let table = "时间,温度(℃)\n03/06/2021 08:00,-18.50\n03/06/2021 08:30,-17.9\n";
    let gbk = encoding_rs::GBK.encode(table).0.into_owned();
    let file = photo(&mut world, 0, &gbk);
    let read = |answers: &Value| json!({"call": "read_logger", "sha256": file, "answers": answers, "wanted": [{"unit": "°C", "side": "hot", "limit": "-18.0", "source": "CCS-03"}]});
    let mut answers = json!({});
    let mut asked = vec![];
    let view = loop {
        let view = ask(&mut world, 0, read(&answers));
        if view["is"] != "asks" {
            break view;
        }
        let question = &view["value"]["questions"][0];
        let topic = question["topic"].as_str().unwrap().to_owned();
        let candidates = question["candidates"].as_array().unwrap();
        let mine = match topic.as_str() {
            "time_zone" => &json!({"offset_min": 480}),
            _ => &candidates[0]["answers"],
        };
        answers.as_object_mut().unwrap().extend(mine.as_object().unwrap().clone());
        asked.push(topic);
    };
    assert_eq!(
        asked,
        ["encoding", "date_order", "time_zone"],
        "nothing that the file says is asked"
    );
    assert_eq!(view["is"], "read");
    let log = &view["value"]["log"];
    assert_eq!(
        (&log["count"], &log["max"], &log["unit"]),
        (&json!(2), &json!("-17.9"), &json!("°C"))
    );
    assert_eq!(view["value"]["misconfigured"], json!([]), "a table says nothing of alarms");

    let call = json!({"call": "answer_logger", "id": id, "path": path, "sha256": file, "source": {"file": "三号库.csv", "answers": answers, "place": "库门"}});
    let answered = ask(&mut world, 0, call);
    let value = &answered["values"][0]["value"];
    assert_eq!((&value["min"], &value["max"]), (&json!("-18.50"), &json!("-17.9")));
    let kept = json!({"call": "read_log", "sha256": value["log"], "from": 0, "limit": 5});
    let kept = ask(&mut world, 0, kept);
    assert_eq!(
        (&kept["original"]["sha256"], &kept["original"]["name"]),
        (&json!(file), &json!("三号库.csv"))
    );
    assert_eq!(kept["place"], "库门");
    // With what is kept, anybody reads the same again.
    let again = ask(&mut world, 0, read(&kept["original"]["answers"]));
    assert_eq!((&again["is"], &again["value"]["log"]["line"]), (&json!("read"), &log["line"]));
    assert_eq!(ask(&mut world, 0, json!({"call": "status"}))["photos_waiting"], 2, "both are sent");
}

#[test]
fn how_a_logger_was_set_is_compared_with_the_limit_and_no_file_is_half_taken() {
    let mut world = world();
    let id = start(&mut world);
    ask(&mut world, 0, json!({"call": "add_instance", "id": id, "repeat": "room", "label": "A1"}));
    let path = "room/A1/CCS-06";
    let days = "Device: Q-tag Fridge-tag 2 L\nVers: 0.5\nFw Vers: 4.0\nConf:\n Serial: 990000000009\n Temp unit: C\n Alarm:\n  1:\n   T AL: -12.0, t AL: 60\n Logging Interval: 30\nHist:\n 1:\n  Date: 2021-06-23\n  Min T: -19.0\n  Max T: -12.5\n";
    let readings = "Data:\n\tyyyy-MM-dd hh:mm\tT\tOut of limits\n\t2021-06-24 08:00\t-18.5\n\t2021-06-24 08:30\t-18.1\n";
    let answers = json!({"offset_min": 480, "without_signature": true});
    let mut look = |text: &str| {
        let file = photo(&mut world, 0, text.as_bytes());
        let call = json!({"call": "read_logger", "sha256": file, "answers": answers, "wanted": [{"unit": "°C", "side": "hot", "limit": "-18.0", "source": "CCS-03"}]});
        (file, ask(&mut world, 0, call))
    };
    let (tag, view) = look(&format!("{days}{readings}"));
    assert_eq!(view["value"]["compared"], true);
    let said = view["value"]["misconfigured"][0]["said"]["en"].as_str().unwrap().to_owned();
    assert!(said.contains("-12.0") && said.contains("-18"), "{said}");

    // Days only: what happened between a day's lowest and highest is not made up.
    let (file, view) = look(days);
    assert_eq!(view["value"]["log"], Value::Null);
    assert_eq!(view["value"]["days"][0]["date"], "2021-06-23");
    assert!(view["value"]["no_log"]["zh"].as_str().unwrap().contains("每日"));
    let (_, refused) =
        look("Device: Fridge-tag 2\nConf:\n Serial: 1\nHist:\n 1:\n  Date: 2021-02-30\n");
    assert_eq!(refused["is"], "refused");
    let call = json!({"call": "answer_logger", "id": id, "path": path, "sha256": file, "source": {"file": "days.txt", "answers": answers}});
    let error = try_ask(&mut world, 0, &call).unwrap_err();
    assert!(
        error.contains("logger_files.room/A1/CCS-06.file") && error.contains("days"),
        "{error}"
    );
    let history = json!({"call": "history", "id": id, "path": path});
    assert_eq!(ask(&mut world, 0, history.clone()), json!([]), "nothing was answered");
    let waiting =
        |world: &mut _| ask(world, 0, json!({"call": "status"}))["photos_waiting"].clone();
    assert_eq!(waiting(&mut world), 0, "and nothing is to be sent");

    // Log and finding are one act: of a finding that cannot be, no log stays.
    let with = |finding: Value| json!({"call": "answer_logger", "id": id, "path": path, "sha256": tag, "source": {"file": "tag.txt", "answers": answers}, "finding": finding});
    let error = try_ask(&mut world, 0, &with(json!({"item": "room/A1/NONE-1", "note": "x"})));
    assert!(error.is_err());
    assert_eq!(ask(&mut world, 0, history), json!([]), "neither was recorded");
    ask(&mut world, 0, with(json!({"item": path, "note": said})));
    let timeline = ask(&mut world, 0, json!({"call": "timeline", "id": id}));
    let events = timeline["events"].as_array().unwrap();
    assert!(events.iter().any(|it| it["set"]["note"] == said), "the finding is there");
    assert!(events.iter().all(|it| it["photos"] == json!([])), "a logger's file is no picture");
}

#[test]
fn a_marked_copy_leads_back_to_its_original() {
    let mut world = world();
    let id = start(&mut world);
    let (original, copy) =
        (photo(&mut world, 0, b"a door"), photo(&mut world, 0, b"a door, marked"));
    let derive = |of: &str, derived: &str| json!({"call": "derive_photo", "original": of, "derived": derived, "how": "marked"});
    ask(&mut world, 0, derive(&original, &copy));
    let finding = json!({"note": "破损", "photos": [original, copy]});
    ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    let facts =
        |world: &mut _, sha256: &str| ask(world, 0, json!({"call": "photo", "sha256": sha256}));
    assert_eq!(facts(&mut world, &copy)["derived_from"], original.as_str());
    assert_eq!(facts(&mut world, &original)["derived_from"], Value::Null);
    assert_eq!(
        ask(&mut world, 0, json!({"call": "today"}))["loose"],
        json!([]),
        "it waits for no item"
    );
    assert!(try_ask(&mut world, 0, &derive(&original, &original)).unwrap_err().contains("derived"));
}

#[test]
fn a_voice_note_belongs_to_its_finding_and_must_be_sent() {
    let mut world = world();
    let id = start(&mut world);
    let voice = photo(&mut world, 0, b"spoken");
    let finding = json!({"note": "见语音", "voice": [voice]});
    let raised = ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    assert_eq!(raised["voice"], json!([voice]));
    assert_eq!(ask(&mut world, 0, json!({"call": "status"}))["photos_waiting"], 1);
    let draft = json!({"note": "见语音", "voice": []});
    let edited = ask(
        &mut world,
        0,
        json!({"call": "edit_finding", "finding": raised["id"], "draft": draft}),
    );
    assert_eq!(edited["voice"], json!([]));
}

#[test]
fn words_severity_and_cure_of_a_finding_are_corrected() {
    let mut world = world();
    let id = start(&mut world);
    let finding = json!({"note": "门没关", "severity": "minor"});
    let raised = ask(&mut world, 0, json!({"call": "raise", "id": id, "finding": finding}));
    let edit = |world: &mut World, draft: Value| {
        ask(world, 0, json!({"call": "edit_finding", "finding": raised["id"], "draft": draft}))
    };
    let fixed = json!({"note": "已关", "photos": [photo(&mut world, 0, b"closed")]});
    let edited = edit(&mut world, json!({"note": "库门没关", "severity": "major", "fixed": fixed}));
    assert_eq!((&edited["note"], &edited["severity"]), (&json!("库门没关"), &json!("major")));
    assert_eq!(edited["fixed"], json!(["已关", fixed["photos"]]));
    let edited = edit(&mut world, json!({"note": "库门没关", "severity": "major"}));
    assert_eq!(edited["fixed"], json!(null), "it was not put right after all");
    let words = ask(&mut world, 0, json!({"call": "history", "id": raised["id"], "path": "note"}));
    assert_eq!(words[1]["value"], "门没关");
}

#[test]
fn a_site_is_near_where_a_check_of_it_was_begun() {
    let mut world = world();
    for (site, lat) in [("CS-1", "22.5431"), ("CS-2", "22.5440"), ("FAR", "23.5431")] {
        let place = json!({"position": {"lat": lat, "lon": "113.9342", "accuracy_m": 12}});
        let head = json!({"checklist": "CCS", "site": site, "day": "2021-06-24", "inspectors": ["ada", "ben"], "place": place});
        ask(&mut world, 0, json!({"call": "start_check", "head": head}));
    }
    let near =
        |lat: &str| json!({"call": "nearby_sites", "lat": lat, "lon": "113.9342", "limit": 8});
    let found = ask(&mut world, 0, near("22.5442"));
    let codes: Vec<&str> =
        found.as_array().unwrap().iter().filter_map(|it| it["site"]["code"].as_str()).collect();
    assert_eq!(codes, ["CS-2", "CS-1"], "the nearest first, and none that is far");
    assert_eq!(found[0]["metres"], 22);
    assert!(try_ask(&mut world, 0, &near("north")).unwrap_err().contains("lat"));
}
