//! A wrong question is told which field, what is wrong and what to write, in both languages.

use serde_json::{Value, json};
use spotcheck_rules::{CalcError, calc};

#[track_caller]
fn refuse(name: &str, question: &Value) -> CalcError {
    calc(name, &question.to_string()).unwrap_err()
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let error = calc("mtk", "{}").unwrap_err();
    assert!(error.to_string().contains("verdict, mkt, excursion"), "{error}");
    assert!(error.message().zh.contains("mkt"));
}

#[test]
fn broken_json_names_line_and_field() {
    let error = calc("mkt", "{\n\"readings\":[{\"minute\":0,\"c\":\"5,0\"}]}").unwrap_err();
    assert_eq!(error.path(), Some("readings[0].c"));
    assert!(
        error.to_string().contains("line 2") && error.to_string().contains("use '.'"),
        "{error}"
    );
    assert!(matches!(calc("mkt", "").unwrap_err(), CalcError::Json { .. }));
    assert!(matches!(calc("mkt", "[1]").unwrap_err(), CalcError::Json { .. }));
}

#[test]
fn a_misspelt_field_is_no_silent_default() {
    let error = refuse("mkt", &json!({"temperatures_c": [5], "intervall_min": 10}));
    assert!(error.to_string().contains("intervall_min"), "{error}");
}

#[test]
fn each_refusal_names_its_field() {
    let cooling = |readings: Value| json!({"scheme": "cn", "readings": readings});
    let at = "2021-06-24T12:00:00+08:00";
    let cases = [
        ("mkt", json!({}), "document"),
        ("mkt", json!({"temperatures_c": []}), "temperatures_c"),
        ("mkt", json!({"temperatures_c": [5, 500]}), "temperatures_c[1]"),
        ("mkt", json!({"temperatures_c": [5], "kind": "ctt"}), "kind"),
        ("mkt", json!({"readings": []}), "readings"),
        ("mkt", json!({"readings": [{"minute": 0, "c": "--.-"}]}), "readings"),
        ("mkt", json!({"readings": [{"minute": 0, "c": 5}, {"minute": 0, "c": 5}]}), "readings[1]"),
        (
            "mkt",
            json!({"readings": [{"minute": 0, "c": 5}, {"minute": 9, "f": 41}]}),
            "readings[0].c",
        ),
        ("mkt", json!({"readings": [{"minute": 0, "c": 5}, {"at": at, "c": 5}]}), "readings[1]"),
        ("mkt", json!({"readings": [{"minute": i64::MIN, "c": 5}]}), "readings[0]"),
        ("mkt", json!({"readings": [{"minute": 0, "c": 5}], "interval_min": 0}), "interval_min"),
        ("mkt", json!({"temperatures_c": [5], "energy_kj_mol": 0}), "energy_kj_mol"),
        ("excursion", json!({"readings": [{"minute": 0, "c": 5}]}), "out_of_range"),
        ("excursion", json!({"readings": [{"minute": 0, "c": 5}], "profile": "who"}), "profile"),
        (
            "excursion",
            json!({"readings": [{"minute": 0, "f": 41}], "profile": "who_vaccine"}),
            "readings",
        ),
        (
            "excursion",
            json!({"readings": [{"minute": 0, "f": 41}], "key": "cold.frozen_room", "on": "2021-06-24"}),
            "key",
        ),
        ("cooling", cooling(json!([{"minute": 0, "f": "140"}])), "readings"),
        ("cooling", json!({"scheme": "us", "readings": []}), "scheme"),
        ("sample", json!({"lot_size": 0}), "lot_size"),
        ("sample", json!({"lot_size": 9, "aql": "1.1"}), "aql"),
        ("sample", json!({"lot_size": 9, "level": "IV"}), "level"),
        ("sample", json!({"lot_size": 9, "method": "discovery"}), "defectives"),
        (
            "sample",
            json!({"lot_size": 9, "method": "discovery", "defectives": 1, "confidence": 1}),
            "confidence",
        ),
        ("draw", json!({"seed": "", "ids": ["a"], "n": 1}), "seed"),
        ("draw", json!({"seed": "s", "ids": ["a", "a"], "n": 1}), "ids[1]"),
        ("draw", json!({"seed": "s", "ids": ["a"], "n": 2}), "n"),
        ("retention", json!({"kind": "food"}), "kind"),
        ("retention", json!({"kind": "produce"}), "purchased"),
        ("retention", json!({"kind": "vaccine", "expiry": "2021-6-24"}), "expiry"),
        (
            "retention",
            json!({"kind": "vaccine", "made": "2021-06-24", "shelf_life": {"years": 4294967295_u32}}),
            "shelf_life",
        ),
        ("publication", json!({"result": "24.6.2021"}), "result"),
        ("publication", json!({"result": "2021-06-24", "working_days": 4000}), "working_days"),
        ("ledger", json!({"vendor_type": "shop", "entries": []}), "vendor_type"),
        ("credential", json!({"at": at, "place": "CN-XX", "scope": "transit"}), "place"),
        (
            "credential",
            json!({"at": at, "place": "CN-SZ", "scope": "leave_city", "reported_at": at}),
            "sampled_at",
        ),
        (
            "credential",
            json!({"at": at, "place": "CN-SZ", "scope": "leave_city", "sampled_at": "2021-06-25T00:00:00Z"}),
            "sampled_at",
        ),
        ("verdict", json!({"on": "2021-06-24", "key": "no.such", "value": 1, "unit": "°C"}), "key"),
        (
            "verdict",
            json!({"on": "2024-06-24", "key": "holding.hot", "value": 1, "unit": "°C"}),
            "pack",
        ),
        (
            "verdict",
            json!({"on": "2021-06-24", "key": "cold.frozen_room", "unit": "°C"}),
            "document",
        ),
        (
            "verdict",
            json!({"on": "2021-06-24", "limit": {"operator": "between", "value": "1"}, "value": 1, "unit": "°C"}),
            "limit",
        ),
    ];
    for (name, question, path) in cases {
        let error = refuse(name, &question);
        assert_eq!(error.path(), Some(path), "{name} {question}: {error}");
        assert_eq!(error.message().find_empty(), None);
    }
}

