//! Commands that only save typing: everything after the name goes to the program that does it.

use crate::failure::Failure;
use crate::run::become_program;
use crate::workspace::{program, testkit_has};

/// `cargo xtask sim ARGS…`
pub(crate) fn sim(args: &[String]) -> Result<(), Failure> {
    testkit("sim", args)
}

/// `cargo xtask fuzz ARGS…`
pub(crate) fn fuzz(args: &[String]) -> Result<(), Failure> {
    testkit("fuzz", args)
}

/// `cargo xtask bench ARGS…`
pub(crate) fn bench(args: &[String]) -> Result<(), Failure> {
    cargo_run(&["--package", "spotcheck-bench"], args)
}

fn testkit(bin: &str, args: &[String]) -> Result<(), Failure> {
    if !testkit_has(bin) {
        let sentence = format!("spotcheck-testkit has no binary `{bin}` yet: write it first");
        return Err(Failure::failed(sentence));
    }
    cargo_run(&["--package", "spotcheck-testkit", "--bin", bin], args)
}

fn cargo_run(which: &[&str], args: &[String]) -> Result<(), Failure> {
    let mut command = program("cargo");
    command.arg("run").args(which).arg("--").args(args);
    become_program("cargo", command)
}
