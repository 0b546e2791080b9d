//! Seeded runs of a whole world, and what must hold after each.
//!
//! A run does what people, networks, disks and administrators do, in an order that the seed draws.
//! Then all faults stop, every device syncs until nothing moves, and the invariants I1–I16 are
//! checked. `docs/SIMULATION.md` says which is which.

mod invariants;
pub mod mutants;
mod run;
mod steps;
mod tally;

pub use invariants::Violation;
pub use run::{Options, run};
pub use tally::Tally;
