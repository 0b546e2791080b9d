//! Full disks, of a device and of the server.

use spotcheck_client::Pause;

use crate::{ADA, settle, visit, world};

const HEAD: &str = r#""head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}"#;

fn used(disk: &spotcheck_testkit::disk::SimDisk) -> u64 {
    disk.files().iter().map(|(_, bytes)| bytes).sum()
}

#[test]
fn a_full_device_says_so_keeps_what_was_saved_and_goes_on_once_there_is_room() {
    let mut world = world();
    visit(&mut world, ADA);
    let device = &mut world.devices[ADA];
    device.disk.set_capacity(Some(used(&device.disk) + 30_000));
    let note = "满".repeat(2000);
    let line = format!(r#"{{{HEAD},"findings":[{{"note":"{note}","severity":"minor"}}]}}"#);
    let mut none = |_: &str| -> std::io::Result<Box<dyn std::io::Read>> {
        Err(std::io::ErrorKind::NotFound.into())
    };
    let mut saved = 1;
    let refused = loop {
        match device.act(|app| app.record_line(&line, &mut none)) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 100, "the disk never filled up");
    };
    assert_eq!(refused.code(), "storage_full");
    assert_eq!(
        refused.to_string(),
        "the disk is full: free some space, then do it again; what was saved before is safe"
    );
    assert_eq!(device.app().status().unwrap().inspections, saved);
    device.disk.set_capacity(None);
    device.act(|app| app.record_line(&line, &mut none)).unwrap();
    device.stop();
    device.start();
    assert_eq!(device.app().status().unwrap().inspections, saved + 1);
    settle(&mut world, ADA);
}

#[test]
fn a_full_server_says_try_later_and_nothing_is_lost_or_half_kept() {
    let mut world = world();
    visit(&mut world, ADA);
    world.server.disk.set_capacity(Some(used(&world.server.disk)));
    let before = world.devices[ADA].app().status().unwrap();
    let report = world.sync_cleanly(ADA).unwrap();
    let Some(Pause::Problem(problem)) = report.pause else { panic!("{report:?}") };
    assert_eq!((problem.status, problem.code.as_str()), (503, "unavailable"));
    assert_eq!(problem.detail, "the server cannot store this now; try again later");
    let after = world.devices[ADA].app().status().unwrap();
    assert_eq!(
        (after.ops_waiting, after.photos_waiting),
        (before.ops_waiting, before.photos_waiting)
    );
    world.server.disk.set_capacity(None);
    settle(&mut world, ADA);
    settle(&mut world, 1);
    assert_eq!(world.devices[1].app().status().unwrap().inspections, 1);
}
