//! rustc with LLVM's coverage passes, for the crates of this workspace alone.
//!
//! Cargo starts its "workspace wrapper" in place of rustc for the members of the workspace and for
//! nothing else: what others wrote is taken as the tests built it, and what is fuzzed is ours. The
//! wrapper is this very program, told by a variable what it is.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::run::become_program;

/// Set where this program stands in for rustc.
const STAND_IN: &str = "SPOTCHECK_INSTRUMENT";

/// What libFuzzer needs of the code it runs; stable Rust can ask for it.
const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Makes a build instrument our crates.
pub(crate) fn instrumented(cargo: &mut Command, this_program: &Path) {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this_program).env(STAND_IN, "1");
}

/// Whether cargo started us in place of rustc.
pub(crate) fn is_rustc() -> bool {
    env::var_os(STAND_IN).is_some()
}

/// Stands in for rustc: its path and its arguments are ours.
pub(crate) fn rustc(args: &[String]) -> Result<(), Failure> {
    let Some((rustc, args)) = args.split_first() else {
        return Err(Failure::usage(format!("{STAND_IN} is set, so cargo must name its rustc")));
    };
    let mut command = Command::new(rustc);
    command.args(args);
    if !runs_while_building(args) {
        command.args(COVERAGE);
    }
    become_program(rustc, command)
}

/// Build scripts and macros are linked without libFuzzer, which coverage calls.
fn runs_while_building(args: &[String]) -> bool {
    args.windows(2).any(|pair| match pair {
        [flag, value] if flag == "--crate-name" => value.starts_with("build_script_"),
        [flag, value] if flag == "--crate-type" => value == "proc-macro",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_while_building_is_left_alone() {
        let line = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(runs_while_building(&line("--crate-name build_script_build build.rs")));
        assert!(runs_while_building(&line("--crate-name a --crate-type proc-macro src/lib.rs")));
        assert!(!runs_while_building(&line("--crate-name a --crate-type lib src/lib.rs")));
    }
}
