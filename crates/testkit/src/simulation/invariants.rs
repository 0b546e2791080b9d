//! What must hold once all is settled.

mod photos;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OpenFlags};
use spotcheck_domain::op::{Body, Link, Salt};
use spotcheck_domain::projection::project;
use spotcheck_domain::{BlobHash, Op, OpHash, RecordId, ScopeId, WorkspaceId};
use spotcheck_protocol::directory::{photo_scope, quarantine_scope};
use spotcheck_sync::Local;

use super::Tally;
use super::steps::Script;
use crate::world::World;

/// An invariant that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{invariant}: {what}")]
pub struct Violation {
    /// `I1` … `I16`, as `docs/SIMULATION.md` lists them.
    pub invariant: &'static str,
    /// What was found.
    pub what: String,
}

impl Violation {
    /// A violation.
    pub fn new(invariant: &'static str, what: impl Into<String>) -> Self {
        Self { invariant, what: what.into() }
    }
}

/// What the server's disk holds, read without the product's code.
struct Ledger {
    ops: BTreeMap<OpHash, (Op, String)>,
    deliveries: Vec<(u64, ScopeId, OpHash)>,
    blobs: BTreeSet<BlobHash>,
    forked: u64,
}

pub(super) fn check(
    world: &mut World,
    script: &Script,
    tally: &mut Tally,
) -> Result<(), Violation> {
    world.server.stop();
    let ledger = read(world);
    world.server.start();
    let delivered = deliveries(world.server.ws, &ledger)?;
    for (_, status) in ledger.ops.values() {
        if status != "admitted" {
            tally.add("path quarantined");
        }
    }
    auditor(world, &ledger)?;
    for index in 0..world.devices.len() {
        device(world, index, &ledger, &delivered)?;
    }
    photos::check(world, &ledger.blobs)?;
    if script.cloned {
        forks(world, &ledger, tally)?;
    }
    if ledger.ops.len() < ledger.deliveries.len() {
        tally.add("path ops repeated");
    }
    // A repetition that changed nothing is only seen in what the network did.
    if world.network.struck.borrow().contains_key("request repeated") {
        tally.add("path ops repeated");
    }
    Ok(())
}

/// What must hold once a device's patience with photos that were not there is over.
pub(super) fn check_fetched(world: &mut World) -> Result<(), Violation> {
    photos::check_fetched(world)
}

fn read(world: &World) -> Ledger {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let conn =
        Connection::open_with_flags_and_vfs("ledger.db", flags, world.server.disk.vfs_name());
    let conn = conn.expect("the ledger opens");
    conn.execute_batch("pragma locking_mode=exclusive").expect("a pragma");
    let rows = |sql: &str| {
        let mut select = conn.prepare(sql).expect("a query");
        let columns = select.column_count();
        let mut rows = select.query([]).expect("rows");
        let mut all: Vec<Vec<rusqlite::types::Value>> = vec![];
        while let Some(row) = rows.next().expect("a row") {
            all.push((0..columns).map(|at| row.get(at).expect("a value")).collect());
        }
        all
    };
    let blob32 = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Blob(bytes) => {
            <[u8; 32]>::try_from(bytes.as_slice()).unwrap_or([0; 32])
        }
        _ => [0; 32],
    };
    let blob16 = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Blob(bytes) => {
            <[u8; 16]>::try_from(bytes.as_slice()).unwrap_or([0; 16])
        }
        _ => [0; 16],
    };
    let text = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    let number = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Integer(n) => *n as u64,
        _ => 0,
    };
    let mut ops = BTreeMap::new();
    for row in rows("select op_hash, header, data, salt, status from op where header is not null") {
        let body = Body { text: text(&row[2]), salt: Salt(blob16(&row[3])) };
        let op = Op::read(text(&row[1]), Some(body)).expect("the server keeps whole ops");
        ops.insert(OpHash(blob32(&row[0])), (op, text(&row[4])));
    }
    let sql = "select d.server_seq, d.scope, coalesce(o.op_hash, d.blob)
               from delivery d left join op o on o.id = d.op order by d.server_seq";
    let deliveries = rows(sql);
    let deliveries =
        deliveries.iter().map(|r| (number(&r[0]), ScopeId(blob16(&r[1])), OpHash(blob32(&r[2]))));
    Ledger {
        ops,
        deliveries: deliveries.collect(),
        blobs: rows("select sha256 from blob")
            .iter()
            .map(|row| BlobHash(blob32(&row[0])))
            .collect(),
        forked: rows("select count(*) from device where forked = 1")
            .first()
            .map_or(0, |r| number(&r[0])),
    }
}

