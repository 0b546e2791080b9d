//! Which photos are held, who may read them, and uploads in progress.

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, Op, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::history_leaf;
use spotcheck_protocol::directory::photo_scope;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::workspaces;
use crate::ledger::{Outcome, Upload};

pub(super) fn held(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    blobs: &[BlobHash],
) -> Outcome<Vec<BlobHash>> {
    let sql = "select exists (select 1 from blob where ws = ?1 and sha256 = ?2)";
    let mut select = tx.prepare_cached(sql)?;
    if spotcheck_domain::planted!("photo-held-unseen") {
        return Ok(blobs.to_vec());
    }
    let mut found = vec![];
    for blob in blobs {
        if select.query_row(params![ws.0, blob.0], |row| row.get(0))? {
            found.push(*blob);
        }
    }
    Ok(found)
}

/// An admitted op names blobs: its scope may read those that its device had the bytes of, now or
/// once they have come.
pub(super) fn claim(tx: &Transaction<'_>, ws: WorkspaceId, scope: ScopeId, op: &Op) -> Outcome<()> {
    let names_any = op.body.as_ref().is_some_and(|body| body.text.contains("\"blobs\":"));
    if !names_any {
        return Ok(());
    }
    let Ok(data) = op.data() else { return Ok(()) };
    for blob in &data.blobs {
        let (sha256, log) = (blob.sha256, root_of(tx, op.header.log)?);
        tx.prepare_cached(
            "insert or ignore into blob_claim (ws, sha256, log, scope) values (?1, ?2, ?3, ?4)",
        )?
        .execute(params![ws.0, sha256.0, log.0, scope.0])?;
        open_to_claims(tx, ws, sha256)?;
    }
    Ok(())
}

fn open_to_claims(tx: &Transaction<'_>, ws: WorkspaceId, blob: BlobHash) -> Outcome<()> {
    let sql = "insert or ignore into blob_scope (ws, sha256, scope)
               select c.ws, c.sha256, c.scope from blob_claim c
               join blob_uploader u on u.ws = c.ws and u.sha256 = c.sha256 and u.log = c.log
               where c.ws = ?1 and c.sha256 = ?2";
    tx.prepare_cached(sql)?.execute(params![ws.0, blob.0])?;
    Ok(())
}

/// The first log of a device: what one of its logs uploaded, the others may name.
fn root_of(tx: &Transaction<'_>, log: LogId) -> Outcome<LogId> {
    let mut select = tx.prepare_cached("select root from device where log = ?1")?;
    Ok(select.query_row([log.0], |row| row.get(0).map(LogId)).optional()?.unwrap_or(log))
}

pub(super) fn put(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    blob: BlobRef,
    uploader: LogId,
) -> Outcome<()> {
    let uploader = root_of(tx, uploader)?;
    let new = tx
        .prepare_cached("insert or ignore into blob (ws, sha256, bytes) values (?1, ?2, ?3)")?
        .execute(params![ws.0, blob.sha256.0, blob.bytes])?;
    if new == 1 {
        let (scope, (epoch, mut frontier)) = (photo_scope(ws), workspaces::state(tx, ws)?);
        frontier.append(history_leaf(scope, &blob.sha256.0));
        tx.prepare_cached(
            "insert into delivery (ws, server_seq, scope, blob) values (?1, ?2, ?3, ?4)",
        )?
        .execute(params![ws.0, frontier.size(), scope.0, blob.sha256.0])?;
        workspaces::advance(tx, ws, epoch, &frontier)?;
    }
    tx.prepare_cached("insert or ignore into blob_uploader (ws, sha256, log) values (?1, ?2, ?3)")?
        .execute(params![ws.0, blob.sha256.0, uploader.0])?;
    open_to_claims(tx, ws, blob.sha256)
}

pub(super) fn readable(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    blob: BlobHash,
    scopes: &[ScopeId],
) -> Outcome<Option<BlobRef>> {
    let sql = "select b.bytes from blob b join blob_scope s on s.ws = b.ws and s.sha256 = b.sha256
               where b.ws = ?1 and b.sha256 = ?2 and s.scope = ?3";
    let mut select = tx.prepare_cached(sql)?;
    for scope in scopes {
        let found: Option<u64> =
            select.query_row(params![ws.0, blob.0, scope.0], |row| row.get(0)).optional()?;
        if let Some(bytes) = found {
            return Ok(Some(BlobRef { sha256: blob, bytes }));
        }
    }
    Ok(None)
}

pub(super) fn has_uploaded(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
    blob: BlobHash,
) -> Outcome<bool> {
    let log = root_of(tx, log)?;
    let sql =
        "select exists (select 1 from blob_uploader where ws = ?1 and sha256 = ?2 and log = ?3)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, blob.0, log.0], |row| row.get(0))?)
}

pub(super) fn add_upload(tx: &Transaction<'_>, upload: &Upload) -> Outcome<()> {
    let sql =
        "insert into upload (id, ws, log, sha256, bytes, capability, expires_ms, created, done)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.prepare_cached(sql)?.execute(params![
        upload.id,
        upload.ws.0,
        upload.log.0,
        upload.sha256.0,
        upload.bytes,
        upload.capability,
        upload.expires_ms,
        upload.created,
        upload.done
    ])?;
    Ok(())
}

pub(super) fn find_upload(tx: &Transaction<'_>, capability: [u8; 32]) -> Outcome<Option<Upload>> {
    let sql = "select id, ws, log, sha256, bytes, expires_ms, created, done from upload
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
        })
    });
    Ok(found.optional()?)
}

pub(super) fn mark_upload(tx: &Transaction<'_>, id: &str, done: bool) -> Outcome<()> {
    let sql = "update upload set created = 1, done = max(done, ?2) where id = ?1";
    tx.prepare_cached(sql)?.execute(params![id, done])?;
    Ok(())
}
