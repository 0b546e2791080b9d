//! Anti-entropy: where a reader counted something else than was delivered.

use spotcheck_domain::{ScopeId, WorkspaceId};
use spotcheck_protocol::messages::RangeDigest;
use spotcheck_sqlite::rusqlite::{Transaction, params};

use super::runs::{Builder, COLUMNS, Delivered};
use crate::ledger::{DifferingRange, Outcome, PulledPart};

/// A range with more ops than this is answered in smaller ones.
const MAX_OPS: u64 = 500;

pub(super) fn compare(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    ranges: &[RangeDigest],
    max_bytes: usize,
    server_key: &[u8; 32],
) -> Outcome<Vec<DifferingRange>> {
    let mut left = max_bytes as u64;
    let mut differing = vec![];
    for range in ranges {
        let ours = measure(tx, ws, scope, range)?;
        if (ours.count, ours.xor) == (range.count, range.xor.0) {
            continue;
        }
        let mut found = None;
        if ours.count <= MAX_OPS && ours.bytes <= left {
            let (parts, proof) = parts(tx, ws, scope, range, server_key)?;
            let weight = ours.bytes + proof;
            // One op always fits a reply of its own.
            if weight <= left || (left == max_bytes as u64 && ours.count <= 1) {
                left = left.saturating_sub(weight);
                found = Some(parts);
            }
        }
        differing.push(DifferingRange { after: range.after, through: range.through, parts: found });
    }
    Ok(differing)
}

#[derive(Default)]
struct Measure {
    count: u64,
    xor: [u8; 32],
    bytes: u64,
}

fn measure(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    range: &RangeDigest,
) -> Outcome<Measure> {
    let mut select = tx.prepare_cached(
        "select o.op_hash, coalesce(octet_length(o.data), 0) from delivery d join op o on o.id = d.op
         where d.ws = ?1 and d.scope = ?2 and d.server_seq > ?3 and d.server_seq <= ?4",
    )?;
    let mut rows = select.query(params![ws.0, scope.0, range.after, range.through])?;
    let mut ours = Measure::default();
    while let Some(row) = rows.next()? {
        let hash: [u8; 32] = row.get(0)?;
        ours.count += 1;
        ours.bytes += 160 + row.get::<_, u64>(1)?;
        ours.xor.iter_mut().zip(&hash).for_each(|(mine, theirs)| *mine ^= theirs);
    }
    Ok(ours)
}

/// What was delivered in a range, and about how many bytes its proof takes beside the ops.
fn parts(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    scope: ScopeId,
    range: &RangeDigest,
    server_key: &[u8; 32],
) -> Outcome<(Vec<PulledPart>, u64)> {
    let mut select = tx.prepare_cached(&format!(
        "select {COLUMNS} from delivery d join op o on o.id = d.op
         where d.ws = ?1 and d.scope = ?2 and d.server_seq > ?3 and d.server_seq <= ?4
         order by d.server_seq"
    ))?;
    let mut rows = select.query(params![ws.0, scope.0, range.after, range.through])?;
    let mut builder = Builder::new(tx, ws, scope);
    while let Some(row) = rows.next()? {
        builder.add(Delivered::from_row(row)?)?;
    }
    let proof = builder.proof_bytes();
    Ok((builder.finish(server_key)?, proof))
}
