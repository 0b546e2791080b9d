//! Commands that only save typing: everything after the name goes to the program that does it.

use crate::failure::Failure;
use crate::run::become_program;
use crate::workspace::{program, root};

/// `cargo xtask sim ARGS…`
pub(crate) fn sim(args: &[String]) -> Result<(), Failure> {
    cargo_run(&["--package", "spotcheck-testkit", "--bin", "sim"], args)
}

/// `cargo xtask bindings`: the test that compares the types writes them when it is told to.
pub(crate) fn bindings(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("bindings takes no argument"));
    }
    let mut cargo = program("cargo");
    cargo.args(["test", "--package=spotcheck-testkit", "--test=door", "bindings"]);
    cargo.env("SPOTCHECK_WRITE_BINDINGS", "1").current_dir(root()?);
    become_program("cargo", cargo)
}

fn cargo_run(which: &[&str], args: &[String]) -> Result<(), Failure> {
    let mut command = program("cargo");
    command.arg("run").args(which).arg("--").args(args);
    become_program("cargo", command)
}
