//! `kills`: a device and a server, killed at random moments, over a hostile network.
//!
//! What was acknowledged must be on the device at once, and at the end on the server and on a fresh
//! device, once. The seed decides what is done and when the kills come; how far a process is by then
//! is up to the machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]
#![allow(clippy::disallowed_methods, reason = "a host: it looks at the clock")]

mod acknowledged;
mod luck;
mod story;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use spotcheck_testkit::outside::Programs;

use luck::Luck;
use story::Story;

/// Longer than this for each kill is a failure by itself.
const MOST_EACH: Duration = Duration::from_secs(4);

/// Kills a recording and syncing device, and the server, at random moments (SIGKILL).
///
/// Exit status: 0 when nothing that was acknowledged is lost and nothing is there twice, 1
/// otherwise, 2 for wrong usage.
#[derive(Debug, Parser)]
#[command(name = "kills")]
struct Args {
    /// The program `spotcheck-server` [default: beside this one]
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// The program `spotcheck` [default: beside this one]
    #[arg(long, value_name = "PATH")]
    cli: Option<PathBuf>,
    /// How many kills of a process at work
    #[arg(long, value_name = "N", default_value_t = 40)]
    kills: u32,
    /// What is done and when [default: another one each time]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = args.seed.unwrap_or(now.as_secs() % 1_000_000);
    println!("kills: seed {seed}; replay: cargo xtask kills --seed {seed} --kills {}", args.kills);
    let folder = tempfile::Builder::new().prefix("kills-").tempdir();
    let played = folder.map_err(anyhow::Error::from).and_then(|folder| {
        let played = play(&args, seed, folder.path());
        if played.is_err() {
            println!("folders and the server's log are kept in {}", folder.keep().display());
        }
        played
    });
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("BROKEN  {error:#}");
            println!("replay: cargo xtask kills --seed {seed} --kills {}", args.kills);
            ExitCode::FAILURE
        }
    }
}

fn play(args: &Args, seed: u64, root: &std::path::Path) -> anyhow::Result<()> {
    let began = Instant::now();
    let programs = Programs::find(args.server.clone(), args.cli.clone())?;
    let most = MOST_EACH * (args.kills + 10);
    let mut story = Story::begin(&programs, root, Luck::new(seed), most)?;
    story.kill(args.kills)?;
    verdict::reach(&mut story)?;
    println!("all held, in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}
