//! LogTag tables.

use spotcheck_loggers::{Answers, Encoding, FileKind, Topic, Unit, read, sniff};

use crate::synthetic::china;

const LOGTAG: &str = include_str!("../data/synthetic-logtag.csv");

#[test]
fn a_logtag_file_states_device_interval_range_and_unit() {
    let sniffed = sniff(LOGTAG.as_bytes()).unwrap();
    assert_eq!((sniffed.kind, sniffed.device.as_deref()), (Some(FileKind::LogTag), Some("SYN-30")));
    let topics: Vec<_> = sniffed.questions.iter().map(|question| question.topic).collect();
    assert_eq!(topics, [Topic::TimeZone]);
    assert_eq!(sniffed.known.time_columns, Some(vec![2, 3]));
    let file = read(LOGTAG.as_bytes(), &china()).unwrap();
    assert_eq!(file.device.serial.as_deref(), Some("990000000005"));
    assert_eq!((file.unit, file.interval.unwrap().seconds), (Unit::Celsius, 600));
    let limits: Vec<_> = file.set_points.iter().map(|p| (p.limit.as_deref(), p.minutes)).collect();
    assert_eq!(limits, [(Some("2.0"), None), (Some("8.0"), None)], "durations are not in it");
    let values: Vec<_> = file.readings.iter().map(|it| it.value.as_deref()).collect();
    assert_eq!(values, [Some("4.1"), Some("4.25"), None, Some("8.1")]);
    assert!(file.facts.iter().any(|fact| fact.value == "Fridge 2, left"));
    assert!(file.unknown.is_empty() && file.notices.is_empty(), "{file:?}");
}

#[test]
fn a_western_degree_sign_is_shown_in_every_encoding_it_could_be() {
    let bytes: Vec<u8> = LOGTAG.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let sniffed = sniff(&bytes).unwrap();
    assert_eq!(sniffed.questions[0].topic, Topic::Encoding);
    let western = sniffed.questions[0]
        .candidates
        .iter()
        .find(|candidate| candidate.reads_as.iter().any(|line| line.contains("8.0 °C")));
    let answers = china().and(western.unwrap().answers.clone());
    assert_eq!(answers.encoding, Some(Encoding::Windows1252));
    assert_eq!(read(&bytes, &answers).unwrap().unit, Unit::Celsius);
    let chinese = Answers { encoding: Some(Encoding::Gbk), ..china() };
    assert_eq!(read(&bytes, &chinese).unwrap_err().open, [Topic::Unit], "nothing is guessed");
}
