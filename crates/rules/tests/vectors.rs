//! The test vectors of the rules document, each test named for its row.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use spotcheck_rules::{Pack, RuleError, Severity, Verdict, judge, parse_date, shipped};
use spotcheck_rules::{judge_count, judge_days, judge_declared, judge_ratio, judge_timed_count};

fn shenzhen() -> Pack {
    Pack::parse(shipped()[0].bytes).unwrap()
}

/// US limits in both units, as the Food Code prints them: no exact conversions of each other.
fn food_code() -> Pack {
    let limit = |key: &str, operator: &str, celsius: &str, fahrenheit: &str| {
        format!(
            r#"{{"key":"{key}","title":{{"zh":"测试","en":"test"}},"operator":"{operator}",
            "values":[{{"value":"{celsius}","unit":"°C"}},{{"value":"{fahrenheit}","unit":"°F"}}],
            "severity":"critical","effective_from":"2013-01-01","effective_to":null,
            "source":"I1 I2"}}"#
        )
    };
    let limits = [
        limit("hot", ">=", "57", "135"),
        limit("cool_stage_1", "<=", "21", "70"),
        limit("cold", "<=", "5", "41"),
        limit("frozen", "<=", "-18", "0"),
    ];
    let json = format!(
        r#"{{"code":"us","title":{{"zh":"测试","en":"test"}},"jurisdiction":"US","version":"1",
        "status":"draft","reviewed_by":null,"limits":[{}]}}"#,
        limits.join(",")
    );
    Pack::parse(json.as_bytes()).unwrap()
}

fn verdict(pack: &Pack, key: &str, value: &str, unit: &str) -> Verdict {
    judge(pack, key, parse_date("2021-06-24").unwrap(), value, unit).unwrap().verdict
}

#[test]
fn section_4e_full_value_not_the_printed_one() {
    let pack = shenzhen();
    assert_eq!(verdict(&pack, "cold.chilled_room", "8.05", "°C"), Verdict::Fail);
    assert_eq!(verdict(&pack, "cold.chilled_room", "8.00", "°C"), Verdict::Pass);
    assert_eq!(verdict(&pack, "cold.frozen_room", "-17.95", "°C"), Verdict::Fail);
    assert_eq!(verdict(&pack, "cold.frozen_room", "-18.05", "°C"), Verdict::Pass);
    assert_eq!(verdict(&pack, "cold.frozen_room", "-18", "°C"), Verdict::Pass);
}

#[test]
fn section_4e_units_are_compared_as_read() {
    let pack = food_code();
    assert_eq!(verdict(&pack, "hot", "57.0", "°C"), Verdict::Pass);
    assert_eq!(verdict(&pack, "hot", "135", "°F"), Verdict::Pass);
    assert_eq!(verdict(&pack, "hot", "134.6", "°F"), Verdict::Fail, "57.0 °C converted");
    assert_eq!(verdict(&pack, "hot", "134", "°F"), Verdict::Fail);
    assert_eq!(verdict(&pack, "cool_stage_1", "21.1", "°C"), Verdict::Fail);
    assert_eq!(verdict(&pack, "cool_stage_1", "70", "°F"), Verdict::Pass);
    assert_eq!(verdict(&pack, "cold", "41", "°F"), Verdict::Pass);
    assert_eq!(verdict(&pack, "cold", "5.0", "°C"), Verdict::Pass);
    assert_eq!(verdict(&pack, "frozen", "-17.78", "°C"), Verdict::Fail, "0 °F converted");
}

#[test]
fn section_2_1_fever_line_and_section_4e_33_8_invalid() {
    let pack = shenzhen();
    let fever = |value| verdict(&pack, "screening.fever_line", value, "°C");
    assert_eq!(fever("37.2"), Verdict::Pass);
    assert_eq!(fever("37.3"), Verdict::Fail);
    assert_eq!(fever("37.30"), Verdict::Fail);
    assert_eq!(fever("33.8"), Verdict::Invalid);
    assert_eq!(fever("34.0"), Verdict::Pass);
    assert_eq!(fever("42.0"), Verdict::Fail);
    assert_eq!(fever("42.1"), Verdict::Invalid);
}

#[test]
fn ccs_03_escalates_above_minus_15() {
    let (pack, on) = (shenzhen(), parse_date("2021-06-24").unwrap());
    let frozen = |value| judge(&pack, "cold.frozen_room", on, value, "°C").unwrap();
    assert_eq!(frozen("-15.0").severity, Some(Severity::Major));
    assert_eq!(frozen("-14.9").severity, Some(Severity::Critical));
    assert_eq!(frozen("-18.0").severity, None);
    assert_eq!(frozen("-14.9").limit, "<= -18.0 °C");
    assert_eq!(frozen("-14.9").beyond.unwrap().amount.to_string(), "3.1");
}

