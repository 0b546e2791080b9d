//! The bytes and hashes of version 1. They can never change: devices hold them, and their authors
//! have signed them. The expected values were computed outside this program.

use data_encoding::HEXLOWER;

use super::*;

const DATA: &str = concat!(
    r#"{"parent":"99999999999999999999999999999999","#,
    r#""set":{"ENT-01":true,"TEMP-01":"-18.50","gates/G1/W-2":[3,null,{"a":"\"冷库\""}]},"#,
    r#""replaces":["77777777777777777777777777777777"],"#,
    r#""retracts":["78787878787878787878787878787878"],"#,
    r#""settles":["79797979797979797979797979797979"],"#,
    r#""blobs":[{"sha256":"8888888888888888888888888888888888888888888888888888888888888888","#,
    r#""bytes":9}],"covers":{"count":2,"#,
    r#""ops_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","#,
    r#""blobs":["8888888888888888888888888888888888888888888888888888888888888888"]},"#,
    r#""why":"门冷"}"#,
);
const HEADER: &str = concat!(
    r#"{"v":1,"log":"11111111111111111111111111111111","seq":7,"#,
    r#""ws":"22222222222222222222222222222222","scope":"33333333333333333333333333333333","#,
    r#""by":"44444444444444444444444444444444","record":"55555555555555555555555555555555","#,
    r#""kind":"inspection.answered","at":[1624478400000,480,3,123456,1624478399000],"#,
    r#""data_sha256":"b2929f9059fabaa345bced9ed374f96240c766322c94b8deb1f263879afa338d"}"#,
);

#[test]
fn the_bytes_of_an_op_can_never_change() {
    let op = Op::write(header(), &full_data(), &SEED).unwrap();
    let body = op.body.as_ref().unwrap();
    assert_eq!(body.text, DATA);
    assert_eq!(op.header_text, HEADER);
    assert_eq!(HEXLOWER.encode(&body.salt.0), "54aeb3094fc56bf3a66791670c3e6b52");
    assert_eq!(
        op.hash.to_string(),
        "4908761e13df80a949f5bfdb93242e76d002f28ea866e1e14dc088283b59ade1"
    );
    assert_eq!(op.hash.id().to_string(), "4908761e13df80a949f5bfdb93242e76");
    assert_eq!(op.record(), RecordId([0x55; 16]));
    assert_eq!(OpData::default().write(), "{}");
}

#[test]
fn a_new_record_is_named_by_the_op_that_creates_it() {
    let op = Op::write(Header { record: None, ..header() }, &full_data(), &SEED).unwrap();
    assert!(op.header_text.contains(r#""record":"","kind""#), "{}", op.header_text);
    assert_eq!(op.record().0, op.hash.id().0);
    assert_eq!(Op::read(op.header_text.clone(), op.body.clone()).unwrap(), op);
}

#[test]
fn what_a_device_signs_can_never_change() {
    let op = op_hash(HEADER);
    let link = Link::START.then(&op);
    assert_eq!(link.to_hex(), "a5a2b334d303fc95926aa82d17d3f901f310957ce76dbc73e6d8ddb1e5f68d5b");
    assert_eq!(
        link.then(&OpHash([0xbb; 32])).to_hex(),
        "0f8071682773edfe61abfc0af6d7d21865e175f840a05ba1a3ba0f0e342da39c"
    );
    let log = LogId([0x11; 16]);
    assert_eq!(
        HEXLOWER.encode(&head_message(log, 7, &link)),
        concat!(
            "73706f74636865636b2068656164203100111111111111111111111111111111110000000000000007",
            "a5a2b334d303fc95926aa82d17d3f901f310957ce76dbc73e6d8ddb1e5f68d5b",
        )
    );
    assert_eq!(
        HEXLOWER.encode(&successor_message(log, "ed25519", &[0xcc; 32])),
        concat!(
            "73706f74636865636b20737563636573736f722031001111111111111111111111111111111118e451",
            "f18508f8643c5737c3684c1ece6564323535313900cccccccccccccccccccccccccccccccccccccccc",
            "cccccccccccccccccccccccc",
        )
    );
}

#[test]
fn derived_ids_can_never_change() {
    let log = LogId::of_key("ed25519", &[0xcc; 32]);
    assert_eq!(log.to_string(), "18e451f18508f8643c5737c3684c1ece");
    let ws = WorkspaceId([0x22; 16]);
    let site = RecordId::of_site(ws, "NS-MKT");
    assert_eq!(site.to_string(), "923110b7580cb60a3dd80d53e5f21bae");
    let merge = RecordId::of_merge(ws, "P1", site, "2021-06-24", "cold");
    assert_eq!(merge.to_string(), "20d46cab3245e2ba03271c64b2e0efb2");
}
