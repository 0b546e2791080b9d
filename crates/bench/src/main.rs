//! `spotcheck-bench`: what the product does beside what the bare machine does, in the same run.
//!
//! `docs/BENCH.md` lists the figures. Start it with `cargo xtask bench`, which builds the server and
//! the command line beside it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]
#![allow(clippy::disallowed_methods, reason = "a host: files, clocks and threads are its own")]

mod desk;
mod exchange;
mod figure;
mod figures;
mod host;
mod machine;
mod raw;
mod relay;
mod scene;
mod server;
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use figure::Figure;
use figures::Bench;

/// Measures the product beside the bare machine.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    /// A smoke run: everything small and once, without verdicts
    #[arg(long)]
    quick: bool,
    /// One JSON object a figure
    #[arg(long)]
    json: bool,
    /// Only these groups, separated by commas: answer, sync, wire, crowd, photos, find, board, merge, logic, growth
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Where to work [default: the build folder]; must be a disk, not memory
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// How the measured device process is started; not for people
    #[arg(long, hide = true, requires_all = ["device", "url"])]
    pull_in: Option<PathBuf>,
    #[arg(long, hide = true)]
    device: Option<u64>,
    #[arg(long, hide = true)]
    url: Option<String>,
}

type Group = (&'static str, fn(&Bench) -> anyhow::Result<Vec<Figure>>);

const GROUPS: [Group; 10] = [
    ("answer", figures::answer::figures),
    ("sync", figures::sync::figures),
    ("wire", figures::wire::figures),
    ("crowd", figures::crowd::figures),
    ("photos", figures::photos::figures),
    ("find", figures::find::figures),
    ("board", figures::board::figures),
    ("merge", figures::merge::figures),
    ("logic", figures::logic::figures),
    ("growth", figures::growth::figures),
];

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> anyhow::Result<()> {
    if let (Some(home), Some(number), Some(url)) = (&args.pull_in, args.device, &args.url) {
        println!("{}", figures::sync::pull_in(home, number, url)?);
        return Ok(());
    }
    if let Some(unknown) = args.only.iter().find(|it| !GROUPS.iter().any(|(name, _)| name == it)) {
        anyhow::bail!("--only: there is no group {unknown:?}; see --help");
    }
    let base = match &args.folder {
        Some(folder) => folder.clone(),
        None => std::env::current_exe()?.parent().map(Path::to_owned).unwrap_or_default(),
    };
    std::fs::create_dir_all(&base)?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&base)?;
    let facts = machine::facts(folder.path());
    if args.json {
        let facts: serde_json::Map<String, serde_json::Value> =
            facts.iter().map(|(name, fact)| ((*name).to_owned(), fact.as_str().into())).collect();
        println!("{}", serde_json::json!({ "machine": facts }));
    } else {
        facts.iter().for_each(|(name, fact)| println!("{name:<12} {fact}"));
        println!("\n{}", figure::HEAD);
    }
    let (mut met, mut judged) = (0, 0);
    for (name, measure) in GROUPS {
        if !args.only.is_empty() && !args.only.iter().any(|only| only == name) {
            continue;
        }
        let bench = Bench { root: folder.path().join(name), quick: args.quick };
        std::fs::create_dir_all(&bench.root)?;
        let figures = measure(&bench).with_context(|| format!("group {name}"))?;
        std::fs::remove_dir_all(&bench.root)?;
        for figure in figures {
            judged += usize::from(figure.met().is_some());
            met += usize::from(figure.met() == Some(true));
            let verdict = !args.quick;
            let line = if args.json { figure.to_json(verdict) } else { figure.to_row(verdict) };
            println!("{line}");
        }
    }
    if !args.json {
        match args.quick {
            true => println!("\na smoke run: everything ran, nothing was judged"),
            false => println!("\n{met} of {judged} budgets met"),
        }
    }
    Ok(())
}
