//! What the author of a pack is told: every fault with its field and remedy, and doubts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use proptest::prelude::*;
use spotcheck_rules::{Notice, Pack, Weight, check_pack, parse_date, shipped};

const SOUND: &str = r#"{
  "code": "p", "title": {"zh": "包", "en": "pack"}, "jurisdiction": "CN", "version": "1",
  "status": "reviewed", "reviewed_by": "Li",
  "limits": [
    {"key": "cold.room", "title": {"zh": "限", "en": "limit"}, "operator": "<=",
     "values": [{"value": "8.0", "unit": "°C"}], "severity": "major",
     "escalation": [{"operator": ">", "value": "10", "unit": "°C", "severity": "critical"}],
     "effective_from": "2021-01-01", "effective_to": "2021-12-31", "source": "C2",
     "cites": [{"source": "C2", "document": "GB/T 24616-2019"}]},
    {"key": "cold.room", "title": {"zh": "限", "en": "limit"}, "operator": "<=",
     "values": [{"value": "7.0", "unit": "°C"}], "severity": "major",
     "effective_from": "2022-01-01", "effective_to": null, "source": "House"}
  ]
}"#;

fn notices(changes: &[(&str, &str)]) -> Vec<Notice> {
    let text = changes.iter().fold(SOUND.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let checked = check_pack(text.as_bytes(), parse_date("2024-01-02").unwrap());
    let wrong = checked.notices.iter().any(|notice| notice.weight == Weight::Error);
    assert_eq!(checked.pack.is_none(), wrong, "{text}");
    assert_eq!(Pack::parse(text.as_bytes()).is_err(), wrong, "{text}");
    checked.notices
}

/// `path: problem; remedy` of each, in English.
fn said(changes: &[(&str, &str)]) -> Vec<String> {
    let text = |it: Notice| format!("{}: {}; {}", it.path, it.problem.en, it.remedy.en);
    notices(changes).into_iter().map(text).collect()
}

#[test]
fn nothing_is_said_of_a_sound_pack() {
    assert_eq!(said(&[]), Vec::<String>::new());
}

#[test]
fn all_faults_are_told_at_once() {
    let found = said(&[
        (r#""zh": "包""#, r#""zh": """#),
        ("2021-12-31", "2022-06-30"),
        (r#""value": "7.0", "unit""#, r#""min": "7.0", "unit""#),
        (r#""unit": "°C", "severity""#, r#""unit": "K", "severity""#),
    ]);
    assert_eq!(found[0], "title.zh: the text is empty; fill it in");
    assert!(
        found[1].starts_with("limits[0] (cold.room).escalation[0].unit: the limit has no valu")
    );
    assert!(found[2].starts_with("limits[0] (cold.room).escalation: readings in °C would never"));
    assert!(found[3].starts_with("limits[1] (cold.room).values[0]: `<=` needs `value`"));
    assert!(
        found[4].starts_with("limits[1] (cold.room).effective_from: this key is already in fo")
    );
}

#[test]
fn overlaps_are_found_in_whatever_order_the_periods_stand() {
    let later =
        ("2022-01-01\", \"effective_to\": null", "2020-06-01\", \"effective_to\": \"2020-12-31\"");
    let errors = notices(&[later]).iter().filter(|it| it.weight == Weight::Error).count();
    assert_eq!(errors, 0, "one period before the other, listed after it");
    for last in ["\"2021-01-01\"", "\"2021-06-30\"", "\"2025-01-01\"", "null"] {
        let to = format!("2020-06-01\", \"effective_to\": {last}");
        let found = said(&[(later.0, &to)]);
        assert!(found[0].contains("already in force from 2021-01-01"), "{last} {found:?}");
    }
    let same = said(&[("2022-01-01", "2021-01-01")]);
    assert!(same[0].contains("already in force"), "{same:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_where_in_both_languages() {
    for (from, to, path, line, zh) in [
        (r#""jurisdiction""#, r#""region""#, "region", 2, "没有这个字段：`region`，可用："),
        (r#""severity": "major","#, "", "limits[0]", 9, "缺少字段 `severity`"),
        (r#""8.0""#, "8.0", "limits[0].values[0].value", 6, "类型不对："),
        (r#""reviewed","#, r#""seen","#, "status", 3, "没有这个取值：`seen`"),
        (r#""8.0""#, r#""8,0""#, "limits[0].values[0].value", 6, "comma"),
    ] {
        let found = notices(&[(from, to)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&*found[0].path, found[0].line), (path, Some(line)), "{found:?}");
        assert!(found[0].problem.zh.contains(zh), "{found:?}");
        assert!(!found[0].problem.en.contains("at line"), "{found:?}");
    }
    let today = parse_date("2024-01-02").unwrap();
    for bytes in [&b""[..], b"{", b"[]", b"\xff", b"null", b"{\"limits\":[}"] {
        let checked = check_pack(bytes, today);
        assert!(checked.pack.is_none() && checked.notices.len() == 1, "{bytes:?}");
    }
    let long = vec![b' '; 5 * 1024 * 1024];
    assert!(check_pack(&long, today).notices[0].problem.en.contains("at most"));
}

#[test]
fn doubts_are_warnings_and_the_pack_is_usable() {
    for (changes, expected) in [
        (vec![(r#""reviewed""#, r#""draft""#)], "status: 2 of 2 limits are drafts; have an expert"),
        (
            vec![("\"source\": \"House\"", "\"source\": \"House\", \"status\": \"draft\"")],
            "status: 1 of 2",
        ),
        (
            vec![("\"source\": \"House\"", "\"source\": \"x\"")],
            "limits[1] (cold.room).cites: 1 limits",
        ),
        (
            vec![("null, \"source\"", "\"2023-01-01\", \"source\"")],
            "limits: no limit is in force on",
        ),
        (
            vec![("2021-12-31", "2021-12-30")],
            "limits[1] (cold.room).effective_from: between 2021-12-30",
        ),
        (
            vec![("\"7.0\", \"unit\": \"°C\"", "\"7.0\", \"unit\": \"°F\"")],
            "limits[1] (cold.room).values: other units than",
        ),
        (
            vec![(
                "\"severity\": \"major\",\n     \"effective_from\": \"2022",
                "\"severity\": \"minor\",\n     \"effective_from\": \"2022",
            )],
            "limits[1] (cold.room).severity: other severity",
        ),
        (
            vec![("\"value\": \"10\"", "\"value\": \"7.9\"")],
            "limits[0] (cold.room).escalation[0]: the escalation reaches into",
        ),
        (
            vec![("\"operator\": \">\"", "\"operator\": \"<\"")],
            "limits[0] (cold.room).escalation[0]: the escalation reaches into",
        ),
    ] {
        let found = notices(&changes);
        assert_eq!(found.len(), 1, "{changes:?} {found:?}");
        assert_eq!(found[0].weight, Weight::Warning);
        assert!(said(&changes)[0].starts_with(expected), "{expected}\n{:?}", said(&changes));
    }
}

#[test]
fn operators_that_look_inverted_are_named() {
    let one = |key: &str, operator: &str, unit: &str| {
        let text = format!(
            r#"{{"code":"p","title":{{"zh":"包","en":"p"}},"jurisdiction":"CN","version":"1",
            "status":"reviewed","reviewed_by":"Li","limits":[{{"key":"{key}",
            "title":{{"zh":"限","en":"l"}},"operator":"{operator}",
            "values":[{{"value":"5","unit":"{unit}"}}],"severity":"major",
            "effective_from":"2021-01-01","effective_to":null,"source":"House"}}]}}"#
        );
        let found = check_pack(text.as_bytes(), parse_date("2024-01-02").unwrap()).notices;
        found.iter().any(|it| it.path.ends_with(".operator") && it.problem.en.contains("inverted"))
    };
    for (key, operator, unit) in [
        ("drill.age", ">=", "d"),
        ("port.test_gap", ">", "h"),
        ("screening.checked_ratio", "<=", "%"),
        ("cold.frozen_room", ">=", "°C"),
        ("holding.hot", "<", "°F"),
    ] {
        assert!(one(key, operator, unit), "{key}");
    }
    for (key, operator, unit) in [
        ("drill.age", "<=", "d"),
        ("screening.checked_ratio", ">=", "%"),
        ("holding.hot_tolerance", "<=", "min"),
        ("cold.records", ">=", "months"),
        ("holding.cold", "<=", "°C"),
        ("pests.signs", "==", "places"),
    ] {
        assert!(!one(key, operator, unit), "{key}");
    }
    // A turn from one period to the next is named too.
    let turned = said(&[(
        "\"operator\": \"<=\",\n     \"values\": [{\"value\": \"7.0\"",
        "\"operator\": \">=\",\n     \"values\": [{\"value\": \"7.0\"",
    )]);
    assert!(turned.iter().any(|it| it.contains("turns from `<=` to `>=`")), "{turned:?}");
}

#[test]
fn the_shipped_packs_are_drafts_and_give_no_other_doubt() {
    let today = parse_date("2021-06-24").unwrap();
    for pack in shipped() {
        let checked = check_pack(pack.bytes, today);
        assert!(checked.pack.is_some(), "{}", pack.code);
        let expected: &[&str] = match pack.code {
            // Published before limits had cites.
            "cn-shenzhen-2021" => &["status", "limits[1] (crew.inspectors).cites"],
            _ => &["status"],
        };
        let paths: Vec<_> = checked.notices.iter().map(|notice| notice.path.as_str()).collect();
        assert_eq!(paths, expected, "{}: {:?}", pack.code, checked.notices);
    }
}

#[test]
fn every_notice_is_bilingual() {
    let found = notices(&[
        (r#""reviewed""#, r#""draft""#),
        ("2021-12-31", "2022-06-30"),
        ("\"source\": \"House\"", "\"source\": \"x\""),
    ]);
    assert!(found.len() >= 3);
    let han = |text: &str| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
    for notice in found {
        assert!(han(&notice.problem.zh) && han(&notice.remedy.zh), "{notice:?}");
        assert!(!han(&notice.problem.en) && !han(&notice.remedy.en), "{notice:?}");
    }
}

proptest! {
    /// Whatever stands in the file, the author gets an answer that agrees with what a device does.
    #[test]
    fn a_damaged_pack_is_answered(at in 0..SOUND.len(), len in 0_usize..12, put in "[ -~]{0,8}") {
        let mut bytes = SOUND.as_bytes().to_vec();
        let end = (at + len).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        let checked = check_pack(&bytes, parse_date("2024-01-02").unwrap());
        prop_assert_eq!(checked.pack.is_some(), Pack::parse(&bytes).is_ok());
        let errors = checked.notices.iter().filter(|it| it.weight == Weight::Error).count();
        prop_assert_eq!(checked.pack.is_none(), errors > 0);
        prop_assert!(checked.notices.iter().all(|it| !it.path.is_empty()));
    }
}
