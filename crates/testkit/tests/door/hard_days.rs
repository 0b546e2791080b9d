//! Days that go wrong: what is void, late, renamed, of another year or too much is shown for what it
//! is, nothing is lost, and nothing is silently chosen.

use serde_json::{Value, json};
use spotcheck_testkit::world::World;

use crate::calls::{ask, photo};
use crate::desk::{ADA, BEN, DAY, LEAD, day, decide, inbox, say, settle};

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

fn merged(world: &mut World) -> Value {
    let call = json!({"call": "merged", "site": "CS-1", "day": DAY, "checklist": "CCS"});
    ask(world, LEAD, call)["group"].clone()
}

fn item<'a>(group: &'a Value, path: &str) -> &'a Value {
    group["items"].as_array().unwrap().iter().find(|it| it["path"] == path).unwrap()
}

/// The lead keeps the count that one inspector gave.
fn decide_for(world: &mut World, count: u32) {
    let waits = inbox(world, LEAD)["groups"][0]["items"][0].clone();
    let sides = waits["sides"].as_array().unwrap();
    let side = sides.iter().find(|side| side["value"]["count"] == count).unwrap();
    ask(world, LEAD, decide(&waits["id"], &side["op"], "seen on the roster"));
}

fn void(world: &mut World, device: usize, id: &str) {
    ask(world, device, json!({"call": "void", "id": id, "why": "the wrong site"}));
    settle(world);
}

#[test]
fn a_decision_for_a_check_that_is_void_now_waits_again_with_the_decision_in_view() {
    let (mut world, ids) = day();
    decide_for(&mut world, 3);
    void(&mut world, BEN, &ids[1]);
    // One check is left and says 2. The lead had decided on 3: nobody chose 2.
    let view = inbox(&mut world, LEAD);
    assert_eq!((&view["open"], &view["quiet"]), (&json!(1), &json!(0)));
    let waits = item(&view["groups"][0], "GEN-01").clone();
    assert_eq!((&waits["status"], &waits["value"]), (&json!("reopened"), &json!(null)));
    assert_eq!(waits["decisions"][0]["value"]["count"], 3);
    // Decided anew, in the merge: the check of who is left is not written to.
    let history = json!({"call": "history", "id": ids[0], "path": "GEN-01"});
    let before = ask(&mut world, LEAD, history.clone());
    ask(&mut world, LEAD, decide(&waits["id"], &waits["sides"][0]["op"], "only one is left"));
    let view = inbox(&mut world, LEAD);
    let decided = item(&view["groups"][0], "GEN-01");
    assert_eq!((&decided["status"], &decided["value"]["count"]), (&json!("decided"), &json!(2)));
    assert_eq!(ask(&mut world, LEAD, history), before);
}

#[test]
fn a_decision_that_what_is_left_agrees_with_waits_for_nobody() {
    let (mut world, ids) = day();
    decide_for(&mut world, 2);
    void(&mut world, BEN, &ids[1]);
    let view = inbox(&mut world, LEAD);
    assert_eq!(view["open"], 0);
    let agreed = item(&view["groups"][0], "GEN-01");
    assert_eq!((&agreed["status"], &agreed["value"]["count"]), (&json!("agreed"), &json!(2)));
    assert_eq!(agreed["decisions"][0]["why"], "seen on the roster");
}

#[test]
fn a_decision_over_nothing_that_is_left_is_still_in_view() {
    let (mut world, ids) = day();
    decide_for(&mut world, 3);
    void(&mut world, ADA, &ids[0]);
    void(&mut world, BEN, &ids[1]);
    let group = inbox(&mut world, LEAD)["groups"][0].clone();
    assert_eq!((&group["checks"], &group["missing"]), (&json!(0), &json!([])));
    let left = item(&group, "GEN-01");
    assert_eq!((&left["value"], &left["sides"]), (&json!(null), &json!([])));
    assert_eq!(left["decisions"][0]["value"]["count"], 3);
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!((&board["total"]["checks"], &board["total"]["voided"]), (&json!(0), &json!(2)));
}

