//! Reading deliveries back, as runs that prove themselves.

use std::collections::BTreeMap;

use spotcheck_domain::op::{Body, Link, Op, Salt, Seed};
use spotcheck_domain::{BlobHash, Entry, LogId, OpHash, Run, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::keys::ALG;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::ledger::{LedgerError, Outcome, PullAsk, Pulled, PulledPart, PulledSection};

const COLUMNS: &str = "d.server_seq, o.log, o.seq, o.link, o.run, o.header, o.data, o.salt";

pub(super) fn pull(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    ask: &PullAsk,
    server_key: &[u8; 32],
) -> Outcome<Pulled> {
    let mut pulled = Pulled::default();
    let mut left = ask.max_bytes as i64;
    for (scope, after) in &ask.cursors {
        if left <= 0 {
            pulled.more = true;
            break;
        }
        let section = section(tx, ws, *scope, *after, ask, server_key, &mut left)?;
        pulled.more |= section.digest.is_none();
        pulled.sections.push(section);
    }
    Ok(pulled)
}

#[allow(clippy::too_many_arguments, reason = "one page's state, passed down once")]
fn section(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    after: u64,
    ask: &PullAsk,
    server_key: &[u8; 32],
    left: &mut i64,
) -> Outcome<PulledSection> {
    let mut select = tx.prepare_cached(&format!(
        "select {COLUMNS} from delivery d join op o on o.id = d.op
         where d.ws = ?1 and d.scope = ?2 and d.server_seq > ?3 order by d.server_seq"
    ))?;
    let mut rows = select.query(params![ws.0, scope.0, after])?;
    let mut builder = Builder { tx, ws, open: None, parts: vec![] };
    let (mut through, mut whole) = (after, true);
    while let Some(row) = rows.next()? {
        let delivered = Delivered::from_row(row)?;
        // Cut between runs: a run cut in two carries the hashes of what is missing twice.
        if *left <= 0 && !builder.continues(&delivered) {
            whole = false;
            break;
        }
        *left -= 160 + delivered.op.body.as_ref().map_or(0, |body| body.text.len() as i64);
        through = delivered.server_seq;
        let own = ask.own.iter().any(|(log, seq)| *log == delivered.log && delivered.seq <= *seq);
        if own && !is_forked(tx, delivered.log)? {
            builder.add_own(&delivered)?;
        } else {
            builder.add(delivered)?;
        }
    }
    let mut parts = builder.finish()?;
    for part in &mut parts {
        if let PulledPart::Run(run, _, key) = part {
            *key = key_of(tx, run.log, server_key)?;
        }
    }
    let digest = if whole { Some(digest(tx, ws, scope)?) } else { None };
    Ok(PulledSection { scope, after, through, digest, parts })
}

fn digest(tx: &Transaction<'_>, ws: WorkspaceId, scope: ScopeId) -> Outcome<(u64, BlobHash)> {
    let sql = "select count, xor from scope_digest where ws = ?1 and scope = ?2";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![ws.0, scope.0], |row| Ok((row.get(0)?, BlobHash(row.get(1)?))));
    Ok(found.optional()?.unwrap_or((0, BlobHash([0; 32]))))
}

fn is_forked(tx: &Transaction<'_>, log: LogId) -> Outcome<bool> {
    let sql = "select exists (select 1 from device where log = ?1 and forked = 1)";
    Ok(tx.prepare_cached(sql)?.query_row([log.0], |row| row.get(0))?)
}

fn key_of(tx: &Transaction<'_>, log: LogId, server_key: &[u8; 32]) -> Outcome<[u8; 32]> {
    if log == LogId::of_key(ALG, server_key) {
        return Ok(*server_key);
    }
    let mut select = tx.prepare_cached("select key from device where log = ?1")?;
    let key = select.query_row([log.0], |row| row.get(0)).optional()?;
    key.ok_or(LedgerError::Damaged("device"))
}

pub(super) fn log_digests(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    through: u64,
) -> Outcome<Vec<(LogId, u64, BlobHash)>> {
    let mut select = tx.prepare_cached(
        "select o.log, o.op_hash from delivery d join op o on o.id = d.op
         where d.ws = ?1 and d.scope = ?2 and d.server_seq <= ?3",
    )?;
    let mut rows = select.query(params![ws.0, scope.0, through])?;
    let mut logs: BTreeMap<LogId, (u64, [u8; 32])> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (count, xor) = logs.entry(LogId(row.get(0)?)).or_insert((0, [0; 32]));
        let hash: [u8; 32] = row.get(1)?;
        *count += 1;
        for (mine, theirs) in xor.iter_mut().zip(&hash) {
            *mine ^= theirs;
        }
    }
    Ok(logs.into_iter().map(|(log, (count, xor))| (log, count, BlobHash(xor))).collect())
}

pub(super) fn deliveries_of(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    log: LogId,
    through: u64,
) -> Outcome<Vec<(Run, Vec<u64>)>> {
    let mut select = tx.prepare_cached(&format!(
        "select {COLUMNS} from op o join delivery d on d.op = o.id and d.ws = o.ws
         where o.ws = ?1 and o.log = ?2 and d.scope = ?3 and d.server_seq <= ?4
         order by d.server_seq"
    ))?;
    let mut rows = select.query(params![ws.0, log.0, scope.0, through])?;
    let mut builder = Builder { tx, ws, open: None, parts: vec![] };
    while let Some(row) = rows.next()? {
        builder.add(Delivered::from_row(row)?)?;
    }
    let runs = builder.finish()?.into_iter().filter_map(|part| match part {
        PulledPart::Run(run, seqs, _) => Some((run, seqs)),
        PulledPart::Own(..) => None,
    });
    Ok(runs.collect())
}

struct Delivered {
    server_seq: u64,
    log: LogId,
    seq: u64,
    link: Link,
    run: i64,
    op: Op,
}

impl Delivered {
    fn from_row(row: &Row<'_>) -> Outcome<Self> {
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

/// Gathers deliveries into runs.
struct Builder<'tx> {
    tx: &'tx Transaction<'tx>,
    ws: WorkspaceId,
    open: Option<Open>,
    parts: Vec<PulledPart>,
}

struct Open {
    id: i64,
    last_of_run: u64,
    next: u64,
    link: Link,
    run: Run,
    seqs: Vec<u64>,
}

impl Builder<'_> {
    /// Whether a delivery belongs to the run being gathered.
    fn continues(&self, delivered: &Delivered) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.id == delivered.run && open.next <= delivered.seq)
    }

    fn add_own(&mut self, delivered: &Delivered) -> Outcome<()> {
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

    fn add(&mut self, delivered: Delivered) -> Outcome<()> {
        if !self.continues(&delivered) {
            self.close()?;
            self.open = Some(self.begin(&delivered)?);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        while open.next < delivered.seq {
            withhold_next(self.tx, self.ws, open)?;
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
        }
        // A seed tells the salts of all ops of its segment: it goes only with all of them.
        if open.run.entries.iter().any(|entry| matches!(entry, Entry::Withheld(_))) {
            open.run.seed = None;
        }
        self.parts.push(PulledPart::Run(open.run, open.seqs, [0; 32]));
        Ok(())
    }

    fn finish(mut self) -> Outcome<Vec<PulledPart>> {
        self.close()?;
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
