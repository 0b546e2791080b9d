//! Applying what the server delivers: a page, its ops, its cursor, in one transaction.

use std::collections::BTreeSet;

use spotcheck_domain::{Entry, LogId, Op, OpHash, RecordId, Run, ScopeId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::log::insert_op;
use crate::projector::Projector;
use crate::sync_state::Cursor;
use crate::{Store, StoreError};

/// What one reply page delivers of one scope.
#[derive(Debug, Clone)]
pub struct Page {
    /// The scope.
    pub scope: ScopeId,
    /// The cursor this page continues from.
    pub after: u64,
    /// The cursor once it is stored.
    pub through: u64,
    /// The deliveries, in the server's order.
    pub delivered: Vec<Delivered>,
}

/// One part of a page.
#[derive(Debug, Clone)]
pub enum Delivered {
    /// Ops with their proof, and the server_seq of each op the reader may see.
    Run(Run, Vec<u64>),
    /// Ops of this device's own log, which it has: first seq, and the server_seq of each.
    Own {
        /// The log.
        log: LogId,
        /// The seq of the first.
        first_seq: u64,
        /// One server_seq for each op.
        server_seqs: Vec<u64>,
    },
}

impl Store {
    /// Stores a page and moves its cursor. Durable when it returns.
    ///
    /// The page must have been verified: its signature, and the signature of each run.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when it does not continue at the stored cursor, or does not number
    /// every op.
    pub fn apply_page(&mut self, page: &Page) -> Result<(), StoreError> {
        self.all_in_brief.set(false);
        let mut cursor = self.cursor(page.scope)?;
        if cursor.after != page.after || page.through < page.after {
            return Err(StoreError::OutOfOrder);
        }
        if spotcheck_domain::planted!("cursor-before-ops") {
            let tx = self.conn.transaction()?;
            let early = Cursor { after: page.through, ..cursor };
            crate::sync_state::put_cursor(&tx, page.scope, &early)?;
            tx.commit()?;
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        crate::sync_state::put_cursor(&tx, page.scope, &cursor)?;
        let mut projector = Projector::new(&tx);
        let scope = scope_id(&tx, page.scope)?;
        for part in &page.delivered {
            match part {
                Delivered::Run(run, seqs) => {
                    store_delivered(&tx, &mut projector, scope, run, seqs)?;
                    run.ops().for_each(|op| cursor.add(&op.hash));
                }
                Delivered::Own { log, first_seq, server_seqs } => {
                    for (seq, server_seq) in (*first_seq..).zip(server_seqs) {
                        let (id, op) = own_op(&tx, *log, seq)?.ok_or(StoreError::OutOfOrder)?;
                        note_delivery(&tx, scope, *server_seq, id)?;
                        released(&tx, &op)?;
                        cursor.add(&op);
                    }
                }
            }
        }
        projector.finish()?;
        cursor.after = page.through;
        if spotcheck_domain::planted!("cursor-off-by-one") && page.through > page.after {
            cursor.after += 1;
        }
        crate::sync_state::put_cursor(&tx, page.scope, &cursor)?;
        Ok(tx.commit()?)
    }

    /// Puts what a scope delivered after `after` through `through` right, as anti-entropy found it:
    /// these runs and nothing else. The cursor stands where it is; its digest follows.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when a run lies outside the range or does not number every op.
    pub fn apply_range(
        &mut self,
        scope: ScopeId,
        (after, through): (u64, u64),
        runs: &[(Run, Vec<u64>)],
    ) -> Result<(), StoreError> {
        self.all_in_brief.set(false);
        let mut cursor = self.cursor(scope)?;
        let inside = |seq: &u64| *seq > after && *seq <= through;
        if through > cursor.after || !runs.iter().all(|(_, seqs)| seqs.iter().all(inside)) {
            return Err(StoreError::OutOfOrder);
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        delivered(&tx, scope, after, through)?.iter().for_each(|op| cursor.remove(op));
        let id = scope_id(&tx, scope)?;
        tx.prepare_cached(FORGET)?.execute(params![id, after, through])?;
        let mut projector = Projector::new(&tx);
        for (run, seqs) in runs {
            store_delivered(&tx, &mut projector, id, run, seqs)?;
            run.ops().for_each(|op| cursor.add(&op.hash));
        }
        projector.finish()?;
        crate::sync_state::put_cursor(&tx, scope, &cursor)?;
        Ok(tx.commit()?)
    }

    /// Drops what others recorded in a scope this device has lost. Its own ops stay, and what
    /// another scope delivers too.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn drop_scope(&mut self, scope: ScopeId) -> Result<(), StoreError> {
        self.all_in_brief.set(false);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let needle = format!("%\"scope\":\"{scope}\"%");
        if spotcheck_domain::planted!("lost-scope-takes-own-work") {
            tx.execute("delete from op where header like ?1", [&needle])?;
        }
        // Delivered here, or of this scope though a restored server has yet to deliver it again.
        let sql = "select o.id, o.record from op o where o.mine = 0
                   and not exists (select 1 from delivery d join cursor c on c.id = d.scope
                                   where d.op = o.id and c.scope <> ?1)
                   and (o.header like ?2
                        or exists (select 1 from delivery d join cursor c on c.id = d.scope
                                   where d.op = o.id and c.scope = ?1))";
        let lost: Vec<(i64, RecordId)> = {
            let mut select = tx.prepare(sql)?;
            let rows = select.query_map(params![scope.0, needle], |row| {
                Ok((row.get(0)?, RecordId(row.get(1)?)))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        tx.execute(
            "delete from delivery where scope = (select id from cursor where scope = ?1)",
            [scope.0],
        )?;
        tx.execute("delete from cursor where scope = ?1", [scope.0])?;
        for (id, _) in &lost {
            tx.prepare_cached("delete from op where id = ?1")?.execute([id])?;
        }
        tx.execute(
            "delete from pulled_run where not exists
               (select 1 from op o where o.log = pulled_run.log and o.mine = 0
                  and o.seq between pulled_run.first_seq and pulled_run.last_seq)",
            [],
        )?;
        let records: BTreeSet<RecordId> = lost.into_iter().map(|(_, record)| record).collect();
        records.into_iter().try_for_each(|record| project_anew(&tx, record))?;
        Ok(tx.commit()?)
    }

    /// Signed runs of other devices delivered beyond `server_seq`: what a restored server gets back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pulled_runs_beyond(&self, server_seq: u64) -> Result<Vec<Run>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select r.log, r.first_seq, r.scope, r.author, r.prev, r.seed, r.head_sig, r.op_hashes
             from pulled_run r where exists (
               select 1 from op o where o.log = r.log and o.seq between r.first_seq and r.last_seq
                 and o.mine = 0 and not exists (
                   select 1 from delivery d where d.op = o.id and d.server_seq <= ?1))
             order by r.log, r.first_seq, r.last_seq, r.head_sig",
        )?;
        let mut rows = select.query([server_seq])?;
        let mut runs = vec![];
        while let Some(row) = rows.next()? {
            let seed: Option<[u8; 16]> = row.get(5)?;
            let hashes =
                row.get_ref(7)?.as_blob().map_err(|_| StoreError::Damaged("pulled_run"))?;
            runs.push(Run {
                log: LogId(row.get(0)?),
                scope: ScopeId(row.get(2)?),
                by: spotcheck_domain::UserId(row.get(3)?),
                first_seq: row.get(1)?,
                prev: spotcheck_domain::op::Link(row.get(4)?),
                seed: seed.map(spotcheck_domain::op::Seed),
                entries: self.entries(hashes)?,
                head_sig: row.get(6)?,
            });
        }
        Ok(runs)
    }

    /// What a stored run holds. An op that is not here was withheld: a scope that is lost takes its
    /// runs along with their ops.
    fn entries(&self, hashes: &[u8]) -> Result<Vec<Entry>, StoreError> {
        let mut find =
            self.conn.prepare_cached("select header, data, salt from op where op_hash = ?1")?;
        let mut entries = Vec::with_capacity(hashes.len() / 32);
        for hash in hashes.chunks_exact(32) {
            let mut rows = find.query([hash])?;
            entries.push(match (rows.next()?, OpHash::from_slice(hash)) {
                (Some(row), _) => Entry::Op(Box::new(crate::read::op_from_row(row, 0)?)),
                (None, Some(hash)) => Entry::Withheld(hash),
                (None, None) => return Err(StoreError::Damaged("pulled_run")),
            });
        }
        Ok(entries)
    }
}

/// Forgets what a scope (its number here) delivered in a range.
const FORGET: &str =
    "delete from delivery where scope = ?1 and server_seq > ?2 and server_seq <= ?3";

/// The number of a scope's cursor here.
fn scope_id(tx: &Transaction<'_>, scope: ScopeId) -> Result<i64, StoreError> {
    let mut select = tx.prepare_cached("select id from cursor where scope = ?1")?;
    Ok(select.query_row([scope.0], |row| row.get(0))?)
}

/// Puts a scope's cursor back to `through` and counts anew: after a restored server. Deliveries
/// beyond it are forgotten, the ops stay.
pub(crate) fn recount(
    tx: &Transaction<'_>,
    scope: ScopeId,
    through: u64,
) -> Result<(), StoreError> {
    let id = scope_id(tx, scope)?;
    tx.prepare_cached(FORGET)?.execute(params![id, through, i64::MAX])?;
    let mut cursor = Cursor { after: through, ..Cursor::default() };
    delivered(tx, scope, 0, through)?.iter().for_each(|op| cursor.add(op));
    crate::sync_state::put_cursor(tx, scope, &cursor)
}

fn delivered(
    tx: &Transaction<'_>,
    scope: ScopeId,
    after: u64,
    through: u64,
) -> Result<Vec<OpHash>, StoreError> {
    let mut select = tx.prepare_cached(crate::sync_state::DELIVERED)?;
    let rows = select.query_map(params![scope.0, after, through], |row| row.get(0).map(OpHash))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Computes a record again from the ops that are left of it.
fn project_anew(tx: &Transaction<'_>, record: RecordId) -> Result<(), StoreError> {
    // What it belongs to says in brief what it adds up to.
    tx.execute(
        "delete from brief where record = (select parent from record where record = ?1)",
        [record.0],
    )?;
    for table in ["record", "slot_op", "retraction", "place", "naming", "brief"] {
        tx.execute(&format!("delete from {table} where record = ?1"), [record.0])?;
    }
    let mut ops: Vec<Op> = vec![];
    {
        let mut select =
            tx.prepare_cached("select header, data, salt from op where record = ?1")?;
        let mut rows = select.query([record.0])?;
        while let Some(row) = rows.next()? {
            ops.push(crate::read::op_from_row(row, 0)?);
        }
    }
    let mut projector = Projector::new(tx);
    for op in &ops {
        projector.apply(op)?;
    }
    projector.finish()
}

/// Stores a run and the ops of it that were delivered: every one has its server_seq, or a cursor
/// would pass an op that never came.
fn store_delivered(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    scope: i64,
    run: &Run,
    seqs: &[u64],
) -> Result<(), StoreError> {
    if run.ops().count() != seqs.len() {
        return Err(StoreError::OutOfOrder);
    }
    store_run(tx, run)?;
    for (op, server_seq) in run.ops().zip(seqs) {
        let id = match insert_op(tx, op, false)? {
            Some(id) => {
                projector.apply(op)?;
                id
            }
            None => {
                released(tx, &op.hash)?;
                let mut select = tx.prepare_cached("select id from op where op_hash = ?1")?;
                select.query_row([op.hash.0], |row| row.get(0))?
            }
        };
        note_delivery(tx, scope, *server_seq, id)?;
    }
    Ok(())
}

fn store_run(tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    let hashes: Vec<u8> = run.entries.iter().flat_map(|entry| entry.hash().0).collect();
    let sql = "insert or ignore into pulled_run
                 (log, first_seq, last_seq, scope, author, prev, seed, head_sig, op_hashes)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.prepare_cached(sql)?.execute(params![
        run.log.0,
        run.first_seq,
        run.last_seq(),
        run.scope.0,
        run.by.0,
        run.prev.0,
        run.seed.map(|seed| seed.0),
        run.head_sig,
        hashes
    ])?;
    Ok(())
}

fn note_delivery(
    tx: &Transaction<'_>,
    scope: i64,
    server_seq: u64,
    op: i64,
) -> Result<(), StoreError> {
    let sql = "insert or replace into delivery (scope, server_seq, op) values (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute(params![scope, server_seq, op])?;
    Ok(())
}

/// What is delivered is in quarantine no longer.
fn released(tx: &Transaction<'_>, op: &OpHash) -> Result<(), StoreError> {
    tx.prepare_cached("delete from quarantined where op_id = ?1")?.execute([op.id().0])?;
    Ok(())
}

fn own_op(tx: &Transaction<'_>, log: LogId, seq: u64) -> Result<Option<(i64, OpHash)>, StoreError> {
    let sql = "select id, op_hash from op where log = ?1 and seq = ?2 and mine = 1";
    let mut select = tx.prepare_cached(sql)?;
    let found = select.query_row(params![log.0, seq], |row| Ok((row.get(0)?, OpHash(row.get(1)?))));
    Ok(found.optional()?)
}
