//! Section 4.B: minutes out of range, alarm triggers, gaps, device counters.

use super::{ask, by_minute, every};
use serde_json::{Value, json};

fn above(limit: &str, readings: Value) -> Value {
    ask(
        "excursion",
        &json!({"readings": readings, "out_of_range": {"operator": ">", "value": limit}}),
    )
}

#[test]
fn section_4b_above_8() {
    let answer = above("8.0", every(10, &["6", "7", "9", "10", "9", "7", "6"]));
    assert_eq!((&answer["hold_minutes"], &answer["linear_minutes"]), (&json!(30), &json!(30)));
    assert_eq!((&answer["minutes"], &answer["method"]), (&json!(30), &json!("linear")));
    assert_eq!(answer["runs"][0]["run_minutes"], json!(20));
    assert_eq!(answer["elapsed_minutes"], json!(60));
}

#[test]
fn section_4b_all_at_8_is_no_excursion() {
    let answer = above("8.0", every(10, &["8.0", "8.0", "8.0"]));
    assert_eq!((&answer["minutes"], &answer["verdict"]), (&json!(0), &json!("pass")));
}

#[test]
fn section_4b_above_minus_18() {
    let readings = || every(30, &["-20", "-18", "-16", "-15", "-17", "-19"]);
    let answer = above("-18", readings());
    assert_eq!((&answer["hold_minutes"], &answer["linear_minutes"]), (&json!(90), &json!(105)));
    // The same by a limit of a pack, and by the other method.
    let by_key = ask(
        "excursion",
        &json!({"readings": readings(), "key": "cold.frozen_room", "on": "2021-06-24", "method": "hold"}),
    );
    assert_eq!((&by_key["minutes"], &by_key["pack"]), (&json!(90), &json!("cn-shenzhen-2021")));
    assert_eq!(by_key["out_of_range"], "> -18.0 °C");
}

#[test]
fn section_4b_freeze_alarm_by_operator() {
    let longest = |operator: &str| {
        let readings = every(10, &["1", "-.6", "-.7", "-.8", "-.7", "-.6", "-.5", "-.6"].map(full));
        let alarm = json!({"operator": operator, "value": "-0.5", "minutes": 60});
        let question = json!({
            "readings": readings, "out_of_range": {"operator": operator, "value": "-0.5"},
            "alarms": [alarm],
        });
        let answer = ask("excursion", &question);
        (answer["alarms"][0]["longest_minutes"].clone(), answer["alarms"][0]["triggered"].clone())
    };
    assert_eq!(longest("<="), (json!(60), json!(true)));
    assert_eq!(longest("<"), (json!(40), json!(false)));
}

fn full(text: &str) -> &str {
    match text {
        "-.5" => "-0.5",
        "-.6" => "-0.6",
        "-.7" => "-0.7",
        "-.8" => "-0.8",
        other => other,
    }
}

fn ten_hours(values: &[&str], mode: &str) -> Value {
    let alarm = json!({"operator": ">", "value": "8.0", "minutes": 600, "mode": mode});
    let question = json!({
        "readings": every(10, values), "out_of_range": {"operator": ">", "value": "8.0"},
        "alarms": [alarm],
    });
    ask("excursion", &question)["alarms"][0]["triggered"].clone()
}

#[test]
fn section_4b_ten_hours_need_61_samples() {
    assert_eq!(ten_hours(&["8.1"; 61], "consecutive"), json!(true));
    assert_eq!(ten_hours(&["8.1"; 60], "consecutive"), json!(false));
}

#[test]
fn section_4b_a_single_8_breaks_consecutive_and_not_the_day() {
    let mut values = vec!["8.1"; 63];
    values[30] = "8.0";
    assert_eq!(ten_hours(&values, "consecutive"), json!(false));
    assert_eq!(ten_hours(&values, "cumulative_day"), json!(true));
    // Two days of five hours each are no day of ten.
    let mut days = vec!["5"; 288];
    days[110..175].fill("8.1");
    assert_eq!(ten_hours(&days, "cumulative_day"), json!(false));
    assert_eq!(ten_hours(&days, "consecutive"), json!(true));
}

