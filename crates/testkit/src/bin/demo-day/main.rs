//! `demo-day`: one day of three devices and a server, with everything going wrong that does.
//!
//! Each device is a `spotcheck` process in a folder of its own, behind a fault proxy of its own;
//! only public command lines are used. Every claim is printed with the figures it rests on.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]
#![allow(clippy::disallowed_methods, reason = "a host: it looks at the clock")]

mod arrival;
mod cast;
mod claims;
mod merging;
mod network;
mod recording;
mod visit;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use spotcheck_testkit::outside::Programs;

use cast::Cast;
use claims::Claims;

/// Longer than this is a failure by itself.
const MOST: Duration = Duration::from_secs(180);

/// Plays the demo day: three devices, a server, and everything that goes wrong outdoors.
///
/// Two inspectors and a lead enrol and go offline; findings F-01 to F-03 and one checklist twice
/// over are recorded; a clock is wrong, a process is killed, the network returns with faults;
/// everything arrives, once; the lead decides; all three see the same day. Exit status: 0 when every
/// claim held, 1 otherwise, 2 for wrong usage.
#[derive(Debug, Parser)]
#[command(name = "demo-day")]
struct Args {
    /// The program `spotcheck-server` [default: beside this one]
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// The program `spotcheck` [default: beside this one]
    #[arg(long, value_name = "PATH")]
    cli: Option<PathBuf>,
    /// The luck of the networks and the pixels of the photos
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Keep everything in this new folder [default: a temporary one, kept when something broke]
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut claims = Claims::new();
    match day(&args, &mut claims) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("demo-day: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every claim held.
fn day(args: &Args, claims: &mut Claims) -> anyhow::Result<bool> {
    let programs = Programs::find(args.server.clone(), args.cli.clone())?;
    let temporary = tempfile::Builder::new().prefix("demo-day-").tempdir()?;
    let root = match &args.keep {
        Some(keep) => {
            std::fs::create_dir_all(keep)?;
            keep.canonicalize()?
        }
        None => temporary.path().to_owned(),
    };
    let played = play(args.seed, &programs, &root, claims);
    if let Err(error) = &played {
        claims.claim(false, format_args!("the day could not go on: {error:#}"));
    }
    let all = claims.sum_up();
    if !all && args.keep.is_none() {
        let kept = temporary.keep();
        println!("folders, photos and the server's log are kept in {}", kept.display());
    }
    Ok(all)
}

fn play(seed: u64, programs: &Programs, root: &Path, claims: &mut Claims) -> anyhow::Result<()> {
    println!("Demo day: 飞检 at the Nanshan market and on the bus, {}, seed {seed}", visit::DAY);
    let mut cast = Cast::gather(seed, programs, root, claims)?;
    recording::first(&mut cast, claims)?;
    recording::second(&mut cast, claims)?;
    network::hotel(&cast, claims)?;
    network::return_with_faults(&cast, claims)?;
    arrival::all_once(&cast, claims)?;
    merging::decide(&cast, claims)
}
