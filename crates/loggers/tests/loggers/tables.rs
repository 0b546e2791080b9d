//! Any table: what is asked, what is not, and what an answer leads to.

use spotcheck_loggers::{
    Answers, DateOrder, DecimalMark, Encoding, ErrorCode, IntervalSource, LoggerFile, ReadError,
    Separator, Sniffed, Topic, Unit, read, sniff, sniff_with,
};

use crate::synthetic::china;

fn topics(sniffed: &Sniffed) -> Vec<Topic> {
    sniffed.questions.iter().map(|question| question.topic).collect()
}

fn values(file: &LoggerFile) -> Vec<Option<&str>> {
    file.readings.iter().map(|it| it.value.as_deref()).collect()
}

fn read_celsius(text: &str) -> Result<LoggerFile, ReadError> {
    read(text.as_bytes(), &Answers { unit: Some(Unit::Celsius), ..china() })
}

/// Takes the first candidate of every question until none is left.
fn answer_all(bytes: &[u8]) -> (Answers, Vec<Topic>) {
    let (mut answers, mut asked) = (Answers::default(), Vec::new());
    while let Some(question) = sniff_with(bytes, &answers).unwrap().questions.first() {
        asked.push(question.topic);
        answers = answers.and(question.candidates[0].answers.clone());
        assert!(asked.len() < 12, "{asked:?}");
    }
    (answers, asked)
}

#[test]
fn unit_order_and_zone_are_asked_and_what_the_rows_decide_is_not() {
    let sniffed = sniff(b"01/02/2021 10:00,5.0\n02/02/2021 10:00,5.1\n").unwrap();
    assert_eq!(topics(&sniffed), [Topic::Unit, Topic::DateOrder, Topic::TimeZone]);
    let order = &sniffed.questions[1];
    let reads: Vec<_> = order.candidates.iter().map(|it| it.reads_as.join(" ")).collect();
    assert_eq!(reads, ["2021-02-01 2021-02-02", "2021-01-02 2021-02-02"]);
    assert_eq!(order.lines[0].text, "01/02/2021 10:00,5.0");
    assert_eq!(sniffed.known.separator, Some(Separator::Comma));
    let decided = sniff(b"01/02/2021 10:00,5.0\n13/02/2021 10:00,5.1\n").unwrap();
    assert_eq!(topics(&decided), [Topic::Unit, Topic::TimeZone], "there is no month 13");
    assert_eq!(decided.known.date_order, Some(DateOrder::DayMonthYear));
    let short = sniff(b"01/02/03 10:00,5.0\n01/02/03 10:10,5.1\n").unwrap();
    assert_eq!(short.questions[1].candidates.len(), 3, "two digits leave all three orders");
    let stated = sniff(
        "Time,Temp(°C)\n2021-02-01T10:00:00+08:00,5\n2021-02-01T10:10:00+08:00,5\n".as_bytes(),
    );
    assert_eq!(topics(&stated.unwrap()), []);
}

#[test]
fn a_chinese_table_in_gbk_is_read_to_the_last_remark() {
    let bytes = include_bytes!("../data/synthetic-table-gbk.csv");
    assert_eq!(topics(&sniff(bytes).unwrap()), [Topic::Encoding]);
    let answers = Answers { encoding: Some(Encoding::Gbk), ..china() };
    let sniffed = sniff_with(bytes, &answers).unwrap();
    assert_eq!(topics(&sniffed), [Topic::ValueColumn], "temperature and humidity");
    let headings: Vec<_> = sniffed.columns.iter().map(|it| it.heading.as_str()).collect();
    assert_eq!(headings, ["序号", "时间", "温度(℃)", "湿度(%RH)"]);
    let temperature = Answers { value_column: Some(3), ..answers.clone() };
    let file = read(bytes, &temperature).unwrap();
    assert_eq!(
        (values(&file), file.unit),
        (vec![Some("-18.50"), Some("-18.4"), None], Unit::Celsius)
    );
    assert_eq!(file.answers.decimal_mark, Some(DecimalMark::Comma));
    assert_eq!(file.interval.unwrap().source, IntervalSource::Measured);
    let kept: Vec<_> = file.unknown.iter().map(|it| (it.line, it.text.as_str())).collect();
    assert_eq!(kept, [(1, "记录仪编号;77"), (6, "备注;导出完毕")]);
    let humidity = read(bytes, &Answers { value_column: Some(4), ..answers }).unwrap();
    assert_eq!((humidity.unit, values(&humidity)[0]), (Unit::Humidity, Some("61")));
}

