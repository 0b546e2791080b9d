//! Where the product's programs are, and how they are started.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// The two programs of the product.
#[derive(Debug, Clone)]
pub struct Programs {
    /// `spotcheck-server`.
    pub server: PathBuf,
    /// `spotcheck`.
    pub cli: PathBuf,
}

impl Programs {
    /// Those given, else those beside this program: one build puts them into one folder.
    ///
    /// # Errors
    /// Names the program that is not there.
    pub fn find(server: Option<PathBuf>, cli: Option<PathBuf>) -> anyhow::Result<Self> {
        let us = std::env::current_exe().context("this program cannot find itself")?;
        let beside =
            |name: &str| us.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let found = Self {
            server: server.unwrap_or_else(|| beside("spotcheck-server")),
            cli: cli.unwrap_or_else(|| beside("spotcheck")),
        };
        for path in [&found.server, &found.cli] {
            if !path.is_file() {
                let build = "cargo build -p spotcheck-server -p spotcheck-cli";
                bail!("there is no program {}: build it with `{build}`", path.display());
            }
        }
        // Devices run in folders of their own.
        Ok(Self { server: found.server.canonicalize()?, cli: found.cli.canonicalize()? })
    }
}

/// A program without what the caller's environment would tell it.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("SPOTCHECK_") {
            command.env_remove(key);
        }
    }
    command
}
