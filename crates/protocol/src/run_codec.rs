//! A run of ops in JSON: what they share once, what differs a line each, the author's data verbatim.
//!
//! A line is `[kind, record, time, data]` with a salt as fifth member where the run has no seed, or
//! the hex of a withheld op's hash. `record` is `""` for a new record, the index of an earlier line
//! about the same record, or the id. `time` is the milliseconds that wall clock and tick both moved
//! since the line before, or `[wall, tick, offset_min, server_ms]` (the first two as differences).
//! Hashes are recomputed, never sent: the header's bytes follow from its fields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};
use serde_json::value::RawValue;
use spotcheck_domain::op::{Body, Link, Salt, Seed, data_sha256, op_hash};
use spotcheck_domain::run::RunError;
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpHash, RecordId, Run, ScopeId, Timestamp, UserId, WorkspaceId,
};

#[cfg(test)]
mod tests;

/// More ops than any client puts in a run.
pub const MAX_RUN_OPS: usize = 500;

/// A larger run is refused: it could not be given to its readers in one page.
pub const MAX_RUN_BYTES: usize = 1024 * 1024;

/// JSON that is not a run.
#[derive(Debug, thiserror::Error)]
pub enum RunCodecError {
    /// Not the shape of one.
    #[error("run: {0}")]
    Shape(String),
    /// Its parts do not belong together.
    #[error(transparent)]
    Run(#[from] RunError),
}

fn shape(text: impl ToString) -> RunCodecError {
    RunCodecError::Shape(text.to_string())
}

/// Writes a run.
pub fn encode(run: &Run) -> Box<RawValue> {
    let mut text = String::with_capacity(512 + run.entries.len() * 256);
    let first = run.ops().next().map(|op| op.header.at).unwrap_or_default();
    // `write!` to a String cannot fail.
    let _ = write!(
        text,
        r#"{{"log":"{}","scope":"{}","by":"{}","boot":{},"first":{},"prev":"{}","seed":"{}","at":[{},{},{},{}],"sig":"{}","ops":["#,
        run.log,
        run.scope,
        run.by,
        first.boot,
        run.first_seq,
        run.prev.to_hex(),
        run.seed.map(|seed| HEXLOWER.encode(&seed.0)).unwrap_or_default(),
        first.wall_ms,
        first.offset_min,
        first.tick_ms,
        first.server_ms,
        BASE64.encode(&run.head_sig),
    );
    let mut last = first;
    let mut lines: BTreeMap<RecordId, usize> = BTreeMap::new();
    for (index, entry) in run.entries.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        match entry {
            Entry::Withheld(hash) => {
                let _ = write!(text, r#""{hash}""#);
            }
            Entry::Op(op) => {
                encode_line(&mut text, op, &last, &lines, run.seed.as_ref());
                lines.entry(op.record()).or_insert(index);
                last = op.header.at;
            }
        }
    }
    text.push_str("]}");
    // Built from parts that are JSON; an op's data was checked to be JSON when it was admitted.
    RawValue::from_string(text).unwrap_or_default()
}

fn encode_line(
    text: &mut String,
    op: &Op,
    last: &Timestamp,
    lines: &BTreeMap<RecordId, usize>,
    seed: Option<&Seed>,
) {
    let header = &op.header;
    let _ = write!(text, r#"["{}","#, header.kind);
    let _ = match (header.record, lines.get(&op.record())) {
        (None, _) => write!(text, r#""","#),
        (Some(_), Some(line)) => write!(text, "{line},"),
        (Some(record), None) => write!(text, r#""{record}","#),
    };
    let at = &header.at;
    let (wall, tick) = (at.wall_ms - last.wall_ms, at.tick_ms - last.tick_ms);
    let _ = if wall == tick && (at.offset_min, at.server_ms) == (last.offset_min, last.server_ms) {
        write!(text, "{wall},")
    } else {
        write!(text, "[{wall},{tick},{},{}],", at.offset_min, at.server_ms)
    };
    match &op.body {
        None => {
            let _ = write!(text, r#"null,"{}"]"#, HEXLOWER.encode(&header.data_sha256));
        }
        Some(body) if seed.is_some() => {
            let _ = write!(text, "{}]", body.text);
        }
        Some(body) => {
            let _ = write!(text, r#"{},"{}"]"#, body.text, HEXLOWER.encode(&body.salt.0));
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRun<'a> {
    log: LogId,
    scope: ScopeId,
    by: UserId,
    boot: i64,
    first: u64,
    prev: OpHash,
    seed: Cow<'a, str>,
    at: (i64, i32, i64, i64),
    sig: Cow<'a, str>,
    #[serde(borrow)]
    ops: Vec<&'a RawValue>,
}

/// Reads a run of a workspace and recomputes every hash. The signature is the caller's to verify.
///
/// # Errors
/// When it is not a run. Op data that is JSON but not op data passes: such an op is quarantined by
/// its reader, not refused with its neighbours.
pub fn decode(json: &RawValue, ws: WorkspaceId) -> Result<Run, RunCodecError> {
    if json.get().len() > MAX_RUN_BYTES {
        return Err(shape(format_args!("larger than {MAX_RUN_BYTES} bytes; send smaller runs")));
    }
    let wire: WireRun<'_> = serde_json::from_str(json.get()).map_err(shape)?;
    if wire.ops.len() > MAX_RUN_OPS {
        return Err(shape(format_args!("more than {MAX_RUN_OPS} ops")));
    }
    let seed = match wire.seed.as_ref() {
        "" => None,
        hex => Some(Seed(hex16(hex)?)),
    };
    let sig = BASE64.decode(wire.sig.as_bytes()).ok().and_then(|sig| sig.try_into().ok());
    let (wall_ms, offset_min, tick_ms, server_ms) = wire.at;
    let mut at = Timestamp { wall_ms, offset_min, boot: wire.boot, tick_ms, server_ms };
    let mut run = Run {
        log: wire.log,
        scope: wire.scope,
        by: wire.by,
        first_seq: wire.first,
        prev: Link(wire.prev.0),
        seed,
        entries: Vec::with_capacity(wire.ops.len()),
        head_sig: sig.ok_or_else(|| shape("sig: 64 bytes in base64"))?,
    };
    for (index, raw) in wire.ops.iter().enumerate() {
        let seq =
            run.first_seq.checked_add(index as u64).ok_or_else(|| shape("first: too large"))?;
        let entry = if raw.get().starts_with('"') {
            Entry::Withheld(serde_json::from_str(raw.get()).map_err(shape)?)
        } else {
            let line: Line<'_> = serde_json::from_str(raw.get()).map_err(shape)?;
            Entry::Op(Box::new(line.op(&run, ws, seq, &mut at)?))
        };
        run.entries.push(entry);
    }
    run.check()?;
    Ok(run)
}

struct Line<'a> {
    kind: Cow<'a, str>,
    record: &'a RawValue,
    time: &'a RawValue,
    data: &'a RawValue,
    tail: Option<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Line<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct LineVisitor;
        impl<'de> Visitor<'de> for LineVisitor {
            type Value = Line<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an op line of four or five members")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Line<'de>, A::Error> {
                let missing = || de::Error::custom("an op line has four or five members");
                let line = Line {
                    kind: Cow::Borrowed(seq.next_element::<&'de str>()?.ok_or_else(missing)?),
                    record: seq.next_element()?.ok_or_else(missing)?,
                    time: seq.next_element()?.ok_or_else(missing)?,
                    data: seq.next_element()?.ok_or_else(missing)?,
                    tail: seq.next_element::<&'de str>()?.map(Cow::Borrowed),
                };
                match seq.next_element::<de::IgnoredAny>()? {
                    None => Ok(line),
                    Some(_) => Err(missing()),
                }
            }
        }
        from.deserialize_seq(LineVisitor)
    }
}

impl Line<'_> {
    fn op(
        &self,
        run: &Run,
        ws: WorkspaceId,
        seq: u64,
        at: &mut Timestamp,
    ) -> Result<Op, RunCodecError> {
        self.advance(at)?;
        let record = match self.record.get() {
            r#""""# => None,
            text if text.starts_with('"') => Some(serde_json::from_str(text).map_err(shape)?),
            text => {
                let line: usize = text.parse().map_err(|_| shape("record: an earlier line"))?;
                match run.entries.get(line) {
                    Some(Entry::Op(op)) => Some(op.record()),
                    _ => return Err(shape("record: names a line that is no earlier op")),
                }
            }
        };
        let (body, sha) = match (self.data.get(), &self.tail, &run.seed) {
            // A salt is half as long: data may also be the author's own `null`.
            ("null", Some(sha), _) if sha.len() == 64 => {
                let sha: OpHash = sha.parse().map_err(shape)?;
                (None, sha.0)
            }
            (text, None, Some(seed)) => body(text, seed.salt(seq)),
            (text, Some(salt), None) => body(text, Salt(hex16(salt)?)),
            _ => return Err(shape("a line has a salt exactly when its run has no seed")),
        };
        let header = Header {
            log: run.log,
            seq,
            ws,
            scope: run.scope,
            by: run.by,
            record,
            kind: self.kind.clone().into_owned(),
            at: *at,
            data_sha256: sha,
        };
        header.check().map_err(shape)?;
        let header_text = header.write();
        let hash = op_hash(&header_text);
        Ok(Op { header, header_text, hash, body })
    }

    fn advance(&self, at: &mut Timestamp) -> Result<(), RunCodecError> {
        let out_of_range = || shape("time: out of range");
        let (wall, tick) = match self.time.get().parse::<i64>() {
            Ok(step) => (step, step),
            Err(_) => {
                let (wall, tick, offset, server): (i64, i64, i32, i64) =
                    serde_json::from_str(self.time.get()).map_err(shape)?;
                (at.offset_min, at.server_ms) = (offset, server);
                (wall, tick)
            }
        };
        at.wall_ms = at.wall_ms.checked_add(wall).ok_or_else(out_of_range)?;
        at.tick_ms = at.tick_ms.checked_add(tick).ok_or_else(out_of_range)?;
        Ok(())
    }
}

fn body(text: &str, salt: Salt) -> (Option<Body>, [u8; 32]) {
    let sha = data_sha256(&salt, text);
    (Some(Body { text: text.to_owned(), salt }), sha)
}

fn hex16(hex: &str) -> Result<[u8; 16], RunCodecError> {
    HEXLOWER
        .decode(hex.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| shape("a seed or salt is 32 lowercase hex digits"))
}
