//! A device against the server: what it acknowledged, what it was delivered, what it was told.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::Link;
use spotcheck_domain::{LogId, Op, OpData, OpHash, OpId, RecordId, ScopeId};
use spotcheck_sync::Local as _;

use super::Violation;
use super::history::History;
use super::ledger::Ledger;
use super::links::Chains;
use crate::simulation::acts::SITES;
use crate::world::{SimDevice, World};

/// I1, I2: whatever was acknowledged is on the server, byte for byte.
pub(super) fn acknowledged(device: &SimDevice, ledger: &Ledger) -> Result<(), Violation> {
    let user = &device.user;
    for (hash, (header, data)) in &device.acknowledged {
        let Some(held) = ledger.ops.get(hash) else {
            let what = format!("{user}: acknowledged op {hash} never reached the server");
            return Err(Violation::new("I1", what));
        };
        let kept = held.op.body.as_ref().map(|body| body.text.as_str());
        if held.op.header_text != *header || kept != Some(data.as_str()) {
            return Err(Violation::new("I2", format!("{user}: op {hash} changed on its way")));
        }
    }
    Ok(())
}

/// All that compares one device with the server; gives the ops on it.
pub(super) fn check(
    world: &mut World,
    index: usize,
    ledger: &Ledger,
    history: &History,
) -> Result<BTreeMap<OpHash, Op>, Violation> {
    let user = world.devices[index].user.clone();
    let said = |invariant, what: String| Err(Violation::new(invariant, format!("{user}: {what}")));
    let app = world.devices[index].app();
    let revoked = app.status().is_ok_and(|status| status.revoked);
    let rows = app.store().list_ops(0, 1_000_000).unwrap_or_default();
    let here: BTreeMap<OpHash, Op> = rows.iter().map(|row| (row.op.hash, row.op.clone())).collect();

    // I2: header, data and salt of every op are the server's, pulled ones too.
    for (hash, op) in &here {
        let theirs = ledger.ops.get(hash).map(|held| &held.op);
        if theirs.is_some_and(|theirs| {
            (&theirs.header_text, &theirs.body) != (&op.header_text, &op.body)
        }) {
            return said("I2", format!("op {hash} differs from the server's"));
        }
    }

    // I3: its own logs are contiguous and their links hold.
    for log in app.store().own_logs().unwrap_or_default() {
        let mut link = Link::START;
        let mine: BTreeMap<u64, OpHash> = rows
            .iter()
            .filter(|row| row.mine && row.op.header.log == log.log)
            .map(|row| (row.op.header.seq, row.op.hash))
            .collect();
        for (expected, (seq, hash)) in (1..).zip(&mine) {
            if *seq != expected {
                return said("I3", format!("seq {seq} of a log follows a gap"));
            }
            link = link.then(hash);
        }
        if link != log.link || mine.len() as u64 != log.seq {
            return said("I3", "the log's link does not follow from its ops".to_owned());
        }
        // I11: what a receipt covers is on the server.
        let lost =
            mine.iter().find(|(seq, op)| **seq <= log.receipt_seq && !ledger.ops.contains_key(*op));
        if let Some((seq, _)) = lost {
            return said("I11", format!("a receipt covers seq {seq}, which the server has not"));
        }
        if !revoked && log.receipt_seq < log.seq {
            return said("I14", format!("receipts end at {} of {}", log.receipt_seq, log.seq));
        }
    }

    // I10, I13: exactly what was delivered to its scopes, and its own.
    let cursors = app.store().cursors().unwrap_or_default();
    let mut expected: BTreeSet<OpHash> = BTreeSet::new();
    for (scope, cursor) in &cursors {
        let ops = history.delivered.get(scope).cloned().unwrap_or_default();
        let mut digest = spotcheck_store::Cursor::default();
        ops.iter().for_each(|op| digest.add(op));
        if !revoked && (digest.count, digest.xor) != (cursor.count, cursor.xor) {
            let text = format!(
                "cursor {} counts {} of {} deliveries",
                cursor.after, cursor.count, digest.count
            );
            return said("I10", text);
        }
        expected.extend(ops);
    }
    if !revoked {
        if let Some(missing) = expected.iter().find(|op| !here.contains_key(*op)) {
            return said("I10", format!("delivered op {missing} is not here"));
        }
        let mine: BTreeSet<OpHash> =
            rows.iter().filter(|row| row.mine).map(|row| row.op.hash).collect();
        let stray = here.keys().find(|op| !expected.contains(*op) && !mine.contains(*op));
        if let Some(stray) = stray {
            // A clone's ops in quarantine, or what a restored server lost for good, may be here too.
            let known = ledger.ops.get(stray);
            if known.is_some_and(|held| held.status == "admitted") {
                return said("I13", format!("op {stray} is here without having been delivered"));
            }
        }
    }

    // I13: what its author is told of quarantine is so, where they read what is delivered.
    let told = rows.iter().filter(|row| row.mine && !revoked);
    for row in told.filter(|row| cursors.iter().any(|(known, _)| *known == row.op.header.scope)) {
        let status = ledger.ops.get(&row.op.hash).map_or("", |held| held.status.as_str());
        if row.quarantined.is_some() != (status != "admitted") {
            let text = format!("op {} shows {:?} and is {status}", row.op.hash, row.quarantined);
            return said("I13", text);
        }
    }

    if !app.store().projections_hold().unwrap_or(false) {
        return said("I15", "a record is not what its ops say".to_owned());
    }
    if !world.devices[index].is_torn() {
        let shut = |record: RecordId| ledger.in_quarantine(record);
        let reads = |scope: ScopeId| cursors.iter().any(|(known, _)| *known == scope);
        let read = |op: &&Op| reads(op.header.scope) || expected.contains(&op.hash);
        here.values().filter(read).try_for_each(|op| caused(&world.devices[index], op, &shut))?;
    }
    let _ = world.devices[index].app().seen();
    Ok(here)
}

