use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> String {
    match Header::parse(text) {
        Err(OpError::Header(why)) => why,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_header_is_read_in_one_spelling_only() {
    let text = header().write();
    assert_eq!(Header::parse(&text).unwrap(), header());
    for (from, to) in [
        ("{\"v\"", " {\"v\""),
        ("\"seq\":7", "\"seq\": 7"),
        ("\"seq\":7", "\"seq\":07"),
        ("\"seq\":7", "\"seq\":7.0"),
        ("\"seq\":7", "\"seq\":\"7\""),
        ("\"seq\":7", "\"seq\":7,\"seq\":7"),
        ("\"seq\":7", "\"seq\":7,\"more\":1"),
        (
            "\"log\":\"11111111111111111111111111111111\",\"seq\":7",
            "\"seq\":7,\"log\":\"11111111111111111111111111111111\"",
        ),
        ("inspection.answered", "inspection\\u002eanswered"),
        ("\"kind\"", "\"kin\\u0064\""),
        ("[1624478400000", "[1624478400000.0"),
        ("1624478399000]", "1624478399000,0]"),
        ("1624478399000]", "1624478399000 ]"),
        (",480,", ",-0,"),
        ("000000\"}", "000000\"}\n"),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from} is not in a header");
        refused(&other);
    }
}

#[test]
fn a_header_of_another_version_or_beyond_its_ranges_is_refused() {
    let text = header().write();
    let max = 1_i64 << 53;
    for (from, to) in [
        ("\"v\":1", "\"v\":2".to_owned()),
        ("\"v\":1", "\"v\":0".to_owned()),
        ("\"seq\":7", "\"seq\":0".to_owned()),
        ("\"seq\":7", format!("\"seq\":{}", max + 1)),
        ("\"seq\":7", "\"seq\":-1".to_owned()),
        ("[1624478400000", format!("[{}", max + 1)),
        ("[1624478400000", format!("[{}", -max - 1)),
        ("[1624478400000", format!("[{}", i64::MIN)),
        (",480,", ",1441,".to_owned()),
        (",480,", ",-1441,".to_owned()),
        (",480,", format!(",{},", i32::MIN)),
        (",480,3,", format!(",480,{},", max + 1)),
        (",123456,", format!(",{},", -max - 1)),
        (",1624478399000]", format!(",{}]", max + 1)),
    ] {
        let other = text.replacen(from, &to, 1);
        assert_ne!(other, text, "{from} is not in a header");
        refused(&other);
    }
    let newer = refused(&text.replacen("\"v\":1", "\"v\":2", 1));
    assert!(newer.contains("newer than this program"), "{newer}");
    let widest = Header { seq: max as u64, ..header() };
    assert_eq!(Header::parse(&widest.write()).unwrap(), widest);
}

#[test]
fn ids_are_lowercase_hex_of_one_length() {
    let text = Header { log: LogId([0xab; 16]), ..header() }.write();
    Header::parse(&text).unwrap();
    refused(&text.replacen("abab", "ABab", 1));
    refused(&text.replacen("abab", "ab", 1));
    refused(&text.replacen("abab", "xyab", 1));
    refused(&text.replacen("55555555", "5555555", 1));
    refused(&text.replacen(
        "\"record\":\"55555555555555555555555555555555\"",
        "\"record\":null",
        1,
    ));
}

#[test]
fn a_kind_of_any_version_is_short_plain_text() {
    let longest = "k".repeat(64);
    for fine in ["inspection.answered", "a", "x2_y.z.w", longest.as_str()] {
        let header = Header { kind: fine.to_owned(), ..header() };
        assert_eq!(Header::parse(&header.write()).unwrap(), header);
    }
    let too_long = "k".repeat(65);
    for bad in ["", "Inspection.started", "a b", "门", "a\"b", "a-b", "a/b", too_long.as_str()] {
        let header = Header { kind: bad.to_owned(), ..header() };
        assert!(header.check().is_err(), "{bad}");
        refused(&header.write());
    }
}

proptest! {
    /// Two spellings of one header would be two ops: whatever parses is what we would have written.
    #[test]
    fn a_changed_header_is_another_header_or_none(at in 0_usize..340, byte in 0x20_u8..0x7f) {
        let mut bytes = header().write().into_bytes();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let text = String::from_utf8(bytes).unwrap();
        if let Ok(other) = Header::parse(&text) {
            prop_assert_ne!(&other, &header());
            prop_assert_eq!(other.write(), text);
        }
    }
}
