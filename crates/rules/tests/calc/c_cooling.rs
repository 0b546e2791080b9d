//! Section 4.C: cooling, and the matrix of hot and cold holding.

use super::{ask, by_minute};
use serde_json::{Value, json};

fn cool(scheme: &str, readings: &[(i64, &str)]) -> Value {
    ask("cooling", &json!({"scheme": scheme, "readings": by_minute(readings)}))
}

fn us(to_21: i64, to_5: i64) -> Value {
    cool("us_two_stage", &[(0, "57.0"), (to_21, "21.0"), (to_5, "5.0")])
}

#[test]
fn section_4c_us_two_stages() {
    assert_eq!(us(100, 330)["verdict"], "pass");
    assert_eq!(us(120, 360)["verdict"], "pass", "within is at most");
    let late = us(125, 300);
    assert_eq!(late["verdict"], "fail");
    assert_eq!(
        (&late["stages"][0]["verdict"], &late["stages"][1]["verdict"]),
        (&json!("fail"), &json!("pass"))
    );
    assert_eq!(us(100, 361)["stages"][1]["verdict"], "fail");
    assert_eq!(us(100, 330)["interpolated"], json!(false));
}

#[test]
fn section_4c_a_crossing_between_readings_is_interpolated_and_flagged() {
    let answer = cool("us_two_stage", &[(0, "57"), (110, "22"), (130, "15"), (330, "5")]);
    assert_eq!(answer["stages"][0]["minutes"], json!(112.857));
    assert_eq!((&answer["verdict"], &answer["interpolated"]), (&json!("pass"), &json!(true)));
}

#[test]
fn section_4c_not_yet_cold_is_in_progress() {
    let answer = cool("us_two_stage", &[(0, "57"), (100, "21"), (240, "9")]);
    assert_eq!(answer["verdict"], "in_progress");
    let late = cool("us_two_stage", &[(0, "57"), (100, "21"), (361, "9")]);
    assert_eq!(late["verdict"], "fail", "too late to come true");
}

#[test]
fn section_4c_the_clock_starts_at_the_last_hot_reading() {
    let answer = cool("us_two_stage", &[(0, "70"), (60, "57.0"), (180, "21"), (420, "5")]);
    assert_eq!((&answer["start"], &answer["verdict"]), (&json!(60), &json!("pass")));
    // Nobody saw it hot: it cannot have been in time, and may have been late.
    let cold_start = cool("us_two_stage", &[(0, "50"), (100, "21"), (330, "5")]);
    assert_eq!(cold_start["verdict"], "not_observed");
    assert_eq!(cool("us_two_stage", &[(0, "50"), (121, "21"), (330, "5")])["verdict"], "fail");
}

#[test]
fn section_4c_from_ambient() {
    let ambient = |minute| cool("us_ambient", &[(0, "22"), (minute, "5.0")])["verdict"].clone();
    assert_eq!(
        (ambient(239), ambient(240), ambient(241)),
        (json!("pass"), json!("pass"), json!("fail"))
    );
}

#[test]
fn section_4c_china_counts_the_second_leg_alone() {
    let china = |to_8| cool("cn", &[(0, "60"), (118, "21"), (to_8, "8")]);
    assert_eq!(china(236)["verdict"], "pass");
    let late = china(245);
    assert_eq!((&late["verdict"], &late["stages"][1]["minutes"]), (&json!("fail"), &json!(127)));
}

#[test]
fn section_4c_fahrenheit_has_its_own_limits() {
    let readings =
        json!([{"minute": 0, "f": "135"}, {"minute": 100, "f": "70"}, {"minute": 330, "f": "41"}]);
    let answer = ask("cooling", &json!({"scheme": "us_two_stage", "readings": readings}));
    assert_eq!((&answer["verdict"], &answer["interpolated"]), (&json!("pass"), &json!(false)));
}

#[test]
fn section_4c_hold_matrix() {
    let verdict = |pack: &str, key: &str, value: &str| {
        let question =
            json!({"pack": pack, "key": key, "on": "2024-01-02", "value": value, "unit": "°C"});
        ask("verdict", &question)["verdict"].clone()
    };
    let row = |key, value| {
        ["us-food-code-holding", "uk-food-holding", "cn-catering-holding"]
            .map(|pack| verdict(pack, key, value))
    };
    assert_eq!(row("holding.hot", "58"), ["pass", "fail", "fail"]);
    assert_eq!(row("holding.cold", "6.0"), ["fail", "pass", "pass"]);
}
