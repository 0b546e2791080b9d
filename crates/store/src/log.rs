//! Writing this device's log.

use spotcheck_domain::op::{Link, Seed};
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpData, OpHash, RecordId, Run, ScopeId, Timestamp, UserId,
    WorkspaceId,
};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::identity::OwnLog;
use crate::projector::Projector;
use crate::{Store, StoreError};

/// Ops that share one salt seed.
const SEGMENT_OPS: u64 = 500;

/// An op about to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The record it is about; `None` creates one.
    pub record: Option<RecordId>,
    /// Its record's home scope.
    pub scope: ScopeId,
    /// What is done; see `spotcheck_domain::op::kind`.
    pub kind: String,
    /// What it does.
    pub data: OpData,
}

impl Store {
    /// Records one act of this device's user. Durable when it returns.
    ///
    /// `fresh_seed` are 16 random bytes, used when the op opens a new segment.
    ///
    /// # Errors
    /// When the device is not enrolled, the data is too large, or the disk refuses; nothing is then
    /// recorded.
    pub fn record(
        &mut self,
        draft: &Draft,
        at: Timestamp,
        fresh_seed: [u8; 16],
    ) -> Result<Op, StoreError> {
        self.act(at, fresh_seed, |act| act.record(draft))
    }

    /// Records several ops as one act: all of them or none. `work` may look at each op it wrote,
    /// as a child names its parent and a signature what it covers.
    ///
    /// # Errors
    /// As [`Store::record`], and whatever `work` fails with.
    pub fn act<T, E: From<StoreError>>(
        &mut self,
        at: Timestamp,
        fresh_seed: [u8; 16],
        work: impl FnOnce(&mut Act<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let identity = self.identity.as_ref().ok_or(StoreError::NotEnrolled)?;
        let (ws, by) = (identity.ws, identity.user);
        let own = self.current_log()?;
        self.all_in_brief.set(false);
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let projector = Projector::new(&tx);
        let mut act = Act { tx: &tx, projector, own, ws, by, at, fresh_seed };
        let done = work(&mut act)?;
        act.finish()?;
        tx.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// The link of one of this device's logs at a position; `None` beyond its end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn link_at(&self, log: LogId, seq: u64) -> Result<Option<Link>, StoreError> {
        if seq == 0 {
            return Ok(Some(Link::START));
        }
        let sql = "select first_seq, prev from segment
                   where log = ?1 and first_seq <= ?2 order by first_seq desc limit 1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![log.0, seq], |row| Ok((row.get(0)?, Link(row.get(1)?))))
            .optional()?;
        let Some((first, mut link)): Option<(u64, Link)> = found else { return Ok(None) };
        let sql = "select op_hash from op
                   where log = ?1 and seq between ?2 and ?3 and mine = 1 order by seq";
        let mut select = self.conn.prepare_cached(sql)?;
        let mut rows = select.query(params![log.0, first, seq])?;
        let mut at = first - 1;
        while let Some(row) = rows.next()? {
            link = link.then(&OpHash(row.get(0)?));
            at += 1;
        }
        Ok((at == seq).then_some(link))
    }

    /// The next run of this log after `after`, unsigned (`head_sig` is zero): at most `max_ops` ops
    /// and about `max_bytes` of data, never across a segment. `None` when there is nothing left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn own_run(
        &self,
        log: LogId,
        after: u64,
        max_ops: usize,
        max_bytes: usize,
    ) -> Result<Option<Run>, StoreError> {
        let mut find = self.conn.prepare_cached(
            "select first_seq, scope, author, prev, seed from segment
             where log = ?1 and first_seq <= ?2 order by first_seq desc limit 1",
        )?;
        let Some((first, scope, by, prev, seed)) = find
            .query_row(params![log.0, after + 1], |row| {
                let seed: Option<[u8; 16]> = row.get(4)?;
                Ok((
                    row.get::<_, u64>(0)?,
                    ScopeId(row.get(1)?),
                    UserId(row.get(2)?),
                    Link(row.get(3)?),
                    seed.map(Seed),
                ))
            })
            .optional()?
        else {
            return Ok(None);
        };
        let next: Option<u64> = self
            .conn
            .prepare_cached("select min(first_seq) from segment where log = ?1 and first_seq > ?2")?
            .query_row(params![log.0, first], |row| row.get(0))?;
        let mut run = Run {
            log,
            scope,
            by,
            first_seq: after + 1,
            prev,
            seed,
            entries: vec![],
            head_sig: [0; 64],
        };
        let mut select = self.conn.prepare_cached(
            "select seq, header, data, salt, op_hash from op
             where log = ?1 and seq >= ?2 and seq < ?3 and mine = 1 order by seq",
        )?;
        let mut rows = select.query(params![
            log.0,
            first,
            next.unwrap_or(first + SEGMENT_OPS).min(first + SEGMENT_OPS)
        ])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let op = crate::read::op_from_row(row, 1)?;
            if row.get::<_, u64>(0)? <= after {
                run.prev = run.prev.then(&op.hash);
                continue;
            }
            bytes += op.body.as_ref().map_or(0, |body| body.text.len()) + 128;
            if run.entries.len() >= max_ops || (bytes > max_bytes && !run.entries.is_empty()) {
                break;
            }
            run.entries.push(Entry::Op(Box::new(op)));
        }
        Ok((!run.entries.is_empty()).then_some(run))
    }
}