#[test]
fn a_check_that_is_void_after_the_merge_was_signed_is_a_change_after_signing() {
    let (mut world, ids) = day();
    decide_for(&mut world, 2);
    let asked = json!({"site": "CS-1", "day": DAY, "checklist": "CCS",
        "signature": {"role": "lead", "name": "Lead"}});
    ask(&mut world, LEAD, json!({"call": "sign_merge", "asked": asked}));
    assert_eq!(merged(&mut world)["signatures"][0]["after"], false);
    void(&mut world, BEN, &ids[1]);
    assert_eq!(merged(&mut world)["signatures"][0]["after"], true);
}

#[test]
fn a_members_correction_after_signing_is_named_on_every_device() {
    let (mut world, ids) = day();
    let signature = json!({"role": "inspector", "name": "Ada"});
    ask(&mut world, ADA, json!({"call": "sign", "id": ids[0], "signature": signature}));
    world.clock.set(world.clock.get() + 60_000);
    // Ben has not heard of the signature. His device has his correction first, the lead's has it
    // last.
    say(&mut world, BEN, &ids[0], "GEN-01", json!({"count": 3}));
    for device in [ADA, LEAD, BEN, LEAD, ADA, BEN] {
        world.sync_cleanly(device).unwrap();
    }
    for device in [ADA, BEN, LEAD] {
        let view = inbox(&mut world, device);
        let suspicious = &view["groups"][0]["suspicious"];
        assert_eq!(suspicious.as_array().unwrap().len(), 1, "{suspicious}");
        assert_eq!(suspicious[0]["code"], "after_signing");
        assert_eq!(
            (&suspicious[0]["by"]["code"], &suspicious[0]["inspection"]),
            (&json!("ben"), &json!(ids[0]))
        );
    }
    // It counts, what it corrected is kept, and the signature says that something came after it.
    assert_eq!(item(&merged(&mut world), "GEN-01")["value"]["count"], 3);
    let check = ask(&mut world, LEAD, json!({"call": "check", "id": ids[0]}));
    assert_eq!(check["signatures"][0]["after"], true);
    let history = json!({"call": "history", "id": ids[0], "path": "GEN-01"});
    assert_eq!(ask(&mut world, LEAD, history).as_array().unwrap().len(), 2);
}

#[test]
fn a_correction_before_signing_is_no_suspicion_whatever_the_order_of_arrival() {
    let (mut world, ids) = day();
    say(&mut world, BEN, &ids[0], "GEN-01", json!({"count": 3}));
    world.clock.set(world.clock.get() + 60_000);
    let signature = json!({"role": "inspector", "name": "Ada"});
    ask(&mut world, ADA, json!({"call": "sign", "id": ids[0], "signature": signature}));
    // The signature comes to the lead first.
    for device in [ADA, LEAD, BEN, LEAD] {
        world.sync_cleanly(device).unwrap();
    }
    assert_eq!(inbox(&mut world, LEAD)["groups"][0]["suspicious"], json!([]));
}

#[test]
fn a_site_renamed_and_moved_in_mid_day_is_one_site() {
    let (mut world, _) = day();
    let register = |zh: &str, district: &str, parent: Value| {
        let site = json!([{"code": "CS-1", "parent": parent, "kind": "cold_store", "zh": zh,
            "en": "Store 1", "district": district, "org": "SN"}]);
        site.to_string().into_bytes()
    };
    let publish = |world: &mut World, page: Vec<u8>| {
        let service = world.server.service();
        pollster::block_on(service.publish_register(world.server.ws, "stores", &[page])).unwrap();
        settle(world);
    };
    publish(&mut world, register("一号冷库", "南山", json!(null)));
    decide_for(&mut world, 3);
    publish(&mut world, register("前海冷库", "宝安", json!("NS-MKT")));
    // A check begun after the move is of the same day at the same site.
    let head =
        json!({"checklist": "CCS", "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"]});
    let third = ask(&mut world, ADA, json!({"call": "start_check", "head": head}));
    say(&mut world, ADA, third.as_str().unwrap(), "GEN-02", json!({"result": "pass"}));
    settle(&mut world);
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!(board["rows"].as_array().unwrap().len(), 1);
    let site = &board["rows"][0]["site"];
    assert_eq!((&site["zh"], &site["district"]), (&json!("前海冷库"), &json!("宝安")));
    assert_eq!(board["rows"][0]["cells"][0]["checks"], 3);
    let group = inbox(&mut world, LEAD)["groups"][0].clone();
    assert_eq!((&group["site"]["zh"], &group["checks"]), (&json!("前海冷库"), &json!(3)));
    assert_eq!(item(&group, "GEN-01")["status"], "decided");
    let asked = json!({"call": "coverage", "from": DAY, "to": DAY, "by": "district"});
    let coverage = ask(&mut world, LEAD, asked);
    let groups = coverage["groups"].as_array().unwrap();
    let done = |key: &str| {
        groups.iter().find(|it| it["key"] == key).map_or(0, |it| it["done"].as_u64().unwrap())
    };
    assert_eq!((done("宝安"), done("南山")), (1, 0));
}

