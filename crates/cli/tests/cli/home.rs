//! A device's folder and the program run on it.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::server::Server;

pub(crate) struct Home {
    pub(crate) dir: tempfile::TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A home enrolled for a user of the demo.
    pub(crate) fn enrolled(server: &Server, user: &str) -> Self {
        let home = Self::new();
        home.fine(&["enrol", &server.link(user)]);
        home
    }

    /// The device's folder, which may not exist yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spotcheck"));
        command.args(args).env("SPOTCHECK_HOME", self.path()).current_dir(self.dir.path());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// Runs what must succeed.
    #[track_caller]
    pub(crate) fn fine(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran.out
    }

    /// Runs what must succeed, and reads each line of its answer.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Vec<Value> {
        let out = self.fine(&[args, &["--json"]].concat());
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Runs what must fail with exit code 1 and one JSON object on stderr, and gives its code.
    #[track_caller]
    pub(crate) fn failing(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
        serde_json::from_str(&ran.err).unwrap_or_else(|e| panic!("{e}: {ran:?}"))
    }

    /// Puts a file beside the home, where the program is run.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.dir.path().join(name), contents).unwrap();
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
