//! The shipped packs: every limit says where it comes from and that nobody has reviewed it yet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spotcheck_rules::{Limit, LimitValue, Pack, Status, Verdict, calc, judge, parse_date, shipped};

fn packs() -> Vec<Pack> {
    shipped().iter().map(|pack| Pack::parse(pack.bytes).unwrap()).collect()
}

fn pack(code: &str) -> Pack {
    packs().into_iter().find(|pack| pack.code == code).unwrap()
}

#[test]
fn nothing_is_called_reviewed_before_someone_reviewed_it() {
    for pack in packs() {
        assert_eq!((pack.status, &pack.reviewed_by), (Status::Draft, &None), "{}", pack.code);
        for limit in &pack.limits {
            assert!(limit.status != Some(Status::Reviewed), "{} {}", pack.code, limit.key);
        }
    }
}

#[test]
fn every_limit_cites_a_known_source_or_says_that_it_is_our_own() {
    let known: Value = serde_json::from_str(include_str!("../data/sources.json")).unwrap();
    let known: Vec<_> = known["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["key"].as_str().unwrap())
        .collect();
    // The first pack was published before limits had cites; its bytes never change.
    for pack in packs().iter().filter(|pack| pack.code != "cn-shenzhen-2021") {
        for limit in &pack.limits {
            let at = format!("{} {}", pack.code, limit.key);
            assert!(limit.status.is_some(), "{at} has no status");
            assert!(
                !limit.cites.is_empty() || limit.source.contains("House"),
                "{at} has no source"
            );
            for cite in &limit.cites {
                assert!(
                    known.contains(&&*cite.source),
                    "{at}: data/sources.json lacks {}",
                    cite.source
                );
                assert!(!cite.document.trim().is_empty(), "{at} names no document");
            }
        }
    }
}

#[test]
fn what_two_packs_say_about_the_first_pack_s_keys_agrees_with_it() {
    // Otherwise a question without a pack, answered today, would be refused tomorrow.
    let packs = packs();
    let (first, others) = packs.split_first().unwrap();
    let alike = |a: &Limit, b: &Limit| {
        (a.operator, &a.values, a.severity, &a.escalation)
            == (b.operator, &b.values, b.severity, &b.escalation)
    };
    let mut compared = 0;
    for limit in &first.limits {
        for other in others.iter().flat_map(|pack| &pack.limits).filter(|it| it.key == limit.key) {
            assert!(alike(limit, other), "{}", limit.key);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn the_packs_for_calculations_agree_with_the_whole_packs() {
    for (small, whole) in [
        (&include_bytes!("../packs/us-food-code-holding.json")[..], "us-food-code"),
        (include_bytes!("../packs/uk-food-holding.json"), "uk-food"),
        (include_bytes!("../packs/cn-catering-holding.json"), "cn-catering"),
    ] {
        let (small, whole) = (Pack::parse(small).unwrap(), pack(whole));
        let on = parse_date("2024-01-02").unwrap();
        for limit in &small.limits {
            let other = whole.find_limit(&limit.key, on).unwrap();
            assert_eq!((limit.operator, limit.severity), (other.operator, other.severity));
            assert_eq!(limit.values, other.values, "{} {}", whole.code, limit.key);
        }
    }
}

/// The limits the three kitchens put on the same food (§4.C, hold matrix), by the whole packs.
#[test]
fn section_4c_one_reading_three_kitchens() {
    let on = parse_date("2024-01-02").unwrap();
    let verdicts = |key: &str, value: &str| {
        ["us-food-code", "uk-food", "cn-catering"]
            .map(|code| judge(&pack(code), key, on, value, "°C").unwrap().verdict)
    };
    let (pass, fail) = (Verdict::Pass, Verdict::Fail);
    assert_eq!(verdicts("holding.hot", "58"), [pass, fail, fail]);
    assert_eq!(verdicts("holding.cold", "6.0"), [fail, pass, pass]);
}

/// §2.2: the port's interval changes within one key, on the day of the guide v10.
#[test]
fn rules_2_2_the_timeline_is_dated_data() {
    let pack = pack("cn-shenzhen-epidemic");
    let in_force = |key: &str, day: &str| {
        let limit = pack.find_limit(key, parse_date(day).unwrap())?;
        limit.values[0].value.map(|value| value.to_string())
    };
    let table = [
        ("credential.leave_hours", "2021-06-06", None),
        ("credential.leave_hours", "2021-06-07", Some("72")),
        ("credential.leave_linked_hours", "2021-06-07", Some("48")),
        ("credential.leave_province_hours", "2021-06-19", None),
        ("credential.leave_province_hours", "2021-06-20", Some("48")),
        ("credential.leave_guangzhou_hours", "2021-05-31", Some("72")),
        ("credential.leave_guangzhou_hours", "2021-06-07", Some("48")),
        ("credential.public_hours", "2022-06-01", None),
        ("credential.public_hours", "2022-06-02", Some("72")),
        ("credential.public_hours", "2022-06-24", Some("48")),
        ("credential.transit_hours", "2022-12-02", Some("48")),
        ("credential.transit_hours", "2022-12-03", None),
        ("port.test_gap", "2022-07-04", Some("48")),
        ("port.test_gap", "2022-07-05", Some("24")),
        ("port.work_days", "2022-07-05", None),
        ("import.released_ratio", "2020-08-17", None),
        ("import.released_ratio", "2020-08-18", Some("100")),
        ("screening.fever_line", "2023-01-07", Some("37.3")),
        ("screening.fever_line", "2023-01-08", None),
        ("credential.checked_ratio", "2023-02-15", Some("100")),
        ("credential.checked_ratio", "2023-02-16", None),
    ];
    for (key, day, expected) in table {
        assert_eq!(in_force(key, day).as_deref(), expected, "{key} on {day}");
    }
}

/// A pack may say when a limit holds; the exact minute is the calculation's. They must not differ.
#[test]
fn the_pack_and_the_credential_calculation_name_the_same_hours() {
    let data: Value = serde_json::from_str(include_str!("../data/credential-cn-gd.json")).unwrap();
    let pack = pack("cn-shenzhen-epidemic");
    let keys = BTreeMap::from([
        ("gz-leave-72h", "credential.leave_guangzhou_hours"),
        ("gz-leave-48h", "credential.leave_guangzhou_hours"),
        ("sz-leave-72h", "credential.leave_hours"),
        ("sz-leave-linked-48h", "credential.leave_linked_hours"),
        ("sz-leave-province-48h", "credential.leave_province_hours"),
        ("sz-public-72h", "credential.public_hours"),
        ("sz-public-48h", "credential.public_hours"),
        ("sz-transit-72h", "credential.transit_hours"),
        ("sz-transit-48h", "credential.transit_hours"),
    ]);
    let day = |period: &Value, end: &str| {
        parse_date(period[end].as_str().unwrap().get(..10).unwrap()).unwrap()
    };
    for period in data["periods"].as_array().unwrap() {
        let Some(hours) = period["valid_hours"].as_u64() else { continue };
        let key = keys[period["id"].as_str().unwrap()];
        let (from, last) = (day(period, "from"), day(period, "to").pred_opt().unwrap());
        for on in [from, last] {
            let limit = pack.find_limit(key, on).unwrap_or_else(|| panic!("{key} on {on}"));
            assert_eq!(limit.values[0].value.unwrap().to_string(), hours.to_string(), "{key} {on}");
        }
    }
}

#[test]
fn a_question_without_a_pack_is_answered_where_all_packs_agree() {
    let ask = |key: &str, unit: &str| {
        let question = json!({"key": key, "on": "2024-01-02", "value": "2", "unit": unit});
        calc("verdict", &question.to_string())
    };
    assert_eq!(ask("crew.inspectors", "persons").unwrap()["pack"], "cn-shenzhen-2021");
    let refused = ask("holding.hot", "°C").unwrap_err().to_string();
    for code in ["us-food-code", "uk-food", "cn-catering"] {
        assert!(refused.contains(code), "{refused}");
    }
}

#[test]
fn the_numbers_are_those_of_the_rules() {
    let packs = packs();
    let lines = include_str!("data/limits-read.tsv").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let [row, code, key, day, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let pack = packs.iter().find(|pack| pack.code == code).unwrap();
        let limit = pack.find_limit(key, parse_date(day).unwrap());
        let limit = limit.unwrap_or_else(|| panic!("{row}: {code} has no {key} on {day}"));
        let values: Vec<_> = limit.values.iter().map(|value| limit.describe(value)).collect();
        assert_eq!(values.join(" or "), expected, "{row} {code} {key}");
    }
}

/// A limit that is not in that table is all or nothing, our own default, said to be unverified, or
/// the first pack's.
#[test]
fn every_other_number_is_our_own_or_said_to_be_unverified() {
    let read = include_str!("data/limits-read.tsv");
    let mut unread = Vec::new();
    for pack in packs().iter().filter(|pack| pack.code != "cn-shenzhen-2021") {
        for limit in &pack.limits {
            let whole = |value: &LimitValue| {
                value.value.is_some_and(|it| ["0", "100"].contains(&&*it.to_string()))
            };
            let admitted = limit.source.contains("House") || limit.source.contains("GK: ");
            let first = packs()[0].has_key(&limit.key);
            let known = read.contains(&format!("\t{}\t{}\t", pack.code, limit.key));
            if !(known || admitted || first || limit.values.iter().all(whole)) {
                unread.push(format!("{} {}", pack.code, limit.key));
            }
        }
    }
    assert_eq!(unread, Vec::<String>::new());
}
