use proptest::prelude::*;

use super::*;
use crate::value::MAX_DEPTH;

fn read(kind: &str, text: &str) -> Op {
    let body = Body { text: text.to_owned(), salt: SEED.salt(7) };
    let sha = data_sha256(&body.salt, text);
    let header = Header { kind: kind.to_owned(), data_sha256: sha, ..header() };
    Op::read(header.write(), Some(body)).unwrap()
}

#[test]
fn what_a_newer_version_says_is_kept_verbatim() {
    let text = r#"{"set":{"TEMP-01":"-18.50"},"mood":{"b":[1],"a":"喜"},"why":"x"}"#;
    let op = read("reading.foreseen_2", text);
    assert_eq!(op.header.kind, "reading.foreseen_2");
    assert_eq!(kind::record_kind(&op.header.kind), "reading");
    let data = op.data().unwrap();
    assert_eq!(data.set[&SlotPath::new("TEMP-01").unwrap()], Value::from("-18.50"));
    assert_eq!(data.why.as_deref(), Some("x"));
    // The stored text is what is forwarded; decoding it does not touch it.
    let again = Op::read(op.header_text.clone(), op.body.clone()).unwrap();
    assert_eq!(again.body.unwrap().text, text);
    assert_eq!(again.hash, op.hash);
}

#[test]
fn data_that_readers_could_disagree_on_is_refused() {
    let deep = |n: u32| format!("{}1{}", "[".repeat(n as usize), "]".repeat(n as usize));
    let too_deep = deep(MAX_DEPTH + 1);
    let blob = format!(r#""sha256":"{}""#, "88".repeat(32));
    let covers = format!(r#""count":1,"ops_sha256":"{}","blobs":[]"#, "aa".repeat(32));
    for bad in [
        r#"{"set":{},"set":{}}"#.to_owned(),
        r#"{"why":"a","why":"a"}"#.to_owned(),
        r#"{"new":1,"new":1}"#.to_owned(),
        r#"{"set":{"A":1,"A":1}}"#.to_owned(),
        r#"{"set":{"A":1,"\u0041":1}}"#.to_owned(),
        r#"{"set":{"A":{"x":1,"x":2}}}"#.to_owned(),
        r#"{"set":{"A":-18.5}}"#.to_owned(),
        r#"{"set":{"A":1e3}}"#.to_owned(),
        r#"{"set":{"A":9007199254740993}}"#.to_owned(),
        r#"{"set":{"a/b":1}}"#.to_owned(),
        r#"{"new":1.5}"#.to_owned(),
        r#"{"new":{"x":1,"x":1}}"#.to_owned(),
        format!(r#"{{"set":{{"A":{too_deep}}}}}"#),
        format!(r#"{{"new":{too_deep}}}"#),
        format!(r#"{{"blobs":[{{{blob},"bytes":1,"new":1.5}}]}}"#),
        format!(r#"{{"blobs":[{{{blob},"bytes":1,"new":1,"new":1}}]}}"#),
        format!(r#"{{"blobs":[{{{blob},"bytes":9007199254740993}}]}}"#),
        format!(r#"{{"blobs":[{{{blob},"bytes":-1}}]}}"#),
        format!(r#"{{"covers":{{{covers},"new":1,"new":1}}}}"#),
        format!(r#"{{"covers":{{{covers},"new":1.5}}}}"#),
        r#"{"replaces":["77"]}"#.to_owned(),
        r#"{"replaces":null}"#.to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "{} {}".to_owned(),
        String::new(),
    ] {
        assert!(matches!(OpData::parse(&bad), Err(OpError::Data(_))), "{bad}");
    }
    for fine in [
        format!(r#"{{"set":{{"A":{}}}}}"#, deep(MAX_DEPTH)),
        format!(r#"{{"new":{}}}"#, deep(MAX_DEPTH)),
        format!(r#"{{"blobs":[{{{blob},"bytes":1,"new":[2]}}]}}"#),
        format!(r#"{{"covers":{{{covers},"new":"x"}}}}"#),
    ] {
        OpData::parse(&fine).unwrap();
    }
}

#[test]
fn an_op_that_cannot_be_understood_is_still_its_authors_op() {
    let op = read("inspection.answered", r#"{"set":{"A":1.5}}"#);
    assert!(op.data().is_err());
    assert_eq!(Op::read(op.header_text.clone(), op.body.clone()).unwrap(), op);
}

#[test]
fn data_beyond_64_kib_is_a_document() {
    let why = |len: usize| OpData { why: Some("x".repeat(len)), ..OpData::default() };
    let around = why(0).write().len();
    assert!(Op::write(header(), &why(MAX_DATA_BYTES - around), &SEED).is_ok());
    let refused = Op::write(header(), &why(MAX_DATA_BYTES - around + 1), &SEED);
    assert!(matches!(refused, Err(OpError::Data(_))), "{refused:?}");
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::Int),
        ".{0,12}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(6, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::btree_map(".{0,4}", inner, 0..4).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(values in proptest::collection::vec(value(), 0..4)) {
        let path = |n: usize| SlotPath::new(&format!("A-{n}")).unwrap();
        let set = values.into_iter().enumerate().map(|(n, value)| (path(n), value)).collect();
        let data = OpData { set, ..full_data() };
        let text = data.write();
        prop_assert_eq!(OpData::parse(&text).unwrap(), data);
        prop_assert_eq!(OpData::parse(&text).unwrap().write(), text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in r#"[\[\]{}",:0-9a-zA-Z\\ .-]{0,60}"#) {
        let _ = OpData::parse(&text);
        let _ = Header::parse(&text);
        let _ = Value::parse(&text);
    }
}
