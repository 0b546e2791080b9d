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
    /// [`StoreError::OutOfOrder`] when it does not continue at the stored cursor.
    pub fn apply_page(&mut self, page: &Page) -> Result<(), StoreError> {
        let mut cursor = self.cursor(page.scope)?;
        if cursor.after != page.after || page.through < page.after {
            return Err(StoreError::OutOfOrder);
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut projector = Projector::new(&tx);
        for part in &page.delivered {
            match part {
                Delivered::Run(run, seqs) => {
                    store_run(&tx, run)?;
                    for (op, server_seq) in run.ops().zip(seqs) {
                        if insert_op(&tx, op, false, Some(*server_seq))? {
                            projector.apply(op)?;
                        } else {
                            note_delivery(&tx, &op.hash, *server_seq)?;
                        }
                        cursor.add(&op.hash);
                    }
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
            store_run(&tx, run)?;
            for (op, server_seq) in run.ops().zip(seqs) {
                if insert_op(&tx, op, false, Some(*server_seq))? {
                    projector.apply(op)?;
                } else {
                    note_delivery(&tx, &op.hash, *server_seq)?;
                }
            }
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
            let mut select = tx.prepare("select op_hash, header, server_seq from op where server_seq is not null")?;
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
            let mut select = tx
                .prepare("select distinct record from op where mine = 0 and header like ?1")?;
            let rows = select.query_map([&needle], |row| row.get(0).map(RecordId))?;
            rows.collect::<Result<_, _>>()?
        };
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
            "select r.log, r.first_seq, r.last_seq, r.scope, r.author, r.prev, r.seed, r.head_sig
             from pulled_run r where exists (
               select 1 from op o where o.log = r.log and o.seq between r.first_seq and r.last_seq
                 and o.mine = 0 and (o.server_seq is null or o.server_seq > ?1))
             order by r.log, r.first_seq",
        )?;
        let mut rows = select.query([server_seq])?;
        let mut runs = vec![];
        while let Some(row) = rows.next()? {
            let (log, first, last): ([u8; 16], u64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let seed: Option<[u8; 16]> = row.get(6)?;
            let mut run = Run {
                log: LogId(log),
                scope: ScopeId(row.get(3)?),
                by: spotcheck_domain::UserId(row.get(4)?),
                first_seq: first,
                prev: spotcheck_domain::op::Link(row.get(5)?),
                seed: seed.map(spotcheck_domain::op::Seed),
                entries: vec![],
                head_sig: row.get(7)?,
            };
            // Only a whole run proves itself; a run whose ops were dropped with a scope does not.
            if self.fill(&mut run, last)? {
                runs.push(run);
            }
        }
        Ok(runs)
    }

    /// Puts a stored run's entries in place, following the links where a fork left two ops at one
    /// position. `false` when they are not all here.
    fn fill(&self, run: &mut Run, last: u64) -> Result<bool, StoreError> {
        let mut ops = self.conn.prepare_cached(
            "select header, data, salt from op where log = ?1 and seq = ?2 and mine = 0",
        )?;
        let mut withheld =
            self.conn.prepare_cached("select op_hash from withheld_op where log = ?1 and seq = ?2")?;
        for seq in run.first_seq..=last {
            let mut found = None;
            let mut rows = ops.query(params![run.log.0, seq])?;
            while let Some(row) = rows.next()? {
                let op = crate::read::op_from_row(row, 0)?;
                if (op.header.scope, op.header.by) == (run.scope, run.by) {
                    found = Some(Entry::Op(Box::new(op)));
                }
            }
            if found.is_none() {
                let hash = withheld
                    .query_row(params![run.log.0, seq], |row| row.get(0).map(OpHash))
                    .optional()?;
                found = hash.map(Entry::Withheld);
            }
            match found {
                Some(entry) => run.entries.push(entry),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn store_run(tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    let sql = "insert or ignore into pulled_run
                 (log, first_seq, last_seq, scope, author, prev, seed, head_sig)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    tx.prepare_cached(sql)?.execute(params![
        run.log.0,
        run.first_seq,
        run.last_seq(),
        run.scope.0,
        run.by.0,
        run.prev.0,
        run.seed.map(|seed| seed.0),
        run.head_sig
    ])?;
    for (seq, entry) in (run.first_seq..).zip(&run.entries) {
        if let Entry::Withheld(hash) = entry {
            tx.prepare_cached(
                "insert or ignore into withheld_op (log, seq, op_hash) values (?1, ?2, ?3)",
            )?
            .execute(params![run.log.0, seq, hash.0])?;
        }
    }
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
