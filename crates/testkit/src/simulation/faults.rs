//! Faults that are not the network's: disks, clocks, copies, tampering, administrators.

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{ScopeId, SlotPath, Value};
use spotcheck_protocol::sharing;
use spotcheck_server::ledger::Quarantined;
use spotcheck_store::Draft;

use super::steps::Script;
use super::{Tally, Violation, invariants};
use crate::world::World;

/// Faults that are not the network's. Each has its own coin a seed.
pub(super) const FAULTS: [&str; 14] = [
    "device crash",
    "device power cut",
    "power cut in mid-write",
    "disk full",
    "flush failed",
    "clock jump",
    "device cloned",
    "device revoked",
    "device tampered with",
    "rows lost on the device",
    "scope changed",
    "quarantine released",
    "server power cut",
    "server restored",
];

impl Script {
    /// A fault strikes. `false` when it cannot just now.
    pub(super) fn suffer(
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
                self.round(world, index, tally)?;
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
            "device tampered with" => return Ok(tamper(world, index)),
            "rows lost on the device" => return Ok(world.devices[index].lose_rows(dice.below(8))),
            "scope changed" => {
                if dice.one_in(2) {
                    self.out_of_team = !self.out_of_team;
                    world.server.change_team("ben", !self.out_of_team);
                } else {
                    self.joint_closed = !self.joint_closed;
                    world.server.change_joint(!self.joint_closed);
                    tally.add("path access list changed");
                }
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
                    // What was true of the server that goes is looked at while it is there.
                    for index in 0..world.devices.len() {
                        invariants::held_is_true(world, index)?;
                    }
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
}

/// A device writes what its app would refuse: into another team's scope, or, as an inspector, a share.
fn tamper(world: &mut World, index: usize) -> bool {
    let user = world.devices[index].user.clone();
    let foreign = if user == "cy" { "ada" } else { "cy" };
    let Some(foreign) = world.server.home_scope(foreign) else { return false };
    let draft = match world.dice.below(2) {
        0 => in_scope(foreign),
        _ => match shared_by_itself(world, index, foreign) {
            Some(draft) => draft,
            None => in_scope(foreign),
        },
    };
    world.devices[index].tamper(&draft)
}

fn in_scope(scope: ScopeId) -> Draft {
    let name = SlotPath::new("name").expect("a slot");
    let set = [(name, Value::from("别处"))].into();
    let data = OpData { set, ..OpData::default() };
    Draft { record: None, scope, kind: kind::SITE_ADDED.to_owned(), data }
}

fn shared_by_itself(world: &World, index: usize, with: ScopeId) -> Option<Draft> {
    let store = world.devices[index].peek().store();
    let known = store.list_records("inspection", None, 20).ok()?;
    if known.is_empty() {
        return None;
    }
    let record = world.dice.pick(&known).record;
    let scope = store.home_scope(record).ok()??;
    let set = [(sharing::slot(with).ok()?, Value::from(true))].into();
    let data = OpData { set, ..OpData::default() };
    Some(Draft { record: Some(record), scope, kind: kind::INSPECTION_SHARED.to_owned(), data })
}
