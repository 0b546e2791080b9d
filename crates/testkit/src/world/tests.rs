//! What devices and server promise each other, told as short stories without faults.

mod anti_entropy;
mod newer;
mod photos;
mod quarantine;
mod readers;
mod restore;
mod scopes;
mod sharing;

use spotcheck_domain::{RecordId, Value};
use spotcheck_sqlite::Profile;

use super::World;

/// A world with a device for each of these users.
fn world(users: &[&str]) -> World {
    let mut world = World::new(7, Profile::Device);
    for user in users {
        world.add_device(user, 0);
    }
    world
}

/// Starts an inspection at the Nanshan market with these further members of a record line.
fn inspect(world: &mut World, device: usize, more: &str) -> RecordId {
    let line = format!(
        r#"{{"head":{{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}},"answers":{{"ENT-05":{{"result":"pass"}}}}{more}}}"#
    );
    record(world, device, &line)
}

/// Records one line; every photo it names is its own name.
fn record(world: &mut World, device: usize, line: &str) -> RecordId {
    let mut photo = |name: &str| {
        let bytes: Box<dyn std::io::Read> =
            Box::new(std::io::Cursor::new(name.as_bytes().to_vec()));
        Ok(bytes)
    };
    world.devices[device].act(|app| app.record_line(line, &mut photo)).unwrap().inspection
}

/// A clean round.
fn sync(world: &mut World, device: usize) -> spotcheck_client::Report {
    let report = world.sync_cleanly(device).unwrap();
    assert_eq!(report.pause, None);
    report
}

/// What a device shows in a slot of a record; none when it has not the record.
fn shown(world: &mut World, device: usize, record: RecordId, slot: &str) -> Option<Value> {
    let row = world.devices[device].app().store().find_record(record).unwrap()?;
    row.doc.agreed(slot).cloned()
}
