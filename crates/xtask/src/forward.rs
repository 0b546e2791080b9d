//! Commands that only save typing: everything after the name goes to the program that does it.

use crate::failure::Failure;
use crate::run::become_program;
use crate::workspace::program;

/// `cargo xtask sim ARGS…`
pub(crate) fn sim(args: &[String]) -> Result<(), Failure> {
    // Planted faults are compiled in for this one question only.
    let planted = args.iter().any(|arg| arg == "--mutants");
    let features: &[&str] = if planted { &["--features", "planted"] } else { &[] };
    let which = [&["--package", "spotcheck-testkit", "--bin", "sim"], features].concat();
    cargo_run(&which, args)
}

fn cargo_run(which: &[&str], args: &[String]) -> Result<(), Failure> {
    let mut command = program("cargo");
    command.arg("run").args(which).arg("--").args(args);
    become_program("cargo", command)
}
