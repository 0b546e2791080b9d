//! Photos: on the server, under a receipt, and with the leads.

use std::collections::BTreeSet;

use spotcheck_domain::BlobHash;
use spotcheck_server::blobs::Blobs;

use super::Violation;
use crate::world::{SimDevice, World};

/// I9: every photo whose finding is on the server is there too, with its hash.
pub(super) fn check(world: &mut World, on_server: &BTreeSet<BlobHash>) -> Result<(), Violation> {
    let ws = world.server.ws;
    for index in 0..world.devices.len() {
        let revoked = world.devices[index].app().status().is_ok_and(|status| status.revoked);
        if revoked {
            continue;
        }
        for photo in world.devices[index].photos.clone() {
            let bytes =
                pollster::block_on(world.server.blobs.read(ws, photo.sha256, 0, usize::MAX));
            let whole = bytes.is_ok_and(|bytes| BlobHash::of(&bytes) == photo.sha256);
            let state = world.devices[index].app().store().find_blob(photo.sha256);
            let held = state.ok().flatten().is_some_and(|state| state.held);
            if !whole || !on_server.contains(&photo.sha256) {
                let user = &world.devices[index].user;
                return Err(Violation::new(
                    "I9",
                    format!("{user}: photo {} is not whole", photo.sha256),
                ));
            }
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

/// The other half of I9: photos of devices that are not revoked are with each lead who knows of them.
pub(super) fn check_fetched(world: &mut World) -> Result<(), Violation> {
    let mut photos = vec![];
    for device in &mut world.devices {
        if !device.app().status().is_ok_and(|status| status.revoked) {
            photos.extend(device.photos.iter().map(|photo| photo.sha256));
        }
    }
    for device in &mut world.devices {
        // What a lost scope named goes with it, bytes and all.
        let left = device.app().store().unnamed_blobs().map_or(0, |left| left.len());
        if left > 0 {
            let what = format!("{}: {left} photos of a lost scope are still here", device.user);
            return Err(Violation::new("I9", what));
        }
        if let Some(photo) = photos.iter().find(|photo| lacks(device, **photo)) {
            let what = format!("{}: photo {photo} of another is not here", device.user);
            return Err(Violation::new("I9", what));
        }
    }
    Ok(())
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
