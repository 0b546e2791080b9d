use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable};
use spotcheck_server::blobs::Blobs as _;
use spotcheck_server::ledger::Ledger as _;

use super::super::{FaultyApi, Network};
use super::*;

#[test]
fn a_restored_server_gets_back_a_directory_larger_than_a_page() {
    let mut world = world(&["ada"]);
    let backup = world.server.backup();
    // Three thousand people more, and one more device: all of it is lost with the restore.
    world.server.add_users(3000);
    world.add_device("ben", 0);
    let record = inspect(&mut world, 1, "");
    sync(&mut world, 1);
    sync(&mut world, 0);

    world.server.restore(backup);
    let report = sync(&mut world, 1);
    assert!(report.rewound);
    assert_eq!(world.server.user_count(), 3006);
    sync(&mut world, 0);
    assert_eq!(shown(&mut world, 0, record, "site"), Some("NS-MKT".into()));
}

/// A network that is gone after so many requests.
struct Cut<'a> {
    whole: FaultyApi<'a>,
    left: std::cell::Cell<u32>,
}

impl SyncApi for Cut<'_> {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        match self.left.get() {
            0 => Err(Unreachable("gone".to_owned())),
            left => {
                self.left.set(left - 1);
                self.whole.send(request).await
            }
        }
    }
}

#[test]
fn what_others_recorded_is_given_back_though_the_line_is_cut_in_between() {
    let mut world = world(&["ada", "lead", "ben"]);
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    let backup = world.server.backup();
    let record = inspect(&mut world, 0, "");
    sync(&mut world, 0);
    sync(&mut world, 1);
    // Ada's phone is gone for good. The lead's learns of the restore, rewinds, and loses its line.
    world.server.restore(backup);
    world.clock.set(world.clock.get() + 60_000);
    {
        let clean = Network::new(world.dice.clone());
        let whole = FaultyApi::new(&world.server, &clean);
        let cut = Cut { whole, left: std::cell::Cell::new(2) };
        let report = world.devices[1].round(&cut).unwrap();
        assert!(report.rewound && report.pause.is_some(), "{report:?}");
    }
    world.devices[1].crash();
    world.devices[1].start();
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));
}

/// A phone was copied, so it goes on under a new log; then it is gone, and the server forgets it.
#[test]
fn what_a_lost_phone_wrote_under_its_new_log_is_given_back_by_others() {
    let mut world = world(&["ada", "lead", "ben"]);
    inspect(&mut world, 0, "");
    (0..3).for_each(|device| drop(sync(&mut world, device)));
    let backup = world.server.backup();
    let clone = world.clone_device(0);
    inspect(&mut world, 0, "");
    sync(&mut world, 0);
    let record = inspect(&mut world, clone, "");
    let report = sync(&mut world, clone);
    assert!(report.succeeded, "{report:?}");
    sync(&mut world, clone);
    sync(&mut world, 1);
    assert_eq!(shown(&mut world, 1, record, "site"), Some("NS-MKT".into()));
    world.server.restore(backup);
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));
}

#[test]
fn a_rewind_that_loses_its_power_halfway_is_begun_anew() {
    let photo = r#","findings":[{"note":"no log","severity":"major","photos":["door"]}]"#;
    let mut cut = 0;
    loop {
        cut += 5;
        let mut world = world(&["ada", "ben"]);
        (0..2).for_each(|device| drop(sync(&mut world, device)));
        let backup = world.server.backup();
        inspect(&mut world, 1, "");
        sync(&mut world, 1);
        inspect(&mut world, 0, photo);
        sync(&mut world, 0);
        // Ben notices first, and the server is soon beyond what Ada saw of it.
        world.server.restore(backup);
        for _ in 0..9 {
            inspect(&mut world, 1, "");
        }
        sync(&mut world, 1);

        world.devices[0].disk.cut_after_io(cut);
        let whole = world.sync_cleanly(0).is_ok();
        world.devices[0].power_cut();
        world.devices[0].start();
        sync(&mut world, 0);
        let (blobs, ws) = (&world.server.blobs, world.server.ws);
        let door = pollster::block_on(blobs.read(ws, BlobHash::of(b"door"), 0, 9));
        assert_eq!(door.unwrap(), b"door", "cut at {cut}");
        for known in world.devices[0].app().store().checkpoints(99).unwrap() {
            let ledger = world.server.service().ledger();
            let known = ledger.knows_checkpoint(ws, known.size, known.root);
            assert!(pollster::block_on(known).unwrap(), "cut at {cut}");
        }
        if whole {
            return;
        }
    }
}
