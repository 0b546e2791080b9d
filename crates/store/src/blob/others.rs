//! Photos that others took: what is known of them before their bytes are here, and which to fetch.

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, RecordId};
use spotcheck_sqlite::rusqlite::{Transaction, params};

use crate::{Store, StoreError};

/// Which photos a device wants of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Those that nobody asked for too, when an op of this time or later names them, as claimed or as
    /// its device had heard of the server's clock; `None` for none of them. In ms since 1970 UTC.
    pub named_since_ms: Option<i64>,
    /// Not those that the server lacked between these times: it is not asked every minute. In ms
    /// since 1970 UTC; two bounds, because clocks are put back.
    pub tried: (i64, i64),
}

/// Notes that an op names a blob, whoever's it is and whether or not its bytes are here.
pub(crate) fn name_blob(
    tx: &Transaction<'_>,
    blob: BlobRef,
    record: RecordId,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.prepare_cached("insert or ignore into naming (sha256, record) values (?1, ?2)")?
        .execute(params![blob.sha256.0, record.0])?;
    // An op may claim any length; the bytes that arrive have theirs.
    let bytes = i64::try_from(blob.bytes).unwrap_or(i64::MAX);
    tx.prepare_cached(
        "insert into blob (sha256, bytes, named_ms) values (?1, ?2, ?3)
         on conflict (sha256) do update set named_ms = max(named_ms, excluded.named_ms)",
    )?
    .execute(params![blob.sha256.0, bytes, at_ms])?;
    Ok(())
}

/// What an op once named and no record does now. Own photos are never among it.
macro_rules! unnamed {
    () => {
        "captured = 0 and named_ms > 0
           and not exists (select 1 from naming n where n.sha256 = blob.sha256)"
    };
}

impl Store {
    /// Photos to fetch: first those a person asked for, then those named last. Pages of registers,
    /// checklists and packs are none: they are fetched by themselves, and are not evidence.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_to_fetch(&self, wanted: Wanted, limit: usize) -> Result<Vec<BlobRef>, StoreError> {
        let mut select = self.conn.prepare_cached(
            // Each half has an index of its own: years of photos that nobody wants are not looked at.
            "select sha256, bytes, asked, named_ms from (
               select * from blob where here = 0 and asked = 1
               union
               select * from blob where here = 0 and named_ms >= ?1) b
             where tried_ms not between ?2 and ?3
               and exists (select 1 from naming n join record r on r.record = n.record
                           where n.sha256 = b.sha256 and r.kind not in ('register', 'checklist', 'pack'))
             order by asked desc, named_ms desc, sha256 limit ?4",
        )?;
        let since = wanted.named_since_ms.unwrap_or(i64::MAX);
        let values = params![since, wanted.tried.0, wanted.tried.1, limit as i64];
        let rows = select.query_map(values, |row| {
            Ok(BlobRef { sha256: BlobHash(row.get(0)?), bytes: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes, durably, that a person wants to see a photo. Says whether anything changed: nothing
    /// does for one that is here, is wanted already, or that no op names.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn ask_for_blob(&mut self, blob: BlobHash) -> Result<bool, StoreError> {
        let sql = "update blob set asked = 1, tried_ms = 0
                   where sha256 = ?1 and here = 0 and (asked = 0 or tried_ms <> 0)";
        Ok(self.conn.prepare_cached(sql)?.execute([blob.0])? > 0)
    }

    /// Notes that the server does not have a blob yet.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn note_missing(&mut self, blob: BlobHash, now_ms: i64) -> Result<(), StoreError> {
        let sql = "update blob set tried_ms = ?2 where sha256 = ?1";
        self.conn.prepare_cached(sql)?.execute(params![blob.0, now_ms])?;
        Ok(())
    }

    /// Bytes of others' photos on this device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fetched_bytes(&self) -> Result<u64, StoreError> {
        let sql = "select coalesce(sum(bytes), 0) from blob
                   where here = 1 and captured = 0 and named_ms > 0";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Others' photos that no record here names any more, as after a scope was lost: their bytes, and
    /// pieces of them, must go.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unnamed_blobs(&self) -> Result<Vec<BlobHash>, StoreError> {
        let mut select =
            self.conn.prepare_cached(concat!("select sha256 from blob where ", unnamed!()))?;
        let rows = select.query_map([], |row| Ok(BlobHash(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets them, once their bytes are gone.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn forget_unnamed(&mut self) -> Result<(), StoreError> {
        self.conn.prepare_cached(concat!("delete from blob where ", unnamed!()))?.execute([])?;
        Ok(())
    }
}
