//! Ops, and runs of them.

use ed25519_dalek::SigningKey;
use serde_json::value::RawValue;
use spotcheck_domain::op::{Body, Link, OpError, Seed, data_sha256, op_hash};
use spotcheck_domain::projection::project;
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpData, OpHash, Run, ScopeId, Timestamp, UserId, WorkspaceId,
};
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::run_codec::{self, MAX_RUN_BYTES, MAX_RUN_OPS};

const WS: WorkspaceId = WorkspaceId([2; 16]);
const SEED: Seed = Seed([7; 16]);

/// A header on the first line, data after it.
pub(super) fn op(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (head, data) = text.split_once('\n').unwrap_or((text, ""));
    let parsed = Header::parse(head).ok();
    if let Some(header) = &parsed {
        assert_eq!(header.write(), head, "two spellings of one header would be two ops");
        header.check().expect("what was read is in range");
        assert!(header.at.local_day().len() >= 10);
    }
    if let Ok(read) = OpData::parse(data) {
        let written = read.write();
        let again = OpData::parse(&written).expect("what we write we read");
        assert_eq!((&again, again.write()), (&read, written));
    }
    // Whatever the data says, an op around it keeps its bytes and is found changed if it is.
    let header = parsed.unwrap_or_else(|| header(1, "inspection.answered"));
    let salt = SEED.salt(header.seq);
    let header = Header { data_sha256: data_sha256(&salt, data), ..header };
    let body = Body { text: data.to_owned(), salt };
    let op = Op::read(header.write(), Some(body.clone())).expect("header and data belong together");
    assert_eq!((op.hash, op.body.as_ref()), (op_hash(&header.write()), Some(&body)));
    let changed = Body { text: format!("{data} "), salt };
    assert!(matches!(Op::read(header.write(), Some(changed)), Err(OpError::DataHash)));
    let doc = project(op.record(), [&op, &op]);
    assert_eq!(doc, project(op.record(), [&op]), "an op that comes twice does no more");
    let json = data.trim() == data && serde_json::from_str::<&RawValue>(data).is_ok();
    if json {
        let run = run_of(vec![Entry::Op(Box::new(op))]);
        same_after_the_wire(&run);
    }
}

/// A run as it stands in a page.
pub(super) fn batch(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice::<&RawValue>(bytes) else { return };
    let Ok(run) = run_codec::decode(json, WS) else { return };
    assert!(json.get().len() <= MAX_RUN_BYTES && run.entries.len() <= MAX_RUN_OPS);
    for (seq, op) in (run.first_seq..).zip(&run.entries) {
        let Entry::Op(op) = op else { continue };
        assert_eq!((op.header.log, op.header.seq, op.header.ws), (run.log, seq, WS));
        let stored = Op::read(op.header_text.clone(), op.body.clone());
        assert_eq!(&stored.expect("what came in can be read again"), &**op);
    }
    same_after_the_wire(&run);
}

#[track_caller]
fn same_after_the_wire(run: &Run) {
    let wire = run_codec::encode(run);
    let again = run_codec::decode(&wire, run_ws(run));
    assert_eq!(&again.expect("what we write we read"), run, "{wire}");
    assert_eq!(run_codec::encode(run).get(), wire.get());
}

fn run_ws(run: &Run) -> WorkspaceId {
    run.ops().next().map_or(WS, |op| op.header.ws)
}

fn header(seq: u64, kind: &str) -> Header {
    Header {
        log: key().log(),
        seq,
        ws: WS,
        scope: ScopeId([3; 16]),
        by: UserId([4; 16]),
        record: None,
        kind: kind.to_owned(),
        at: Timestamp {
            wall_ms: 1_624_496_400_000 + seq as i64 * 1000,
            offset_min: 480,
            boot: 5,
            tick_ms: seq as i64 * 1000,
            server_ms: 1_624_496_000_000,
        },
        data_sha256: [0; 32],
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn run_of(entries: Vec<Entry>) -> Run {
    let first = entries.iter().find_map(|entry| match entry {
        Entry::Op(op) => Some(op.header.clone()),
        Entry::Withheld(_) => None,
    });
    let first = first.unwrap_or_else(|| header(1, "inspection.started"));
    let mut run = Run {
        log: first.log,
        scope: first.scope,
        by: first.by,
        first_seq: first.seq,
        prev: Link::START,
        seed: Some(SEED),
        entries,
        head_sig: [0; 64],
    };
    run.head_sig = key().sign(&run.head_message());
    run
}

/// Data of every shape: each member, a member of a newer version, all of them together.
const DATA: &[&str] = &[
    "{}",
    r#"{"set":{"ENT-01":{"result":"pass"},"gate/G1/ENT-04":{"unit":"°C","value":"-18.50"}}}"#,
    r#"{"parent":"00112233445566778899aabbccddeeff","set":{"day":"2021-06-24"}}"#,
    r#"{"set":{"a":1},"replaces":["00112233445566778899aabbccddeeff"],"why":"看错了"}"#,
    r#"{"retracts":["00112233445566778899aabbccddeeff"],"settles":["00112233445566778899aabbccddeeff"]}"#,
    r#"{"blobs":[{"sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","bytes":300000}]}"#,
    r#"{"covers":{"count":3,"ops_sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","blobs":[]}}"#,
    r#"{"set":{"x":[[[["deep"]]]]},"mood":{"of":"a newer version"}}"#,
    "null",
    r#""not an object""#,
];

fn ops() -> Vec<Op> {
    let op = |(seq, data): (u64, &&str)| {
        let text = (*data).to_owned();
        let salt = SEED.salt(seq);
        let header = Header { data_sha256: data_sha256(&salt, &text), ..header(seq, "finding.x") };
        Op::read(header.write(), Some(Body { text, salt })).expect("a seed is an op")
    };
    (1..).zip(DATA).map(op).collect()
}

pub(super) fn op_seeds() -> Vec<Vec<u8>> {
    let seed = |op: Op| {
        let data = op.body.map(|body| body.text).unwrap_or_default();
        format!("{}\n{data}", op.header_text).into_bytes()
    };
    ops().into_iter().map(seed).collect()
}

pub(super) fn batch_seeds() -> Vec<Vec<u8>> {
    let whole: Vec<Entry> = ops().into_iter().map(|op| Entry::Op(Box::new(op))).collect();
    let mut withheld = whole.clone();
    withheld[1] = Entry::Withheld(OpHash([1; 32]));
    let mut purged = whole.clone();
    if let Entry::Op(op) = &mut purged[2] {
        op.body = None;
    }
    let mut runs = vec![run_of(whole), run_of(withheld), run_of(purged)];
    let salted: Vec<Run> = runs.iter().map(|run| Run { seed: None, ..run.clone() }).collect();
    runs.extend(salted);
    let own = LogId::of_key("ed25519", &key().public_key());
    assert!(runs.iter().all(|run| run.log == own));
    runs.iter().map(|run| run_codec::encode(run).get().as_bytes().to_vec()).collect()
}
