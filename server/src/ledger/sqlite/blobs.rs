//! Which photos are held and who may read them.

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, Op, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::history_leaf;
use spotcheck_protocol::directory::photo_scope;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::workspaces;
use crate::ledger::Outcome;

/// Which of these blobs a device need not send, and which of them it never uploaded: it may read
/// those.
pub(super) fn held(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
    reads: &[ScopeId],
    blobs: &[BlobHash],
) -> Outcome<(Vec<BlobHash>, Vec<BlobRef>)> {
    if spotcheck_domain::planted!("photo-held-unseen") {
        return Ok((blobs.to_vec(), vec![]));
    }
    let root = root_of(tx, log)?;
    let (mut held, mut fresh) = (vec![], vec![]);
    for blob in blobs {
        if has_uploaded(tx, ws, root, *blob)? {
            held.push(*blob);
        } else if let Some(blob) = readable(tx, ws, *blob, reads)? {
            held.push(blob.sha256);
            fresh.push(blob);
        } else if spotcheck_domain::planted!("photo-held-elsewhere") && is_here(tx, ws, *blob)? {
            held.push(*blob);
        }
    }
    Ok((held, fresh))
}

/// An admitted op names blobs: its scope may read those that its device had the bytes of, now or
/// once they have come.
pub(super) fn claim(tx: &Transaction<'_>, ws: WorkspaceId, scope: ScopeId, op: &Op) -> Outcome<()> {
    // However it is spelt: an escape may hide the name.
    let may_name = |text: &str| text.contains("blobs") || text.contains("\\u");
    let names_any = op.body.as_ref().is_some_and(|body| may_name(&body.text));
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
        tx.prepare_cached(
            "insert or ignore into blob_awaited (ws, sha256, log, bytes) select ?1, ?2, ?3, ?4
             where not exists (select 1 from blob where ws = ?1 and sha256 = ?2)",
        )?
        .execute(params![ws.0, sha256.0, log.0, blob.bytes])?;
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
        tx.prepare_cached("delete from blob_awaited where ws = ?1 and sha256 = ?2")?
            .execute(params![ws.0, blob.sha256.0])?;
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

fn has_uploaded(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    root: LogId,
    blob: BlobHash,
) -> Outcome<bool> {
    let sql =
        "select exists (select 1 from blob_uploader where ws = ?1 and sha256 = ?2 and log = ?3)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, blob.0, root.0], |row| row.get(0))?)
}

/// Whether anybody uploaded it: for the planted fault alone, as it is nobody's business.
fn is_here(tx: &Transaction<'_>, ws: WorkspaceId, blob: BlobHash) -> Outcome<bool> {
    let sql = "select exists (select 1 from blob where ws = ?1 and sha256 = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, blob.0], |row| row.get(0))?)
}