/// I8: gapless, and each op once a scope. I13: nothing in quarantine is delivered.
fn deliveries(
    ws: WorkspaceId,
    ledger: &Ledger,
) -> Result<BTreeMap<ScopeId, BTreeSet<OpHash>>, Violation> {
    let mut scopes: BTreeMap<ScopeId, BTreeSet<OpHash>> = BTreeMap::new();
    for (expected, (server_seq, scope, op)) in (1..).zip(&ledger.deliveries) {
        if *server_seq != expected {
            return Err(Violation::new("I10", format!("server_seq {server_seq} follows a gap")));
        }
        if *scope == quarantine_scope(ws) || *scope == photo_scope(ws) {
            continue;
        }
        if !scopes.entry(*scope).or_default().insert(*op) {
            return Err(Violation::new("I8", format!("op {op} was delivered twice")));
        }
        if ledger.ops.get(op).is_none_or(|(_, status)| status != "admitted") {
            return Err(Violation::new("I13", format!("op {op} was delivered, but not admitted")));
        }
    }
    Ok(scopes)
}

/// I13: what an auditor writes is kept, in quarantine.
fn auditor(world: &mut World, ledger: &Ledger) -> Result<(), Violation> {
    for eve in world.devices.iter().filter(|device| device.user == "eve") {
        let admitted =
            |op: &&OpHash| ledger.ops.get(*op).is_some_and(|(_, status)| status == "admitted");
        if let Some(op) = eve.acknowledged.keys().find(admitted) {
            return Err(Violation::new("I13", format!("op {op} of an auditor was admitted")));
        }
    }
    Ok(())
}

