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
    only_if: OnlyIf::Always,
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

const DEMO_DAY: Step = Step {
    name: "demo day",
    command: &["cargo", "xtask", "run", "--script"],
    remedy: "the claim above that is BROKEN; replay it with `cargo xtask run --script`.",
    ..TESTS
};

const KILLS: Step = Step {
    name: "kills",
    command: &["cargo", "xtask", "kills"],
    remedy: "replay the seed named above with `cargo xtask kills --seed`.",
    ..TESTS
};

const FUZZ: Step = Step {
    name: "fuzz",
    command: &["cargo", "run", "--quiet", "-p", "spotcheck-xtask", "--", "fuzz", "--seconds=10"],
    remedy: "the input above breaks a promise: keep it in the target's corpus and mend the code.",
    ..TESTS
};

/// A program of its own, because it looks for what it needs, and says what it found and uses.
const BROWSER: Step = Step {
    name: "browser",
    command: &["cargo", "xtask", "browser"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "run `cargo xtask browser`; docs/BROWSER.md says what it needs.",
};

/// That every measurement still runs; no figure is judged on a machine that others share.
const BENCH: Step = Step {
    name: "bench",
    command: &["cargo", "xtask", "bench", "--quick"],
    env: &[],
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

/// The server as a program of its own: the two steps after this start it.
const SERVER: Step = Step {
    name: "server",
    command: &["cargo", "build", "-p", "spotcheck-server", "-p", "spotcheck-testkit"],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the compiler says above what it could not build.",
};

const INTEROP: Step = Step {
    name: "interop",
    command: &["cargo", "run", "-p", "spotcheck-testkit", "--bin", "interop", "--", "tus"],
    remedy: "the client and its trouble are named above; docs/TUS.md says what they may expect.",
    ..SERVER
};

const API: Step = Step {
    name: "api",
    command: &["cargo", "run", "-p", "spotcheck-testkit", "--bin", "interop", "--", "api"],
    remedy: "mend the server or what it says of itself: server/src/http/openapi, docs/PROTOCOL.md.",
    ..SERVER
};

/// The quickest to fail come first.
const EVERYTHING: &[Step] = &[
    FORMAT,
    CLIPPY,
    TESTS,
    DEMO_DAY,
    KILLS,
    FOREIGN_CLIENTS,
    SERVER,
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
const QUICK: &[Step] = &[TESTS, FEWER_SEEDS];

/// `cargo xtask test [--quick]`.
pub(crate) fn test(args: &[String]) -> Result<(), Failure> {
    match args {
        [] => run_all("test", EVERYTHING),
        [flag] if flag == "--quick" => run_all("test --quick", QUICK),
        _ => Err(Failure::usage("test takes --quick or nothing")),
    }
}
