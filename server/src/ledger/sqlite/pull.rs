//! Reading back what is new in a scope, a page at a time.

use spotcheck_domain::{BlobHash, LogId, ScopeId, WorkspaceId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::runs::{Builder, COLUMNS, Delivered};
use crate::ledger::{Outcome, PullAsk, Pulled, PulledSection};

pub(super) fn pull(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    ask: &PullAsk,
    server_key: &[u8; 32],
) -> Outcome<Pulled> {
    let mut pulled = Pulled::default();
    let mut left = ask.max_bytes as i64;
    for (scope, after) in &ask.cursors {
        if left <= 0 {
            pulled.more = true;
            break;
        }
        let section = section(tx, ws, *scope, *after, ask, server_key, &mut left)?;
        pulled.more |= section.digest.is_none();
        pulled.sections.push(section);
    }
    Ok(pulled)
}

#[allow(clippy::too_many_arguments, reason = "one page's state, passed down once")]
fn section(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    after: u64,
    ask: &PullAsk,
    server_key: &[u8; 32],
    left: &mut i64,
) -> Outcome<PulledSection> {
    let mut select = tx.prepare_cached(&format!(
        "select {COLUMNS} from delivery d join op o on o.id = d.op
         where d.ws = ?1 and d.scope = ?2 and d.server_seq > ?3 order by d.server_seq"
    ))?;
    let mut rows = select.query(params![ws.0, scope.0, after])?;
    let mut builder = Builder::new(tx, ws, scope);
    let (mut through, mut whole) = (after, true);
    while let Some(row) = rows.next()? {
        let delivered = Delivered::from_row(row)?;
        // Cut between runs: a run cut in two carries the hashes of what is missing twice.
        let spent = builder.proof_bytes() as i64;
        if *left <= spent && !builder.continues(&delivered) {
            whole = false;
            break;
        }
        *left -= 160 + delivered.op.body.as_ref().map_or(0, |body| body.text.len() as i64);
        through = delivered.server_seq;
        let own = ask.own.iter().any(|(log, seq)| *log == delivered.log && delivered.seq <= *seq);
        if own && !is_forked(tx, delivered.log)? {
            builder.add_own(&delivered)?;
        } else {
            builder.add(delivered)?;
        }
    }
    *left -= builder.proof_bytes() as i64;
    let parts = builder.finish(server_key)?;
    let digest = if whole { Some(digest(tx, ws, scope)?) } else { None };
    Ok(PulledSection { scope, after, through, digest, parts })
}

fn digest(tx: &Transaction<'_>, ws: WorkspaceId, scope: ScopeId) -> Outcome<(u64, BlobHash)> {
    let sql = "select count, xor from scope_digest where ws = ?1 and scope = ?2";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![ws.0, scope.0], |row| Ok((row.get(0)?, BlobHash(row.get(1)?))));
    Ok(found.optional()?.unwrap_or((0, BlobHash([0; 32]))))
}

fn is_forked(tx: &Transaction<'_>, log: LogId) -> Outcome<bool> {
    let sql = "select exists (select 1 from device where log = ?1 and forked = 1)";
    Ok(tx.prepare_cached(sql)?.query_row([log.0], |row| row.get(0))?)
}
