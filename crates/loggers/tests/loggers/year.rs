//! A year of minutes: whole, in order, and the same through the log Spotcheck keeps.

use spotcheck_loggers::{Answers, Unit, read, to_reading_log};
use spotcheck_rules::{LogReading, summarise};

use crate::synthetic::{china, clock};

#[test]
fn a_year_of_minutes_is_read_whole_and_its_gaps_are_those_of_the_summary() {
    let minutes = 525_600i64;
    let mut text = String::from("Time,Temp\n");
    for n in 0..minutes {
        let value = if n % 1000 < 4 { "--.-".to_owned() } else { format!("-18.{:02}", n % 100) };
        text += &format!("{},{value}\n", clock(27_000_000 + n));
    }
    let answers = Answers { unit: Some(Unit::Celsius), ..china() };
    let file = read(text.as_bytes(), &answers).unwrap();
    assert_eq!(file.readings.len(), 525_600);
    assert_eq!(file.interval.unwrap().seconds, 60);
    let log = to_reading_log(&file).unwrap();
    let of = |(time, value): &(String, Option<String>)| LogReading {
        at: chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis(),
        value: value.clone(),
    };
    let readings: Vec<_> = log.readings.iter().map(of).collect();
    let summary = summarise(&readings, &log.unit, log.interval_min, None).unwrap();
    let ours: Vec<_> = file.gaps.iter().map(|gap| (gap.from_s * 1000, gap.to_s * 1000)).collect();
    let theirs: Vec<_> = summary.gaps.iter().map(|gap| (gap.from, gap.to)).collect();
    assert_eq!((ours.len(), ours), (526, theirs));
}
