//! `spotcheck-server` as a process on a folder of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use spotcheck_domain::BlobHash;
use tempfile::TempDir;

use crate::Outcome;

/// A running server, with a workspace of one team. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct ServerProcess {
    binary: PathBuf,
    data: TempDir,
    extra: Vec<String>,
    listens: String,
    child: Child,
}

impl ServerProcess {
    /// Makes a folder with workspace `outside`, an inspector `ada`, a lead `lea` and their team, and
    /// serves it on a free port of the loopback address.
    ///
    /// # Errors
    /// When the binary does not start or does not do as it is told.
    pub(crate) fn start(binary: &Path, extra: &[&str]) -> Outcome<Self> {
        let data = tempfile::tempdir()?;
        let admin = |args: &[&str]| run_admin(binary, data.path(), args);
        admin(&["workspace", "add", "outside"])?;
        admin(&["user", "add", "ada", "--role", "inspector"])?;
        admin(&["user", "add", "lea", "--role", "lead"])?;
        admin(&["team", "add", "A", "--member", "ada", "--member", "lea"])?;
        let extra: Vec<String> = extra.iter().map(|arg| (*arg).to_owned()).collect();
        let (child, listens) = serve(binary, data.path(), "127.0.0.1:0", &extra)?;
        Ok(Self { binary: binary.to_owned(), data, extra, listens, child })
    }

    /// `host:port`.
    #[must_use]
    pub(crate) fn address(&self) -> &str {
        &self.listens
    }

    /// A fresh enrolment link for a user.
    ///
    /// # Errors
    /// When there is no such user.
    pub(crate) fn link(&self, user: &str) -> Outcome<String> {
        let said = self.admin(&["code", user])?;
        Ok(said["link"].as_str().ok_or("the code has no link")?.to_owned())
    }

    /// Runs an admin command beside the server; what it says as JSON.
    ///
    /// # Errors
    /// When the command fails.
    pub(crate) fn admin(&self, args: &[&str]) -> Outcome<Value> {
        run_admin(&self.binary, self.data.path(), args)
    }

    /// Kills the process, as a power cut of the machine would, and serves the folder again at the
    /// same address.
    ///
    /// # Errors
    /// When it does not come back.
    pub(crate) fn kill_and_restart(&mut self) -> Outcome<()> {
        self.child.kill()?;
        self.child.wait()?;
        let listens = self.listens.clone();
        (self.child, self.listens) = serve(&self.binary, self.data.path(), &listens, &self.extra)?;
        Ok(())
    }

    /// How many bytes of an unfinished upload are on the disk.
    #[must_use]
    pub(crate) fn upload_bytes(&self, id: &str) -> u64 {
        let file = self.data.path().join("uploads").join(id);
        fs::metadata(file).map_or(0, |file| file.len())
    }

    /// The bytes of a blob as they lie on the disk, in whichever workspace.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn blob(&self, blob: BlobHash) -> Outcome<Vec<u8>> {
        let name = blob.to_string();
        for workspace in fs::read_dir(self.data.path().join("blobs"))? {
            let file = workspace?.path().join(&name[..2]).join(&name);
            if file.is_file() {
                return Ok(fs::read(file)?);
            }
        }
        Err(format!("the server has no blob {name}").into())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run_admin(binary: &Path, data: &Path, args: &[&str]) -> Outcome<Value> {
    let mut command = command(binary, data);
    let done = command.args(["admin", "--json"]).args(args).output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(format!("admin {}: {said}", args.join(" ")).into());
    }
    Ok(serde_json::from_slice(&done.stdout)?)
}

fn serve(binary: &Path, data: &Path, listen: &str, extra: &[String]) -> Outcome<(Child, String)> {
    let mut command = command(binary, data);
    let command = command.args(["serve", "--log", "warn", "--listen", listen]).args(extra);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    let stdout = child.stdout.take().ok_or("the server has no output")?;
    BufReader::new(stdout).read_line(&mut line)?;
    match line.trim().split_once("http://") {
        Some((_, address)) => Ok((child, address.to_owned())),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(format!("the server did not say where it listens: {line:?}").into())
        }
    }
}

/// Settings of the surroundings must not change what is tested.
fn command(binary: &Path, data: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SPOTCHECK_") {
            command.env_remove(name);
        }
    }
    command.arg("--data").arg(data);
    command
}
