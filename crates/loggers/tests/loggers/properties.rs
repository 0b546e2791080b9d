//! What must hold for any bytes and for any log.

use proptest::prelude::*;
use spotcheck_loggers::{
    Answers, DateOrder, DecimalMark, Encoding, LoggerFile, Separator, Sniffed, Topic, Unit,
    check_counters, read, sniff_with, to_reading_log,
};
use spotcheck_rules::{LogReading, Quantity, summarise};

use crate::synthetic::{china, clock, fridge_tag_2l};

const FILES: [&[u8]; 6] = [
    include_bytes!("../data/synthetic-fridge-tag-2.txt"),
    include_bytes!("../data/synthetic-fridge-tag-2l.txt"),
    include_bytes!("../data/synthetic-fridge-tag-ultra-low.txt"),
    include_bytes!("../data/synthetic-q-tag.txt"),
    include_bytes!("../data/synthetic-logtag.csv"),
    include_bytes!("../data/synthetic-table-gbk.csv"),
];

fn any_answers() -> impl Strategy<Value = Answers> {
    const ENCODINGS: [Encoding; 4] =
        [Encoding::Utf8, Encoding::Utf16Le, Encoding::Gbk, Encoding::Windows1252];
    const SEPARATORS: [Separator; 4] =
        [Separator::Comma, Separator::Tab, Separator::Spaces, Separator::Semicolon];
    const ORDERS: [DateOrder; 3] =
        [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear];
    (
        proptest::option::of(proptest::sample::select(&ENCODINGS[..])),
        proptest::option::of(proptest::sample::select(&SEPARATORS[..])),
        proptest::option::of(proptest::collection::vec(0..6u32, 0..4)),
        proptest::option::of(0..6u32),
        proptest::option::of(proptest::sample::select(&ORDERS[..])),
        any::<i16>(),
        any::<u32>(),
    )
        .prop_map(|(encoding, separator, times, value, order, offset, interval)| Answers {
            encoding,
            separator,
            time_columns: times,
            value_column: value,
            decimal_mark: Some(DecimalMark::Point),
            unit: Some(Unit::Celsius),
            date_order: order,
            offset_min: Some(offset),
            interval_s: Some(interval),
            without_signature: Some(true),
        })
}

/// What holds of whatever was read, from whatever bytes.
fn holds(file: &LoggerFile) {
    assert!(file.readings.is_sorted_by(|a, b| a.at.at_s < b.at.at_s));
    assert!(file.gaps.is_sorted_by(|a, b| a.to_s <= b.from_s));
    assert!(file.gaps.iter().all(|gap| gap.from_s < gap.to_s));
    for value in file.readings.iter().filter_map(|reading| reading.value.as_deref()) {
        assert!(Quantity::parse(value).is_ok(), "{value}");
    }
    let checks = check_counters(file);
    assert!(checks.iter().all(|it| it.episodes <= it.counted_min.max(file.readings.len() as u32)));
    if let Ok(log) = to_reading_log(file) {
        assert_eq!(log.readings.len(), file.readings.len());
        assert!(log.interval_min > 0);
    }
}

/// Everything a person is shown is there in both languages, and every candidate can be taken.
fn is_asked_well(sniffed: &Sniffed, bytes: &[u8], answers: &Answers) {
    for question in &sniffed.questions {
        assert_eq!(question.text.find_empty(), None);
        assert!(!question.candidates.is_empty() || question.topic == Topic::Interval);
        for candidate in question.candidates.iter().take(3) {
            assert_eq!(candidate.text.find_empty(), None);
            let next = sniff_with(bytes, &answers.clone().and(candidate.answers.clone()));
            let open = next.map(|it| it.questions).unwrap_or_default();
            assert!(open.iter().all(|it| it.topic != question.topic), "asked again: {question:?}");
        }
    }
}