fn device(
    world: &mut World,
    index: usize,
    ledger: &Ledger,
    delivered: &BTreeMap<ScopeId, BTreeSet<OpHash>>,
) -> Result<(), Violation> {
    let user = world.devices[index].user.clone();
    let said = |invariant, what: String| Err(Violation::new(invariant, format!("{user}: {what}")));
    let acknowledged = world.devices[index].acknowledged.clone();
    let app = world.devices[index].app();
    let revoked = app.status().is_ok_and(|status| status.revoked);

    // I1, I2: whatever was acknowledged is on the server, byte for byte.
    for (hash, (header, data)) in &acknowledged {
        let Some((op, _)) = ledger.ops.get(hash) else {
            return said("I1", format!("acknowledged op {hash} never reached the server"));
        };
        if op.header_text != *header || op.body.as_ref().is_none_or(|body| body.text != *data) {
            return said("I2", format!("op {hash} changed on its way"));
        }
    }
    let rows = app.store().list_ops(0, 1_000_000).unwrap_or_default();
    let here: BTreeMap<OpHash, Op> = rows.iter().map(|row| (row.op.hash, row.op.clone())).collect();
    for (hash, op) in &here {
        if ledger.ops.get(hash).is_some_and(|(theirs, _)| theirs.header_text != op.header_text) {
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
        let ops = delivered.get(scope).cloned().unwrap_or_default();
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
            if known.is_some_and(|(_, status)| status == "admitted") {
                return said("I13", format!("op {stray} is here without having been delivered"));
            }
        }
    }

    // I13: what its author is told of quarantine is so, where they read what is delivered.
    let told = rows.iter().filter(|row| row.mine && !revoked);
    for row in told.filter(|row| cursors.iter().any(|(known, _)| *known == row.op.header.scope)) {
        let status = ledger.ops.get(&row.op.hash).map_or("", |(_, status)| status.as_str());
        if row.quarantined.is_some() != (status != "admitted") {
            let text = format!("op {} shows {:?} and is {status}", row.op.hash, row.quarantined);
            return said("I13", text);
        }
    }

    // I4, I7, I15: documents are what the definition makes of the ops here.
    if !app.store().projections_hold().unwrap_or(false) {
        return said("I15", "a record is not what its ops say".to_owned());
    }
    let mut by_record: BTreeMap<RecordId, Vec<&Op>> = BTreeMap::new();
    for op in here.values() {
        by_record.entry(op.record()).or_default().push(op);
    }
    for (record, ops) in by_record {
        let doc = project(record, ops.iter().rev().copied());
        let kept = app.store().find_record(record).ok().flatten().map(|row| row.doc);
        if kept.as_ref() != Some(&doc) {
            return said("I4", format!("record {record} differs from its definition"));
        }
        let concurrent = ops.iter().flat_map(|op| current_of(op, &ops)).collect::<BTreeSet<_>>();
        let shown: BTreeSet<_> = doc
            .slots
            .iter()
            .flat_map(|(path, values)| values.iter().map(|v| (path.to_string(), v.op)))
            .collect();
        if concurrent != shown {
            return said("I7", format!("record {record} hides a value that nothing replaced"));
        }
    }
    // I6: no record is visible before the one it belongs to, where both may be read.
    for op in here.values().filter(|op| cursors.iter().any(|(scope, _)| *scope == op.header.scope))
    {
        if let Some(parent) = op.data().unwrap_or_default().parent
            && app
                .store()
                .find_record(parent)
                .ok()
                .flatten()
                .is_none_or(|row| row.doc.kind.is_empty())
        {
            let home = ledger.ops.iter().find(|(hash, _)| RecordId::from(**hash) == parent);
            let status = home.map_or("unknown", |(_, (_, status))| status.as_str());
            let text = format!("op {} is visible without its parent, which is {status}", op.hash);
            return said("I6", text);
        }
    }
    let _ = app.seen();
    Ok(())
}

/// The slots in which an op's value must be visible, said once more in the plainest way: it is
/// active, and no active op of that slot replaces it.
fn current_of(op: &Op, all: &[&Op]) -> Vec<(String, spotcheck_domain::OpId)> {
    let id = op.hash.id();
    if !is_active(op, all) {
        return vec![];
    }
    let data = op.data().unwrap_or_default();
    let visible = data.set.keys().filter(|path| {
        !all.iter().any(|other| {
            let theirs = other.data().unwrap_or_default();
            theirs.replaces.contains(&id) && theirs.set.contains_key(*path) && is_active(other, all)
        })
    });
    visible.map(|path| (path.to_string(), id)).collect()
}

fn is_active(op: &Op, all: &[&Op]) -> bool {
    let id = op.hash.id();
    let mut retractors =
        all.iter().filter(|other| other.data().unwrap_or_default().retracts.contains(&id));
    !retractors.any(|other| is_active(other, all))
}

/// I12: two ops at one position are both kept, and the log is flagged.
fn forks(world: &mut World, ledger: &Ledger, tally: &mut Tally) -> Result<(), Violation> {
    let mut positions: BTreeMap<_, u64> = BTreeMap::new();
    for (op, _) in ledger.ops.values() {
        *positions.entry((op.header.log, op.header.seq)).or_default() += 1;
    }
    let server_log =
        spotcheck_domain::LogId::of_key("ed25519", &world.server.service().public_key());
    let forked = positions.iter().any(|((log, _), count)| *count > 1 && *log != server_log);
    if forked {
        tally.add("path forked log kept");
        if ledger.forked == 0 {
            return Err(Violation::new("I12", "a forked log is not flagged"));
        }
    }
    Ok(())
}
