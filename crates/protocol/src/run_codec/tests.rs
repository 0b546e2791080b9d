mod plan;
mod refusals;
mod round_trip;

use spotcheck_domain::OpData;

use super::*;

const WS: WorkspaceId = WorkspaceId([0x22; 16]);

/// A small run with one of everything.
fn sample(seed: Option<Seed>) -> Run {
    let mut run = Run {
        log: LogId([0x11; 16]),
        scope: ScopeId([0x33; 16]),
        by: UserId([0x44; 16]),
        first_seq: 7,
        prev: Link([0x55; 32]),
        seed,
        entries: vec![],
        head_sig: [0x66; 64],
    };
    let at = |wall_ms, tick_ms, server_ms| Timestamp {
        wall_ms,
        offset_min: 480,
        boot: 3,
        tick_ms,
        server_ms,
    };
    let data = OpData { why: Some("门冷".to_owned()), ..OpData::default() };
    let salt = |seq| seed.unwrap_or(Seed([0x77; 16])).salt(seq);
    let started = op(&run, 7, None, "inspection.started", at(1000, 10, 5), &data.write(), salt(7));
    let record = Some(started.record());
    let answer = r#"{"set":{"TEMP-01":"-18.50"}}"#;
    let answered = op(&run, 8, record, "inspection.answered", at(1900, 910, 5), answer, salt(8));
    let other = Some(RecordId([0x88; 16]));
    let raised = op(&run, 10, other, "finding.raised", at(900, 920, 6), r#"{"new": 1}"#, salt(10));
    let mut purged = op(&run, 11, record, "inspection.undone", at(901, 921, 6), "{}", salt(11));
    purged.body = None;
    let withheld = Entry::Withheld(OpHash([0x99; 32]));
    let entry = |op| Entry::Op(Box::new(op));
    run.entries = vec![entry(started), entry(answered), withheld, entry(raised), entry(purged)];
    run
}

/// An op of a run, whatever its data says.
fn op(
    run: &Run,
    seq: u64,
    record: Option<RecordId>,
    kind: &str,
    at: Timestamp,
    text: &str,
    salt: Salt,
) -> Op {
    let header = Header {
        log: run.log,
        seq,
        ws: WS,
        scope: run.scope,
        by: run.by,
        record,
        kind: kind.to_owned(),
        at,
        data_sha256: data_sha256(&salt, text),
    };
    Op::read(header.write(), Some(Body { text: text.to_owned(), salt })).unwrap()
}