/// I6 of one op that the device may read: the record it is about and the record that one belongs to
/// can be seen, unless it is shut to all. No op creates a merge, of which decisions can be taken back.
fn caused(device: &SimDevice, op: &Op, shut: &impl Fn(RecordId) -> bool) -> Result<(), Violation> {
    let store = device.peek().store();
    let data = op.data().unwrap_or_default();
    if merges(device, op, &data) {
        return Ok(());
    }
    for about in [op.header.record, data.parent].into_iter().flatten() {
        if store.home_scope(about).ok().flatten().is_none()
            && !shut(about)
            && !is_merge(device, about)
        {
            let (user, kind) = (&device.user, &op.header.kind);
            let what = format!("{user}: {kind} {} is here without record {about}", op.hash);
            return Err(Violation::new("I6", what));
        }
    }
    Ok(())
}

/// Whether a record is the merge of some day. What takes back an op of one may be read where that op is
/// not: it may wait in quarantine, and no op creates the merge that both are about.
fn is_merge(device: &SimDevice, record: RecordId) -> bool {
    let Some(ws) = device.peek().store().identity().map(|it| it.ws) else { return false };
    let first = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default();
    first.iter_days().take(3 * 365).any(|day| {
        let day = day.format("%Y-%m-%d").to_string();
        SITES.iter().any(|site| {
            RecordId::of_merge(ws, "", RecordId::of_site(ws, site), &day, "ENT") == record
        })
    })
}

/// Whether it is an op of a merge, or takes one back.
fn merges(device: &SimDevice, op: &Op, data: &OpData) -> bool {
    let find = |id: &OpId| device.peek().store().find_op(*id).ok().flatten();
    op.header.kind.starts_with("merge.")
        || data
            .retracts
            .iter()
            .filter_map(find)
            .any(|op| merges(device, &op, &op.data().unwrap_or_default()))
}

/// I6 while the run goes on: of what came since `after`; gives where the next look begins.
pub(in crate::simulation) fn arrived(device: &SimDevice, after: i64) -> Result<i64, Violation> {
    let rows = device.peek().store().list_ops(after, 1_000_000).unwrap_or_default();
    rows.iter().filter(|row| !row.mine).try_for_each(|row| caused(device, &row.op, &|_| false))?;
    Ok(rows.last().map_or(after, |row| row.id))
}

/// I3 of what a device pulled.
pub(super) fn pulled_runs(
    world: &World,
    index: usize,
    ledger: &Ledger,
    chains: &mut Chains,
) -> Result<(), Violation> {
    let device = &world.devices[index];
    let server = world.server.service().public_key();
    let key = |log: LogId| {
        let known = ledger.logs.get(&log).map(|known| known.key);
        known.or((log == LogId::of_key("ed25519", &server)).then_some(server))
    };
    let runs = device.peek().runs_beyond(0).unwrap_or_default();
    chains.check_pulled(&device.user, &runs, key)
}
