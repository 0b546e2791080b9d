//! I5: a device that gives and takes everything once more changes nothing, on either side.

use std::collections::BTreeMap;

use spotcheck_domain::{OpHash, RecordId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch};
use spotcheck_server::ledger::Ledger as _;
use spotcheck_sync::Local as _;

use super::Violation;
use crate::simulation::run::refused_for_good;
use crate::world::World;

/// What a device shows, and what it counted.
#[derive(PartialEq)]
struct Shown {
    documents: BTreeMap<RecordId, String>,
    ops: Vec<OpHash>,
    cursors: Vec<(spotcheck_domain::ScopeId, u64, [u8; 32])>,
}

/// Sets one device back to where nothing had been sent or received yet, as a server restored from its
/// first day would, and syncs it: it pushes its own log and others' runs again, one to three times,
/// and all it may read is delivered to it again.
pub(super) fn check(world: &mut World, index: usize) -> Result<(), Violation> {
    if world.devices[index].peek().status().is_ok_and(|status| status.revoked) {
        return Ok(());
    }
    let twice = |what: &str| Err(Violation::new("I5", what));
    let (history, before) = (history(world), shown(world, index));
    for _ in 0..=world.dice.below(3) {
        let app = world.devices[index].app();
        if app.rewind(Epoch(spotcheck_domain::ScopeId([0; 16])), 0).is_err() {
            return twice("a device cannot go back to the beginning");
        }
        let user = world.devices[index].user.clone();
        match world.sync_cleanly(index) {
            Ok(report) if report.pause.is_none() || refused_for_good(&user, &report) => {}
            other => return twice(&format!("sending all again was cut short: {other:?}")),
        }
    }
    if self::history(world) != history {
        return twice("what was sent again is in the server's history again");
    }
    if shown(world, index) != before {
        return twice("what was delivered again changed the device");
    }
    Ok(())
}

fn history(world: &World) -> Checkpoint {
    let at = world.server.service().ledger().checkpoint(world.server.ws);
    pollster::block_on(at).expect("the ledger reads")
}

fn shown(world: &World, index: usize) -> Shown {
    let store = world.devices[index].peek().store();
    let ops = store.list_ops(0, 1_000_000).unwrap_or_default();
    let mut documents = BTreeMap::new();
    for record in ops.iter().map(|row| row.op.record()) {
        documents.entry(record).or_insert_with(|| {
            let row = store.find_record(record).ok().flatten();
            row.map(|row| serde_json::to_string(&row.doc).unwrap_or_default()).unwrap_or_default()
        });
    }
    let cursors = store.cursors().unwrap_or_default();
    let mut ops: Vec<OpHash> = ops.iter().map(|row| row.op.hash).collect();
    ops.sort();
    Shown {
        documents,
        ops,
        cursors: cursors.into_iter().map(|(scope, it)| (scope, it.count, it.xor)).collect(),
    }
}
