//! Random runs, as honest devices and the server write them.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

#[derive(Debug, Clone)]
struct Line {
    fate: Fate,
    record: About,
    kind: &'static str,
    /// How far wall clock and tick moved.
    moved: (i64, i64),
    clock: Option<(i32, i64)>,
    data: String,
    salt: [u8; 16],
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Whole,
    Purged,
    Withheld,
}

#[derive(Debug, Clone)]
enum About {
    New,
    Earlier(Index),
    Other(u8),
}

/// JSON that a device could have signed, sensible or not.
pub(super) fn data() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(r#"{"set":{"TEMP-01":"-18.50"}}"#.to_owned()),
        Just(r#"{ "set" : {"A":1} , "new":{"z":1,"a":[ ]} }"#.to_owned()),
        Just("{}".to_owned()),
        Just(r#"{"set":{"A":1.50,"A":2}}"#.to_owned()),
        Just(r#"[null,"\u0041",-0.0e1]"#.to_owned()),
        Just("null".to_owned()),
        Just("7".to_owned()),
        Just(format!(r#""{}""#, "ab".repeat(32))),
        "\\PC{0,20}".prop_map(|why| OpData { why: Some(why), ..OpData::default() }.write()),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let fate =
        prop_oneof![4 => Just(Fate::Whole), 1 => Just(Fate::Purged), 1 => Just(Fate::Withheld)];
    let record = prop_oneof![
        Just(About::New),
        any::<Index>().prop_map(About::Earlier),
        (0_u8..3).prop_map(About::Other),
    ];
    let kind = prop_oneof![Just("inspection.answered"), Just("a"), Just("later.thing_2")];
    let step = || prop_oneof![0_i64..5000, -(1_i64 << 40)..1 << 40];
    let moved = prop_oneof![3 => step().prop_map(|n| (n, n)), 1 => (step(), step())];
    let clock = proptest::option::weighted(0.2, (-1440_i32..=1440, 0_i64..1 << 41));
    (fate, record, kind, moved, clock, data(), any::<[u8; 16]>()).prop_map(
        |(fate, record, kind, moved, clock, data, salt)| Line {
            fate,
            record,
            kind,
            moved,
            clock,
            data,
            salt,
        },
    )
}

pub(super) fn run() -> impl Strategy<Value = Run> {
    let lines = proptest::collection::vec(line(), 1..12);
    let seed = proptest::option::of(any::<[u8; 16]>());
    let first = prop_oneof![1_u64..1000, Just((1 << 53) - 20)];
    (lines, seed, first, 0_i64..9, any::<[u8; 32]>()).prop_map(
        |(lines, seed, first, boot, prev)| {
            let seed = seed.map(Seed);
            let entries = vec![];
            let prev = Link(prev);
            let mut run = Run { first_seq: first, prev, entries, ..sample(seed) };
            let mut at = Timestamp { wall_ms: 1_624_478_400_000, boot, ..Timestamp::default() };
            for (seq, line) in (first..).zip(&lines) {
                let entry = entry(&run, seq, line, &mut at);
                run.entries.push(entry);
            }
            run
        },
    )
}

fn entry(run: &Run, seq: u64, line: &Line, at: &mut Timestamp) -> Entry {
    at.wall_ms += line.moved.0;
    at.tick_ms += line.moved.1;
    if let Some(clock) = line.clock {
        (at.offset_min, at.server_ms) = clock;
    }
    let earlier: Vec<RecordId> = run.ops().map(Op::record).collect();
    let record = match &line.record {
        About::New => None,
        About::Earlier(_) if earlier.is_empty() => None,
        About::Earlier(index) => Some(*index.get(&earlier)),
        About::Other(n) => Some(RecordId([*n; 16])),
    };
    let salt = run.seed.map_or(Salt(line.salt), |seed| seed.salt(seq));
    let mut op = op(run, seq, record, line.kind, *at, &line.data, salt);
    match line.fate {
        Fate::Whole => {}
        Fate::Purged => op.body = None,
        Fate::Withheld => return Entry::Withheld(op.hash),
    }
    Entry::Op(Box::new(op))
}
