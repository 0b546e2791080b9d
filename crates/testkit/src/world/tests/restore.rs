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
