//! The lead's desk: board, coverage, inbox, decisions, signature, people, search, timeline.

use serde_json::{Value, json};
use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

use crate::calls::{ask, photo, try_ask};

pub(crate) const DAY: &str = "2021-06-24";
pub(crate) const ADA: usize = 0;
pub(crate) const BEN: usize = 1;
pub(crate) const LEAD: usize = 2;

/// Two inspectors check one site by one checklist: they agree on an item, differ on another, and one
/// of them answers a third. Everything is synced; both ids.
pub(crate) fn day() -> (World, [String; 2]) {
    let mut world = World::new(7, Profile::Device);
    for user in ["ada", "ben", "lead"] {
        world.add_device(user, 0);
    }
    let ids = [ADA, BEN].map(|device| {
        let head = json!({"checklist": "CCS", "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"],
            "place": {"position": {"lat": "22.48", "lon": "113.91", "accuracy_m": 8}}});
        let id = ask(&mut world, device, json!({"call": "start_check", "head": head}));
        id.as_str().unwrap().to_owned()
    });
    say(&mut world, ADA, &ids[0], "GEN-02", json!({"result": "pass"}));
    say(&mut world, BEN, &ids[1], "GEN-02", json!({"result": "pass"}));
    say(&mut world, ADA, &ids[0], "GEN-01", json!({"count": 2}));
    say(&mut world, BEN, &ids[1], "GEN-01", json!({"count": 3}));
    say(&mut world, BEN, &ids[1], "CCS-10", json!({"result": "fail"}));
    settle(&mut world);
    (world, ids)
}

pub(crate) fn say(world: &mut World, device: usize, id: &str, path: &str, answer: Value) {
    ask(world, device, json!({"call": "answer", "id": id, "path": path, "answer": answer}));
}

pub(crate) fn settle(world: &mut World) {
    for _ in 0..2 {
        for device in 0..world.devices.len() {
            world.sync_cleanly(device).unwrap();
        }
    }
}

pub(crate) fn inbox(world: &mut World, device: usize) -> Value {
    ask(world, device, json!({"call": "inbox", "day": DAY}))
}

pub(crate) fn decide(id: &Value, keep: &Value, why: &str) -> Value {
    json!({"call": "decide", "site": "CS-1", "day": DAY, "id": id, "keep": keep, "why": why})
}

#[test]
fn the_board_counts_a_day_and_a_cell_opens_its_checks() {
    let (mut world, ids) = day();
    let finding = |severity: &str| json!({"note": "脏", "severity": severity, "photos": []});
    ask(&mut world, ADA, json!({"call": "raise", "id": ids[0], "finding": finding("critical")}));
    ask(&mut world, BEN, json!({"call": "raise", "id": ids[1], "finding": finding("minor")}));
    ask(&mut world, ADA, json!({"call": "complete", "id": ids[0]}));
    settle(&mut world);
    let board = ask(&mut world, LEAD, json!({"call": "board"}));
    assert_eq!(board["day"], DAY);
    assert_eq!(board["total"]["checks"], 2);
    assert_eq!((&board["total"]["done"], &board["total"]["in_progress"]), (&json!(1), &json!(1)));
    // Half a shift later the other is still open.
    world.clock.set(world.clock.get() + 5 * 3_600_000);
    let board = ask(&mut world, LEAD, json!({"call": "board"}));
    assert_eq!((&board["total"]["in_progress"], &board["total"]["late"]), (&json!(0), &json!(1)));
    assert_eq!(board["total"]["findings"], json!({"critical": 1, "major": 0, "minor": 1}));
    let row = &board["rows"][0];
    assert_eq!(row["site"]["code"], "CS-1");
    assert_eq!(row["position"], json!(["22.48", "113.91"]));
    assert_eq!(
        (&row["cells"][0]["state"], &row["cells"][0]["only"]),
        (&json!("late"), &json!(null))
    );
    let call = json!({"call": "cell_checks", "site": "CS-1", "day": DAY, "checklist": "CCS"});
    assert_eq!(ask(&mut world, LEAD, call).as_array().unwrap().len(), 2);
    // What is completed or voided later changes the board: no brief outlives its record.
    ask(&mut world, BEN, json!({"call": "void", "id": ids[1], "why": "twice"}));
    settle(&mut world);
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!((&board["total"]["checks"], &board["total"]["voided"]), (&json!(1), &json!(1)));
    assert_eq!(board["rows"][0]["cells"][0]["only"], ids[0].as_str());
    assert_eq!(board["total"]["findings"]["minor"], 0);
}

