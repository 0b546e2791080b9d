//! `interop tus`: foreign tus clients against a running server, over a bad network.
//! `interop api`: a generator of requests, and a second implementation of the protocol, against it.
//!
//! What they need is installed by `tests/interop/setup.sh`; the server must have been built.
#![allow(clippy::print_stdout, reason = "a program that says what it found")]
#![allow(clippy::disallowed_methods, reason = "a host for tests")]

mod api;
mod device;
mod server;
mod tus;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What went wrong, in a sentence.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Where things are.
struct Places {
    /// The server's program.
    server: PathBuf,
    /// The foreign clients' folder.
    scripts: PathBuf,
    /// A Python that has `requirements.txt`.
    python: PathBuf,
}

impl Places {
    fn find() -> Outcome<Self> {
        let us = std::env::current_exe()?;
        let built = us.parent().ok_or("this program is nowhere")?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let places = Self {
            server: built.join(format!("spotcheck-server{}", std::env::consts::EXE_SUFFIX)),
            scripts: root.join("tests/interop"),
            python: root.join("target/interop/bin/python"),
        };
        if !places.server.is_file() {
            return Err("build the server first: cargo build -p spotcheck-server".into());
        }
        if !places.python.is_file() || !places.scripts.join("node_modules").is_dir() {
            return Err("run tests/interop/setup.sh first".into());
        }
        Ok(places)
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let asked = std::env::args().nth(1);
    let done = match (asked.as_deref(), Places::find()) {
        (_, Err(error)) => Err(error),
        (Some("tus"), Ok(places)) => tus::run(&places).await,
        (Some("api"), Ok(places)) => api::run(&places).await,
        _ => Err("usage: interop tus|api".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("interop: {error}");
            ExitCode::FAILURE
        }
    }
}
