//! Photos: on the server, under a receipt, and with the leads.

use std::collections::BTreeSet;

use spotcheck_domain::{BlobHash, LogId};
use spotcheck_server::blobs::Blobs;

use super::Violation;
use super::ledger::Ledger;
use crate::world::{SimDevice, World};

/// I9: every photo whose finding is on the server is there too, with its hash, and open to who may read
/// the finding.
pub(super) fn check(world: &mut World, ledger: &Ledger) -> Result<(), Violation> {
    let ws = world.server.ws;
    for index in 0..world.devices.len() {
        let revoked = world.devices[index].app().status().is_ok_and(|status| status.revoked);
        if revoked {
            continue;
        }
        if world.devices[index].user == "eve" {
            refused(&world.devices[index], ledger)?;
            continue;
        }
        for photo in world.devices[index].photos.clone() {
            let bytes =
                pollster::block_on(world.server.blobs.read(ws, photo.sha256, 0, usize::MAX));
            let whole = bytes.is_ok_and(|bytes| BlobHash::of(&bytes) == photo.sha256);
            let state = world.devices[index].app().store().find_blob(photo.sha256);
            let held = state.ok().flatten().is_some_and(|state| state.held);
            if !whole || !ledger.blobs.contains(&photo.sha256) {
                let user = &world.devices[index].user;
                return Err(Violation::new(
                    "I9",
                    format!("{user}: photo {} is not whole", photo.sha256),
                ));
            }
            opened(&mut world.devices[index], photo.sha256, ledger)?;
            if !held {
                return Err(Violation::new(
                    "I14",
                    format!("photo {} has no receipt", photo.sha256),
                ));
            }
        }
    }
    Ok(())
}

/// I13: what an auditor photographs stays on the auditor's device. Who may read a photo counts as
/// having sent it; somebody else must have.
fn refused(device: &SimDevice, ledger: &Ledger) -> Result<(), Violation> {
    let logs = device.peek().store().own_logs().unwrap_or_default();
    let mine = |by: &LogId| logs.iter().any(|log| log.log == *by);
    let others: BTreeSet<BlobHash> =
        ledger.uploaders.iter().filter(|(_, by)| !mine(by)).map(|(photo, _)| *photo).collect();
    match ledger.uploaders.iter().find(|(photo, _)| !others.contains(photo)) {
        Some((photo, _)) => {
            Err(Violation::new("I13", format!("photo {photo} of an auditor was taken")))
        }
        None => Ok(()),
    }
}

/// What a device's admitted ops name may be read where they may.
fn opened(device: &mut SimDevice, photo: BlobHash, ledger: &Ledger) -> Result<(), Violation> {
    let logs = device.app().store().own_logs().unwrap_or_default();
    let logs: BTreeSet<_> = logs.into_iter().map(|log| log.log).collect();
    for held in ledger.ops.values() {
        let scope = held.op.header.scope;
        let names = || held.data.blobs.iter().any(|blob| blob.sha256 == photo);
        if held.status == "admitted"
            && logs.contains(&held.op.header.log)
            && !ledger.open.contains(&(photo, scope))
            && names()
        {
            let what = format!("{}: photo {photo} is shut to scope {scope}", device.user);
            return Err(Violation::new("I9", what));
        }
    }
    Ok(())
}

/// I9 while the run goes on: what a device has just been told is held, the server has, whole.
pub(in crate::simulation) fn held_is_true(
    world: &mut World,
    index: usize,
) -> Result<(), Violation> {
    let ws = world.server.ws;
    let device = &mut world.devices[index];
    let photos: Vec<BlobHash> = device.photos.iter().map(|photo| photo.sha256).collect();
    for photo in photos {
        // Where the disk has just failed, it is looked at again after the restart.
        let Ok(state) = device.peek().store().find_blob(photo) else { continue };
        if !state.is_some_and(|state| state.held) {
            device.told_held.remove(&photo);
        } else if device.told_held.insert(photo) {
            let bytes = pollster::block_on(world.server.blobs.read(ws, photo, 0, usize::MAX));
            if bytes.map_or(true, |bytes| BlobHash::of(&bytes) != photo) {
                let what = format!("{}: photo {photo} is said to be held, too early", device.user);
                return Err(Violation::new("I9", what));
            }
        }
    }
    Ok(())
}

/// Photos that admitted ops name: these alone the server gives out.
pub(super) fn admitted(ledger: &Ledger) -> BTreeSet<BlobHash> {
    let admitted = ledger.ops.values().filter(|held| held.status == "admitted");
    admitted.flat_map(|held| held.data.blobs.iter().map(|blob| blob.sha256)).collect()
}

/// What a lead's device fetches without being asked goes back a week; a day of it is left to clocks
/// and to what was taken before.
const UNASKED_MS: i64 = 6 * 24 * 3_600_000;

/// The other half of I9: photos of devices that are not revoked are with each lead who knows of them,
/// or, taken longer than a week ago, come once they are opened. Gives the latter, which are not here
/// yet. What an op names that a restored server now keeps in quarantine comes once it is released.
pub(in crate::simulation) fn check_fetched(
    world: &mut World,
    admitted: &BTreeSet<BlobHash>,
) -> Result<Vec<(usize, BlobHash)>, Violation> {
    let since_ms = world.clock.get() - UNASKED_MS;
    let mut photos = vec![];
    for device in &mut world.devices {
        if !device.app().status().is_ok_and(|status| status.revoked) {
            let own = device.photos.iter().copied();
            photos.extend(own.filter(|photo| admitted.contains(&photo.sha256)));
        }
    }
    let mut older = vec![];
    for (index, device) in world.devices.iter_mut().enumerate() {
        // What a lost scope named goes with it, bytes and all.
        let left = device.app().store().unnamed_blobs().map_or(0, |left| left.len());
        if left > 0 && !device.is_torn() {
            let what = format!("{}: {left} photos of a lost scope are still here", device.user);
            return Err(Violation::new("I9", what));
        }
        for photo in photos.iter().filter(|photo| lacks(device, photo.sha256)) {
            if photo.at_ms >= since_ms {
                return Err(not_here(device, photo.sha256));
            }
            older.push((index, photo.sha256));
        }
    }
    Ok(older)
}

/// What was opened is here after one more round.
pub(in crate::simulation) fn check_opened(
    world: &mut World,
    opened: &[(usize, BlobHash)],
) -> Result<(), Violation> {
    match opened.iter().find(|(index, photo)| lacks(&mut world.devices[*index], *photo)) {
        Some((index, photo)) => Err(not_here(&world.devices[*index], *photo)),
        None => Ok(()),
    }
}

fn not_here(device: &SimDevice, photo: BlobHash) -> Violation {
    Violation::new("I9", format!("{}: photo {photo} of another is not here", device.user))
}

/// Whether a lead's device knows of a photo and does not have it.
fn lacks(device: &mut SimDevice, photo: BlobHash) -> bool {
    let app = device.app();
    let leads = app.store().identity().is_some_and(|identity| identity.role == "lead");
    let state = app.store().find_blob(photo).ok().flatten();
    let revoked = app.status().is_ok_and(|status| status.revoked);
    leads
        && !revoked
        && state.is_some_and(|state| {
            let bytes = app.read_photo(photo, 0, 1 << 20);
            !state.here || !bytes.is_ok_and(|bytes: Vec<u8>| BlobHash::of(&bytes) == photo)
        })
}
