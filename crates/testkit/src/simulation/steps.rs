//! What happens in a run: people, disks, clocks, administrators.

use std::collections::BTreeMap;

use spotcheck_app::{AppError, SignatureDraft};
use spotcheck_domain::RecordId;

use spotcheck_server::ledger::Quarantined;

use super::acts::{answer, decide, finding, share, start, undo};
use super::run::note;
use super::{Tally, Violation};
use crate::disk::SimDisk;
use crate::world::World;

/// Faults that are not the network's. Each has its own coin a seed.
const FAULTS: [&str; 12] = [
    "device crash",
    "device power cut",
    "power cut in mid-write",
    "disk full",
    "flush failed",
    "clock jump",
    "device cloned",
    "device revoked",
    "scope changed",
    "quarantine released",
    "server power cut",
    "server restored",
];

/// What this seed's world suffers, and what has happened so far.
#[derive(Debug)]
pub(super) struct Script {
    faults: Vec<&'static str>,
    backup: Option<(SimDisk, spotcheck_server::blobs::MemoryBlobs)>,
    pub(super) restored: bool,
    pub(super) cloned: bool,
    cut_pending: bool,
    skew: BTreeMap<usize, i64>,
    out_of_team: bool,
    /// One fault in so many that would strike does.
    rarely: u64,
}

