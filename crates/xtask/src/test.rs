//! `cargo xtask test`: everything CI runs, the same at a desk.

use crate::check::{ADVISORIES, CLIPPY, DOCS, FORMAT};
use crate::failure::Failure;
use crate::steps::{OnlyIf, Step, run_all};

const TESTS: Step = Step {
    name: "tests",
    command: &["cargo", "test", "--workspace"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the name of the test above is the promise that broke; run it alone by that name.",
};

const SIMULATION: Step = Step {
    name: "simulation",
    command: &["cargo", "run", "-p", "spotcheck-testkit", "--bin", "sim", "--", "--seeds", "2000"],
    env: &[],
    only_if: OnlyIf::TestkitHas("sim"),
    remedy: "replay the seed named above with `cargo xtask sim`.",
};

const FEWER_SEEDS: Step = Step {
    command: &["cargo", "run", "-p", "spotcheck-testkit", "--bin", "sim", "--", "--seeds", "100"],
    ..SIMULATION
};

const MUTANTS: Step = Step {
    name: "mutants",
    command: &[
        "cargo",
        "run",
        "-p",
        "spotcheck-testkit",
        "--features",
        "planted",
        "--bin",
        "sim",
        "--",
        "--mutants",
        "--seeds",
        "400",
    ],
    remedy: "a planted fault went unseen: the invariant named above has become too weak.",
    ..SIMULATION
};

/// That every measurement still runs; no figure is judged on a machine that others share.
const BENCH: Step = Step {
    name: "bench",
    command: &["cargo", "xtask", "bench", "--quick"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the group named above no longer runs; `cargo xtask bench --quick --only` repeats it.",
};

/// The quickest to fail come first.
const EVERYTHING: &[Step] = &[FORMAT, CLIPPY, TESTS, SIMULATION, MUTANTS, BENCH, DOCS, ADVISORIES];

/// The inner loop: two minutes at most on a warm machine.
const QUICK: &[Step] = &[TESTS, FEWER_SEEDS];

/// `cargo xtask test [--quick]`.
pub(crate) fn test(args: &[String]) -> Result<(), Failure> {
    match args {
        [] => run_all("test", EVERYTHING),
        [flag] if flag == "--quick" => run_all("test --quick", QUICK),
        _ => Err(Failure::usage("test takes --quick or nothing")),
    }
}
