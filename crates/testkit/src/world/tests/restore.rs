use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable};

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
    assert_eq!(world.server.user_count(), 3005);
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
