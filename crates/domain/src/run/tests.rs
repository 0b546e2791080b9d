use super::*;
use crate::{Header, OpData, Timestamp, WorkspaceId};

const LOG: LogId = LogId([1; 16]);

fn op(seq: u64) -> Op {
    let header = Header {
        log: LOG,
        seq,
        ws: WorkspaceId([2; 16]),
        scope: ScopeId([3; 16]),
        by: UserId([4; 16]),
        record: None,
        kind: "inspection.started".to_owned(),
        at: Timestamp::default(),
        data_sha256: [0; 32],
    };
    Op::write(header, &OpData::default(), &Seed([5; 16])).unwrap()
}

fn run(first_seq: u64, count: u64) -> Run {
    let before = (1..first_seq).fold(Link::START, |link, seq| link.then(&op(seq).hash));
    Run {
        log: LOG,
        scope: ScopeId([3; 16]),
        by: UserId([4; 16]),
        first_seq,
        prev: before,
        seed: Some(Seed([5; 16])),
        entries: (first_seq..first_seq + count).map(|seq| Entry::Op(Box::new(op(seq)))).collect(),
        head_sig: [0; 64],
    }
}

#[test]
fn the_signed_head_stands_whatever_was_withheld_or_purged() {
    let whole = run(4, 5);
    let signed = whole.head_message();
    for mask in 0_u32..3_u32.pow(5) {
        let mut reader = whole.clone();
        for (index, entry) in reader.entries.iter_mut().enumerate() {
            let Entry::Op(op) = entry else { continue };
            match mask / 3_u32.pow(index as u32) % 3 {
                0 => {}
                1 => *entry = Entry::Withheld(op.hash),
                _ => **op = Op::read(op.header_text.clone(), None).unwrap(),
            }
        }
        reader.check().unwrap();
        assert_eq!(reader.head_message(), signed, "mask {mask}");
        assert!(reader.links().eq(whole.links()), "mask {mask}");
    }
}

#[test]
fn the_head_names_log_position_and_every_op_before_it() {
    let signed = run(4, 5).head_message();
    let other = |change: &dyn Fn(&mut Run)| {
        let mut run = run(4, 5);
        change(&mut run);
        run.head_message()
    };
    assert_ne!(other(&|run| run.log = LogId([9; 16])), signed);
    assert_ne!(other(&|run| run.first_seq += 1), signed);
    assert_ne!(other(&|run| run.prev = Link::START), signed);
    assert_ne!(other(&|run| run.entries.swap(0, 1)), signed);
    assert_ne!(other(&|run| drop(run.entries.pop())), signed);
    assert_ne!(other(&|run| drop(run.entries.remove(0))), signed);
    assert_ne!(other(&|run| run.entries[2] = Entry::Withheld(OpHash([7; 32]))), signed);
}

#[test]
fn a_run_continues_the_one_before_it() {
    let (first, second) = (run(1, 3), run(4, 5));
    assert_eq!(first.end(), second.prev);
    assert_eq!(second.end(), run(1, 8).end());
    assert_eq!((first.last_seq(), second.last_seq()), (3, 8));
}

#[test]
fn an_op_that_stands_elsewhere_is_a_stranger() {
    assert_eq!(run(4, 5).check(), Ok(()));
    assert_eq!(run(4, 0).check(), Err(RunError::Shape));
    assert_eq!(Run { first_seq: 0, ..run(1, 1) }.check(), Err(RunError::Shape));
    assert_eq!(Run { first_seq: u64::MAX, ..run(1, 2) }.check(), Err(RunError::Shape));
    assert_eq!(Run { log: LogId([9; 16]), ..run(4, 5) }.check(), Err(RunError::Stranger(4)));
    assert_eq!(Run { scope: ScopeId([9; 16]), ..run(4, 5) }.check(), Err(RunError::Stranger(4)));
    assert_eq!(Run { by: UserId([9; 16]), ..run(4, 5) }.check(), Err(RunError::Stranger(4)));
    let mut swapped = run(4, 5);
    swapped.entries.swap(1, 3);
    assert_eq!(swapped.check(), Err(RunError::Stranger(5)));
}
