//! Ops whose logs verify and that were not admitted.

use std::collections::BTreeMap;

use spotcheck_domain::op::{Body, Op, Salt};
use spotcheck_domain::{LogId, OpId, RecordId, WorkspaceId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use crate::ledger::{LedgerError, Outcome, Quarantined};

pub(super) fn quarantined(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
    limit: usize,
) -> Outcome<Vec<(OpId, String)>> {
    let sql = "select substr(op_hash, 1, 16), status from op
               where ws = ?1 and log = ?2 and status not in ('admitted', 'withheld', 'placed')
               order by id desc limit ?3";
    let mut select = tx.prepare_cached(sql)?;
    let rows = select.query_map(params![ws.0, log.0, limit as i64], |row| {
        Ok((OpId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn revoked_quarantine(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
) -> Outcome<(u64, u64)> {
    let sql = "select count(*), coalesce(sum(length(o.header) + length(o.data)), 0)
               from op o join device d on d.ws = o.ws and d.log = o.log
               where o.ws = ?1 and o.status = 'device_revoked'
                 and d.root = (select root from device where log = ?2)";
    let select = params![ws.0, log.0];
    Ok(tx.prepare_cached(sql)?.query_row(select, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// What waits for an administrator, the oldest first.
pub(super) fn list(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    limit: usize,
) -> Outcome<Vec<Quarantined>> {
    let mut select = tx.prepare_cached(
        "select header, data, salt, status from op
         where ws = ?1 and status not in ('admitted', 'withheld', 'placed') and header is not null
         order by id limit ?2",
    )?;
    let mut rows = select.query(params![ws.0, limit as i64])?;
    let mut list = vec![];
    while let Some(row) = rows.next()? {
        let op = read(row.get(0)?, row.get(1)?, row.get(2)?)?;
        list.push(Quarantined { code: row.get(3)?, op });
    }
    Ok(list)
}

/// The ops in quarantine that belong to a record: its own and those of what belongs to it.
pub(super) fn of_record(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    record: RecordId,
    limit: usize,
) -> Outcome<Vec<OpId>> {
    // What is in quarantine has no lineage yet: its parent stands in the data of its first op.
    let all = list(tx, ws, limit)?;
    let (mut own, mut children) = (BTreeMap::new(), BTreeMap::new());
    for op in all.iter().map(|one| &one.op) {
        own.entry(op.record()).or_insert_with(Vec::new).push(op.hash.id());
        let parent = op.data().ok().and_then(|data| data.parent);
        if let Some(parent) = parent.filter(|_| op.header.record.is_none()) {
            children.entry(parent).or_insert_with(Vec::new).push(op.record());
        }
    }
    let (mut open, mut found) = (vec![record], vec![]);
    while let Some(record) = open.pop() {
        found.extend(own.remove(&record).unwrap_or_default());
        open.extend(children.remove(&record).unwrap_or_default());
    }
    Ok(found)
}

pub(super) fn is_released(tx: &Transaction<'_>, ws: WorkspaceId, op: OpId) -> Outcome<bool> {
    let sql = "select exists (select 1 from released where ws = ?1 and op_id = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, op.0], |row| row.get(0))?)
}

/// An op in quarantine, and its row.
pub(super) fn find(tx: &Transaction<'_>, ws: WorkspaceId, id: OpId) -> Outcome<Option<(i64, Op)>> {
    let mut last = [0xff_u8; 32];
    last[..16].copy_from_slice(&id.0);
    let mut select = tx.prepare_cached(
        "select id, header, data, salt from op
         where ws = ?1 and op_hash >= ?2 and op_hash <= ?3
           and status not in ('admitted', 'withheld', 'placed') and header is not null",
    )?;
    let found = select.query_row(params![ws.0, id.0, last], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    let Some((row, header, data, salt)) = found.optional()? else { return Ok(None) };
    Ok(Some((row, read(header, data, salt)?)))
}

fn read(header: String, data: Option<String>, salt: Option<[u8; 16]>) -> Outcome<Op> {
    let body = data.zip(salt).map(|(text, salt)| Body { text, salt: Salt(salt) });
    Op::read(header, body).map_err(|_| LedgerError::Damaged("op"))
}
