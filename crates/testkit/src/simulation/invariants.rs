//! What must hold once all is settled.

mod authority;
mod device;
mod history;
mod ledger;
mod links;
mod photos;
mod plain;
mod repetition;
mod replicas;

use std::collections::BTreeSet;

use spotcheck_domain::BlobHash;

use super::Tally;
use crate::world::World;

/// An invariant that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{invariant}: {what}")]
pub struct Violation {
    /// `I1` … `I16`, as `docs/SIMULATION.md` lists them; `seed` for a seed in which too little happened.
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

/// Checks the server against its own history and the devices against the server and each other.
/// Gives the photos that the server gives out.
pub(super) fn check(world: &mut World, tally: &mut Tally) -> Result<BTreeSet<BlobHash>, Violation> {
    world.server.stop();
    let ledger = ledger::read(world);
    world.server.start();
    let ledger = ledger?;
    for index in 0..world.devices.len() {
        device::acknowledged(&world.devices[index], &ledger)?;
    }
    let mut chains = links::check(world, &ledger)?;
    let history = history::check(world, &ledger, &chains)?;
    authority::check(world, &ledger, tally)?;
    links::forks(world, &ledger, tally)?;
    // What costs most is done in full on one device a seed, each in its turn.
    let looked_at = world.dice.below(world.devices.len() as u64) as usize;
    let mut replicas = replicas::Replicas::default();
    for index in 0..world.devices.len() {
        let ops = device::check(world, index, &ledger, &history)?;
        replicas.check(world, index, &ops)?;
        history.check_word(world, &world.devices[index], index == looked_at)?;
    }
    device::pulled_runs(world, looked_at, &ledger, &mut chains)?;
    photos::check(world, &ledger)?;
    if ledger.ops.len() < ledger.deliveries.len() {
        tally.add("path ops repeated");
    }
    // A repetition that changed nothing is only seen in what the network did.
    if world.network.struck.borrow().contains_key("request repeated") {
        tally.add("path ops repeated");
    }
    repetition::check(world, looked_at)?;
    Ok(photos::admitted(&ledger))
}

pub(super) use device::arrived;
pub(super) use photos::{check_fetched, check_opened, held_is_true};