#[test]
fn the_first_rows_of_a_board_are_those_of_the_whole_and_everything_else_is_of_the_whole() {
    let (mut world, _) = day();
    let head = json!({"checklist": "ENT", "site": "AA-1", "day": DAY, "inspectors": ["ben"]});
    ask(&mut world, BEN, json!({"call": "start_check", "head": head}));
    settle(&mut world);
    let whole = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!((whole["rows"].as_array().unwrap().len(), &whole["rows_in_all"]), (2, &json!(2)));
    for first in 0..3 {
        let mut some = ask(&mut world, LEAD, json!({"call": "board", "day": DAY, "first": first}));
        assert_eq!(
            some["rows"].as_array().unwrap()[..],
            whole["rows"].as_array().unwrap()[..first]
        );
        some["rows"] = whole["rows"].clone();
        assert_eq!(some, whole);
    }
}

#[test]
fn only_what_differs_waits_and_a_decision_can_be_taken_back() {
    let (mut world, _) = day();
    let before = inbox(&mut world, LEAD);
    assert_eq!((&before["open"], &before["decided"]), (&json!(1), &json!(0)));
    assert_eq!(before["groups"][0]["auto"], 2);
    let item = before["groups"][0]["items"][0].clone();
    assert_eq!(item["path"], "GEN-01");
    assert_eq!(item["sides"].as_array().unwrap().len(), 2);
    let keep = &item["sides"][0]["op"];
    let refused = try_ask(&mut world, ADA, &decide(&item["id"], keep, "mine"));
    assert!(refused.unwrap_err().contains("only a lead"));
    let silent = try_ask(&mut world, LEAD, &decide(&item["id"], keep, " "));
    assert!(silent.unwrap_err().contains("say why"));
    let op = ask(&mut world, LEAD, decide(&item["id"], keep, "photo shows it"));
    let decided = inbox(&mut world, LEAD);
    assert_eq!((&decided["open"], &decided["decided"]), (&json!(0), &json!(1)));
    let decision = &decided["groups"][0]["items"][0]["decisions"][0];
    assert_eq!((&decision["why"], &decision["mine"]), (&json!("photo shows it"), &json!(true)));
    ask(&mut world, LEAD, json!({"call": "undo", "op": op}));
    assert_eq!(inbox(&mut world, LEAD), before);
}

#[test]
fn late_data_reopens_a_decision_with_what_came_late_marked() {
    let (mut world, ids) = day();
    let item = inbox(&mut world, LEAD)["groups"][0]["items"][0].clone();
    ask(&mut world, LEAD, decide(&item["id"], &item["sides"][1]["op"], "measured again"));
    say(&mut world, BEN, &ids[1], "GEN-01", json!({"count": 4}));
    settle(&mut world);
    let reopened = inbox(&mut world, LEAD);
    assert_eq!(reopened["open"], 1);
    let item = &reopened["groups"][0]["items"][0];
    assert_eq!(item["status"], "reopened");
    let late: Vec<bool> =
        item["sides"].as_array().unwrap().iter().map(|side| side["late"] == true).collect();
    assert_eq!(late.iter().filter(|late| **late).count(), 1);
    assert_eq!(item["decisions"][0]["why"], "measured again");
}

#[test]
fn a_merge_is_signed_when_nothing_waits_and_says_what_came_after() {
    let (mut world, ids) = day();
    let drawn = photo(&mut world, LEAD, b"a signature");
    let asked = json!({"site": "CS-1", "day": DAY, "checklist": "CCS",
        "signature": {"role": "lead", "name": "Lead", "drawn": drawn}});
    let sign = json!({"call": "sign_merge", "asked": asked});
    let early = try_ask(&mut world, LEAD, &sign);
    assert!(early.unwrap_err().contains("decide them first"));
    let item = inbox(&mut world, LEAD)["groups"][0]["items"][0].clone();
    ask(&mut world, LEAD, decide(&item["id"], &item["sides"][0]["op"], "seen"));
    ask(&mut world, LEAD, sign);
    let merged = json!({"call": "merged", "site": "CS-1", "day": DAY, "checklist": "CCS"});
    let view = ask(&mut world, LEAD, merged.clone());
    let signature = &view["group"]["signatures"][0];
    assert_eq!((&signature["name"], &signature["after"]), (&json!("Lead"), &json!(false)));
    // The signature travels, and is the same for the inspectors.
    settle(&mut world);
    let theirs = ask(&mut world, ADA, merged.clone());
    assert_eq!(theirs["group"]["signatures"], view["group"]["signatures"]);
    say(&mut world, ADA, &ids[0], "CCS-10", json!({"result": "pass"}));
    settle(&mut world);
    assert_eq!(ask(&mut world, LEAD, merged)["group"]["signatures"][0]["after"], true);
}

