//! What happens in a run: people, disks, clocks, administrators.

use std::collections::BTreeMap;

use spotcheck_app::{AppError, SignatureDraft};
use spotcheck_domain::RecordId;

use super::faults::FAULTS;
use super::run::note;
use super::{Tally, Violation, acts, invariants};
use crate::disk::SimDisk;
use crate::world::World;

/// What this seed's world suffers, and what has happened so far.
#[derive(Debug)]
pub(super) struct Script {
    faults: Vec<&'static str>,
    calm: bool,
    pub(super) backup: Option<(SimDisk, spotcheck_server::blobs::MemoryBlobs)>,
    pub(super) restored: bool,
    pub(super) cloned: bool,
    pub(super) cut_pending: bool,
    pub(super) out_of_team: bool,
    pub(super) joint_closed: bool,
    /// How far the ops of each device were looked at.
    looked: BTreeMap<usize, i64>,
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
        let mut faults: Vec<_> = FAULTS.into_iter().filter(coin).collect();
        let network: Vec<_> = crate::world::FAULTS.into_iter().filter(coin).collect();
        // Where every coin fell on one side there is still a fault that can strike again and again.
        if !calm && faults.iter().all(|fault| !REPEATABLE.contains(fault)) {
            faults.push(REPEATABLE[0]);
        }
        world.network.one_in.set(if calm { 0 } else { 2 + dice.below(6) });
        *world.network.allowed.borrow_mut() = network;
        Self {
            faults,
            calm,
            backup: None,
            restored: false,
            cloned: false,
            cut_pending: false,
            out_of_team: false,
            joint_closed: false,
            looked: BTreeMap::new(),
            rarely: 1,
        }
    }

    /// Every fault, each seldom.
    pub(super) fn large(world: &World) -> Self {
        let mut script = Self::draw(world);
        script.faults = FAULTS.into_iter().filter(|fault| *fault != "device revoked").collect();
        script.calm = false;
        script.rarely = 50;
        world.network.one_in.set(40);
        *world.network.allowed.borrow_mut() = crate::world::FAULTS.to_vec();
        script
    }

    pub(super) fn is_calm(&self) -> bool {
        self.calm
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
                self.round(world, index, tally)?;
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
    pub(super) fn still_acknowledged(
        &self,
        world: &mut World,
        index: usize,
    ) -> Result<(), Violation> {
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

    /// A round over the faulty network, and what must hold whatever came of it: I6, and of I9 that
    /// nothing is said to be held that is not.
    pub(super) fn round(
        &mut self,
        world: &mut World,
        index: usize,
        tally: &mut Tally,
    ) -> Result<(), Violation> {
        if let Ok(report) = world.sync(index) {
            if report.scopes_lost > 0 {
                self.looked.remove(&index);
            }
            note(&report, tally);
        }
        // What a restored server lost comes back in whatever order it is given back.
        if !self.restored && !world.devices[index].rows_lost {
            let after = self.looked.get(&index).copied().unwrap_or(0);
            self.looked.insert(index, invariants::arrived(&world.devices[index], after)?);
        }
        invariants::held_is_true(world, index)
    }

    /// Somebody does something. A failing disk may refuse it; nothing else may.
    pub(super) fn person(
        &mut self,
        world: &mut World,
        index: usize,
        tally: &mut Tally,
    ) -> Result<(), Violation> {
        let dice = world.dice.clone();
        let store = world.devices[index].app().store();
        let known = store.list_records("inspection", None, 40).unwrap_or_default();
        let open: Vec<RecordId> = known.iter().map(|row| row.record).collect();
        let large = 8 * self.rarely;
        let done = match dice.below(if open.is_empty() { 2 } else { 20 }) {
            0 | 1 => acts::start(world, index),
            2..=7 => acts::answer(world, index, *dice.pick(&open)),
            8 => world.devices[index].act(|app| app.complete(*dice.pick(&open)).map(drop)),
            9 => {
                let role = "site".to_owned();
                let signature = SignatureDraft {
                    role,
                    who: None,
                    name: None,
                    refused: None,
                    witness: None,
                    drawn: None,
                };
                let record = *dice.pick(&open);
                world.devices[index].act(|app| app.sign(record, &signature).map(drop))
            }
            10 => acts::undo(world, index),
            11 if dice.one_in(3) => {
                let record = *dice.pick(&open);
                world.devices[index].act(|app| app.void(record, "twice").map(drop))
            }
            11 | 12 => acts::finding(world, index, *dice.pick(&open), large),
            13 => acts::change_finding(world, index),
            14 => match dice.below(4) {
                0 => acts::keep_loose(world, index, large),
                1 => acts::place_loose(world, index, *dice.pick(&open)),
                2 => acts::derive(world, index),
                _ if dice.one_in(3) => acts::instrument(world, index),
                _ => acts::add_site(world, index),
            },
            15 | 16 => acts::share(world, index, *dice.pick(&open)),
            17 => match dice.below(4) {
                0 => acts::publish(world, index),
                1 | 2 => acts::unite(world, index),
                _ => acts::sign_merge(world, index),
            },
            _ => acts::decide(world, index, tally),
        };
        match done {
            Ok(()) => {}
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

/// Faults that can strike again and again.
const REPEATABLE: [&str; 6] = [
    "device crash",
    "device power cut",
    "power cut in mid-write",
    "disk full",
    "clock jump",
    "server power cut",
];
