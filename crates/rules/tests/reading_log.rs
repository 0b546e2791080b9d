//! Logs: what is missing is unknown, never in range.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use spotcheck_rules::{Gap, LogError, LogReading, Pack, parse_date, shipped, summarise};

const MINUTE: i64 = 60_000;

fn log(lines: &[(i64, &str)]) -> Vec<LogReading> {
    lines
        .iter()
        .map(|&(minute, value)| LogReading {
            at: minute * MINUTE,
            value: (value != "--.-").then(|| value.to_owned()),
        })
        .collect()
}

#[test]
fn section_4b_gap_test_40_minutes_unknown() {
    let summary = summarise(&log(&[(0, "5"), (10, "5"), (50, "6"), (60, "4")]), "°C", 10, None);
    let summary = summary.unwrap();
    assert_eq!(summary.gaps, [Gap { from: 10 * MINUTE, to: 50 * MINUTE }]);
    assert_eq!(summary.unknown_ms, 40 * 60_000);
    assert_eq!((summary.count, summary.missing), (4, 3));
    assert_eq!(summary.completeness_percent, "57.14");
    assert_eq!(summary.out_of_limit, None);
}

#[test]
fn absent_probes_are_missing_and_long_ones_are_gaps() {
    let lines = [(0, "--.-"), (10, "5.0"), (20, "--.-"), (30, "--.-"), (40, "8.05"), (60, "8.0")];
    let pack = Pack::parse(shipped()[0].bytes).unwrap();
    let limit = pack.find_limit("cold.chilled_room", parse_date("2021-06-24").unwrap());
    let summary = summarise(&log(&lines), "°C", 10, limit).unwrap();
    // Exactly two intervals are no gap, but the value skipped in them is missing.
    assert_eq!(summary.gaps, [Gap { from: 10 * MINUTE, to: 40 * MINUTE }]);
    assert_eq!((summary.count, summary.missing), (3, 4));
    assert_eq!(summary.min.unwrap().to_string(), "5.0");
    assert_eq!(summary.max.unwrap().to_string(), "8.05");
    assert_eq!(summary.out_of_limit, Some(1));
}

#[test]
fn a_log_that_ends_without_a_probe_is_unknown_to_its_end() {
    let lines = [(0, "5"), (10, "--.-"), (20, "--.-"), (30, "--.-")];
    let summary = summarise(&log(&lines), "°C", 10, None).unwrap();
    assert_eq!(summary.gaps, [Gap { from: 0, to: 30 * MINUTE }]);
}

#[test]
fn a_drifting_clock_misses_nothing() {
    let readings: Vec<_> = (0..100)
        .map(|n| LogReading { at: n * 5 * MINUTE + n * 700, value: Some("4".to_owned()) })
        .collect();
    let summary = summarise(&readings, "°C", 5, None).unwrap();
    assert_eq!((summary.missing, summary.completeness_percent.as_str()), (0, "100.00"));
}

#[test]
fn a_year_of_minutes_is_summarised_in_one_pass() {
    let readings: Vec<_> = (0..525_600)
        .map(|n| LogReading { at: n * MINUTE, value: Some(format!("-18.{}", n % 10)) })
        .collect();
    let summary = summarise(&readings, "°C", 1, None).unwrap();
    assert_eq!((summary.count, summary.missing, summary.gaps.len()), (525_600, 0, 0));
}

#[test]
fn errors_name_the_line() {
    let error =
        |lines: &[(i64, &str)], interval| summarise(&log(lines), "°C", interval, None).unwrap_err();
    assert_eq!(error(&[], 0), LogError::NoInterval);
    assert_eq!(error(&[(0, "5"), (0, "5")], 10), LogError::NotAscending { position: 2 });
    let message = error(&[(0, "5"), (10, "5,1")], 10).to_string();
    assert!(message.starts_with("reading 2: \"5,1\" has a comma"), "{message}");
}

#[test]
fn an_empty_log_is_not_complete() {
    assert_eq!(summarise(&[], "°C", 10, None).unwrap().completeness_percent, "0.00");
}