/// Every value of a question in turn, replaced by each of these.
fn spoilt(question: &Value, with: &Value) -> Vec<Value> {
    let inner: Vec<(String, &Value)> = match question {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (format!("/{key}"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect()
        }
        _ => vec![],
    };
    let mut all = vec![with.clone()];
    for (at, value) in inner {
        for changed in spoilt(value, with) {
            let mut copy = question.clone();
            *copy.pointer_mut(&at).unwrap() = changed;
            all.push(copy);
        }
    }
    all
}

#[test]
fn no_spoilt_example_panics_and_every_refusal_is_bilingual() {
    let extremes = [
        json!(null),
        json!(-1),
        json!(0),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(1e308),
        json!(-1e-308),
        json!(""),
        json!("-"),
        json!("79228162514264337593543950335"),
        json!("0.0000000000000000000000000001"),
        json!("1000"),
        json!("-273.15"),
        json!("9999-12-31"),
        json!("0000-01-01"),
        json!("9999-12-31T23:59:59+14:00"),
        json!("0000-01-01T00:00:00Z"),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!(true),
    ];
    let mut asked = 0_u32;
    for (name, question, _) in super::documents::examples() {
        let question: Value = serde_json::from_str(&question).unwrap();
        for with in &extremes {
            for changed in spoilt(&question, with) {
                asked += 1;
                if let Err(error) = calc(&name, &changed.to_string()) {
                    assert_eq!(error.message().find_empty(), None, "{name} {changed}");
                    assert!(!matches!(error, CalcError::Data { .. }), "{name} {changed}: {error}");
                }
            }
        }
    }
    assert!(asked > 2_000, "{asked}");
}

#[test]
fn a_number_that_lost_digits_on_the_way_is_refused() {
    let question = r#"{"temperatures_c":[5.12345678901234567]}"#;
    assert!(calc("mkt", question).unwrap_err().to_string().contains("as text"));
}

#[test]
fn a_question_that_is_too_long_is_not_read() {
    let long = " ".repeat(spotcheck_rules::calc::MOST_BYTES + 1);
    assert!(matches!(calc("mkt", &long).unwrap_err(), CalcError::TooLong { .. }));
}

#[test]
fn a_year_of_minutes_is_answered() {
    let readings: Vec<_> =
        (0..525_600).map(|n| format!(r#"{{"minute":{n},"c":"-18.{}"}}"#, n % 10)).collect();
    let out = r#""out_of_range":{"operator":">","value":"-18.2"}"#;
    let question = format!(r#"{{"readings":[{}],{out}}}"#, readings.join(","));
    let answer = calc("excursion", &question).unwrap();
    assert_eq!(answer["elapsed_minutes"], json!(525_599));
}
