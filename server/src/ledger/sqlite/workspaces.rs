//! Workspaces, epochs, and every checkpoint ever signed.

use spotcheck_domain::{BlobHash, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch};
use spotcheck_protocol::merkle::Frontier;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use crate::ledger::{LedgerError, Outcome, Waiting};

pub(super) fn create(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    name: &str,
    epoch: Epoch,
) -> Outcome<()> {
    let empty = Frontier::new();
    tx.execute(
        "insert into workspace (ws, name, epoch, size, frontier) values (?1, ?2, ?3, 0, ?4)",
        params![ws.0, name, epoch.0.0, empty.to_bytes()],
    )?;
    tx.execute("insert into epoch (ws, epoch, size) values (?1, ?2, 0)", params![ws.0, epoch.0.0])?;
    keep_checkpoint(tx, ws, epoch, &empty)
}

pub(super) fn list(tx: &Transaction<'_>) -> Outcome<Vec<(WorkspaceId, String)>> {
    let mut select = tx.prepare_cached("select ws, name from workspace order by ws")?;
    let rows = select.query_map([], |row| Ok((WorkspaceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The epoch and the Merkle state of a workspace.
pub(super) fn state(tx: &Transaction<'_>, ws: WorkspaceId) -> Outcome<(Epoch, Frontier)> {
    let sql = "select epoch, frontier from workspace where ws = ?1";
    let (epoch, frontier): ([u8; 16], Vec<u8>) = tx
        .prepare_cached(sql)?
        .query_row([ws.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(LedgerError::NoWorkspace)?;
    let frontier = Frontier::from_bytes(&frontier).map_err(|_| LedgerError::Damaged("frontier"))?;
    Ok((Epoch(ScopeId(epoch)), frontier))
}

/// Stores a new Merkle state, and the checkpoint it amounts to.
pub(super) fn advance(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    epoch: Epoch,
    frontier: &Frontier,
) -> Outcome<()> {
    tx.prepare_cached("update workspace set size = ?2, frontier = ?3 where ws = ?1")?
        .execute(params![ws.0, frontier.size(), frontier.to_bytes()])?;
    keep_checkpoint(tx, ws, epoch, frontier)
}

fn keep_checkpoint(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    epoch: Epoch,
    frontier: &Frontier,
) -> Outcome<()> {
    tx.prepare_cached(
        "insert or ignore into checkpoint (ws, size, root, epoch) values (?1, ?2, ?3, ?4)",
    )?
    .execute(params![ws.0, frontier.size(), frontier.root(), epoch.0.0])?;
    Ok(())
}

pub(super) fn checkpoint(tx: &Transaction<'_>, ws: WorkspaceId) -> Outcome<Checkpoint> {
    let (epoch, frontier) = state(tx, ws)?;
    Ok(Checkpoint { epoch, size: frontier.size(), root: BlobHash(frontier.root()) })
}

pub(super) fn knows_checkpoint(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    size: u64,
    root: BlobHash,
) -> Outcome<bool> {
    let sql = "select exists (select 1 from checkpoint where ws = ?1 and size = ?2 and root = ?3)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, size, root.0], |row| row.get(0))?)
}

pub(super) fn begin_epoch(tx: &Transaction<'_>, ws: WorkspaceId, epoch: Epoch) -> Outcome<()> {
    let (previous, frontier) = state(tx, ws)?;
    tx.execute(
        "insert into epoch (ws, epoch, previous, size) values (?1, ?2, ?3, ?4)",
        params![ws.0, epoch.0.0, previous.0.0, frontier.size()],
    )?;
    tx.execute("update workspace set epoch = ?2 where ws = ?1", params![ws.0, epoch.0.0])?;
    keep_checkpoint(tx, ws, epoch, &frontier)
}

pub(super) fn knows_epoch(tx: &Transaction<'_>, ws: WorkspaceId, epoch: Epoch) -> Outcome<bool> {
    let sql = "select exists (select 1 from epoch where ws = ?1 and epoch = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, epoch.0.0], |row| row.get(0))?)
}

/// How much waits for somebody. Each count has an index or a small table.
pub(super) fn waiting(tx: &Transaction<'_>) -> Outcome<Waiting> {
    let sql = "select
                 (select count(*) from op where status not in ('admitted', 'withheld', 'placed')),
                 (select count(*) from device where forked = 1),
                 (select count(*) from blob_awaited),
                 (select count(*) from upload where done = 0)";
    Ok(tx.prepare_cached(sql)?.query_row([], |row| {
        Ok(Waiting {
            quarantined: row.get(0)?,
            forked: row.get(1)?,
            awaited: row.get(2)?,
            uploads: row.get(3)?,
        })
    })?)
}

/// Writes a row that the caller takes back.
pub(super) fn probe(tx: &Transaction<'_>) -> Outcome<()> {
    tx.execute("insert into epoch (ws, epoch, size) values (zeroblob(16), randomblob(16), 0)", [])?;
    Ok(())
}
