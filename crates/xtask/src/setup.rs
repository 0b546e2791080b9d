//! What the build needs beyond Rust itself: looked for, and installed when missing.

use crate::browser;
use crate::failure::Failure;
use crate::say;
use crate::steps::{run_command, works};
use crate::workspace::program;

/// A program we need, and the Debian packages that bring it.
pub(crate) struct Tool {
    /// Answers at once and ends well where the program is there.
    pub(crate) probe: &'static [&'static str],
    pub(crate) packages: &'static [&'static str],
    pub(crate) needed_for: &'static str,
}

/// What every build needs.
const BUILD: &[Tool] = &[Tool {
    probe: &["cc", "--version"],
    packages: &["gcc", "libc6-dev"],
    needed_for: "linking, SQLite and zstd",
}];

/// What the demo day needs besides; building and serving do without.
pub(crate) const DEMO_DAY: &[Tool] = &[Tool {
    probe: &["faketime", "--version"],
    packages: &["faketime"],
    needed_for: "setting the clock of one device wrong in the demo day",
}];

/// What fuzzing needs besides.
pub(crate) const FUZZ: &[Tool] =
    &[Tool { probe: &["c++", "--version"], packages: &["g++"], needed_for: "libFuzzer" }];

/// `cargo xtask setup`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("setup takes no argument"));
    }
    say::start("set-up");
    setup_for_checks()?;
    need(DEMO_DAY)?;
    need(FUZZ)?;
    browser::setup()?;
    let mut clients = program("sh");
    clients.arg("tests/interop/setup.sh");
    run_command(clients, "npm or pip says above what it could not bring")?;
    say::line("    everything needed is here");
    Ok(())
}

/// Installs what is missing, or says in one sentence what to install.
pub(crate) fn setup() -> Result<(), Failure> {
    need(BUILD)
}

/// What formats and lints: rustup's minimal profile leaves them out, and `rust-toolchain.toml` names
/// the channel only.
const RUST: &[(&[&str], &str)] =
    &[(&["cargo", "fmt", "--version"], "rustfmt"), (&["cargo", "clippy", "--version"], "clippy")];

/// The same with what formats and lints.
pub(crate) fn setup_for_checks() -> Result<(), Failure> {
    setup()?;
    for &(probe, component) in RUST.iter().filter(|(probe, _)| !works(probe)) {
        let add = ["rustup", "component", "add", component];
        say::line(format_args!("    missing: {component}; trying `{}`", add.join(" ")));
        if !(works(&add) && works(probe)) {
            let debian = if component == "clippy" { "rust-clippy" } else { component };
            return Err(Failure::failed(format!(
                "run `{}`, or install Debian's {debian} where Rust is Debian's, then try again",
                add.join(" ")
            )));
        }
    }
    Ok(())
}

/// Installs what is missing of these, or says in one sentence what to install.
pub(crate) fn need(tools: &[Tool]) -> Result<(), Failure> {
    let missing = missing(tools);
    if missing.is_empty() {
        return Ok(());
    }
    for tool in &missing {
        say::line(format_args!("    missing: {} ({})", tool.probe[0], tool.needed_for));
    }
    install(&packages_of(&missing))?;
    match self::missing(tools).first() {
        None => Ok(()),
        Some(tool) => Err(Failure::failed(format!(
            "apt did not bring what `{}` asks for ({}); mend apt or install {}, then try again",
            tool.probe.join(" "),
            tool.needed_for,
            tool.packages.join(" ")
        ))),
    }
}

fn missing(tools: &[Tool]) -> Vec<&Tool> {
    tools.iter().filter(|tool| !works(tool.probe)).collect()
}

fn packages_of(tools: &[&Tool]) -> Vec<&'static str> {
    tools.iter().flat_map(|tool| tool.packages.iter().copied()).collect()
}

fn install(packages: &[&str]) -> Result<(), Failure> {
    let list = packages.join(" ");
    let line = format!("apt-get install -y --no-install-recommends {list}");
    if !works(&["apt-get", "--version"]) {
        let sentence = format!("there is no apt here: install what Debian calls {list} yourself");
        return Err(Failure::failed(sentence));
    }
    if !is_root() {
        return Err(Failure::failed(format!("run this once, then try again: sudo {line}")));
    }
    say::line(format_args!("    installing: {line}"));
    // A fresh image has no package lists; a machine without a network may still have the packages.
    apt(&["update"]);
    let mut args = vec!["install", "-y", "--no-install-recommends"];
    args.extend(packages);
    apt(&args);
    Ok(())
}

/// What apt has to say is on the screen; whether it helped is found out by looking again.
fn apt(args: &[&str]) {
    let mut command = program("apt-get");
    command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    if let Err(why) = command.status() {
        say::line(format_args!("    apt-get could not be started: {why}"));
    }
}

fn is_root() -> bool {
    program("id").arg("-u").output().is_ok_and(|done| done.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_which_packages_bring_it() {
        for tool in [BUILD, DEMO_DAY, FUZZ].into_iter().flatten() {
            assert!(!tool.probe.is_empty());
            assert!(!packages_of(&[tool]).is_empty(), "{:?}", tool.probe);
        }
    }
}