/// Ops being written in one transaction.
pub struct Act<'tx> {
    tx: &'tx Transaction<'tx>,
    projector: Projector<'tx>,
    own: OwnLog,
    ws: WorkspaceId,
    by: UserId,
    at: Timestamp,
    fresh_seed: [u8; 16],
}

impl Act<'_> {
    /// Writes one op.
    ///
    /// # Errors
    /// When the data is too large or the disk refuses; the whole act is then undone.
    pub fn record(&mut self, draft: &Draft) -> Result<Op, StoreError> {
        let seq = self.own.seq + 1;
        let seed =
            segment_seed(self.tx, &self.own, draft.scope, self.by, self.at.boot, self.fresh_seed)?;
        let header = Header {
            log: self.own.log,
            seq,
            ws: self.ws,
            scope: draft.scope,
            by: self.by,
            record: draft.record,
            kind: draft.kind.clone(),
            at: self.at,
            data_sha256: [0; 32],
        };
        header.check()?;
        let op = Op::write(header, &draft.data, &seed)?;
        (self.own.seq, self.own.link) = (seq, self.own.link.then(&op.hash));
        insert_op(self.tx, &op, true)?;
        self.projector.apply(&op)?;
        Ok(op)
    }

    fn finish(self) -> Result<(), StoreError> {
        self.projector.finish()?;
        self.tx
            .prepare_cached("update own_log set seq = ?2, link = ?3 where log = ?1")?
            .execute(params![self.own.log.0, self.own.seq, self.own.link.0])?;
        Ok(())
    }
}

/// Adds an op unless it is there: its number among the ops of this device, when it was new.
pub(crate) fn insert_op(
    tx: &Transaction<'_>,
    op: &Op,
    mine: bool,
) -> Result<Option<i64>, StoreError> {
    let body = op.body.as_ref();
    let mut insert = tx.prepare_cached(
        "insert into op (op_hash, log, seq, record, header, data, salt, mine)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (op_hash) do nothing",
    )?;
    let changed = insert.execute(params![
        op.hash.0,
        op.header.log.0,
        op.header.seq,
        op.record().0,
        op.header_text,
        body.map(|b| b.text.as_str()),
        body.map(|b| b.salt.0),
        mine,
    ])?;
    Ok((changed == 1).then(|| tx.last_insert_rowid()))
}

/// The seed of the open segment, or of a new one when scope, author or boot changed or it is full.
fn segment_seed(
    tx: &Transaction<'_>,
    own: &OwnLog,
    scope: ScopeId,
    by: UserId,
    boot: i64,
    fresh: [u8; 16],
) -> Result<Seed, StoreError> {
    let mut find = tx.prepare_cached(
        "select first_seq, scope, author, seed, boot from segment
         where log = ?1 order by first_seq desc limit 1",
    )?;
    let open = find
        .query_row([own.log.0], |row| {
            let seed: Option<[u8; 16]> = row.get(3)?;
            let place: ([u8; 16], [u8; 16], i64) = (row.get(1)?, row.get(2)?, row.get(4)?);
            Ok((row.get::<_, u64>(0)?, place, seed))
        })
        .optional()?;
    if let Some((first, place, Some(seed))) = open
        && place == (scope.0, by.0, boot)
        && own.seq + 1 - first < SEGMENT_OPS
    {
        return Ok(Seed(seed));
    }
    // Segments of one call must not share a seed: mix the position in.
    let seed = Seed(Seed(fresh).salt(own.seq + 1).0);
    tx.prepare_cached(
        "insert into segment (log, first_seq, scope, author, boot, prev, seed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![own.log.0, own.seq + 1, scope.0, by.0, boot, own.link.0, seed.0])?;
    Ok(seed)
}
