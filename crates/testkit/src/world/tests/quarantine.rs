use super::*;

const FINDING: &str = r#","findings":[{"note":"no log","severity":"major"}]"#;

fn waiting(world: &mut World, device: usize) -> usize {
    let ops = world.devices[device].app().store().list_ops(0, 1000).unwrap();
    ops.iter().filter(|row| row.quarantined.is_some()).count()
}

#[test]
fn what_is_released_reaches_everybody_and_its_author_is_told() {
    let mut world = world(&["ada", "ben", "lead"]);
    // Ben is out of the team while he records: all of it is kept, and nothing shown.
    world.server.change_team("ben", false);
    let record = inspect(&mut world, 1, FINDING);
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), None);
    assert_eq!(waiting(&mut world, 1), 2);

    world.server.change_team("ben", true);
    assert_eq!(world.server.release(100, |_| true), 2);
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));
    assert_eq!(world.devices[2].app().store().children(record).unwrap().len(), 1);
    assert_eq!(waiting(&mut world, 1), 0);
    // And what follows it is admitted like anything else.
    super::record(
        &mut world,
        1,
        &format!(r#"{{"inspection":"{record}","answers":{{"GEN-01":{{"count":4}}}}}}"#),
    );
    sync(&mut world, 1);
    sync(&mut world, 2);
    assert_ne!(shown(&mut world, 2, record, "GEN-01"), None);
}

#[test]
fn a_release_that_a_restored_server_lost_counts_again() {
    let mut world = world(&["ada", "ben", "lead"]);
    let backup = world.server.backup();
    world.server.change_team("ben", false);
    let record = inspect(&mut world, 1, "");
    sync(&mut world, 1);
    world.server.release(100, |_| true);
    sync(&mut world, 2);
    assert_eq!(shown(&mut world, 2, record, "site"), Some("NS-MKT".into()));

    world.server.restore(backup);
    // The lead brings the directory back, with the release, before Ben brings his op.
    for device in [2, 1, 0, 2] {
        sync(&mut world, device);
    }
    sync(&mut world, 0);
    assert_eq!(shown(&mut world, 0, record, "site"), Some("NS-MKT".into()));
    assert_eq!(world.server.quarantine(), Vec::<String>::new());
}