#[test]
fn two_leads_who_decide_differently_reopen_the_item_for_both() {
    let (mut world, _) = day();
    let second = world.add_device("lead", 0);
    settle(&mut world);
    let item = inbox(&mut world, LEAD)["groups"][0]["items"][0].clone();
    for (device, side) in [(LEAD, 0), (second, 1)] {
        ask(&mut world, device, decide(&item["id"], &item["sides"][side]["op"], "so"));
    }
    settle(&mut world);
    let (one, other) = (inbox(&mut world, LEAD), inbox(&mut world, second));
    assert_eq!(one, other);
    let item = &one["groups"][0]["items"][0];
    assert_eq!(item["status"], "reopened");
    assert_eq!(item["decisions"].as_array().unwrap().len(), 2, "both are in view");
    assert!(item["sides"].as_array().unwrap().iter().all(|side| side["late"] == false));
    // Whoever decides anew has seen both.
    ask(&mut world, LEAD, decide(&item["id"], &item["sides"][0]["op"], "we talked"));
    settle(&mut world);
    assert_eq!(inbox(&mut world, second)["groups"][0]["items"][0]["status"], "decided");
}

#[test]
fn a_leads_board_is_ready_when_the_round_is_over() {
    let (world, _) = day();
    let missing = |world: &World, device: usize| {
        world.devices[device].peek().store().without_brief(100).unwrap().len()
    };
    assert_eq!(missing(&world, LEAD), 0, "made while the round went on");
    assert!(missing(&world, ADA) > 0, "who does not lead pays nothing");
    // And the desk throws none of them away when it opens.
    assert!(world.devices[LEAD].peek().store().fact("brief_version").unwrap().is_some());
}

#[test]
fn nothing_is_decided_over_values_that_were_not_seen() {
    let (mut world, ids) = day();
    let item = inbox(&mut world, LEAD)["groups"][0]["items"][0].clone();
    let seen: Vec<&Value> = item["sides"].as_array().unwrap().iter().map(|it| &it["op"]).collect();
    let mut asked = decide(&item["id"], &item["sides"][0]["op"], "so");
    asked["seen"] = json!(seen);
    say(&mut world, BEN, &ids[1], "GEN-01", json!({"count": 4}));
    settle(&mut world);
    let refused = try_ask(&mut world, LEAD, &asked).unwrap_err();
    assert!(refused.contains("other values came"), "{refused}");
    assert_eq!(inbox(&mut world, LEAD)["open"], 1);
}

#[test]
fn a_period_must_have_two_days_in_order() {
    let (mut world, _) = day();
    for (from, to, field) in [("2021-06-25", DAY, "from"), (DAY, "24 June", "to")] {
        let asked = json!({"call": "coverage", "from": from, "to": to, "by": "kind"});
        assert!(try_ask(&mut world, LEAD, &asked).unwrap_err().contains(field));
    }
}