fn try_all(bytes: &[u8], answers: &Answers) {
    for answers in [&Answers::default(), answers] {
        match sniff_with(bytes, answers) {
            Ok(sniffed) => is_asked_well(&sniffed, bytes, answers),
            Err(error) => assert_eq!(error.said.find_empty(), None),
        }
        match read(bytes, answers) {
            Ok(file) => holds(&file),
            Err(error) => assert_eq!(error.said.find_empty(), None),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        answers in any_answers(),
    ) {
        try_all(&bytes, &answers);
    }

    #[test]
    fn any_lines_of_the_right_words_are_read_or_refused(
        words in proptest::collection::vec(proptest::sample::select(&[
            "Device: Q-tag Fridge-tag 2 L\n", "Conf:\n", "Hist:\n", " 1:\n", "  Alarm:\n", "   0:\n",
            "    t Acc: 5\n", "  Date: 2021-06-24\n", "Data:\n", "\tyyyy-MM-dd hh:mm\tT\n", "Res:\n",
            "\t2021-06-24 10:00\t5.0\tx\n", " Alarm:\n", "  1:\n", "   TS S: 2021-06-24 10:00, t A: 3\n",
            "2021-06-24", "24/06/21", " ", "10:00", "PM", ",", ";", "\t", "5.0", "5,5", "--.-", "\n",
            "\"", "°C", "Serial #,1\n", "Reading interval,1 minutes\n", "上午", "年", "Sig: 00\n",
        ][..]), 0..40),
        answers in any_answers(),
    ) {
        try_all(words.concat().as_bytes(), &answers);
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(
        which in 0..FILES.len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
        answers in any_answers(),
    ) {
        let mut bytes = FILES[which].to_vec();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        try_all(&bytes, &answers);
        bytes.truncate(cut.index(bytes.len()));
        try_all(&bytes, &answers);
    }

    #[test]
    fn readings_out_are_readings_in(
        steps in proptest::collection::vec((1..40i64, proptest::option::of(-9999..9999i32)), 2..60),
        start in 15_000_000..40_000_000i64,
        offset_min in -720..840i16,
        comma in any::<bool>(),
        newest_first in any::<bool>(),
        separator in proptest::sample::select(&[';', '\t', '|'][..]),
        utf16 in any::<bool>(),
    ) {
        let mut minute = start;
        let mut wanted = Vec::new();
        for (step, value) in steps {
            let sign = if value.is_some_and(|v| v < 0) { "-" } else { "" };
            let text = value.map(|v: i32| format!("{sign}{}.{:02}", v.abs() / 100, v.abs() % 100));
            wanted.push((minute, text));
            minute += step;
        }
        prop_assume!(wanted.iter().any(|(_, value)| value.is_some()));
        let row = |(minute, value): &(i64, Option<String>)| {
            let value = value.as_deref().unwrap_or("--.-");
            let value = if comma && value != "--.-" { value.replace('.', ",") } else { value.to_owned() };
            format!("{}{separator}{value}\n", clock(*minute))
        };
        let mut rows: Vec<_> = wanted.iter().map(row).collect();
        if newest_first {
            rows.reverse();
        }
        let text = format!("Temp (°C){separator}\n{}", rows.concat());
        let bytes: Vec<u8> = if utf16 {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        };
        let answers = Answers { offset_min: Some(offset_min), unit: Some(Unit::Celsius), ..Answers::default() };
        let file = read(&bytes, &answers).unwrap();
        let found: Vec<_> = file
            .readings
            .iter()
            .map(|it| ((it.at.at_s / 60 + i64::from(offset_min)), it.value.as_deref().map(str::to_owned)))
            .collect();
        prop_assert_eq!(found, wanted);
        holds(&file);
    }

    #[test]
    fn gaps_are_those_of_the_rules(
        steps in proptest::collection::vec((1..30i64, any::<bool>()), 2..80),
    ) {
        let mut minute = 27_000_000;
        let mut readings = Vec::new();
        for (step, known) in steps {
            readings.push((minute, if known { "5.0" } else { "--.-" }.to_owned()));
            minute += step;
        }
        let file = read(fridge_tag_2l(&[], &readings).as_bytes(), &china()).unwrap();
        let log: Vec<_> = file
            .readings
            .iter()
            .map(|it| LogReading {
                at: it.at.at_s * 1000,
                value: it.value.as_deref().map(str::to_owned),
            })
            .collect();
        let summary = summarise(&log, "°C", 5, None).unwrap();
        let ours: Vec<_> = file.gaps.iter().map(|gap| (gap.from_s * 1000, gap.to_s * 1000)).collect();
        let theirs: Vec<_> = summary.gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        prop_assert_eq!(ours, theirs);
    }
}
