//! The real server, as a process of its own, so that its memory and processor time are its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail};

use crate::machine;

/// A server that runs on a folder until it is dropped.
pub(crate) struct Server {
    child: Child,
    // Closing it would make the server's next line fail.
    _says: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> anyhow::Result<Self> {
        let program = beside_us("spotcheck-server")?;
        // No limit on enrolments from one address: here all devices have the same one.
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "error"])
            // All devices come from one address here, as they do behind a proxy.
            .args(["--max-connections-per-peer", "768"])
            .args(["--enrol-burst", "100000", "--enrol-per-minute", "100000", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start spotcheck-server")?;
        let mut says = BufReader::new(child.stdout.take().context("the server has no stdout")?);
        let mut line = String::new();
        loop {
            line.clear();
            if says.read_line(&mut line)? == 0 {
                bail!("the server ended before it listened: {}", child.wait()?);
            }
            if let Some((_, url)) = line.trim().split_once("listens on ") {
                return Ok(Self { url: url.to_owned(), child, _says: says });
            }
        }
    }

    /// Processor time so far, in ms.
    pub(crate) fn cpu_ms(&self) -> f64 {
        machine::cpu_ms(self.child.id())
    }

    /// Memory in MB: now, and the most so far.
    pub(crate) fn memory_mb(&self) -> (f64, f64) {
        machine::memory_mb(self.child.id())
    }
}

impl Drop for Server {
    // As hard as a power cut is soft: what it acknowledged is on the disk.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of ours from the same build.
pub(crate) fn beside_us(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let us = std::env::current_exe().context("this program cannot find itself")?;
    let program = us.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{name} is not built beside this program: start it with `cargo xtask bench`");
    }
    Ok(program)
}
