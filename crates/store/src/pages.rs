//! Applying what the server delivers: a page, its ops, its cursor, in one transaction.

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
        let mut projector = Projector::new(&tx);
        for part in &page.delivered {
            match part {
                Delivered::Run(run, seqs) => {
                    store_delivered(&tx, &mut projector, run, seqs)?;
                    run.ops().for_each(|op| cursor.add(&op.hash));
                }
                Delivered::Own { log, first_seq, server_seqs } => {
                    for (seq, server_seq) in (*first_seq..).zip(server_seqs) {
                        let op = own_op(&tx, *log, seq)?.ok_or(StoreError::OutOfOrder)?;
                        note_delivery(&tx, &op, *server_seq)?;
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

    /// Stores ops that anti-entropy found missing. The cursor and its digest stand as they are: the
    /// caller rewinds the scope with [`Store::recount`] afterwards.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn apply_missing(&mut self, parts: &[(Run, Vec<u64>)]) -> Result<(), StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut projector = Projector::new(&tx);
        for (run, seqs) in parts {
            store_delivered(&tx, &mut projector, run, seqs)?;
        }
        projector.finish()?;
        Ok(tx.commit()?)
    }

    /// Counts a scope's deliveries through `through` anew and puts its cursor there: after a
    /// restored server, or after anti-entropy. Deliveries beyond it are forgotten, the ops stay.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn recount(&mut self, scope: ScopeId, through: u64) -> Result<Cursor, StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut cursor = Cursor { after: through, ..Cursor::default() };
        {
            let mut select = tx.prepare(
                "select op_hash, header, server_seq from op where server_seq is not null",
            )?;
            let mut forget = tx.prepare("update op set server_seq = null where op_hash = ?1")?;
            let needle = format!("\"scope\":\"{scope}\"");
            let mut rows = select.query([])?;
            let mut beyond = vec![];
            while let Some(row) = rows.next()? {
                let hash = OpHash(row.get(0)?);
                let header = row.get_ref(1)?.as_str().map_err(|_| StoreError::Damaged("op"))?;
                if !header.contains(&needle) {
                    continue;
                }
                if row.get::<_, u64>(2)? > through {
                    beyond.push(hash);
                } else {
                    cursor.add(&hash);
                }
            }
            for hash in beyond {
                forget.execute([hash.0])?;
            }
        }
        crate::sync_state::put_cursor(&tx, scope, &cursor)?;
        tx.commit()?;
        Ok(cursor)
    }

    /// Drops what others recorded in a scope this device has lost. Its own ops stay.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn drop_scope(&mut self, scope: ScopeId) -> Result<(), StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let needle = format!("%\"scope\":\"{scope}\"%");
        let records: Vec<RecordId> = {
            let mut select =
                tx.prepare("select distinct record from op where mine = 0 and header like ?1")?;
            let rows = select.query_map([&needle], |row| row.get(0).map(RecordId))?;
            rows.collect::<Result<_, _>>()?
        };
        if spotcheck_domain::planted!("lost-scope-takes-own-work") {
            tx.execute("delete from op where header like ?1", [&needle])?;
        }
        tx.execute("delete from op where mine = 0 and header like ?1", [&needle])?;
        tx.execute("delete from pulled_run where scope = ?1", [scope.0])?;
        tx.execute("delete from cursor where scope = ?1", [scope.0])?;
        for record in records {
            for table in ["record", "slot_op", "retraction", "place"] {
                tx.execute(&format!("delete from {table} where record = ?1"), [record.0])?;
            }
            let ops: Vec<Op> = {
                let mut select =
                    tx.prepare_cached("select header, data, salt from op where record = ?1")?;
                let mut rows = select.query([record.0])?;
                let mut ops = vec![];
                while let Some(row) = rows.next()? {
                    ops.push(crate::read::op_from_row(row, 0)?);
                }
                ops
            };
            let mut projector = Projector::new(&tx);
            for op in &ops {
                projector.apply(op)?;
            }
            projector.finish()?;
        }
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
                 and o.mine = 0 and (o.server_seq is null or o.server_seq > ?1))
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

/// Stores a run and the ops of it that were delivered: every one has its server_seq, or a cursor
/// would pass an op that never came.
fn store_delivered(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    run: &Run,
    seqs: &[u64],
) -> Result<(), StoreError> {
    if run.ops().count() != seqs.len() {
        return Err(StoreError::OutOfOrder);
    }
    store_run(tx, run)?;
    for (op, server_seq) in run.ops().zip(seqs) {
        if insert_op(tx, op, false, Some(*server_seq))? {
            projector.apply(op)?;
        } else {
            note_delivery(tx, &op.hash, *server_seq)?;
        }
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

fn note_delivery(tx: &Transaction<'_>, op: &OpHash, server_seq: u64) -> Result<(), StoreError> {
    tx.prepare_cached("update op set server_seq = ?2 where op_hash = ?1")?
        .execute(params![op.0, server_seq])?;
    Ok(())
}

fn own_op(tx: &Transaction<'_>, log: LogId, seq: u64) -> Result<Option<OpHash>, StoreError> {
    let sql = "select op_hash from op where log = ?1 and seq = ?2 and mine = 1";
    let mut select = tx.prepare_cached(sql)?;
    Ok(select.query_row(params![log.0, seq], |row| row.get(0).map(OpHash)).optional()?)
}
