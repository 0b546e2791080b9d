//! Where things are, and how cargo is started from inside cargo.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;

/// The workspace root: the nearest folder above the current one that holds this very package.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    let here = env::current_dir()
        .map_err(|e| Failure::failed(format!("the current folder is gone ({e}): change to one")))?;
    let holds_us = |dir: &&Path| dir.join("crates/xtask/Cargo.toml").is_file();
    let root = here.ancestors().find(holds_us).map(Path::to_path_buf);
    root.ok_or_else(|| Failure::failed("this is not the Spotcheck workspace: run it from there"))
}

/// Where cargo puts our binaries. We are one of them, so this follows whatever target folder the
/// user has configured.
pub(crate) fn binaries() -> Result<PathBuf, Failure> {
    let us = env::current_exe().ok();
    let folder = us.and_then(|exe| exe.parent().map(Path::to_path_buf));
    folder.ok_or_else(|| Failure::failed("xtask cannot find itself: run it as `cargo xtask`"))
}

/// The path of one of our binaries, built or not.
pub(crate) fn binary(name: &str) -> Result<PathBuf, Failure> {
    Ok(binaries()?.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// A program, or the cargo that started us, without what that cargo told *this* package: build
/// scripts that watch such a variable would otherwise run again after every direct `cargo build`.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let name = name.as_ref();
    let cargo = (name == "cargo").then(|| env::var_os("CARGO")).flatten();
    let mut command = Command::new(cargo.unwrap_or_else(|| name.to_os_string()));
    for (key, _) in env::vars_os() {
        let told = key
            .to_str()
            .is_some_and(|key| key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_"));
        if told {
            command.env_remove(key);
        }
    }
    command
}

/// Tells the commands that `cargo xtask test` starts that everything is built: each package built
/// on its own would have its dependencies built anew, with the features that it alone asks for.
pub(crate) const BUILT: &str = "SPOTCHECK_BUILT";

/// Whether whoever started us has built the whole workspace.
pub(crate) fn is_built() -> bool {
    env::var_os(BUILT).is_some()
}
