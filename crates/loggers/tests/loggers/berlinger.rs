//! Fridge-tags and Q-tags.

use spotcheck_loggers::{
    AlarmMode, Answers, ErrorCode, FileKind, Gap, IntervalSource, Side, Topic, Unit, read, sniff,
    to_reading_log,
};

use crate::synthetic::china;

const FRIDGE_TAG_2: &str = include_str!("../data/synthetic-fridge-tag-2.txt");
const FRIDGE_TAG_2L: &str = include_str!("../data/synthetic-fridge-tag-2l.txt");
const ULTRA_LOW: &str = include_str!("../data/synthetic-fridge-tag-ultra-low.txt");
const Q_TAG: &str = include_str!("../data/synthetic-q-tag.txt");

fn topics(text: &str) -> Vec<Topic> {
    sniff(text.as_bytes()).unwrap().questions.iter().map(|question| question.topic).collect()
}

#[test]
fn a_fridge_tag_states_its_unit_and_nobody_but_a_person_knows_its_time_zone() {
    let sniffed = sniff(FRIDGE_TAG_2.as_bytes()).unwrap();
    assert_eq!(sniffed.kind, Some(FileKind::FridgeTag2));
    assert_eq!(sniffed.device.as_deref(), Some("Q-tag Fridge-tag 2"));
    assert_eq!(sniffed.known.unit, Some(Unit::Celsius));
    assert_eq!(topics(FRIDGE_TAG_2), [Topic::TimeZone]);
    assert_eq!(topics(Q_TAG), [Topic::Unit, Topic::TimeZone], "a Q-tag does not say its unit");
    let error = read(FRIDGE_TAG_2.as_bytes(), &Answers::default()).unwrap_err();
    assert_eq!((error.code, error.open), (ErrorCode::Unanswered, vec![Topic::TimeZone]));
}

#[test]
fn a_fridge_tag_2_gives_its_days_and_no_readings() {
    let file = read(FRIDGE_TAG_2.as_bytes(), &china()).unwrap();
    assert_eq!(file.device.serial.as_deref(), Some("990000000001"));
    assert_eq!(file.device.firmware.as_deref(), Some("3.4p0o"));
    assert_eq!(file.device.user_offsets, [("Int Sensor".to_owned(), "+0.0".to_owned())]);
    assert_eq!(file.reported_at.unwrap().to_string(), "2021-06-24T10:14:00+08:00");
    let points: Vec<_> =
        file.set_points.iter().map(|p| (p.side, p.limit.as_deref(), p.minutes)).collect();
    assert_eq!(
        points,
        [(Some(Side::Cold), Some("-0.5"), Some(60)), (Some(Side::Hot), Some("+8.0"), Some(600))]
    );
    assert_eq!(file.set_points[0].mode, Some(AlarmMode::CumulativePerDay));
    let dates: Vec<_> = file.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(dates, ["2021-06-22", "2021-06-23", "2021-06-24"], "earliest first");
    let (without, cold, last) = (&file.days[0], &file.days[1], &file.days[2]);
    assert_eq!((&without.min, &without.min_at, &without.average), (&None, &None, &None));
    assert_eq!(without.without_probe_min, [("Int Sensor".to_owned(), 1440)]);
    assert_eq!((cold.min.as_deref(), cold.min_at.as_deref()), (Some("-1.9"), Some("01:34")));
    assert_eq!(cold.counters[0].minutes, Some(571));
    assert_eq!(cold.counters[0].rang_at.as_deref(), Some("00:00"));
    assert_eq!(cold.counters[0].acknowledged, Some(1));
    assert_eq!((last.events, last.counters[1].minutes), (Some(8), Some(21)));
    assert_eq!(last.checked, [("TS AM".to_owned(), "07:20".to_owned())]);
    assert!(file.readings.is_empty() && file.interval.is_none() && file.unknown.is_empty());
    assert!(file.facts.iter().any(|fact| fact.key == "Errors/19/Err Count"));
    assert_eq!(to_reading_log(&file).unwrap_err().code, ErrorCode::NoReadings);
}

