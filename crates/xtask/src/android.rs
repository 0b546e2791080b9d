//! `cargo xtask android`: what can be said of a phone's app without Android's SDK, and what its build
//! takes from us. docs/ANDROID.md has the rest of the way to an APK.

use std::fs;
use std::path::Path;

use crate::browser::{self, target};
use crate::failure::Failure;
use crate::say;
use crate::steps::{Parts, run_command, works};
use crate::workspace::{program, root};

const TARGET: &str = "aarch64-linux-android";

/// Where `crates/tauri/tauri.android.conf.json` builds the screens in from, below the root.
const SCREENS: &str = "target/android/screens";

/// What the server hands out compressed, and the core that a browser needs: the app has its own.
const NOT_FOR_A_PHONE: &[&str] = &["br", "gz", "wasm", "map"];

/// `cargo xtask android [--screens]`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    let mut parts = Parts::begin("android");
    let outcome = match args {
        [] => type_check(&mut parts),
        [flag] if flag == "--screens" => screens(&mut parts),
        _ => return Err(Failure::usage("android takes --screens or nothing")),
    };
    parts.summarise();
    outcome
}

/// Compiles all of it for a phone as far as types and lints go. Nothing is linked, so the C of SQLite,
/// zstd and ring needs no compiler, and no Kotlin is looked at.
fn type_check(parts: &mut Parts) -> Result<(), Failure> {
    parts.part("toolchain", toolchain)?;
    parts.part("types", || {
        let screens = target()?.join("android/no-screens");
        write(&screens.join("index.html"), b"<!doctype html><title>-</title>")?;
        let mut cargo = program("cargo");
        cargo.args(["clippy", "--package=spotcheck-tauri", "--lib", "--target", TARGET]);
        // Only build scripts run, which are not worth optimising. Behind the command: clippy passes it on.
        cargo.args(["--config", r#"profile.dev.package."*".opt-level=0"#]);
        cargo.args(["--", "-D", "warnings"]);
        for tool in ["CC", "CXX", "AR", "RANLIB"] {
            cargo.env(format!("{tool}_{}", TARGET.replace('-', "_")), "true");
        }
        let folder = screens.to_string_lossy();
        cargo.env("TAURI_CONFIG", format!(r#"{{"build":{{"frontendDist":"{folder}"}}}}"#));
        run_command(cargo, "the app does not compile for Android; see above")
    })
}

fn toolchain() -> Result<(), Failure> {
    let add = ["rustup", "target", "add", TARGET];
    if works(&add) {
        return Ok(());
    }
    let add = add.join(" ");
    Err(Failure::failed(format!("`{add}` does not work here: without it nothing can be said")))
}

/// The screens as a phone has them.
fn screens(parts: &mut Parts) -> Result<(), Failure> {
    let built = browser::web_app(parts)?;
    let folder = root()?.join(SCREENS);
    parts.part("copy", || {
        // What an earlier build left would be built in too.
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|e| file(&folder, &e))?;
        }
        copy(&built, &folder)
    })?;
    say::line(format_args!("the screens are in {}", folder.display()));
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(|e| file(from, &e))? {
        let path = entry.map_err(|e| file(from, &e))?.path();
        let Some(name) = path.file_name() else { continue };
        let kind = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else if !NOT_FOR_A_PHONE.contains(&kind) {
            write(&to.join(name), &fs::read(&path).map_err(|e| file(&path, &e))?)?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| file(folder, &e))?;
    fs::write(path, bytes).map_err(|e| file(path, &e))
}

fn file(path: &Path, why: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_gets_the_screens_without_copies_and_the_browser_s_core() {
        let folder = std::env::temp_dir().join(format!("spotcheck-screens-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        for name in ["index.html", "index.html.br", "_app/a.js", "_app/a.js.gz", "_app/core.wasm"] {
            write(&from.join(name), b"x").unwrap();
        }
        copy(&from, &to).unwrap();
        let there = |name: &str| to.join(name).is_file();
        assert!(there("index.html") && there("_app/a.js"));
        assert!(!there("index.html.br") && !there("_app/a.js.gz") && !there("_app/core.wasm"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
