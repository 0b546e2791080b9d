//! One seed from beginning to verdict.

use std::panic::{AssertUnwindSafe, catch_unwind};

use spotcheck_client::Pause;
use spotcheck_domain::BlobHash;
use spotcheck_sqlite::Profile;

use super::steps::Script;
use super::{Tally, Violation, acts, invariants};
use crate::world::World;

/// How a seed is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many steps at least: a seed goes on until 60 ops and, unless it is calm, 5 faults were.
    pub steps: u64,
    /// How devices and server make commits durable.
    pub profile: Profile,
    /// Instead of `steps`: until so many ops are recorded, with faults few and far between. Heavy faults
    /// keep databases small, and what breaks only when they are large goes unseen.
    pub large: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { steps: 60, profile: Profile::Device, large: None }
    }
}

/// No seed ends with fewer ops, nor, unless it is calm, with fewer faults.
const LEAST_OPS: u64 = 60;
const LEAST_FAULTS: u64 = 5;

/// By then every seed has had both many times over.
const MOST_STEPS: u64 = 5_000;

/// Rounds after the faults stop, within which all must be settled (I14).
const SETTLE_ROUNDS: usize = 10;

/// Longer than a device waits before it asks again for a photo that the server did not have.
const PATIENCE_MS: i64 = 10 * 60_000;

/// Runs a seed.
///
/// # Errors
/// The invariant that did not hold.
pub fn run(seed: u64, options: Options) -> Result<Tally, Violation> {
    // A panic of the product is a violation like any other, with its seed.
    let done = catch_unwind(AssertUnwindSafe(|| attempt(seed, options)));
    done.unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Violation::new("I16", said.unwrap_or_else(|| "a panic".to_owned())))
    })
}

fn attempt(seed: u64, options: Options) -> Result<Tally, Violation> {
    let mut world = World::new(seed, options.profile);
    for user in ["ada", "ben", "lead"] {
        let skew = if world.dice.one_in(3) { 7_200_000 } else { 0 };
        world.add_device(user, skew);
    }
    let guest = *world.dice.pick(&["eve", "una"]);
    for user in ["cy", guest] {
        if world.dice.one_in(2) {
            world.add_device(user, 0);
        }
    }
    let mut tally = Tally::default();
    let mut script = match options.large {
        Some(_) => Script::large(&world),
        None => Script::draw(&world),
    };
    if script.is_calm() {
        tally.add("path calm seed");
    }
    let mut steps = 0;
    while !is_enough(&world, &script, &tally, &options, steps) {
        script.step(&mut world, &mut tally)?;
        steps += 1;
        if steps == MOST_STEPS && options.large.is_none() {
            let what = format!("{} ops and {} faults", recorded(&world), struck(&world, &tally));
            return Err(Violation::new("seed", format!("too little in {steps} steps: {what}")));
        }
    }
    settle(&mut world, &mut tally)?;
    // What was written though the disk refused it counts like any other op.
    world.devices.iter_mut().for_each(crate::world::SimDevice::acknowledge);
    for (fault, count) in world.network.struck.borrow().iter() {
        tally.count(&format!("fault {fault}"), *count);
    }
    for (path, count) in world.network.noticed.borrow().iter() {
        tally.count(&format!("path {path}"), *count);
    }
    for (kind, count) in world.devices.iter().flat_map(|device| &device.kinds) {
        tally.count(&format!("op {kind}"), *count);
    }
    let given_out = invariants::check(&mut world, &mut tally)?;
    fetch(&mut world, &mut tally)?;
    let older = invariants::check_fetched(&mut world, &given_out)?;
    open(&mut world, &older, &mut tally)?;
    Ok(tally)
}

/// Whether enough has happened: the steps asked for, and both floors, or, of a large world, its ops.
fn is_enough(world: &World, script: &Script, tally: &Tally, options: &Options, steps: u64) -> bool {
    match options.large {
        Some(ops) => recorded(world) >= ops,
        None => {
            let troubled = script.is_calm() || struck(world, tally) >= LEAST_FAULTS;
            steps >= options.steps && recorded(world) >= LEAST_OPS && troubled
        }
    }
}

