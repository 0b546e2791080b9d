//! The server as a process, with the demo workspace.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use spotcheck_domain::BlobHash;

use super::programs::{Programs, command};

const LISTENS: &str = "Spotcheck server listens on http://";

/// A running server. Killed when dropped.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    data: PathBuf,
    log: PathBuf,
    address: SocketAddr,
    child: Arc<Mutex<Option<Child>>>,
}

/// A photo or document on the server's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its bytes.
    pub bytes: u64,
    /// Whether they are what its name says.
    pub right: bool,
}

impl Server {
    /// Starts a server with the demo workspace on any free port, its data below `root`.
    ///
    /// # Errors
    /// It does not start; with the end of its own log.
    pub fn start(programs: &Programs, root: &Path) -> anyhow::Result<Self> {
        let (data, log) = (root.join("server"), root.join("server.log"));
        let program = programs.server.clone();
        let (child, address) = spawn(&program, &data, &log, (Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { program, data, log, address, child: Arc::new(Mutex::new(Some(child))) })
    }

    /// Where it listens, also after a restart.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills the process, without a word, and starts it anew on the same data and port.
    ///
    /// # Errors
    /// It does not start.
    pub fn kill_and_restart(&self) -> anyhow::Result<()> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut old) = child.take() {
            old.kill().context("cannot kill the server")?;
            old.wait()?;
        }
        let (new, _) = spawn(&self.program, &self.data, &self.log, self.address)?;
        *child = Some(new);
        Ok(())
    }

    /// Something that kills the process, from any thread.
    pub fn killer(&self) -> impl Fn() + Send + 'static {
        let child = Arc::clone(&self.child);
        move || {
            let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(mut child) = child.take() {
                // It may have ended by itself.
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }

    /// A fresh enrolment link for a user, that leads to `reach`.
    ///
    /// # Errors
    /// The administration refuses.
    pub fn link(&self, user: &str, reach: SocketAddr) -> anyhow::Result<String> {
        let mut admin = command(&self.program);
        admin.args(["admin", "code", user, "--data"]).arg(&self.data);
        admin.args(["--public-url", &format!("http://{reach}")]);
        let done = admin.output().context("cannot start the server's administration")?;
        if !done.status.success() {
            bail!("no link for {user}: {}", String::from_utf8_lossy(&done.stderr).trim());
        }
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    }

    /// A figure of `/metrics`, by its name without labels.
    ///
    /// # Errors
    /// The server does not answer, or has no such figure.
    pub fn metric(&self, name: &str) -> anyhow::Result<u64> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let line = line.with_context(|| format!("the server does not measure {name}"))?;
        Ok(line.trim().parse()?)
    }

    /// Every photo and document on the server's disk, by hash.
    ///
    /// # Errors
    /// The folder cannot be read, or holds a file that no hash names.
    pub fn stored(&self) -> anyhow::Result<BTreeMap<String, Stored>> {
        let mut stored = BTreeMap::new();
        let mut folders = vec![self.data.join("blobs")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let (name, bytes) = (entry.file_name(), fs::read(entry.path())?);
                let name = name.to_string_lossy().into_owned();
                let right = BlobHash::of(&bytes).to_string() == name;
                if stored
                    .insert(name.clone(), Stored { bytes: bytes.len() as u64, right })
                    .is_some()
                {
                    bail!("the server keeps {name} twice");
                }
            }
        }
        Ok(stored)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.killer()();
    }
}

fn spawn(
    program: &Path,
    data: &Path,
    log: &Path,
    listen: SocketAddr,
) -> anyhow::Result<(Child, SocketAddr)> {
    let errors = File::options().create(true).append(true).open(log)?;
    let mut serve = command(program);
    serve.args(["serve", "--demo", "--listen", &listen.to_string(), "--data"]).arg(data);
    let mut child = serve
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let mut said = BufReader::new(child.stdout.take().context("no standard output")?);
    let mut line = String::new();
    let heard = said.read_line(&mut line);
    let address = line.trim().strip_prefix(LISTENS).and_then(|text| text.parse().ok());
    let (Ok(_), Some(address)) = (heard, address) else {
        let _ = child.kill();
        let _ = child.wait();
        bail!("the server did not start; the end of its log:\n{}", tail(log));
    };
    // It goes on talking; a full pipe would stop it.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Ok((child, address))
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
