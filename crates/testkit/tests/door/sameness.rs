//! Findings that look alike: a lead says whether they are one thing, and nothing is edited by it.

use serde_json::{Value, json};
use spotcheck_testkit::world::World;

use crate::calls::{ask, try_ask};
use crate::desk::{ADA, BEN, DAY, LEAD, day, inbox, settle};

/// Each of both inspectors raises one finding in nearly the same words. Both ids.
fn seen_twice() -> (World, [String; 2]) {
    let (mut world, checks) = day();
    let raised =
        [(ADA, 0, "critical", "冷库门未关，无人看守"), (BEN, 1, "minor", "冷库门未关 无人看守。")];
    let ids = raised.map(|(device, check, severity, note)| {
        let finding = json!({"item": "CCS-10", "severity": severity, "note": note});
        let call = json!({"call": "raise", "id": checks[check], "finding": finding});
        ask(&mut world, device, call)["id"].as_str().unwrap().to_owned()
    });
    settle(&mut world);
    (world, ids)
}

fn unite(findings: &[String; 2], main: Option<&str>) -> Value {
    json!({"call": "unite", "findings": findings, "main": main, "why": "the same door"})
}

fn group(world: &mut World, device: usize) -> Value {
    inbox(world, device)["groups"][0].clone()
}

fn merged(world: &mut World) -> Value {
    ask(world, LEAD, json!({"call": "merged", "site": "CS-1", "day": DAY, "checklist": "CCS"}))
}

fn counted(world: &mut World) -> Value {
    ask(world, LEAD, json!({"call": "board"}))["total"]["findings"].clone()
}

#[test]
fn two_findings_become_one_on_every_device_and_two_again_when_taken_back() {
    let (mut world, ids) = seen_twice();
    let before = group(&mut world, LEAD);
    assert_eq!(before["alike"][0]["findings"].as_array().unwrap().len(), 2);
    assert_eq!(counted(&mut world), json!({"critical": 1, "major": 0, "minor": 1}));
    let op = ask(&mut world, LEAD, unite(&ids, Some(&ids[0])));
    settle(&mut world);
    let after = group(&mut world, LEAD);
    let theirs = group(&mut world, BEN);
    for it in [&after, &theirs] {
        assert_eq!((&it["alike"], &it["sameness"][0]["op"]), (&json!([]), &op));
    }
    let said = &after["sameness"][0];
    assert_eq!((&said["main"]["finding"]["id"], &said["mine"]), (&json!(ids[0]), &json!(true)));
    assert_eq!(said["others"][0]["finding"]["id"], ids[1].as_str());
    // One is listed and counted; nobody's finding has another word in it.
    let listed = merged(&mut world)["findings"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["finding"]["id"], ids[0].as_str());
    assert_eq!(counted(&mut world), json!({"critical": 1, "major": 0, "minor": 0}));
    let offered = before["alike"][0]["findings"].as_array().unwrap();
    assert!(offered.contains(&said["others"][0]));
    ask(&mut world, LEAD, json!({"call": "undo", "op": op}));
    settle(&mut world);
    assert_eq!(group(&mut world, LEAD), before);
    assert_eq!(counted(&mut world)["minor"], 1);
}

#[test]
fn different_things_are_offered_no_more_and_both_count() {
    let (mut world, ids) = seen_twice();
    ask(&mut world, LEAD, unite(&ids, None));
    let after = group(&mut world, LEAD);
    assert_eq!(after["alike"], json!([]));
    assert_eq!(after["sameness"][0]["main"], Value::Null);
    assert_eq!(after["sameness"][0]["others"].as_array().unwrap().len(), 2);
    assert_eq!(merged(&mut world)["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_finding_that_changed_or_came_late_is_offered_again_with_what_was_said() {
    let (mut world, ids) = seen_twice();
    ask(&mut world, LEAD, unite(&ids, Some(&ids[0])));
    settle(&mut world);
    let draft = json!({"item": "CCS-10", "severity": "minor", "note": "冷库门未关 无人看守！！"});
    ask(&mut world, BEN, json!({"call": "edit_finding", "finding": ids[1], "draft": draft}));
    settle(&mut world);
    let again = group(&mut world, LEAD);
    assert_eq!(again["sameness"], json!([]));
    assert_eq!(again["alike"][0]["before"][0]["why"], "the same door");
    assert_eq!(counted(&mut world)["minor"], 1, "two again until a person looked");
    // Said again, then seen by a third: the three are offered, and what was said holds until then.
    ask(&mut world, LEAD, unite(&ids, Some(&ids[0])));
    let head = json!({"checklist": "CCS", "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"],
        "place": {"none": "no signal"}});
    let third = ask(&mut world, BEN, json!({"call": "start_check", "head": head}));
    ask(&mut world, BEN, json!({"call": "raise", "id": third, "finding": draft}));
    settle(&mut world);
    let three = group(&mut world, LEAD);
    assert_eq!(three["alike"][0]["findings"].as_array().unwrap().len(), 3);
    assert_eq!(three["alike"][0]["before"].as_array().unwrap().len(), 1);
    assert_eq!(three["sameness"].as_array().unwrap().len(), 1);
}

#[test]
fn two_leads_who_say_different_things_are_both_in_view_and_nothing_is_united() {
    let (mut world, ids) = seen_twice();
    let second = world.add_device("lead", 0);
    settle(&mut world);
    ask(&mut world, LEAD, unite(&ids, Some(&ids[0])));
    ask(&mut world, second, unite(&ids, Some(&ids[1])));
    settle(&mut world);
    let (one, other) = (group(&mut world, LEAD), group(&mut world, second));
    assert_eq!(one, other);
    assert_eq!(
        (&one["sameness"], &one["alike"][0]["before"].as_array().unwrap().len()),
        (&json!([]), &2)
    );
    // The same word of both is one word.
    ask(&mut world, LEAD, unite(&ids, Some(&ids[1])));
    settle(&mut world);
    assert_eq!(group(&mut world, second)["sameness"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_pair_of_findings_is_refused_in_words() {
    let (mut world, ids) = seen_twice();
    let one = [ids[0].clone(), ids[0].clone()];
    let refused =
        |world: &mut World, device, call: Value| try_ask(world, device, &call).unwrap_err();
    assert!(refused(&mut world, ADA, unite(&ids, None)).contains("only a lead"));
    assert!(refused(&mut world, LEAD, unite(&one, None)).contains("2 to 100"));
    let mut foreign = unite(&ids, None);
    foreign["main"] = json!("0123456789abcdef0123456789abcdef");
    let said = refused(&mut world, LEAD, foreign);
    assert!(said.contains("0123456789abcdef") || said.contains("none of the findings"), "{said}");
    ask(&mut world, BEN, json!({"call": "void", "id": ids[1], "why": "wrong door"}));
    settle(&mut world);
    assert!(refused(&mut world, LEAD, unite(&ids, None)).contains("is void"));
}