#[test]
fn ent_04_the_ambient_range_includes_both_ends() {
    let pack = shenzhen();
    for (value, expected) in [
        ("15.9", Verdict::Fail),
        ("16.0", Verdict::Pass),
        ("35.0", Verdict::Pass),
        ("35.01", Verdict::Fail),
    ] {
        assert_eq!(verdict(&pack, "screening.ambient", value, "°C"), expected, "{value}");
    }
}

#[test]
fn ent_03_counts_are_compared_without_rounding() {
    let (pack, on) = (shenzhen(), parse_date("2021-06-24").unwrap());
    let ratio = |passed, observed| {
        let judged = judge_ratio(&pack, "screening.checked_ratio", on, passed, observed).unwrap();
        (judged.verdict, judged.severity)
    };
    assert_eq!(ratio(20, 20), (Verdict::Pass, None));
    assert_eq!(ratio(18, 20), (Verdict::Fail, Some(Severity::Major)));
    assert_eq!(ratio(17, 20), (Verdict::Fail, Some(Severity::Critical)));
    assert_eq!(ratio(0, 0), (Verdict::NotObserved, None));
    // 99.99… % would round to 100 in any float.
    assert_eq!(ratio(u64::MAX - 1, u64::MAX), (Verdict::Fail, Some(Severity::Major)));
    let more = judge_ratio(&pack, "screening.checked_ratio", on, 21, 20).unwrap_err();
    assert!(matches!(more, RuleError::MorePassedThanObserved { .. }));
}

#[test]
fn ent_07_throughput_is_per_lane_and_minute() {
    let (pack, on) = (shenzhen(), parse_date("2021-06-24").unwrap());
    let rate = |counted| {
        let unit = "persons/lane/min";
        judge_timed_count(&pack, "screening.throughput", on, counted, unit).unwrap().verdict
    };
    assert_eq!(rate((50, 300, 1)), Verdict::Pass);
    assert_eq!(rate((49, 300, 1)), Verdict::Fail);
    assert_eq!(rate((99, 300, 2)), Verdict::Fail);
    assert_eq!(rate((0, 0, 1)), Verdict::NotObserved);
}

#[test]
fn counts_days_and_labels_are_judged_in_their_own_units() {
    let (pack, on) = (shenzhen(), parse_date("2021-06-24").unwrap());
    let crew = |count| judge_count(&pack, "crew.inspectors", on, count, "persons").unwrap();
    assert_eq!((crew(1).verdict, crew(2).verdict), (Verdict::Fail, Verdict::Pass));
    let due = |date| judge_days(&pack, "instrument.overdue", on, parse_date(date).unwrap());
    assert_eq!(due("2021-06-24").unwrap().verdict, Verdict::Pass);
    assert_eq!(due("2021-06-23").unwrap().verdict, Verdict::Fail);
    let label = |value| judge_declared("CCS-05", Severity::Critical, value, "-18", "°C").unwrap();
    assert_eq!((label("-18.0").verdict, label("-17.9").verdict), (Verdict::Pass, Verdict::Fail));
}

#[test]
fn section_4f_the_rule_is_absent_after_its_last_day() {
    let pack = shenzhen();
    let on = |date| judge_ratio(&pack, "credential.checked_ratio", parse_date(date).unwrap(), 1, 1);
    assert!(on("2023-02-15").is_ok());
    assert!(matches!(on("2023-02-17"), Err(RuleError::NotInForce { .. })));
    // One key, two periods: the source changes with Order 49 and the limit stays in force.
    for date in ["2022-03-14", "2022-03-15"] {
        assert!(pack.find_limit("crew.inspectors", parse_date(date).unwrap()).is_some());
    }
}

#[test]
fn refusals_name_the_remedy() {
    let (pack, on) = (shenzhen(), parse_date("2021-06-24").unwrap());
    let error = |key, value, unit| judge(&pack, key, on, value, unit).unwrap_err().to_string();
    assert_eq!(
        error("cold.frozen_room", "0", "°F"),
        "limit cold.frozen_room cannot be read in \"°F\"; read it in one of: °C"
    );
    assert!(error("cold.frozen_room", "\u{2212}18", "°C").contains("use '-'"));
    assert!(error("cold.frozen_room", "--.-", "°C").contains("not a decimal number"));
    assert!(error("no.such", "1", "°C").contains("has no limit no.such"));
}
