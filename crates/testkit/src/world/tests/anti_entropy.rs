use spotcheck_domain::ScopeId;

use super::*;

/// The scope of team A, and how far a device pulled it.
fn scope_of(world: &mut World, device: usize) -> (ScopeId, u64) {
    let app = world.devices[device].app();
    let home = app.identity().unwrap().home_scope;
    (home, app.store().cursor(home).unwrap().after)
}

/// Makes a device forget what a scope delivered in a range, as damage would, its cursor standing.
fn forget(world: &mut World, device: usize, scope: ScopeId, range: (u64, u64)) {
    use spotcheck_sync::Local as _;
    world.devices[device].app().apply_range(scope, range, &[]).unwrap();
}

#[test]
fn a_gap_behind_the_cursor_is_found_and_only_the_gap_is_fetched() {
    let mut world = world(&["ada", "ben"]);
    // So many that the first ranges are too large to be answered at once.
    world.devices[0].write_many(9000);
    sync(&mut world, 0);
    sync(&mut world, 1);
    let (scope, through) = scope_of(&mut world, 1);
    let whole = world.devices[1].app().store().cursor(scope).unwrap();
    assert_eq!(whole.count, 9000);

    // One op in the middle; then one at each end, and a stretch of two hundred.
    let gaps = [
        vec![(700, 701)],
        vec![(through - 9000, through - 8999), (through - 1, through), (900, 1100)],
    ];
    for gaps in gaps {
        for gap in &gaps {
            forget(&mut world, 1, scope, *gap);
        }
        assert_ne!(world.devices[1].app().store().cursor(scope).unwrap(), whole);
        let report = sync(&mut world, 1);
        assert!(report.repaired);
        assert_eq!(world.devices[1].app().store().cursor(scope).unwrap(), whole, "{gaps:?}");
        assert!(report.requests < 10, "{} requests for {gaps:?}", report.requests);
    }
    assert!(!sync(&mut world, 1).repaired);
}

#[test]
fn a_scope_of_which_everything_was_lost_comes_back() {
    let mut world = world(&["ada", "ben"]);
    for _ in 0..40 {
        inspect(&mut world, 0, "");
    }
    sync(&mut world, 0);
    sync(&mut world, 1);
    let (scope, through) = scope_of(&mut world, 1);
    let whole = world.devices[1].app().store().cursor(scope).unwrap();
    forget(&mut world, 1, scope, (0, through));
    assert!(sync(&mut world, 1).repaired);
    assert_eq!(world.devices[1].app().store().cursor(scope).unwrap(), whole);
}