#[test]
fn a_fridge_tag_2l_gives_readings_missing_ones_and_the_gap_they_make() {
    let file = read(FRIDGE_TAG_2L.as_bytes(), &china()).unwrap();
    assert_eq!(file.kind, FileKind::FridgeTag2L);
    let interval = file.interval.unwrap();
    assert_eq!((interval.seconds, interval.source), (300, IntervalSource::Stated));
    let values: Vec<_> = file.readings.iter().map(|it| it.value.as_deref()).collect();
    assert_eq!(values[..5], [Some("1.9"), Some("2.0"), Some("2.1"), None, None]);
    let marked: Vec<_> = file.readings.iter().map(|it| it.marked).collect();
    assert_eq!(marked, [true, false, false, true, true, false, true, false]);
    let at = |n: usize| file.readings[n].at.at_s;
    assert_eq!(file.gaps, [Gap { from_s: at(2), to_s: at(5) }]);
    assert_eq!(file.answers.offset_min, Some(480));
    let log = to_reading_log(&file).unwrap();
    assert_eq!(log.instrument.as_deref(), Some("Q-tag Fridge-tag 2 L 990000000002"));
    assert_eq!((log.interval_min, log.unit.as_str()), (5, "°C"));
    assert_eq!(log.readings[0], ("2021-06-24T00:02:00+08:00".to_owned(), Some("1.9".to_owned())));
    assert_eq!(log.readings[3].1, None);
    let json = serde_json::to_value(&log).unwrap();
    let members: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let taken = ["instrument", "interval_min", "place", "probe", "readings", "unit"];
    assert_eq!(members, taken, "an inspection refuses any other member");
    assert_eq!(json["readings"][3], serde_json::json!(["2021-06-24T00:17:00+08:00", null]));
}

#[test]
fn an_ultra_low_has_a_probe_outside_and_its_offset() {
    let file = read(ULTRA_LOW.as_bytes(), &china()).unwrap();
    assert_eq!(file.kind, FileKind::FridgeTagUltraLow);
    assert!(file.device.user_offsets.contains(&("Ext Sensor".to_owned(), "+0.3".to_owned())));
    let day = &file.days[0];
    assert_eq!(day.counters[1].ambient.as_deref(), Some("+14.3"));
    assert_eq!(day.without_probe_min[0], ("Ext Sensor".to_owned(), 10));
    assert_eq!(file.readings[3].value.as_deref(), Some("-80.0"));
    assert!(file.unknown.is_empty(), "{:?}", file.unknown);
}

#[test]
fn a_q_tag_gives_its_run_and_every_episode() {
    let answers = Answers { unit: Some(Unit::Celsius), ..china() };
    let file = read(Q_TAG.as_bytes(), &answers).unwrap();
    assert_eq!(file.kind, FileKind::QTag);
    assert!(file.unknown.is_empty(), "{:?}", file.unknown);
    let modes: Vec<_> = file.set_points.iter().map(|p| (p.side, p.mode)).collect();
    assert_eq!(
        modes,
        [
            (Some(Side::Hot), Some(AlarmMode::Single)),
            (Some(Side::Hot), Some(AlarmMode::Cumulative)),
            (Some(Side::Cold), Some(AlarmMode::Cumulative)),
            (Some(Side::Cold), Some(AlarmMode::Single)),
        ],
        "an alarm that is off is none"
    );
    let run = file.run.as_ref().unwrap();
    assert_eq!((run.mkt.as_deref(), run.mkt_energy.as_deref()), (Some("5.1"), Some("83.0")));
    assert_eq!(run.started_at.unwrap().to_string(), "2021-06-24T04:49:00+08:00");
    let episodes: Vec<_> = run.episodes.iter().map(|e| (e.alarm.as_str(), e.minutes)).collect();
    assert_eq!(episodes, [("1", Some(10)), ("2", Some(10)), ("5", Some(9)), ("5", Some(3))]);
    assert_eq!(run.episodes[0].until, None);
    assert_eq!(run.episodes[3].extreme.as_deref(), Some("1.9"));
    assert_eq!((file.readings.len(), file.readings[1].marked), (5, true));
    let string = file.facts.iter().find(|fact| fact.key == "Conf/User String 1").unwrap();
    assert_eq!(string.value, "lot 7, door: left");
}

