//! Uploads in progress, and those that were.

use spotcheck_domain::{BlobHash, LogId, WorkspaceId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use crate::ledger::{Outcome, Upload};

pub(super) fn add(tx: &Transaction<'_>, upload: &Upload) -> Outcome<()> {
    let sql = "insert into upload
                 (id, ws, log, sha256, bytes, capability, expires_ms, created, done, metadata)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    tx.prepare_cached(sql)?.execute(params![
        upload.id,
        upload.ws.0,
        upload.log.0,
        upload.sha256.0,
        upload.bytes,
        upload.capability,
        upload.expires_ms,
        upload.created,
        upload.done,
        upload.metadata
    ])?;
    Ok(())
}

pub(super) fn find(tx: &Transaction<'_>, capability: [u8; 32]) -> Outcome<Option<Upload>> {
    let sql = "select id, ws, log, sha256, bytes, expires_ms, created, done, metadata from upload
               where capability = ?1";
    let found = tx.prepare_cached(sql)?.query_row([capability], |row| {
        Ok(Upload {
            id: row.get(0)?,
            ws: WorkspaceId(row.get(1)?),
            log: LogId(row.get(2)?),
            sha256: BlobHash(row.get(3)?),
            bytes: row.get(4)?,
            capability,
            expires_ms: row.get(5)?,
            created: row.get(6)?,
            done: row.get(7)?,
            metadata: row.get(8)?,
        })
    });
    Ok(found.optional()?)
}

pub(super) fn create(tx: &Transaction<'_>, id: &str, metadata: Option<&str>) -> Outcome<()> {
    let sql = "update upload set created = 1, metadata = ?2 where id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, metadata])?;
    Ok(())
}

pub(super) fn finish(tx: &Transaction<'_>, id: &str) -> Outcome<()> {
    tx.prepare_cached("update upload set created = 1, done = 1 where id = ?1")?.execute([id])?;
    Ok(())
}

pub(super) fn knows(tx: &Transaction<'_>, id: &str) -> Outcome<bool> {
    let sql = "select exists (select 1 from upload where id = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

pub(super) fn expired(tx: &Transaction<'_>, now_ms: i64, limit: usize) -> Outcome<Vec<String>> {
    let sql = "select id from upload where expires_ms <= ?1 order by expires_ms limit ?2";
    let mut select = tx.prepare_cached(sql)?;
    let rows = select.query_map(params![now_ms, limit as i64], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn forget(tx: &Transaction<'_>, id: &str) -> Outcome<()> {
    tx.prepare_cached("delete from upload where id = ?1")?.execute([id])?;
    Ok(())
}