/// Ops whose recording was acknowledged.
fn recorded(world: &World) -> u64 {
    world.devices.iter().map(|device| device.acknowledged.len() as u64).sum()
}

/// Faults that struck, the network's too.
fn struck(world: &World, tally: &Tally) -> u64 {
    let told = tally.0.iter().filter(|(name, _)| name.starts_with("fault "));
    told.map(|(_, count)| count).sum::<u64>() + world.network.struck.borrow().values().sum::<u64>()
}

/// All faults stop; every device syncs until nothing moves.
fn settle(world: &mut World, tally: &mut Tally) -> Result<(), Violation> {
    world.network.one_in.set(0);
    for device in &mut world.devices {
        device.disk.set_capacity(None);
        if !device.is_on() {
            device.start();
        }
    }
    for round in 1..=SETTLE_ROUNDS {
        let mut moved = false;
        for index in 0..world.devices.len() {
            let report = match world.sync_cleanly(index) {
                Ok(report) => report,
                // A flush that was to fail still may, once: closed and opened anew, it goes on.
                Err(_) if round == 1 => {
                    world.devices[index].stop();
                    world.devices[index].start();
                    moved = true;
                    continue;
                }
                Err(error) => {
                    return Err(Violation::new("I14", format!("a calm round failed: {error}")));
                }
            };
            note(&report, tally);
            let refused = refused_for_good(&world.devices[index].user, &report);
            if let Some(pause) = report.pause.as_ref().filter(|_| !refused) {
                if round == SETTLE_ROUNDS {
                    return Err(Violation::new("I14", format!("still paused: {pause}")));
                }
                moved = true;
            }
            moved |= report.rewound || report.succeeded || report.repaired;
            moved |= report.ops_received > 0 || report.ops_sent > 0 || report.photo_bytes_sent > 0;
        }
        if !moved {
            return Ok(());
        }
    }
    Err(Violation::new("I14", format!("not settled after {SETTLE_ROUNDS} rounds")))
}

/// A device that is out, and an auditor's photos, which nobody takes.
pub(super) fn refused_for_good(user: &str, report: &spotcheck_client::Report) -> bool {
    match &report.pause {
        Some(Pause::Revoked) => true,
        Some(Pause::Problem(problem)) => user == "eve" && problem.code == "out_of_scope",
        _ => false,
    }
}

/// One more round for photos of others, after a device's patience with a server that did not have
/// them. Only now: a further round would mend what the invariants must see.
fn fetch(world: &mut World, tally: &mut Tally) -> Result<(), Violation> {
    world.clock.set(world.clock.get() + PATIENCE_MS);
    for index in 0..world.devices.len() {
        let report = world.sync_cleanly(index);
        let report = report
            .map_err(|error| Violation::new("I14", format!("a last round failed: {error}")))?;
        note(&report, tally);
    }
    Ok(())
}

/// Leads open the older photos that their devices do not fetch unasked, and have them.
fn open(
    world: &mut World,
    older: &[(usize, BlobHash)],
    tally: &mut Tally,
) -> Result<(), Violation> {
    for (index, photo) in older {
        let opened = acts::open_photo(world, *index, *photo);
        opened.map_err(|error| Violation::new("I9", format!("a photo does not open: {error}")))?;
    }
    if !older.is_empty() {
        fetch(world, tally)?;
    }
    invariants::check_opened(world, older)
}

/// Counts the recovery paths a round took.
pub(super) fn note(report: &spotcheck_client::Report, tally: &mut Tally) {
    let mut path = |yes: bool, name: &str| {
        if yes {
            tally.add(&format!("path {name}"));
        }
    };
    path(report.rewound, "rewound");
    path(report.repaired, "repaired");
    path(report.succeeded, "successor log");
    path(report.clock_mended, "clock refused");
    path(report.photo_bytes_sent > 0, "photo uploaded");
    path(report.documents > 0, "document fetched");
    path(report.photos_received > 0, "photo of another fetched");
    path(report.scopes_lost > 0, "scope dropped");
    path(matches!(report.pause, Some(Pause::Offline(_))), "paused offline");
    path(matches!(report.pause, Some(Pause::NotOurServer(_))), "paused portal");
    path(report.pause == Some(Pause::Revoked), "paused revoked");
}