#[test]
fn people_search_and_timeline_show_what_is_here() {
    let (mut world, ids) = day();
    let finding = json!({"note": "100% 冷库门未关", "severity": "major", "photos": []});
    ask(&mut world, ADA, json!({"call": "raise", "id": ids[0], "finding": finding}));
    let signature = json!({"role": "inspector", "name": "Ada"});
    ask(&mut world, ADA, json!({"call": "sign", "id": ids[0], "signature": signature}));
    say(&mut world, ADA, &ids[0], "GEN-02", json!({"result": "fail"}));
    settle(&mut world);
    let team = ask(&mut world, LEAD, json!({"call": "team"}));
    let ada = team["members"].as_array().unwrap().iter().find(|it| it["person"]["code"] == "ada");
    let device = &ada.unwrap()["devices"][0];
    assert!(device["ops"].as_u64().unwrap() > 3);
    assert_eq!((&device["revoked"], &device["forked"]), (&json!(null), &json!(false)));
    let find = |typed: &str| json!({"call": "search", "typed": typed});
    let found = ask(&mut world, LEAD, find("冷库门"));
    assert_eq!(found["findings"][0]["check"], ids[0].as_str());
    // A sign that searches by pattern know is only a sign.
    assert_eq!(ask(&mut world, LEAD, find("100%"))["findings"].as_array().unwrap().len(), 1);
    assert_eq!(ask(&mut world, LEAD, find("9%未"))["findings"].as_array().unwrap().len(), 0);
    assert_eq!(ask(&mut world, LEAD, find("ADA"))["people"][0]["code"], "ada");
    let page = ask(&mut world, LEAD, json!({"call": "findings", "severity": "major"}));
    assert_eq!(page["findings"].as_array().unwrap().len(), 1);
    let page = ask(&mut world, LEAD, json!({"call": "findings", "severity": "minor"}));
    assert_eq!(page["findings"], json!([]));
    // By what is asked: the item, and the findings about it.
    let items = ask(&mut world, LEAD, find("gen-01"))["items"].clone();
    assert_eq!(items[0]["code"], "GEN-01");
    assert!(items[0]["checklists"].as_array().unwrap().contains(&json!("CCS")));
    let about = |item: &str| json!({"call": "findings", "item": item});
    assert_eq!(ask(&mut world, LEAD, about("GEN-01"))["findings"], json!([]));
    let finding = json!({"item": "GEN-01", "note": "一人", "severity": "minor", "photos": []});
    ask(&mut world, ADA, json!({"call": "raise", "id": ids[0], "finding": finding}));
    settle(&mut world);
    let page = ask(&mut world, LEAD, about("GEN-01"));
    assert_eq!(page["findings"].as_array().unwrap().len(), 1);
    let events = ask(&mut world, LEAD, json!({"call": "timeline", "id": ids[0]}))["events"].clone();
    let events = events.as_array().unwrap().clone();
    let kinds: Vec<_> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.first(), Some(&"inspection.started"));
    assert!(kinds.contains(&"finding.raised"));
    assert_eq!(events.last().unwrap()["after_signing"], true);
}

#[test]
fn a_photo_in_two_checks_and_a_clock_of_another_year_are_shown() {
    let (mut world, ids) = day();
    let shot = photo(&mut world, ADA, b"the same picture");
    let again = photo(&mut world, BEN, b"the same picture");
    assert_eq!(shot, again);
    for (device, id) in [(ADA, &ids[0]), (BEN, &ids[1])] {
        let answer = json!({"call": "answer", "id": id, "path": "CCS-10", "answer": {"result": "fail"}, "photos": [shot]});
        ask(&mut world, device, answer);
    }
    settle(&mut world);
    let suspicious = inbox(&mut world, LEAD)["groups"][0]["suspicious"].clone();
    let codes: Vec<_> = suspicious.as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["photo_reused"]);
    let late = world.add_device("ben", -400 * 24 * 3_600_000);
    world.sync_cleanly(late).unwrap();
    say(&mut world, late, &ids[1], "CCS-17", json!({"result": "fail"}));
    settle(&mut world);
    let suspicious = inbox(&mut world, LEAD)["groups"][0]["suspicious"].to_string();
    assert!(suspicious.contains("\"clock\""), "{suspicious}");
}

#[test]
fn a_finding_names_its_gate_as_people_do() {
    let (mut world, ids) = day();
    let add =
        json!({"call": "add_instance", "id": ids[0], "repeat": "room", "label": "南侧 一号库"});
    let room = ask(&mut world, ADA, add);
    let item = format!("room/{}/CCS-03", room.as_str().unwrap());
    let finding = json!({"item": item, "note": "过热", "severity": "major", "photos": []});
    ask(&mut world, ADA, json!({"call": "raise", "id": ids[0], "finding": finding}));
    settle(&mut world);
    let page = ask(&mut world, LEAD, json!({"call": "findings"}));
    assert_eq!(page["findings"][0]["place"], "南侧 一号库");
}
