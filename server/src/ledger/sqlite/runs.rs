//! Deliveries as runs that prove themselves.

use spotcheck_domain::op::{Body, Link, Op, Salt, Seed};
use spotcheck_domain::{Entry, LogId, OpHash, Run, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::keys::ALG;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::ledger::{LedgerError, Outcome, PulledPart};

/// What [`Delivered::from_row`] reads, of a delivery `d` and its op `o`.
pub(super) const COLUMNS: &str =
    "d.server_seq, o.log, o.seq, o.link, o.run, o.header, o.data, o.salt";

/// An op as it was delivered.
pub(super) struct Delivered {
    pub(super) server_seq: u64,
    pub(super) log: LogId,
    pub(super) seq: u64,
    link: Link,
    run: i64,
    pub(super) op: Op,
}

impl Delivered {
    /// From a row of [`COLUMNS`].
    pub(super) fn from_row(row: &Row<'_>) -> Outcome<Self> {
        let data: Option<String> = row.get(6)?;
        let salt: Option<[u8; 16]> = row.get(7)?;
        let body = data.zip(salt).map(|(text, salt)| Body { text, salt: Salt(salt) });
        Ok(Self {
            server_seq: row.get(0)?,
            log: LogId(row.get(1)?),
            seq: row.get(2)?,
            link: Link(row.get(3)?),
            run: row.get(4)?,
            op: Op::read(row.get(5)?, body).map_err(|_| LedgerError::Damaged("op"))?,
        })
    }
}

/// Gathers a scope's deliveries into runs.
pub(super) struct Builder<'tx> {
    tx: &'tx Transaction<'tx>,
    ws: WorkspaceId,
    scope: ScopeId,
    open: Option<Open>,
    parts: Vec<PulledPart>,
    /// About how many bytes heads of runs and hashes of withheld ops take.
    proof: u64,
}

/// What the head of a run takes on the wire, and the hash of an op that is withheld.
const HEAD_BYTES: u64 = 450;
const HASH_BYTES: u64 = 70;

struct Open {
    id: i64,
    last_of_run: u64,
    next: u64,
    link: Link,
    run: Run,
    seqs: Vec<u64>,
}

impl<'tx> Builder<'tx> {
    pub(super) fn new(tx: &'tx Transaction<'tx>, ws: WorkspaceId, scope: ScopeId) -> Self {
        Self { tx, ws, scope, open: None, parts: vec![], proof: 0 }
    }

    /// About how many bytes the proof of what was added takes beside the ops, so far.
    pub(super) fn proof_bytes(&self) -> u64 {
        let rest = self.open.as_ref().map_or(0, |open| open.last_of_run + 1 - open.next);
        self.proof + rest * HASH_BYTES
    }

