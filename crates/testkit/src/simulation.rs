//! Seeded runs of a whole world, and what must hold after each.
//!
//! A run does what people, networks, disks and administrators do, in an order that the seed draws.
//! Then all faults stop, every device syncs until nothing moves, and the invariants I1–I16 are
//! checked. `docs/SIMULATION.md` says which is which.

mod acts;
mod faults;
mod invariants;
pub mod mutants;
mod run;
mod steps;
mod tally;

pub use invariants::Violation;
pub use run::{Options, run};
pub use tally::Tally;

#[cfg(test)]
mod tests {
    use spotcheck_sqlite::Profile;

    use super::{Options, run};

    #[test]
    fn twenty_seeds_hold() {
        for seed in 1..=20 {
            run(seed, Options::default()).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        }
    }

    #[test]
    fn commits_that_are_not_flushed_are_noticed() {
        let options = Options { profile: Profile::Unsafe, ..Options::default() };
        let noticed = (1..=200).find_map(|seed| run(seed, options).err());
        let violation = noticed.expect("200 seeds on a disk that forgets, and nobody noticed");
        assert_eq!(violation.invariant, "I16", "{violation}");
    }
}
