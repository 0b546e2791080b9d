//! Bad input against the whole: a server and devices in one process. `docs/BAD-INPUT.md` lists what
//! may come in, what then happens, and which test shows it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod clocks;
mod full;
mod pen;
mod poison;
mod requests;

use spotcheck_client::Report;
use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

const ADA: usize = 0;
const BEN: usize = 1;

/// Ada and Ben of one team.
fn world() -> World {
    let mut world = World::new(11, Profile::Device);
    world.add_device("ada", 0);
    world.add_device("ben", 0);
    world
}

const VISIT: &str = r#"{"head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"},"answers":{"ENT-02":{"value":"0","unit":"gaps"}},"photos":{"ENT-02":["gate.jpg"]}}"#;

/// Records a visit with a photo on a device.
fn visit(world: &mut World, device: usize) {
    let mut photo = |_: &str| -> std::io::Result<Box<dyn std::io::Read>> {
        Ok(Box::new(&b"a photo of the gate"[..]))
    };
    world.devices[device].act(|app| app.record_line(VISIT, &mut photo)).unwrap();
}

/// A round that must end by itself.
#[track_caller]
fn sync(world: &mut World, device: usize) -> Report {
    let report = world.sync_cleanly(device).unwrap();
    assert_eq!(report.pause, None);
    report
}

/// Syncs until nothing is left, and asserts that receipts cover everything.
#[track_caller]
fn settle(world: &mut World, device: usize) {
    for _ in 0..4 {
        sync(world, device);
    }
    let app = world.devices[device].app();
    let status = app.status().unwrap();
    assert_eq!((status.ops_waiting, status.photos_waiting.0), (0, 0));
    assert!(app.store().projections_hold().unwrap());
}