#[test]
fn section_4b_the_local_day_counts_and_not_that_of_utc() {
    // 19:00 to 04:00 in Shenzhen: five hours of one day, four of the next; nine hours of one UTC day.
    let reading = |n: i64| {
        let (day, hour) = if n < 5 { (24, 19 + n) } else { (25, n - 5) };
        json!({"at": format!("2021-06-{day}T{hour:02}:00:00+08:00"), "c": "9"})
    };
    let readings: Value = (0..10).map(reading).collect();
    let alarm = json!({"operator": ">", "value": "8", "minutes": 480, "mode": "cumulative_day"});
    let question = json!({
        "readings": readings, "alarms": [alarm], "out_of_range": {"operator": ">", "value": "8"},
    });
    let answer = ask("excursion", &question);
    assert_eq!(answer["alarms"][0]["longest_minutes"], json!(300));
}

/// One day at 5 minutes with so many samples below 2 and above 8 °C.
fn day_with(cold: usize, hot: usize) -> Value {
    let mut values = vec!["5.0"; 289];
    values[..cold].fill("1.0");
    values[288 - hot..288].fill("9.0");
    every(5, &values)
}

fn device(readings: &Value, operator: &str, limit: &str, minutes: i64) -> Value {
    let question = json!({
        "readings": readings, "device": {"minutes": minutes},
        "out_of_range": {"operator": operator, "value": limit},
    });
    ask("excursion", &question)
}

#[test]
fn section_4b_fridge_tag_2l_counters_stay_beside_ours() {
    // The counts of 2022-06-05 to 07 of the real file, rebuilt from them: synthetic readings.
    let day = day_with(151, 82);
    let cold = device(&day, "<", "2.0", 753);
    assert_eq!((&cold["hold_minutes"], &cold["device"]["agrees"]), (&json!(755), &json!(true)));
    assert_eq!(cold["device"]["difference_minutes"], json!(-2));
    let hot = device(&day, ">", "8.0", 408);
    assert_eq!((&hot["hold_minutes"], &hot["device"]["agrees"]), (&json!(410), &json!(true)));
    let next = device(&day_with(0, 63), ">", "8.0", 312);
    assert_eq!((&next["hold_minutes"], &next["device"]["agrees"]), (&json!(315), &json!(true)));
    let whole = device(&day_with(288, 0), "<", "2.0", 1440);
    assert_eq!(
        (&whole["hold_minutes"], &whole["device"]["difference_minutes"]),
        (&json!(1440), &json!(0))
    );
    assert_eq!(device(&day, "<", "2.0", 740)["device"]["agrees"], json!(false));
}

#[test]
fn section_4b_gap_test_40_minutes_unknown() {
    let readings = by_minute(&[(0, "5"), (10, "5"), (50, "5"), (60, "5")]);
    let answer = above("8.0", readings);
    assert_eq!(answer["unknown_minutes"], json!(40));
    assert_eq!(answer["in_range_minutes"], json!(20));
    assert_eq!(answer["gaps"], json!([{"from": 10, "to": 50, "minutes": 40}]));
    assert_eq!(answer["verdict"], "conditional_pass", "missing data is not in-range data");
}

#[test]
fn section_1_5_a_run_does_not_cross_a_gap_and_an_absent_probe_is_unknown() {
    let readings =
        by_minute(&[(0, "9"), (10, "9"), (20, "--.-"), (30, "--.-"), (40, "9"), (50, "9")]);
    let answer = above("8.0", readings);
    assert_eq!(answer["runs"].as_array().unwrap().len(), 2);
    assert_eq!((&answer["unknown_minutes"], &answer["minutes"]), (&json!(30), &json!(20)));
}

#[test]
fn section_1_4_a_freeze_alarm_includes_its_value_and_a_heat_alarm_does_not() {
    let verdict = |value: &str, samples: usize| {
        let values = vec![value; samples];
        let question = json!({"readings": every(10, &values), "profile": "who_vaccine"});
        ask("excursion", &question)["verdict"].clone()
    };
    assert_eq!((verdict("-0.5", 7), verdict("-0.5", 6)), (json!("fail"), json!("pass")));
    assert_eq!((verdict("8.0", 70), verdict("8.1", 61)), (json!("pass"), json!("fail")));
}
