//! Section 4.A: mean kinetic temperature.

use super::{ask, by_minute};
use serde_json::{Value, json};

fn mkt(temperatures: &[i64]) -> Value {
    ask("mkt", &json!({ "temperatures_c": temperatures }))
}

#[track_caller]
fn near(answer: &Value, expected: f64) {
    let got = answer["mkt_c"].as_f64().unwrap();
    assert!((got - expected).abs() < 0.001, "{got} is not {expected}");
}

fn eighteen_fives_and(six: i64) -> Vec<i64> {
    [vec![5; 18], vec![six; 6]].concat()
}

#[test]
fn section_4a_a_constant_is_its_own_mean() {
    near(&mkt(&[25, 25, 25]), 25.0);
    near(&mkt(&[5]), 5.0);
    // The limit itself passes: 8 does not become 8.000000001.
    assert_eq!(mkt(&[8, 8])["verdict"], "pass");
    assert_eq!(mkt(&[25])["verdict"], "pass");
}

#[test]
fn section_4a_plain_lists() {
    near(&mkt(&[20, 30]), 26.2599);
    let uneven = mkt(&[4, 4, 4, 4, 16]);
    near(&uneven, 8.1089);
    assert_eq!(uneven["mean_c"], json!(6.4));
    let monthly = mkt(&[18, 19, 21, 23, 25, 27, 29, 29, 26, 23, 20, 18]);
    near(&monthly, 23.9634);
    assert_eq!(monthly["mean_c"], json!(23.1667));
}

#[test]
fn section_4a_cct_24_hourly() {
    for (six, expected, verdict) in [(14, 8.2852, "fail"), (12, 7.3662, "pass")] {
        let values = eighteen_fives_and(six);
        let readings: Value =
            values.iter().zip(0..).map(|(c, hour)| json!({"minute": hour * 60, "c": c})).collect();
        let timed = ask("mkt", &json!({"readings": readings, "kind": "cct"}));
        near(&timed, expected);
        assert_eq!((&timed["verdict"], &timed["rule"]), (&json!(verdict), &json!("mkt.cct")));
        let plain = mkt(&values);
        assert_eq!(plain["mkt_c"], timed["mkt_c"], "even spacing is the plain mean");
        assert_eq!((&plain["verdict"], &plain["kind_assumed"]), (&json!(verdict), &json!(true)));
    }
}

#[test]
fn section_4a_frozen_is_not_a_number() {
    for question in [
        json!({"temperatures_c": [-20, "-18.5"]}),
        json!({"temperatures_c": [4, 5], "frozen": true}),
        json!({"temperatures_c": [4, 5], "kind": "frozen"}),
    ] {
        let answer = ask("mkt", &question);
        assert_eq!((&answer["mkt_c"], &answer["verdict"]), (&Value::Null, &json!("n/a")));
    }
}

#[test]
fn section_4a_unequal_spacing_is_joined_by_trapezoid() {
    let readings = by_minute(&[
        (0, "5"),
        (30, "5"),
        (60, "5"),
        (62, "12"),
        (64, "14"),
        (66, "12"),
        (90, "5"),
        (120, "5"),
    ]);
    near(&ask("mkt", &json!({ "readings": readings })), 6.4949);
    // The mean that must not be used.
    near(&mkt(&[5, 5, 5, 12, 14, 12, 5, 5]), 8.7586);
}

#[test]
fn section_4a_the_device_is_shown_beside_with_a_tenth_of_tolerance() {
    let answer = |device: &str| {
        let question = json!({"temperatures_c": [20, 30], "device_mkt_c": device});
        ask("mkt", &question)["device"]["agrees"].clone()
    };
    assert_eq!((answer("26.2"), answer("26.1")), (json!(true), json!(false)));
}

#[test]
fn section_4a_the_devices_own_energy_gives_a_slightly_lower_mean() {
    let at = |energy: &str| {
        let question = json!({"temperatures_c": [2, 4, 20], "energy_kj_mol": energy});
        ask("mkt", &question)["mkt_c"].as_f64().unwrap()
    };
    let difference = at("83.144") - at("83.0");
    assert!(difference > 0.0 && difference < 0.05, "{difference}");
}

#[test]
fn section_4a_a_year_is_judged_by_its_worst_thirty_days() {
    // As in the Stimuli case: the year is below 25 °C and one month is not.
    let day =
        |n: i64| json!({"minute": n * 1440, "c": if (150..190).contains(&n) { 29 } else { 21 }});
    let readings: Value = (0..365).map(day).collect();
    let answer = ask("mkt", &json!({"readings": readings, "kind": "crt"}));
    assert!(answer["mkt_c"].as_f64().unwrap() < 25.0);
    assert_eq!(answer["window"]["worst_mkt_c"], json!(29));
    assert_eq!(answer["verdict"], "fail");
}

#[test]
fn section_2_3_usp_never_excuses_freezing_and_bounds_spikes() {
    let verdict = |values: &[i64], kind: &str| {
        ask("mkt", &json!({"temperatures_c": values, "kind": kind}))["verdict"].clone()
    };
    assert_eq!(verdict(&[5, 5, 1, 5], "cct"), "fail");
    assert_eq!(verdict(&[5, 5, 16, 5], "cct"), "fail");
    assert_eq!(verdict(&[22, 22, 41], "crt"), "fail");
    let spike = |hours: i64| {
        let readings = by_minute(&[
            (0, "20"),
            (1, "31"),
            (hours * 60, "31"),
            (hours * 60 + 1, "20"),
            (40_000, "20"),
        ]);
        ask("mkt", &json!({"readings": readings, "kind": "crt"}))["verdict"].clone()
    };
    assert_eq!((spike(23), spike(25)), (json!("pass"), json!("fail")));
}

#[test]
fn section_2_3_a_plain_list_is_one_window_unless_it_says_its_interval() {
    // Two of twenty-eight values in 30 days are over 51 hours; two readings of one hour are two.
    let values: Vec<i64> = [vec![20; 26], vec![31; 2]].concat();
    let verdict = |extra: Value| {
        let mut question = json!({"temperatures_c": values, "kind": "crt"});
        question.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        ask("mkt", &question)["verdict"].clone()
    };
    assert_eq!(verdict(json!({})), "fail");
    assert_eq!(verdict(json!({"interval_min": 60})), "pass");
}

#[test]
fn section_1_5_a_gap_is_left_out_and_not_joined() {
    let readings = by_minute(&[(0, "5"), (10, "5"), (50, "30"), (60, "30")]);
    let answer = ask("mkt", &json!({"readings": readings, "interval_min": 10, "kind": "cct"}));
    assert_eq!(answer["unknown_minutes"], json!(40));
}
