//! `spotcheck`: a device without a screen. `docs/CLI.md` is its reference.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a host and a command line: files, the clock and the terminal come from here"
)]

mod args;
mod commands;
mod failure;
mod folder_blobs;
mod home;
mod record;
mod say;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let json = args.json;
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::failure(&failure, json);
            ExitCode::FAILURE
        }
    }
}
