//! What the server has told this device, under its signature.

use spotcheck_domain::{BlobHash, LogId, OpHash, OpId, ScopeId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::{Store, StoreError};

/// A receipt names no more ops in quarantine than this.
const FULL_LIST: usize = 1000;

/// The ops a scope (?1) delivered after ?2 through ?3.
pub(crate) const DELIVERED: &str = "select o.op_hash from cursor c
     join delivery d on d.scope = c.id join op o on o.id = d.op
     where c.scope = ?1 and d.server_seq > ?2 and d.server_seq <= ?3";

/// How far a scope was pulled, and a digest of what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The last server_seq stored.
    pub after: u64,
    /// How many ops were delivered through it.
    pub count: u64,
    /// The XOR of their hashes: equal on both sides, or something was missed.
    pub xor: [u8; 32],
}

impl Cursor {
    /// Counts one more delivered op.
    pub fn add(&mut self, op: &OpHash) {
        self.count += 1;
        self.mix(&op.0);
    }

    /// No longer counts one that was.
    pub(crate) fn remove(&mut self, op: &OpHash) {
        self.count = self.count.saturating_sub(1);
        self.mix(&op.0);
    }

    fn mix(&mut self, hash: &[u8; 32]) {
        self.xor.iter_mut().zip(hash).for_each(|(mine, theirs)| *mine ^= theirs);
    }
}

/// A checkpoint this device verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCheckpoint {
    /// How many deliveries.
    pub size: u64,
    /// The root over them.
    pub root: BlobHash,
    /// The server's epoch.
    pub epoch: ScopeId,
    /// The server's signature.
    pub sig: [u8; 64],
}

/// The server's signed word that it holds a log up to a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The log.
    pub log: LogId,
    /// Up to here.
    pub seq: u64,
    /// When the server said so, ms since 1970 UTC.
    pub server_ms: i64,
    /// The bytes it signed.
    pub body: String,
    /// Its signature.
    pub sig: [u8; 64],
    /// Photos and documents it says it holds.
    pub blobs: Vec<BlobHash>,
    /// Ops of the log it holds but did not admit, and why.
    pub quarantined: Vec<(OpId, String)>,
}