#[test]
fn lines_of_tomorrow_are_kept_with_their_numbers() {
    let text = FRIDGE_TAG_2L
        .replace(" Temp unit: C\n", " Temp unit: C\n New Option: 7\n")
        .replace("Hist:\n", "Later:\n Thing: 1\nHist:\n");
    let file = read(text.as_bytes(), &china()).unwrap();
    let kept: Vec<_> = file.unknown.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(kept, [" New Option: 7", "Later:", " Thing: 1"]);
    assert_eq!(text.lines().nth(file.unknown[0].line as usize - 1).unwrap(), kept[0]);
    assert_eq!(file.readings.len(), 8);
}

#[test]
fn windows_line_ends_and_a_mark_make_no_difference() {
    let plain = read(FRIDGE_TAG_2L.as_bytes(), &china()).unwrap();
    let windows = format!("\u{feff}{}", FRIDGE_TAG_2L.replace('\n', "\r\n"));
    let mut other = read(windows.as_bytes(), &china()).unwrap();
    other.answers = plain.answers.clone();
    assert_eq!(other, plain);
}

#[test]
fn other_devices_with_the_same_lines_are_read_and_said_to_be_unknown() {
    for (name, kind) in [
        ("Q-tag Fridge-tag 2 E", FileKind::FridgeTag2E),
        ("Q-tag Fridge-tag 9", FileKind::OtherBerlinger),
    ] {
        let text = FRIDGE_TAG_2.replace("Q-tag Fridge-tag 2\n", &format!("{name}\n"));
        let file = read(text.as_bytes(), &china()).unwrap();
        assert_eq!(file.kind, kind);
        assert_eq!(file.notices.len(), usize::from(kind == FileKind::OtherBerlinger));
    }
}

#[test]
fn without_its_signature_a_file_is_read_only_if_somebody_says_so() {
    let (cut, _) = FRIDGE_TAG_2L.split_once("Cert:").unwrap();
    let error = read(cut.as_bytes(), &china()).unwrap_err();
    assert_eq!(error.open, [Topic::Signature]);
    let answers = Answers { without_signature: Some(true), ..china() };
    let file = read(cut.as_bytes(), &answers).unwrap();
    assert_eq!((file.readings.len(), file.notices.len()), (8, 1));
    let longer = format!("{FRIDGE_TAG_2L}Zone: 1\n");
    let error = read(longer.as_bytes(), &china()).unwrap_err();
    assert_eq!(error.open, [Topic::Signature], "what follows a signature is not covered by it");
    let short = FRIDGE_TAG_2L.trim_end().get(..FRIDGE_TAG_2L.len() - 9).unwrap();
    assert_eq!(read(short.as_bytes(), &china()).unwrap_err().open, [Topic::Signature]);
}

#[test]
fn what_is_wrong_is_named_with_its_line_in_both_languages() {
    for (from, to, code) in [
        ("Min T: +1.9", "Min T: NaN", ErrorCode::Value),
        ("Date: 2021-06-24", "Date: 2021-06-31", ErrorCode::Time),
        ("t Acc: 5", "t Acc: -5", ErrorCode::Value),
        ("\t2021-06-24 00:12\t2.1", "\t2021-06-24 25:12\t2.1", ErrorCode::Time),
        ("\t2021-06-24 00:12\t2.1", "\t2021-06-24 00:02\t2.1", ErrorCode::Order),
        ("\t2021-06-24 00:12\t2.1", "\t2021-06-24 00:12\tInf", ErrorCode::Value),
        ("\t2021-06-24 00:12\t2.1", "\t2021-06-24 00:12", ErrorCode::Line),
        ("\t2021-06-24 00:12\t2.1", "\t2021-06-24 00:12\t2.1\tq", ErrorCode::Line),
        ("Temp unit: C", "Temp unit: K", ErrorCode::Line),
        ("\tyyyy-MM-dd hh:mm\tT", "\tyyyy-MM-dd hh:mm\tRH", ErrorCode::Line),
    ] {
        let text = FRIDGE_TAG_2L.replacen(from, to, 1);
        let error = read(text.as_bytes(), &china()).unwrap_err();
        let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
        assert_eq!((error.code, error.line), (code, Some(line as u32)), "{to}");
        assert!(error.said.zh.contains(&format!("第 {line} 行")) && !error.said.en.is_empty());
    }
    let answers = Answers { unit: Some(Unit::Fahrenheit), ..china() };
    let error = read(FRIDGE_TAG_2L.as_bytes(), &answers).unwrap_err();
    assert_eq!(error.code, ErrorCode::Contradicted);
}