impl Script {
    pub(super) fn draw(world: &World) -> Self {
        let dice = &world.dice;
        // One seed in eight is calm: nothing but people.
        let calm = dice.one_in(8);
        let coin = |fault: &&'static str| {
            let rare = matches!(*fault, "device revoked" | "server restored" | "scope changed");
            !calm && dice.one_in(if rare { 3 } else { 2 })
        };
        let faults: Vec<_> = FAULTS.into_iter().filter(coin).collect();
        let network: Vec<_> = crate::world::FAULTS.into_iter().filter(coin).collect();
        world.network.one_in.set(if calm { 0 } else { 2 + dice.below(6) });
        *world.network.allowed.borrow_mut() = network;
        Self {
            faults,
            backup: None,
            restored: false,
            cloned: false,
            cut_pending: false,
            skew: BTreeMap::new(),
            out_of_team: false,
            rarely: 1,
        }
    }

    /// Every fault, each seldom.
    pub(super) fn large(world: &World) -> Self {
        let mut script = Self::draw(world);
        script.faults = FAULTS.into_iter().filter(|fault| *fault != "device revoked").collect();
        script.rarely = 50;
        world.network.one_in.set(40);
        *world.network.allowed.borrow_mut() = crate::world::FAULTS.to_vec();
        script
    }

    pub(super) fn is_calm(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn step(&mut self, world: &mut World, tally: &mut Tally) -> Result<(), Violation> {
        let dice = world.dice.clone();
        world.clock.set(world.clock.get() + dice.below(120_000) as i64);
        let index = dice.below(world.devices.len() as u64) as usize;
        if !world.devices[index].is_on() {
            world.devices[index].start();
            self.still_acknowledged(world, index)?;
        }
        match dice.below(12) {
            0..=6 => self.person(world, index, tally)?,
            7..=9 => {
                // The power may go in the middle of a round, too.
                if self.faults.contains(&"power cut in mid-write") && dice.one_in(6 * self.rarely) {
                    world.devices[index].disk.cut_after_io(1 + dice.below(40));
                    self.cut_pending = true;
                }
                if let Ok(report) = world.sync(index) {
                    note(&report, tally);
                }
            }
            _ => {
                if !self.faults.is_empty() && dice.one_in(self.rarely) {
                    let fault = *dice.pick(&self.faults);
                    if self.suffer(fault, world, index, tally)? {
                        tally.add(&format!("fault {fault}"));
                    }
                }
            }
        }
        self.after_mid_write(world, index)
    }

    /// A fault strikes. `false` when it cannot just now.
    fn suffer(
        &mut self,
        fault: &str,
        world: &mut World,
        index: usize,
        tally: &mut Tally,
    ) -> Result<bool, Violation> {
        let dice = world.dice.clone();
        match fault {
            "device crash" => {
                world.devices[index].crash();
                world.devices[index].start();
                self.still_acknowledged(world, index)?;
            }
            "device power cut" => {
                world.devices[index].power_cut();
                world.devices[index].start();
                self.still_acknowledged(world, index)?;
            }
            "power cut in mid-write" => {
                world.devices[index].disk.cut_after_io(1 + dice.below(30));
                self.cut_pending = true;
                self.person(world, index, tally)?;
            }
            "disk full" => {
                let used: u64 =
                    world.devices[index].disk.files().iter().map(|(_, size)| size).sum();
                world.devices[index].disk.set_capacity(Some(used + dice.below(3) * 4096));
                self.person(world, index, tally)?;
                if let Ok(report) = world.sync(index) {
                    note(&report, tally);
                }
                world.devices[index].disk.set_capacity(None);
                world.devices[index].stop();
                world.devices[index].start();
                self.still_acknowledged(world, index)?;
            }
            "flush failed" => {
                world.devices[index].disk.fail_next_sync();
                self.person(world, index, tally)?;
                // A failed flush is never retried: the database is closed and opened anew.
                world.devices[index].stop();
                world.devices[index].start();
                self.still_acknowledged(world, index)?;
            }
            "clock jump" => {
                let years = 365 * 86_400_000_i64;
                let jump = *dice.pick(&[7_200_000, -7_200_000, 12 * years, -12 * years]);
                let skew = &world.devices[index].host.skew_ms;
                skew.set(if skew.get().abs() > years { 0 } else { jump });
                self.skew.insert(index, jump);
            }
            "device cloned" => {
                if self.cloned || self.cut_pending {
                    return Ok(false);
                }
                self.cloned = true;
                world.clone_device(index);
            }
            "device revoked" => {
                let logs = world.devices[index].app().store().own_logs().unwrap_or_default();
                let user = world.devices[index].user.clone();
                // Somebody must be left to look at.
                if user != "ben" || logs.is_empty() {
                    return Ok(false);
                }
                world.server.revoke(logs[0].log);
            }
            "scope changed" => {
                self.out_of_team = !self.out_of_team;
                world.server.change_team("ben", !self.out_of_team);
            }
            "quarantine released" => {
                // All but what the auditor wrote: that stays where it is (I13).
                let auditor = world.server.user("eve");
                let some = 1 + dice.below(8) as usize;
                let which = |one: &Quarantined| one.op.header.by != auditor;
                if world.server.release(some, which) == 0 {
                    return Ok(false);
                }
            }
            "server power cut" => world.server.power_cut(),
            "server restored" => match self.backup.take() {
                Some(copy) if !self.restored => {
                    self.restored = true;
                    world.server.restore(copy);
                }
                _ => {
                    self.backup = Some(world.server.backup());
                    return Ok(false);
                }
            },
            other => unreachable!("no such fault: {other}"),
        }
        Ok(true)
    }

    /// After a step in which the power may have gone: back on, and nothing acknowledged is gone.
    fn after_mid_write(&mut self, world: &mut World, index: usize) -> Result<(), Violation> {
        if std::mem::take(&mut self.cut_pending) {
            world.devices[index].power_cut();
            world.devices[index].start();
            self.still_acknowledged(world, index)?;
        }
        Ok(())
    }

    /// I16: the reopened state holds every acknowledged op, with its bytes.
    fn still_acknowledged(&self, world: &mut World, index: usize) -> Result<(), Violation> {
        let device = &mut world.devices[index];
        let acknowledged = device.acknowledged.clone();
        for (hash, (header, data)) in acknowledged {
            let op = device.app().store().find_op(hash.id()).ok().flatten();
            let same = op.as_ref().is_some_and(|op| {
                op.header_text == header && op.body.as_ref().is_some_and(|body| body.text == data)
            });
            if !same {
                let text =
                    format!("{}: acknowledged op {hash} is gone after a restart", device.user);
                return Err(Violation::new("I16", text));
            }
        }
        Ok(())
    }

    /// Somebody does something. A failing disk may refuse it; nothing else may.
    fn person(
        &mut self,
        world: &mut World,
        index: usize,
        tally: &mut Tally,
    ) -> Result<(), Violation> {
        let dice = world.dice.clone();
        let known = world.devices[index].app().list("inspection", None, 40).unwrap_or_default();
        let open: Vec<RecordId> = known.iter().map(|view| view.id).collect();
        let done = match dice.below(if open.is_empty() { 2 } else { 15 }) {
            0 | 1 => start(world, index),
            2..=6 => answer(world, index, *dice.pick(&open)),
            7 => world.devices[index]
                .act(|app| app.complete(*dice.pick(&open)))
                .map(|_| "inspection.completed"),
            8 => {
                let role = "site".to_owned();
                let signature =
                    SignatureDraft { role, name: None, refused: None, witness: None, drawn: None };
                let record = *dice.pick(&open);
                world.devices[index]
                    .act(|app| app.sign(record, &signature))
                    .map(|_| "inspection.signed")
            }
            9 => undo(world, index),
            10 if dice.one_in(4) => {
                let record = *dice.pick(&open);
                world.devices[index]
                    .act(|app| app.void(record, "twice"))
                    .map(|_| "inspection.voided")
            }
            11 | 12 => finding(world, index, *dice.pick(&open)),
            13 => share(world, index, *dice.pick(&open)),
            _ => decide(world, index, tally),
        };
        match done {
            Ok(kind) if !kind.is_empty() => tally.add(&format!("op {kind}")),
            Ok(_) => {}
            Err(AppError::Store(_) | AppError::Blob(_)) => {}
            // Not there any more, or another team's.
            Err(AppError::NotFound(_) | AppError::ReadOnly(_)) => {}
            Err(other) => {
                return Err(Violation::new("I7", format!("a person was refused: {other}")));
            }
        }
        Ok(())
    }
}