impl Store {
    /// How far a scope was pulled; zero for one never pulled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cursor(&self, scope: ScopeId) -> Result<Cursor, StoreError> {
        let sql = "select after, count, xor from cursor where scope = ?1";
        let mut select = self.conn.prepare_cached(sql)?;
        let found = select.query_row([scope.0], |row| {
            Ok(Cursor { after: row.get(0)?, count: row.get(1)?, xor: row.get(2)? })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    /// Every scope this device pulls.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cursors(&self) -> Result<Vec<(ScopeId, Cursor)>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("select scope, after, count, xor from cursor order by scope")?;
        let rows = select.query_map([], |row| {
            let cursor = Cursor { after: row.get(1)?, count: row.get(2)?, xor: row.get(3)? };
            Ok((ScopeId(row.get(0)?), cursor))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Starts pulling a scope the server says this device may read.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn add_scope(&mut self, scope: ScopeId) -> Result<(), StoreError> {
        let sql = "insert or ignore into cursor (scope, after, count, xor) values (?1, 0, 0, zeroblob(32))";
        self.conn.prepare_cached(sql)?.execute([scope.0])?;
        Ok(())
    }

    /// Notes that the server has a log up to a position: where the next push starts. Less than
    /// before after a restored server.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn set_pushed(&mut self, log: LogId, seq: u64) -> Result<(), StoreError> {
        let sql = "update own_log set pushed_seq = min(?2, seq), receipt_seq = min(receipt_seq, ?2)
                   where log = ?1";
        self.conn.prepare_cached(sql)?.execute(params![log.0, seq])?;
        Ok(())
    }

    /// Keeps a verified receipt. From here on the ops it covers count as sent.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn put_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        tx.prepare_cached(
            "insert into receipt (log, seq, server_ms, body, sig) values (?1, ?2, ?3, ?4, ?5)
             on conflict (log, seq) do update set server_ms = excluded.server_ms,
               body = excluded.body, sig = excluded.sig",
        )?
        .execute(params![
            receipt.log.0,
            receipt.seq,
            receipt.server_ms,
            receipt.body,
            receipt.sig
        ])?;
        let sql = "update own_log set pushed_seq = max(pushed_seq, min(?2, seq)),
                     receipt_seq = max(receipt_seq, min(?2, seq)) where log = ?1";
        tx.prepare_cached(sql)?.execute(params![receipt.log.0, receipt.seq])?;
        for blob in &receipt.blobs {
            let sql = "update blob set held = 1, upload = null where sha256 = ?1";
            tx.prepare_cached(sql)?.execute([blob.0])?;
        }
        // What is no longer listed was released; a full list may have left some out.
        let any: bool = tx
            .prepare_cached("select exists (select 1 from quarantined)")?
            .query_row([], |row| row.get(0))?;
        if any && receipt.quarantined.len() < FULL_LIST {
            let sql = "delete from quarantined where op_id in
                         (select substr(op_hash, 1, 16) from op where log = ?1 and seq <= ?2)";
            tx.prepare_cached(sql)?.execute(params![receipt.log.0, receipt.seq])?;
        }
        for (op, code) in &receipt.quarantined {
            let sql = "insert into quarantined (op_id, code) values (?1, ?2)
                       on conflict (op_id) do update set code = excluded.code";
            tx.prepare_cached(sql)?.execute(params![op.0, code])?;
        }
        Ok(tx.commit()?)
    }

    /// The receipts kept of a log, as the server signed them: what was signed, and the signature. The
    /// earliest position first. Those of a history that was lost stay among them, as evidence.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn receipts(&self, log: LogId) -> Result<Vec<(String, [u8; 64])>, StoreError> {
        let sql = "select body, sig from receipt where log = ?1 order by seq";
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([log.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a verified checkpoint: size, root, epoch, the server's signature.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn put_checkpoint(&mut self, checkpoint: &KnownCheckpoint) -> Result<(), StoreError> {
        let KnownCheckpoint { size, root, epoch, sig } = checkpoint;
        let sql = "insert into checkpoint (size, root, epoch, sig) values (?1, ?2, ?3, ?4)
                   on conflict (size) do update set root = excluded.root, epoch = excluded.epoch,
                     sig = excluded.sig";
        self.conn.prepare_cached(sql)?.execute(params![size, root.0, epoch.0, sig])?;
        Ok(())
    }

    /// Verified checkpoints, the largest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn checkpoints(&self, limit: usize) -> Result<Vec<KnownCheckpoint>, StoreError> {
        let sql = "select size, root, epoch, sig from checkpoint order by size desc limit ?1";
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([limit as i64], |row| {
            Ok(KnownCheckpoint {
                size: row.get(0)?,
                root: BlobHash(row.get(1)?),
                epoch: ScopeId(row.get(2)?),
                sig: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Goes back to what a restored server shares: cursors to `common`, receipts and later
    /// checkpoints forgotten. What was received stays, and is offered to the server; until it is,
    /// the fact `owed` says so. All of it happens or nothing: half of it would never be noticed, as
    /// the checkpoints that tell of the restore go along.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn rewind(&mut self, common: u64, owed: &str) -> Result<(), StoreError> {
        let cursors = self.cursors()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        crate::identity::set_fact(&tx, owed, "1")?;
        for (scope, _) in cursors.iter().filter(|(_, cursor)| cursor.after > common) {
            crate::pages::recount(&tx, *scope, common)?;
        }
        if !spotcheck_domain::planted!("receipts-survive-restore") {
            tx.execute("update own_log set receipt_seq = 0, pushed_seq = 0", [])?;
            tx.execute("update blob set held = 0, upload = null where captured = 1", [])?;
        }
        tx.execute("delete from checkpoint where size > ?1", [common])?;
        Ok(tx.commit()?)
    }

    /// The digest of what a scope delivered in each range of server_seq: after, through, inclusive
    /// of the latter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn range_digests(
        &self,
        scope: ScopeId,
        ranges: &[(u64, u64)],
    ) -> Result<Vec<Cursor>, StoreError> {
        let mut select = self.conn.prepare_cached(DELIVERED)?;
        let digest = |(after, through): &(u64, u64)| {
            let mut cursor = Cursor { after: *through, ..Cursor::default() };
            let mut rows = select.query(params![scope.0, after, through])?;
            while let Some(row) = rows.next()? {
                cursor.add(&OpHash(row.get(0)?));
            }
            Ok(cursor)
        };
        ranges.iter().map(digest).collect()
    }

    /// Whether the server holds any own op that it did not admit, as far as this device was told.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_quarantined(&self) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from quarantined)";
        Ok(self.conn.query_row(sql, [], |row| row.get(0))?)
    }

    /// Own ops that no receipt covers yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ops_waiting(&self) -> Result<u64, StoreError> {
        let sql = "select coalesce(sum(seq - receipt_seq), 0) from own_log";
        Ok(self.conn.query_row(sql, [], |row| row.get(0))?)
    }
}

pub(crate) fn put_cursor(
    tx: &Transaction<'_>,
    scope: ScopeId,
    cursor: &Cursor,
) -> Result<(), StoreError> {
    let sql = "insert into cursor (scope, after, count, xor) values (?1, ?2, ?3, ?4)
               on conflict (scope) do update set after = excluded.after, count = excluded.count,
                 xor = excluded.xor";
    tx.prepare_cached(sql)?.execute(params![scope.0, cursor.after, cursor.count, cursor.xor])?;
    Ok(())
}
