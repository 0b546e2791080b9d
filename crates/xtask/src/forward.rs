//! Commands that only save typing: everything after the name goes to the program that does it.

use crate::failure::Failure;
use crate::run::become_program;
use crate::steps::run_command;
use crate::workspace::{binaries, is_built, program, root};

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

/// `cargo xtask bench ARGS…`
pub(crate) fn bench(args: &[String]) -> Result<(), Failure> {
    // A smoke run takes what the tests have built already; figures want an optimised build.
    let (profile, folder) = match args.iter().any(|arg| arg == "--quick") {
        true => ("dev", "debug"),
        false => ("bench", "release"),
    };
    if !(is_built() && profile == "dev") {
        let mut build = program("cargo");
        build.args(["build", "--quiet", "--profile", profile]);
        build.args(["-p", "spotcheck-server", "-p", "spotcheck-cli", "-p", "spotcheck-bench"]);
        run_command(build, "the compiler says above what it could not build")?;
    }
    let target = binaries()?;
    let target = target.parent().unwrap_or(&target);
    let name = format!("spotcheck-bench{}", std::env::consts::EXE_SUFFIX);
    let mut command = program(target.join(folder).join(name));
    command.args(args);
    become_program("spotcheck-bench", command)
}

fn cargo_run(which: &[&str], args: &[String]) -> Result<(), Failure> {
    let mut command = program("cargo");
    command.arg("run").args(which).arg("--").args(args);
    become_program("cargo", command)
}
