//! Runs seeds, or planted faults, and says what happened.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use spotcheck_testkit::simulation::{Options, Tally, run};

/// Seeded simulation of devices and a server.
#[derive(Debug, Parser)]
struct Args {
    /// How many seeds [default: 200; with --mutants 2000, in which each fault must be noticed]
    #[arg(long)]
    seeds: Option<u64>,
    /// The first seed: the one a failure printed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Steps a seed at least; it goes on until enough has happened.
    #[arg(long, default_value_t = 60)]
    steps: u64,
    /// Instead: one seed that goes on until so many ops are recorded.
    #[arg(long, value_name = "OPS")]
    large: Option<u64>,
    /// Runs planted faults instead, each until it is noticed.
    #[arg(long)]
    mutants: bool,
    /// With `--mutants`: only this one.
    #[arg(long)]
    only: Option<String>,
}

#[allow(clippy::disallowed_methods, reason = "a command line may look at the clock")]
fn main() -> ExitCode {
    let args = Args::parse();
    if args.mutants {
        return mutants(&args);
    }
    let began = Instant::now();
    if let Some(ops) = args.large {
        return large(args.from, ops, began);
    }
    let seeds = args.seeds.unwrap_or(200);
    let options = Options { steps: args.steps, ..Options::default() };
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let threads = threads() as u64;
    let results: Vec<Result<Tally, (u64, String)>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| scope.spawn(move || part(worker, threads, args.from, seeds, options)))
            .collect();
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|_| Err((0, "a worker died".into()))))
            .collect()
    });
    std::panic::set_hook(quiet);
    let mut tally = Tally::default();
    let mut failed = false;
    for result in results {
        match result {
            Ok(part) => tally.merge(&part),
            Err((seed, what)) => {
                failed = true;
                println!("seed {seed} failed: {what}");
                println!("replay: cargo xtask sim --seeds 1 --from {seed} --steps {}", args.steps);
            }
        }
    }
    for (name, count) in &tally.0 {
        println!("{count:>8}  {name}");
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{seeds} seeds in {seconds:.1} s, {:.0} a second", seeds as f64 / seconds);
    // A few seeds cannot meet everything.
    let never = if seeds >= 1000 { tally.never() } else { vec![] };
    for name in &never {
        println!("never happened: {name}");
    }
    if failed || !never.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// One large world, with the size of what it left.
#[allow(clippy::disallowed_methods, reason = "a command line may look at the clock")]
fn large(seed: u64, ops: u64, began: Instant) -> ExitCode {
    let done = run(seed, Options { large: Some(ops), ..Options::default() });
    match done {
        Ok(tally) => {
            tally.0.iter().for_each(|(name, count)| println!("{count:>8}  {name}"));
            println!(
                "seed {seed}: {ops} ops and more hold, {:.0} s",
                began.elapsed().as_secs_f64()
            );
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("seed {seed} failed: {violation}");
            println!("replay: cargo xtask sim --large {ops} --from {seed}");
            ExitCode::FAILURE
        }
    }
}

fn part(
    worker: u64,
    of: u64,
    from: u64,
    seeds: u64,
    options: Options,
) -> Result<Tally, (u64, String)> {
    let mut tally = Tally::default();
    for seed in (from..from + seeds).filter(|seed| seed % of == worker) {
        match run(seed, options) {
            Ok(done) => tally.merge(&done),
            Err(violation) => return Err((seed, violation.to_string())),
        }
    }
    Ok(tally)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(not(debug_assertions))]
fn mutants(_: &Args) -> ExitCode {
    eprintln!("planted faults are not in a release: run a debug build");
    ExitCode::from(2)
}

/// Each planted fault until it is noticed; a fault is planted in one thread, so several run at once.
#[cfg(debug_assertions)]
#[allow(clippy::disallowed_methods, reason = "a command line may use threads")]
fn mutants(args: &Args) -> ExitCode {
    use spotcheck_testkit::simulation::mutants::{MUTANTS, Mutant};
    std::panic::set_hook(Box::new(|_| {}));
    let wanted = |mutant: &&Mutant| args.only.as_deref().is_none_or(|only| only == mutant.name);
    let chosen: Vec<&Mutant> = MUTANTS.iter().filter(wanted).collect();
    let queue = std::sync::Mutex::new(chosen.iter());
    let next = || queue.lock().ok()?.next();
    let alive: usize = std::thread::scope(|scope| {
        let work = || std::iter::from_fn(next).filter(|mutant| survives(mutant, args)).count();
        let workers: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
        // A worker that died has noticed nothing.
        workers.into_iter().map(|worker| worker.join().unwrap_or(1)).sum()
    });
    println!("{} of {} planted faults noticed", chosen.len() - alive, chosen.len());
    if alive == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plants a fault in this thread and looks for a seed that notices it.
#[cfg(debug_assertions)]
fn survives(mutant: &spotcheck_testkit::simulation::mutants::Mutant, args: &Args) -> bool {
    spotcheck_domain::planted::plant(mutant.name);
    let options = Options { steps: args.steps, ..Options::default() };
    let seeds = args.from..args.from + args.seeds.unwrap_or(2000);
    let mut tried = seeds.clone();
    let killed = tried.find_map(|seed| run(seed, options).err().map(|v| (seed, v)));
    spotcheck_domain::planted::plant("");
    match &killed {
        Some((seed, violation)) => {
            println!("killed  {:<32} seed {seed:>4}  {violation}", mutant.name);
        }
        None => println!("ALIVE   {:<32} seeds {seeds:?}  {}", mutant.name, mutant.after),
    }
    killed.is_none()
}