    /// Whether a delivery belongs to the run being gathered.
    pub(super) fn continues(&self, delivered: &Delivered) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.id == delivered.run && open.next <= delivered.seq)
    }

    pub(super) fn add_own(&mut self, delivered: &Delivered) -> Outcome<()> {
        self.close()?;
        match self.parts.last_mut() {
            Some(PulledPart::Own(log, first, seqs))
                if *log == delivered.log && *first + seqs.len() as u64 == delivered.seq =>
            {
                seqs.push(delivered.server_seq);
            }
            _ => self.parts.push(PulledPart::Own(
                delivered.log,
                delivered.seq,
                vec![delivered.server_seq],
            )),
        }
        Ok(())
    }

    pub(super) fn add(&mut self, delivered: Delivered) -> Outcome<()> {
        if !self.continues(&delivered) {
            self.close()?;
            self.open = Some(self.begin(&delivered)?);
            self.proof += HEAD_BYTES;
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        while open.next < delivered.seq {
            withhold_next(self.tx, self.ws, open)?;
            self.proof += HASH_BYTES;
        }
        open.link = open.link.then(&delivered.op.hash);
        if open.link != delivered.link {
            return Err(LedgerError::Damaged("link"));
        }
        open.next += 1;
        open.seqs.push(delivered.server_seq);
        open.run.entries.push(Entry::Op(Box::new(delivered.op)));
        Ok(())
    }

    fn begin(&self, delivered: &Delivered) -> Outcome<Open> {
        let sql = "select first_seq, last_seq, scope, author, prev, seed, head_sig from run where id = ?1";
        let mut select = self.tx.prepare_cached(sql)?;
        let (first, last_of_run, mut run) = select.query_row([delivered.run], |row| {
            let seed: Option<[u8; 16]> = row.get(5)?;
            let run = Run {
                log: delivered.log,
                scope: ScopeId(row.get(2)?),
                by: UserId(row.get(3)?),
                first_seq: delivered.seq,
                prev: Link(row.get(4)?),
                seed: seed.map(Seed),
                entries: vec![],
                head_sig: row.get(6)?,
            };
            Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?, run))
        })?;
        if first < delivered.seq {
            run.prev = self.link_before(delivered)?;
        }
        let (id, next, link) = (delivered.run, delivered.seq, run.prev);
        Ok(Open { id, last_of_run, next, link, run, seqs: vec![] })
    }

    /// The link before an op: of the ops one position earlier, the one its own link follows from.
    fn link_before(&self, delivered: &Delivered) -> Outcome<Link> {
        let sql = "select link from op where ws = ?1 and log = ?2 and seq = ?3";
        let mut select = self.tx.prepare_cached(sql)?;
        let mut rows = select.query(params![self.ws.0, delivered.log.0, delivered.seq - 1])?;
        while let Some(row) = rows.next()? {
            let link = Link(row.get(0)?);
            if link.then(&delivered.op.hash) == delivered.link {
                return Ok(link);
            }
        }
        Err(LedgerError::Damaged("link"))
    }

    /// Completes the open run up to its signed head.
    fn close(&mut self) -> Outcome<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        while open.next <= open.last_of_run {
            withhold_next(self.tx, self.ws, &mut open)?;
            self.proof += HASH_BYTES;
        }
        // A seed tells the salts of all ops of its segment: it goes only to who may read them all.
        let withheld = open.run.entries.iter().any(|entry| matches!(entry, Entry::Withheld(_)));
        if withheld || open.run.scope != self.scope {
            open.run.seed = None;
        }
        self.parts.push(PulledPart::Run(open.run, open.seqs, [0; 32]));
        Ok(())
    }

    /// The runs, with the keys that signed them.
    pub(super) fn finish(mut self, server_key: &[u8; 32]) -> Outcome<Vec<PulledPart>> {
        self.close()?;
        for part in &mut self.parts {
            if let PulledPart::Run(run, _, key) = part {
                *key = key_of(self.tx, run.log, server_key)?;
            }
        }
        Ok(self.parts)
    }
}

/// Puts the hash of the next op of an open run in its place.
fn withhold_next(tx: &Transaction<'_>, ws: WorkspaceId, open: &mut Open) -> Outcome<()> {
    let sql = "select op_hash, link from op where ws = ?1 and log = ?2 and seq = ?3";
    let mut select = tx.prepare_cached(sql)?;
    let mut rows = select.query(params![ws.0, open.run.log.0, open.next])?;
    while let Some(row) = rows.next()? {
        let (hash, link) = (OpHash(row.get(0)?), Link(row.get(1)?));
        if open.link.then(&hash) == link {
            (open.link, open.next) = (link, open.next + 1);
            open.run.entries.push(Entry::Withheld(hash));
            return Ok(());
        }
    }
    Err(LedgerError::Damaged("link"))
}

fn key_of(tx: &Transaction<'_>, log: LogId, server_key: &[u8; 32]) -> Outcome<[u8; 32]> {
    if log == LogId::of_key(ALG, server_key) {
        return Ok(*server_key);
    }
    let mut select = tx.prepare_cached("select key from device where log = ?1")?;
    let key = select.query_row([log.0], |row| row.get(0)).optional()?;
    key.ok_or(LedgerError::Damaged("device"))
}