#[test]
fn ten_thousand_findings_are_all_there_page_by_page_and_counted() {
    let (mut world, _) = day();
    let mut made = vec![];
    for check in 0..20 {
        let findings: Vec<Value> = (0..500)
            .map(|n| json!({"item": "CCS-10", "severity": "minor", "note": format!("第 {check}-{n} 处")}))
            .collect();
        let line =
            json!({"head": {"checklist": "CCS", "site": "CS-1", "day": DAY}, "findings": findings});
        let mut none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
        let recorded = world.devices[LEAD].act(|app| app.record_line(&line.to_string(), &mut none));
        made.extend(recorded.unwrap().findings.iter().map(ToString::to_string));
    }
    made.sort();
    let mut listed: Vec<String> = vec![];
    let mut after = json!(null);
    loop {
        let call = json!({"call": "findings", "day": DAY, "after": after});
        let page = ask(&mut world, LEAD, call);
        let findings = page["findings"].as_array().unwrap();
        assert!(findings.len() <= 100);
        listed.extend(findings.iter().map(|it| it["finding"]["id"].as_str().unwrap().to_owned()));
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    listed.sort();
    assert_eq!(listed, made);
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!(board["total"]["findings"]["minor"], 10_000);
    assert_eq!(inbox(&mut world, LEAD)["groups"][0]["checks"], 22);
}

#[test]
fn a_clock_of_another_year_decides_nothing() {
    let (mut world, ids) = day();
    // The lead's other device is years behind, an inspector's years ahead.
    let slow = world.add_device("lead", -3 * YEAR_MS);
    let fast = world.add_device("ben", 2 * YEAR_MS);
    settle(&mut world);
    let waits = inbox(&mut world, slow)["groups"][0]["items"][0].clone();
    ask(&mut world, slow, decide(&waits["id"], &waits["sides"][0]["op"], "seen"));
    settle(&mut world);
    assert_eq!(item(&merged(&mut world), "GEN-01")["status"], "decided");
    // The clock that runs ahead wins nothing: what it says stands beside the others, and is late.
    say(&mut world, fast, &ids[1], "GEN-01", json!({"count": 5}));
    let shot = photo(&mut world, fast, b"of another year");
    let finding = json!({"note": "门未关", "severity": "minor", "photos": [shot]});
    ask(&mut world, fast, json!({"call": "raise", "id": ids[1], "finding": finding}));
    settle(&mut world);
    let group = inbox(&mut world, LEAD)["groups"][0].clone();
    let reopened = item(&group, "GEN-01");
    assert_eq!((&reopened["status"], &reopened["value"]), (&json!("reopened"), &json!(null)));
    let counts: Vec<_> =
        reopened["sides"].as_array().unwrap().iter().map(|it| &it["value"]["count"]).collect();
    assert_eq!(counts.len(), 2);
    assert!(counts.contains(&&json!(5)) && counts.contains(&&json!(2)), "{counts:?}");
    let clocks = group["suspicious"].as_array().unwrap().iter().filter(|it| it["code"] == "clock");
    assert_eq!(clocks.map(|it| &it["inspection"]).collect::<Vec<_>>(), [&json!(ids[1])]);
    // All of it is of the day that the check names.
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    assert_eq!(
        (&board["total"]["checks"], &board["total"]["findings"]["minor"]),
        (&json!(2), &json!(1))
    );
}

#[test]
fn a_site_that_left_the_register_is_found_no_more_and_its_checks_keep_their_name() {
    let (mut world, _) = day();
    let site = |code: &str, zh: &str| {
        json!({"code": code, "parent": null, "kind": "cold_store", "zh": zh,
            "en": zh, "district": null, "org": "SN"})
    };
    let publish = |world: &mut World, pages: &[Value]| {
        let service = world.server.service();
        let pages: Vec<Vec<u8>> = pages.iter().map(|page| page.to_string().into_bytes()).collect();
        pollster::block_on(service.publish_register(world.server.ws, "stores", &pages)).unwrap();
        settle(world);
    };
    let (one, two) = (json!([site("CS-1", "一号冷库")]), json!([site("CS-2", "二号冷库")]));
    publish(&mut world, &[one.clone(), two.clone()]);
    let head =
        json!({"checklist": "CCS", "site": "CS-1", "day": DAY, "inspectors": ["ada", "ben"]});
    ask(&mut world, ADA, json!({"call": "start_check", "head": head}));
    let found = |world: &mut World| {
        let found = ask(world, ADA, json!({"call": "find_sites", "typed": "冷库", "limit": 9}));
        let codes = found.as_array().unwrap().iter().map(|it| it["code"].clone());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(found(&mut world), ["CS-1", "CS-2"]);
    publish(&mut world, std::slice::from_ref(&two));
    assert_eq!(found(&mut world), ["CS-2"]);
    let board = ask(&mut world, LEAD, json!({"call": "board", "day": DAY}));
    let rows = board["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["site"]["zh"] == "一号冷库"), "{board}");
    // The page that comes back is on the devices already.
    publish(&mut world, &[one, two]);
    assert_eq!(found(&mut world), ["CS-1", "CS-2"]);
}

#[test]
fn a_site_added_on_the_spot_is_found_by_its_code_and_confirmed_by_a_lead_alone() {
    let (mut world, _) = day();
    let site = json!({"name": "河边早市", "kind": "market", "scanned": "https://q.example/42"});
    let added = ask(&mut world, ADA, json!({"call": "add_site", "site": site}));
    assert_eq!(
        (&added["unconfirmed"], &added["scanned"]),
        (&json!(true), &json!("https://q.example/42"))
    );
    settle(&mut world);
    let find = json!({"call": "find_sites", "typed": "https://q.example/42", "limit": 9});
    let found = ask(&mut world, BEN, find);
    assert_eq!(found[0]["code"], added["code"]);
    let list = ask(&mut world, LEAD, json!({"call": "added_sites"}));
    assert_eq!((list.as_array().unwrap().len(), &list[0]["by"]["code"]), (1, &json!("ada")));
    let confirm = json!({"call": "confirm_site", "code": added["code"], "name": "河边市场", "kind": "market"});
    let refused = world.devices[ADA].act(|app| app.dispatch(&confirm.to_string()).map(drop));
    assert!(refused.unwrap_err().to_string().contains("only a lead"));
    ask(&mut world, LEAD, confirm);
    settle(&mut world);
    assert_eq!(ask(&mut world, LEAD, json!({"call": "added_sites"})), json!([]));
    let find = json!({"call": "find_sites", "typed": "河边", "limit": 9});
    let found = ask(&mut world, ADA, find);
    assert_eq!((&found[0]["zh"], &found[0]["unconfirmed"]), (&json!("河边市场"), &json!(false)));
    // Another lead said something else meanwhile, without having heard of the first: one of the two stands,
    // the same on every device.
    let again = json!({"call": "confirm_site", "code": added["code"], "name": "河边早市场", "kind": "market"});
    ask(&mut world, LEAD, again);
    settle(&mut world);
    for device in [ADA, BEN, LEAD] {
        let find = json!({"call": "find_sites", "typed": "河边", "limit": 9});
        assert_eq!(ask(&mut world, device, find)[0]["zh"], "河边早市场");
    }
}
