//! `cargo xtask fuzz [TARGET] [--seconds N]`: libFuzzer on each target, two at a time.
//!
//! One binary, its own crates built once more with coverage (see [`instrument`]): neither a nightly
//! compiler nor `cargo fuzz` is needed, and nothing of the product is built this way.

pub(crate) mod instrument;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use crate::failure::Failure;
use crate::say;
use crate::setup::{FUZZ, need};
use crate::workspace::{binaries, program, root};

/// Where the targets keep what was found: a folder each, named like it.
const CORPORA: &str = "crates/testkit/corpus";
/// Two cores are what CI has.
const AT_ONCE: usize = 2;

/// What the command line asked for.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    target: Option<String>,
    seconds: u32,
}

/// `cargo xtask fuzz`.
pub(crate) fn fuzz(args: &[String]) -> Result<(), Failure> {
    let plan = parse(args)?;
    let root = root()?;
    let targets = chosen(&targets(&root)?, plan.target.as_deref())?;
    need(FUZZ)?;
    let target = binaries()?.parent().map_or_else(|| root.join("target"), Path::to_path_buf);
    let fuzzer = build(&root, &target)?;
    let folder = target.join("fuzz");
    let mut found = vec![];
    for pair in targets.chunks(AT_ONCE) {
        let runs: Vec<_> = pair
            .iter()
            .map(|target| start(&fuzzer, &root, &folder, target, plan.seconds))
            .collect();
        for (target, run) in pair.iter().zip(runs) {
            let output = run.join().map_err(|_| Failure::failed("a fuzzer could not be run"))??;
            found.extend(judge(target, &output));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "found an input that breaks {}; its file is named above: keep it as a file in \
         {CORPORA}/TARGET, where `cargo test -p spotcheck-testkit fuzz` replays it, and mend the code",
        found.join(", ")
    )))
}

fn parse(args: &[String]) -> Result<Plan, Failure> {
    let mut plan = Plan { target: None, seconds: 60 };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--seconds") {
            Some("") => plan.seconds = seconds(args.next().map(String::as_str))?,
            Some(joined) if joined.starts_with('=') => plan.seconds = seconds(joined.get(1..))?,
            None if !arg.starts_with('-') && plan.target.is_none() => {
                plan.target = Some(arg.clone());
            }
            _ => return Err(Failure::usage(format!("fuzz does not know `{arg}`"))),
        }
    }
    Ok(plan)
}

fn seconds(text: Option<&str>) -> Result<u32, Failure> {
    let number = text.and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
    number.ok_or_else(|| Failure::usage("--seconds needs a whole number from 1 on"))
}

fn targets(root: &Path) -> Result<Vec<String>, Failure> {
    let missing = |e| Failure::failed(format!("{CORPORA} cannot be read ({e})"));
    let entries = fs::read_dir(root.join(CORPORA)).map_err(missing)?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

fn chosen(all: &[String], target: Option<&str>) -> Result<Vec<String>, Failure> {
    let Some(target) = target else { return Ok(all.to_vec()) };
    if all.iter().any(|name| name == target) {
        return Ok(vec![target.to_owned()]);
    }
    Err(Failure::usage(format!("there is no target `{target}`; there are {}", all.join(", "))))
}

/// Builds the fuzzer, as part of the workspace, so that cargo chooses the features of dependencies
/// that it chose for all.
fn build(root: &Path, target: &Path) -> Result<PathBuf, Failure> {
    say::start("building the fuzzer");
    let this_program = std::env::current_exe();
    let this_program = this_program.map_err(|e| Failure::not_started("xtask", &e))?;
    let mut command = program("cargo");
    command
        .args(["build", "--quiet", "--workspace", "--exclude=spotcheck-tauri", "--bin=fuzz"])
        .args(["--features=spotcheck-testkit/libfuzzer", "--target-dir"])
        .arg(target)
        .current_dir(root);
    instrument::instrumented(&mut command, &this_program);
    let status = command.status().map_err(|e| Failure::not_started("cargo", &e))?;
    if !status.success() {
        return Err(Failure::failed("the fuzzer was not built: the compiler says above why"));
    }
    Ok(target.join("debug").join("fuzz"))
}

type Run = thread::JoinHandle<Result<Output, Failure>>;

fn start(fuzzer: &Path, root: &Path, folder: &Path, target: &str, seconds: u32) -> Run {
    let work = folder.join("work").join(target);
    let mut command = Command::new(fuzzer);
    command
        .env("SPOTCHECK_FUZZ", target)
        .env("SPOTCHECK_FUZZ_SEEDS", work.join("seeds"))
        .arg(work.join("found"))
        .arg(work.join("seeds"))
        .arg(root.join(CORPORA).join(target))
        .arg(format!("-max_total_time={seconds}"))
        .args(["-timeout=20", "-rss_limit_mb=2048", "-use_value_profile=1", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", work.display()));
    thread::spawn(move || {
        for name in ["seeds", "found"] {
            let folder = work.join(name);
            fs::create_dir_all(&folder).map_err(|e| {
                Failure::failed(format!("{} cannot be made ({e})", folder.display()))
            })?;
        }
        command.output().map_err(|e| Failure::not_started("the fuzzer", &e))
    })
}

/// Says what a run came to; gives the target's name when it found something.
fn judge(target: &str, output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let number = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let runs = number("stat::number_of_executed_units:").unwrap_or("?");
    if output.status.success() {
        say::line(format_args!("    {target:<10} {runs:>9} inputs, nothing found"));
        return None;
    }
    say::line(format_args!("    {target}: FOUND"));
    let lines: Vec<&str> = said.lines().collect();
    for line in &lines[lines.len().saturating_sub(60)..] {
        say::line(format_args!("        {line}"));
    }
    Some(target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Result<Plan, Failure> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_target_and_a_time_may_be_given() {
        assert_eq!(plan("").unwrap(), Plan { target: None, seconds: 60 });
        let op = Plan { target: Some("op".to_owned()), seconds: 10 };
        assert_eq!(plan("op --seconds 10").unwrap(), op);
        assert_eq!(plan("--seconds=10 op").unwrap(), op);
    }

    #[test]
    fn what_makes_no_sense_is_wrong_usage_and_targets_are_named() {
        for line in ["--seconds", "--seconds 0", "--seconds x", "op batch", "--minutes 1"] {
            assert!(matches!(plan(line), Err(Failure::Usage(_))), "{line}");
        }
        let all = ["op", "tus"].map(str::to_owned);
        assert_eq!(chosen(&all, None).unwrap(), all);
        let Err(Failure::Usage(said)) = chosen(&all, Some("opp")) else { panic!("it passed") };
        assert_eq!(said, "there is no target `opp`; there are op, tus");
    }
}
