//! Writing this device's log.

use spotcheck_domain::op::{Link, Seed};
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpData, RecordId, Run, ScopeId, Timestamp, UserId,
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
        let mut ops = self.record_all(std::slice::from_ref(draft), at, fresh_seed)?;
        ops.pop().ok_or(StoreError::Damaged("log"))
    }

    /// Records several acts as one: all of them or none.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub fn record_all(
        &mut self,
        drafts: &[Draft],
        at: Timestamp,
        fresh_seed: [u8; 16],
    ) -> Result<Vec<Op>, StoreError> {
        let identity = self.identity.as_ref().ok_or(StoreError::NotEnrolled)?;
        let (ws, by) = (identity.ws, identity.user);
        let mut own = self.current_log()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut projector = Projector::new(&tx);
        let mut ops = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let seq = own.seq + 1;
            let seed = segment_seed(&tx, &own, draft.scope, by, fresh_seed)?;
            let header = Header {
                log: own.log,
                seq,
                ws,
                scope: draft.scope,
                by,
                record: draft.record,
                kind: draft.kind.clone(),
                at,
                data_sha256: [0; 32],
            };
            header.check()?;
            let op = Op::write(header, &draft.data, &seed)?;
            (own.seq, own.link) = (seq, own.link.then(&op.hash));
            insert_op(&tx, &op, true, None)?;
            projector.apply(&op)?;
            ops.push(op);
        }
        projector.finish()?;
        tx.prepare_cached("update own_log set seq = ?2, link = ?3 where log = ?1")?
            .execute(params![own.log.0, own.seq, own.link.0])?;
        tx.commit()?;
        Ok(ops)
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
        let mut run =
            Run { log, scope, by, first_seq: after + 1, prev, seed, entries: vec![], head_sig: [0; 64] };
        let mut select = self.conn.prepare_cached(
            "select seq, header, data, salt, op_hash from op
             where log = ?1 and seq >= ?2 and seq < ?3 and mine = 1 order by seq",
        )?;
        let mut rows =
            select.query(params![log.0, first, next.unwrap_or(first + SEGMENT_OPS).min(first + SEGMENT_OPS)])?;
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

/// Adds an op unless it is there. Says whether it was new.
pub(crate) fn insert_op(
    tx: &Transaction<'_>,
    op: &Op,
    mine: bool,
    server_seq: Option<u64>,
) -> Result<bool, StoreError> {
    let body = op.body.as_ref();
    let mut insert = tx.prepare_cached(
        "insert into op (op_hash, log, seq, record, header, data, salt, mine, server_seq)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict (op_hash) do nothing",
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
        server_seq,
    ])?;
    Ok(changed == 1)
}

/// The seed of the open segment, or of a new one when scope or author changed or it is full.
fn segment_seed(
    tx: &Transaction<'_>,
    own: &OwnLog,
    scope: ScopeId,
    by: UserId,
    fresh: [u8; 16],
) -> Result<Seed, StoreError> {
    let mut find = tx.prepare_cached(
        "select first_seq, scope, author, seed from segment
         where log = ?1 order by first_seq desc limit 1",
    )?;
    let open = find
        .query_row([own.log.0], |row| {
            let seed: Option<[u8; 16]> = row.get(3)?;
            Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 16]>(1)?, row.get::<_, [u8; 16]>(2)?, seed))
        })
        .optional()?;
    if let Some((first, in_scope, author, Some(seed))) = open
        && (in_scope, author) == (scope.0, by.0)
        && own.seq + 1 - first < SEGMENT_OPS
    {
        return Ok(Seed(seed));
    }
    // Segments of one call must not share a seed: mix the position in.
    let seed = Seed(Seed(fresh).salt(own.seq + 1).0);
    tx.prepare_cached(
        "insert into segment (log, first_seq, scope, author, prev, seed)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![own.log.0, own.seq + 1, scope.0, by.0, own.link.0, seed.0])?;
    Ok(seed)
}
