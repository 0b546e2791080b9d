//! Section 4.E: rounding, units, guard bands.

use super::ask;
use serde_json::{Value, json};
use spotcheck_rules::Quantity;

#[test]
fn section_4e_half_even_for_display() {
    for (value, shown) in [
        ("8.05", "8.0"),
        ("7.95", "8.0"),
        ("-17.95", "-18.0"),
        ("-18.05", "-18.0"),
        ("4.25", "4.2"),
        ("4.35", "4.4"),
        ("37.25", "37.2"),
        ("-0.04", "0.0"),
        ("8", "8.0"),
    ] {
        let got = Quantity::parse(value).unwrap().rounded_for_display(1).to_string();
        assert_eq!(got, shown, "{value}");
    }
}

fn judge(operator: &str, limit: &str, value: &str) -> Value {
    ask(
        "verdict",
        &json!({
            "on": "2021-06-24", "limit": {"operator": operator, "value": limit}, "value": value, "unit": "°C",
        }),
    )
}

#[test]
fn section_4e_full_value_although_it_prints_as_the_limit() {
    for (limit, value, shown) in [("8.0", "8.05", "8.0"), ("-18.0", "-17.95", "-18.0")] {
        let answer = judge("<=", limit, value);
        assert_eq!((&answer["verdict"], &answer["shown"]), (&json!("fail"), &json!(shown)));
    }
}

#[test]
fn section_4e_a_json_number_is_judged_as_it_was_typed() {
    let answer = ask("verdict", &serde_json::from_str(
        r#"{"on":"2021-06-24","limit":{"operator":"<=","value":8.05},"value":8.05,"unit":"°C"}"#,
    ).unwrap());
    assert_eq!(answer["verdict"], "pass");
}

fn unit(key: &str, value: &str, unit: &str) -> Value {
    ask("verdict", &json!({
        "pack": "us-food-code-holding", "key": key, "on": "2024-01-02", "value": value, "unit": unit,
    }))["verdict"].clone()
}

#[test]
fn section_4e_units_are_compared_as_read() {
    assert_eq!(unit("holding.hot", "57.0", "°C"), "pass");
    assert_eq!(unit("holding.hot", "134.6", "°F"), "fail", "57.0 °C converted");
    assert_eq!(
        (unit("holding.hot", "135", "°F"), unit("holding.hot", "134", "°F")),
        (json!("pass"), json!("fail"))
    );
    assert_eq!(
        (unit("holding.cold", "41", "°F"), unit("holding.cold", "5.0", "°C")),
        (json!("pass"), json!("pass"))
    );
}

fn guard(operator: &str, limit: &str, width: &str, value: &str) -> Value {
    ask("verdict", &json!({
        "on": "2021-06-24", "limit": {"operator": operator, "value": limit}, "uncertainty": width,
        "value": value, "unit": "°C",
    }))["verdict"].clone()
}

#[test]
fn section_4e_guard_upper_8() {
    for (value, verdict) in [
        ("7.4", "pass"),
        ("7.5", "pass"),
        ("7.51", "conditional_pass"),
        ("7.8", "conditional_pass"),
        ("8.0", "conditional_pass"),
        ("8.3", "conditional_fail"),
        ("8.5", "conditional_fail"),
        ("8.6", "fail"),
    ] {
        assert_eq!(guard("<=", "8.0", "0.5", value), verdict, "{value}");
    }
}

#[test]
fn section_4e_guard_lower_2() {
    for (value, verdict) in
        [("2.6", "pass"), ("2.3", "conditional_pass"), ("1.7", "conditional_fail"), ("1.4", "fail")]
    {
        assert_eq!(guard(">=", "2.0", "0.5", value), verdict, "{value}");
    }
}

fn screening(value: &str, extra: Value) -> Value {
    let mut question = json!({
        "key": "screening.fever_line", "on": "2021-06-24", "value": value, "unit": "°C",
        "instrument": {"mpe": "0.3"},
    });
    question.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    ask("verdict", &question)
}

#[test]
fn section_4e_screening_37_3() {
    for (value, verdict, action) in [
        ("36.9", "pass", "none"),
        ("37.1", "conditional_pass", "note"),
        ("37.4", "conditional_fail", "hold_and_measure_again"),
        ("37.7", "fail", "finding"),
        ("33.8", "invalid", "mend_setup_and_measure_again"),
    ] {
        let answer = screening(value, json!({}));
        assert_eq!(
            (&answer["verdict"], &answer["action"]),
            (&json!(verdict), &json!(action)),
            "{value}"
        );
    }
    assert_eq!(screening("36.5", json!({}))["acceptance_limit"], "< 37.0 °C");
    assert_eq!(screening("37.7", json!({}))["severity"], "critical");
    assert_eq!(
        screening("37.4", json!({}))["severity"],
        Value::Null,
        "no penalty without a failure"
    );
}

#[test]
fn section_2_1_readings_outside_the_ambient_are_invalid() {
    let setup = |ambient: &str| json!({"setup": [{"key": "screening.ambient", "value": ambient, "unit": "°C"}]});
    assert_eq!(screening("36.5", setup("35.1"))["verdict"], "invalid");
    assert_eq!(screening("38.5", setup("15.9"))["because"], json!(["setup_out_of_range"]));
    assert_eq!(screening("36.5", setup("16.0"))["verdict"], "pass");
}

#[test]
fn section_2_7_overdue_calibration_caps_the_verdict() {
    let with = |instrument: Value| screening("36.5", json!({ "instrument": instrument }));
    let bad = |instrument: Value| screening("38.5", json!({ "instrument": instrument }));
    let overdue = json!({"mpe": "0.3", "calibration_due": "2021-06-23"});
    assert_eq!(with(overdue.clone())["verdict"], "conditional_pass");
    assert_eq!(bad(overdue.clone())["verdict"], "conditional_fail");
    assert_eq!(bad(overdue)["because"], json!(["calibration_overdue"]));
    let due_today = json!({"mpe": "0.3", "calibration_due": "2021-06-24", "daily_check": "ok"});
    assert_eq!(with(due_today)["verdict"], "pass");
    assert_eq!(with(json!({"daily_check": "missing"}))["verdict"], "conditional_pass");
    assert_eq!(with(json!({"daily_check": "failed"}))["verdict"], "invalid");
}

#[test]
fn section_1_2_nothing_observed_is_no_pass() {
    let question =
        json!({"key": "cold.frozen_room", "on": "2021-06-24", "value": null, "unit": "°C"});
    assert_eq!(ask("verdict", &question)["verdict"], "not_observed");
    let tally = json!({"key": "screening.checked_ratio", "on": "2021-06-24", "tally": {"passed": 0, "observed": 0}});
    assert_eq!(ask("verdict", &tally)["verdict"], "not_observed");
}

#[test]
fn verdict_words_are_stored_and_never_change() {
    use spotcheck_rules::Verdict::{
        ConditionalFail, ConditionalPass, Fail, Invalid, NotObserved, Pass,
    };
    let words = [Pass, ConditionalPass, ConditionalFail, Fail, Invalid, NotObserved]
        .map(|verdict| (serde_json::to_value(verdict).unwrap(), verdict.as_str()));
    for (stored, word) in &words {
        assert_eq!(stored, word);
    }
    assert_eq!(
        words.map(|(_, word)| word),
        ["pass", "conditional_pass", "conditional_fail", "fail", "invalid", "not_observed"]
    );
}