#[test]
fn the_stored_answers_read_the_same_again() {
    let text = "Zeit;Wert\n01.02.2021 10:00;5,125\n02.02.2021 10:00;6,250\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (answers, asked) = answer_all(&utf16);
    assert_eq!(asked, [Topic::Unit, Topic::DateOrder, Topic::DecimalMark, Topic::TimeZone]);
    let file = read(&utf16, &answers).unwrap();
    assert_eq!(values(&file), [Some("5.125"), Some("6.250")]);
    let stored = serde_json::to_string(&file.answers).unwrap();
    let again: Answers = serde_json::from_str(&stored).unwrap();
    assert_eq!(read(&utf16, &again).unwrap(), file);
    assert!(stored.contains(r#""encoding":"utf-16le""#) && stored.contains(r#""unit":"°C""#));
}

#[test]
fn commas_are_decimal_grouping_or_asked() {
    let known = |value: &str| {
        let text = format!("2021-02-01 10:00;{value}\n2021-02-01 10:10;{value}\n");
        sniff(text.as_bytes()).unwrap().known.decimal_mark
    };
    assert_eq!(known("5,5"), Some(DecimalMark::Comma));
    assert_eq!(known("1,234.5"), Some(DecimalMark::Point));
    assert_eq!(known("1,234"), None);
    assert_eq!(known("5"), Some(DecimalMark::Point));
}

#[test]
fn spellings_of_several_programs() {
    for text in [
        "\"#\",\"Date Time, GMT+08:00\",\"Temp, °C\"\n1,06/24/21 03:00:00 PM,5.0\n2,06/24/21 03:10:00 PM,5.1\n3,06/24/21 03:20:00 PM,5.2\n",
        "2021-06-24 15:00   5.0\n2021-06-24 15:10   5.1\n2021-06-24 15:20   5.2\n",
        "24-Jun-2021 15:00|5.0 °C\n24-Jun-2021 15:10|5.1 °C\n24-Jun-2021 15:20|5.2 °C\n",
        "x\tDate\tTime\tT\na\t24.06.2021\t15:00:00\t5.0\nb\t24.06.2021\t15:10:00\t5.1\nc\t24.06.2021\t15:20:00\t5.2\n",
    ] {
        let file = read_celsius(text).unwrap();
        assert_eq!(values(&file), [Some("5.0"), Some("5.1"), Some("5.2")], "{text}");
        assert_eq!(file.readings[0].at.to_string(), "2021-06-24T15:00:00+08:00", "{text}");
    }
}

#[test]
fn newest_first_is_turned_and_a_zone_in_the_line_is_kept() {
    let file =
        read_celsius("2021-06-24 10:10:00+02:00,5.1\n2021-06-24 10:00:00+02:00,5.0\n").unwrap();
    assert_eq!(file.readings[0].at.to_string(), "2021-06-24T10:00:00+02:00");
    assert_eq!((file.readings[0].line, file.notices.len()), (2, 2));
}

#[test]
fn wrong_rows_are_located_and_nothing_is_half_read() {
    for (row, code) in [
        ("2021-02-30 10:10,5.0", ErrorCode::Time),
        ("2021-06-24 10:1", ErrorCode::Time),
        (",5.0", ErrorCode::Time),
        ("2021-06-24 10:10,NaN", ErrorCode::Value),
        ("2021-06-24 10:10,41.0 °F", ErrorCode::Value),
        ("2021-06-24 10:10", ErrorCode::CutOff),
        ("2021-06-24 10:00,5.0", ErrorCode::Order),
        ("2021-06-24 09:00,5.0", ErrorCode::Order),
    ] {
        let text = format!("2021-06-24 10:00,5.0\n{row}\n2021-06-24 10:20,5.0\n");
        let error = read_celsius(&text).unwrap_err();
        assert_eq!((error.code, error.line), (code, Some(2)), "{row}");
    }
    let end = read_celsius("2021-06-24 10:00,5.0\n2021-06-24 10:10,5.0").unwrap();
    assert_eq!(end.notices.len(), 2, "a last line without an end may be cut off");
}

#[test]
fn rows_of_another_width_are_rows_all_the_same() {
    let file = read_celsius(
        "Time;T;Note\n2021-06-24 10:00;4.9\n2021-06-24 10:10;5.0;door\n2021-06-24 10:20;5.1;\n2021-06-24 10:30;5.2;;\n",
    )
    .unwrap();
    assert_eq!(values(&file), [Some("4.9"), Some("5.0"), Some("5.1"), Some("5.2")]);
    assert!(file.unknown.is_empty());
}

#[test]
fn a_column_that_counts_up_is_a_value_unless_it_numbers_the_rows() {
    let asked = |rows: &str| topics(&sniff_with(rows.as_bytes(), &china()).unwrap());
    let rising = "2021-06-24 10:00,5,60\n2021-06-24 10:10,6,61\n2021-06-24 10:20,7,62\n";
    assert_eq!(asked(rising), [Topic::ValueColumn]);
    let numbered = "1,2021-06-24 10:00,5\n2,2021-06-24 10:10,6\n3,2021-06-24 10:20,7\n";
    assert_eq!(asked(numbered), [Topic::Unit]);
    let exported_in_part = "7,2021-06-24 10:00,5\n8,2021-06-24 10:10,6\n9,2021-06-24 10:20,7\n";
    assert_eq!(asked(exported_in_part), [Topic::ValueColumn], "asked rather than guessed");
}

#[test]
fn answers_that_cannot_be_are_refused() {
    let text = b"Time,Temp(F)\n2021-06-24 10:00,41\n2021-06-24 10:10,41\n";
    for answers in [
        Answers { unit: Some(Unit::Celsius), ..china() },
        Answers { value_column: Some(1), ..china() },
        Answers { value_column: Some(0), ..china() },
        Answers { value_column: Some(9), ..china() },
        Answers { time_columns: Some(vec![2]), ..china() },
    ] {
        assert_eq!(read(text, &answers).unwrap_err().code, ErrorCode::Contradicted);
    }
    let one = b"2021-06-24 10:00,41 F\n";
    assert_eq!(topics(&sniff_with(one, &china()).unwrap()), [Topic::Interval]);
    let answers = Answers { interval_s: Some(600), ..china() };
    assert_eq!(read(one, &answers).unwrap().interval.unwrap().source, IntervalSource::Answered);
}
