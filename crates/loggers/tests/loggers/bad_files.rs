//! Files that are none: refused whole, with the line and the remedy.

use spotcheck_loggers::{
    Answers, Encoding, ErrorCode, MAX_FILE_BYTES, MAX_KEPT_LINES, MAX_LINE_BYTES, MAX_READINGS,
    Unit, read, sniff,
};

use crate::synthetic::{china, clock, fridge_tag_2l};

fn code(bytes: &[u8]) -> ErrorCode {
    sniff(bytes).unwrap_err().code
}

#[test]
fn no_text_is_no_log() {
    assert_eq!(code(b""), ErrorCode::Empty);
    assert_eq!(code(b" \n\n"), ErrorCode::Empty);
    assert_eq!(code(b"%PDF-1.4"), ErrorCode::NotText);
    assert_eq!(code(b"PK\x03\x04 a workbook"), ErrorCode::NotText);
    assert_eq!(code(b"2021-06-24 10:00,5\n\0\n"), ErrorCode::NotText);
    assert_eq!(code(b"hello\nworld\n"), ErrorCode::NoReadings);
    assert_eq!(code(b"Device: X\nConf:\n Serial: 1\n"), ErrorCode::NoReadings);
}

#[test]
fn too_long_is_said_before_it_is_read() {
    assert_eq!(code(&vec![b'1'; MAX_FILE_BYTES + 1]), ErrorCode::TooLarge);
    let long = format!("a\n{}\n", "1".repeat(MAX_LINE_BYTES + 1));
    let error = sniff(long.as_bytes()).unwrap_err();
    assert_eq!((error.code, error.line), (ErrorCode::TooLarge, Some(2)));
}

#[test]
fn too_many_readings_or_other_lines_are_located() {
    let rows =
        |count: usize| (0..count as i64).map(|n| format!("{},5\n", clock(n))).collect::<String>();
    let answers = Answers { unit: Some(Unit::Celsius), ..china() };
    let error = read(rows(MAX_READINGS + 1).as_bytes(), &answers).unwrap_err();
    assert_eq!((error.code, error.line), (ErrorCode::TooLarge, Some(MAX_READINGS as u32 + 1)));
    let remarks = format!("{}{}", rows(2), "remark\n".repeat(MAX_KEPT_LINES + 1));
    assert_eq!(read(remarks.as_bytes(), &answers).unwrap_err().code, ErrorCode::TooLarge);
    let above = format!("{}{}", "remark\n".repeat(1_000), rows(2));
    assert_eq!(read(above.as_bytes(), &answers).unwrap().unknown.len(), 1_000);
    let keyed = fridge_tag_2l(&[], &[(0, "5.0".to_owned())]);
    let keyed =
        keyed.replace("Hist:\n", &format!("{}Hist:\n", "Odd: 1\n".repeat(MAX_KEPT_LINES + 1)));
    assert_eq!(read(keyed.as_bytes(), &china()).unwrap_err().code, ErrorCode::TooLarge);
}

#[test]
fn what_a_real_file_has_two_of_cannot_be_had_by_the_million() {
    let file = fridge_tag_2l(&[("2022-06-06", 1, 2)], &[(0, "5.0".to_owned())]);
    for line in
        ["   0:\n", "  Int Sensor timeout:\n   t AccST: 1\n", "  Checked:\n   TS AM: 07:00\n"]
    {
        let under = if line.starts_with("   0") { "  Alarm:\n" } else { "" };
        let many = file.replace("Data:\n", &format!("{under}{}Data:\n", line.repeat(40)));
        assert_eq!(
            read(many.as_bytes(), &china()).unwrap_err().code,
            ErrorCode::TooLarge,
            "{line}"
        );
    }
    let deep: String = (1..60).map(|depth| format!("{}Section:\n", " ".repeat(depth))).collect();
    let long = format!(" {}:\n  Lot: 1\n", "x".repeat(5_000));
    let text = file.replace("Hist:\n", &format!("{deep}{long}Hist:\n"));
    let read = read(text.as_bytes(), &china()).unwrap();
    assert!(read.facts.iter().all(|fact| fact.key.len() < 200));
    assert_eq!(read.unknown.len(), 59 + 2, "what is too deep or too long is kept as it is");
}

#[test]
fn broken_bytes_are_located_whatever_the_encoding() {
    let text = "时间,温度(℃)\n2021-06-24 10:00,5\n2021-06-24 10:10,5\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf16 = [&[0xfe, 0xff][..], &utf16].concat();
    let error = sniff(&utf16[..utf16.len() - 1]).unwrap_err();
    assert_eq!((error.code, error.line), (ErrorCode::Encoding, Some(3)));
    let mut marked = [&[0xef, 0xbb, 0xbf][..], text.as_bytes()].concat();
    marked.push(0xff);
    let error = sniff(&marked).unwrap_err();
    assert_eq!((error.code, error.line), (ErrorCode::Encoding, Some(4)));
    let answers = Answers { encoding: Some(Encoding::Utf8), ..china() };
    assert_eq!(read(b"a\xb0\n", &answers).unwrap_err().code, ErrorCode::Encoding);
}
