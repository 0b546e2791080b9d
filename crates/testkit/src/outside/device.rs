//! A device: a folder, and the `spotcheck` process that works in it for one command.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::programs::{Programs, command};
use super::wrong_clock::WrongClock;

/// A device of one user.
#[derive(Debug)]
pub struct Device {
    name: String,
    folder: PathBuf,
    cli: PathBuf,
    clock: Option<WrongClock>,
}

/// What a command of a device came to.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Device {
    /// A device in a folder of its own below `root`, not enrolled yet.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(programs: &Programs, root: &Path, name: &str) -> io::Result<Self> {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self { name: name.to_owned(), folder, cli: programs.cli.clone(), clock: None })
    }

    /// The same device with a clock that is wrong from now on.
    #[must_use]
    pub fn with_clock(self, clock: WrongClock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// What it is called here.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Puts a file where its commands find it by name.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(self.folder.join(name), bytes)
    }

    /// Runs a command to its end, whatever it comes to.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn run(&self, args: &[&str]) -> anyhow::Result<Ran> {
        let done = self.command(args).stdin(Stdio::null()).output();
        let done = done.with_context(|| format!("cannot start {}", self.cli.display()))?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Ran { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) })
    }

    /// Runs a command that must end well; its JSON values.
    ///
    /// # Errors
    /// It ended otherwise, with what it said.
    pub fn ask(&self, args: &[&str]) -> anyhow::Result<Vec<Value>> {
        let ran = self.run(&[args, &["--json"]].concat())?;
        if ran.code != Some(0) {
            let (name, said) = (&self.name, ran.err.trim());
            bail!("{name}: `spotcheck {}` ended with {:?}: {said}", args.join(" "), ran.code);
        }
        ran.values()
    }

    /// Runs a command that must end well and answer by one value.
    ///
    /// # Errors
    /// It ended otherwise, or answered otherwise.
    pub fn ask_one(&self, args: &[&str]) -> anyhow::Result<Value> {
        let mut values = self.ask(args)?;
        match (values.pop(), values.is_empty()) {
            (Some(value), true) => Ok(value),
            _ => bail!("{}: `spotcheck {}` gave not one value", self.name, args.join(" ")),
        }
    }

    /// Starts a command, with pipes for all it reads and says.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(&self, args: &[&str]) -> anyhow::Result<Child> {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().with_context(|| format!("cannot start {}", self.cli.display()))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command(&self.cli);
        command.current_dir(&self.folder).arg("--home").arg(self.folder.join("home")).args(args);
        if let Some(clock) = &self.clock {
            clock.apply(&mut command);
        }
        command
    }
}

impl Ran {
    /// The JSON values it answered by, one a line.
    ///
    /// # Errors
    /// A line is no JSON.
    pub fn values(&self) -> anyhow::Result<Vec<Value>> {
        let parse = |line| serde_json::from_str(line).with_context(|| format!("no JSON: {line}"));
        self.out.lines().map(parse).collect()
    }

    /// The code of the error it ended with, or nothing.
    #[must_use]
    pub fn error_code(&self) -> String {
        let last = self.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_default();
        error["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The sentence of the error it ended with, or all it said.
    #[must_use]
    pub fn error_message(&self) -> String {
        let last = self.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_default();
        error["message"].as_str().unwrap_or(self.err.trim()).to_owned()
    }
}
