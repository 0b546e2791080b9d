//! Clocks wrong by years: evidence, never a judge.

use spotcheck_sqlite::Profile;
use spotcheck_testkit::world::World;

use crate::{settle, visit};

const YEAR_MS: i64 = 365 * 86_400_000;

#[test]
fn clocks_wrong_by_years_lose_reorder_and_refuse_nothing() {
    for years in [12, -12, 60, -60] {
        let mut world = World::new(5, Profile::Device);
        // Enrolled with the wrong clock already.
        world.add_device("ada", years * YEAR_MS);
        world.add_device("ben", 0);
        visit(&mut world, 0);
        // It is set right in the middle of the work, and then wrong the other way.
        world.devices[0].host.skew_ms.set(0);
        visit(&mut world, 0);
        world.devices[0].host.skew_ms.set(-years * YEAR_MS);
        visit(&mut world, 0);
        settle(&mut world, 0);
        settle(&mut world, 1);
        let mine = world.devices[0].app().status().unwrap();
        let theirs = world.devices[1].app().status().unwrap();
        assert_eq!((mine.inspections, theirs.inspections), (3, 3), "{years} years");
        // What the clock said stands, as it was said.
        let ops = world.devices[1].app().store().list_ops(0, 1000).unwrap();
        let ada = spotcheck_protocol::keys::Signer::log(world.key_of(0));
        let said: Vec<(u64, i64)> = ops
            .iter()
            .filter(|row| row.op.header.log == ada)
            .map(|row| (row.op.header.seq, row.op.header.at.wall_ms))
            .collect();
        assert!(said.windows(2).all(|pair| pair[0].0 < pair[1].0), "{said:?}");
        let span =
            said.iter().map(|(_, ms)| ms).max().unwrap() - said[0].1.min(said.last().unwrap().1);
        assert!(span >= 12 * YEAR_MS, "{said:?}");
    }
}
