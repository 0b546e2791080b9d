//! A device without a screen: how automation and tests use Spotcheck.
//!
//! `docs/CLI.md` is its reference. This crate is a host: it gives the app files, a clock, keys and a
//! network, and turns what the app answers into text or JSON. It decides nothing about checks.
#![allow(
    clippy::disallowed_methods,
    reason = "a host: this is where files, the clock and the network come from"
)]

mod args;
mod author;
mod commands;
mod failure;
mod home;
mod names;
mod out;
mod settle;

pub use failure::Failure;
pub use home::{CliDevice, open};
pub use settle::{Settled, enrol, settle};

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use args::Args;
use out::Out;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return misused(&error),
    };
    let mut out = Out::new(args.json);
    let done = commands::run(&args, &mut out);
    let done = out.close(done);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Help goes to stdout and is no failure; anything else is wrong usage.
fn misused(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    // The arguments did not parse, so the flag is looked for where it may stand.
    let json = std::env::args_os().any(|arg| arg == "--json");
    if asked_for || !json {
        // A closed pipe is not worth a word.
        let _ = error.print();
        return ExitCode::from(if asked_for { 0 } else { failure::USAGE });
    }
    let text = error.render().to_string();
    let text = text.trim_start_matches("error: ").lines().next().unwrap_or_default();
    Out::new(true).failure(&Failure::Usage(text.to_owned()));
    ExitCode::from(failure::USAGE)
}
