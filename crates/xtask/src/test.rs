//! `cargo xtask test`: everything CI runs, the same at a desk.

use crate::check::{ADVISORIES, CLIPPY, DOCS, FORMAT};
use crate::failure::Failure;
use crate::setup::{setup, setup_for_checks};
use crate::steps::{OnlyIf, Step, run_all};

/// Said to commands that would build what they need: it is there.
const BUILT: &[(&str, &str)] = &[(crate::workspace::BUILT, "1")];

/// Everything in one go but the window (`cargo xtask window`), whose dependencies alone take as long
/// as all others: programs and tests share one set of dependencies. What follows runs what
/// this built, and builds nothing of it again.
const BUILD: Step = Step {
    name: "build",
    command: &["cargo", "build", "--workspace", "--exclude=spotcheck-tauri", "--all-targets"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the compiler says above what it could not build.",
};

const TESTS: Step = Step {
    name: "tests",
    command: &["cargo", "test", "--workspace", "--exclude=spotcheck-tauri"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the name of the test above is the promise that broke; run it alone by that name.",
};

const SIMULATION: Step = Step {
    name: "simulation",
    command: &["ours:sim", "--seeds", "2000"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "replay the seed named above with `cargo xtask sim`.",
};

const FEWER_SEEDS: Step = Step { command: &["ours:sim", "--seeds", "100"], ..SIMULATION };

/// The same with faults planted in the product, one after the other: each must be noticed.
const MUTANTS: Step = Step {
    name: "mutants",
    command: &["ours:sim", "--mutants", "--seeds", "2000"],
    remedy: "a planted fault went unseen: the invariant named above has become too weak.",
    ..SIMULATION
};

const DEMO_DAY: Step = Step {
    name: "demo day",
    command: &["ours:xtask", "run", "--script"],
    env: BUILT,
    remedy: "the claim above that is BROKEN; replay it with `cargo xtask run --script`.",
    ..TESTS
};

const KILLS: Step = Step {
    name: "kills",
    command: &["ours:xtask", "kills"],
    env: BUILT,
    remedy: "replay the seed named above with `cargo xtask kills --seed`.",
    ..TESTS
};

const FUZZ: Step = Step {
    name: "fuzz",
    command: &["ours:xtask", "fuzz", "--seconds=10"],
    remedy: "the input above breaks a promise: keep it in the target's corpus and mend the code.",
    ..TESTS
};

/// A program of its own, because it looks for what it needs, and says what it found and uses.
const BROWSER: Step = Step {
    name: "browser",
    command: &["ours:xtask", "browser"],
    env: BUILT,
    only_if: OnlyIf::Always,
    remedy: "run `cargo xtask browser`; docs/BROWSER.md says what it needs.",
};

/// That every measurement still runs; no figure is judged on a machine that others share.
const BENCH: Step = Step {
    name: "bench",
    command: &["ours:xtask", "bench", "--quick"],
    env: BUILT,
    only_if: OnlyIf::Always,
    remedy: "the group named above no longer runs; `cargo xtask bench --quick --only` repeats it.",
};

const FOREIGN_CLIENTS: Step = Step {
    name: "clients",
    command: &["sh", "tests/interop/setup.sh"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "npm or pip says above what it could not bring.",
};

const INTEROP: Step = Step {
    name: "interop",
    command: &["ours:interop", "tus"],
    remedy: "the client and its trouble are named above; docs/TUS.md says what they may expect.",
    ..BENCH
};

const API: Step = Step {
    name: "api",
    command: &["ours:interop", "api"],
    remedy: "mend the server or what it says of itself: server/src/http/openapi, docs/PROTOCOL.md.",
    ..BENCH
};

/// The quickest to fail come first.
const EVERYTHING: &[Step] = &[
    FORMAT,
    CLIPPY,
    BUILD,
    TESTS,
    DEMO_DAY,
    KILLS,
    FOREIGN_CLIENTS,
    INTEROP,
    API,
    BENCH,
    BROWSER,
    SIMULATION,
    MUTANTS,
    FUZZ,
    DOCS,
    ADVISORIES,
];

/// The inner loop: two minutes at most on a warm machine.
const QUICK: &[Step] = &[BUILD, TESTS, FEWER_SEEDS];

/// `cargo xtask test [--quick]`.
pub(crate) fn test(args: &[String]) -> Result<(), Failure> {
    match args {
        [] => run_all("test", setup_for_checks, EVERYTHING),
        [flag] if flag == "--quick" => run_all("test --quick", setup, QUICK),
        _ => Err(Failure::usage("test takes --quick or nothing")),
    }
}
