//! `cargo xtask android`: what can be said of a phone's app without Android's SDK, and what its build
//! takes from us. docs/ANDROID.md has the rest of the way to an APK.

use crate::browser::{self, target};
use crate::failure::Failure;
use crate::say;
use crate::screens;
use crate::steps::{Parts, run_command, works};
use crate::workspace::{program, root};

const TARGET: &str = "aarch64-linux-android";

/// Where `crates/tauri/tauri.android.conf.json` builds the screens in from, below the root.
const SCREENS: &str = "target/android/screens";

/// `cargo xtask android [--screens]`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    let mut parts = Parts::begin("android");
    let outcome = match args {
        [] => type_check(&mut parts),
        [flag] if flag == "--screens" => prepare_screens(&mut parts),
        _ => return Err(Failure::usage("android takes --screens or nothing")),
    };
    parts.summarise();
    outcome
}

/// Compiles all of it for a phone as far as types and lints go. Nothing is linked, so the C of SQLite,
/// zstd and ring needs no compiler, and no Kotlin is looked at.
pub(crate) fn type_check(parts: &mut Parts) -> Result<(), Failure> {
    parts.part("toolchain", toolchain)?;
    parts.part("types", || {
        let folder = target()?.join("android/no-screens");
        screens::write(&folder.join("index.html"), b"<!doctype html><title>-</title>")?;
        let mut cargo = program("cargo");
        cargo.args(["clippy", "--package=spotcheck-tauri", "--lib", "--target", TARGET]);
        // Only build scripts run, which are not worth optimising. Behind the command: clippy passes it on.
        cargo.args(["--config", r#"profile.dev.package."*".opt-level=0"#]);
        cargo.args(["--", "-D", "warnings"]);
        for tool in ["CC", "CXX", "AR", "RANLIB"] {
            cargo.env(format!("{tool}_{}", TARGET.replace('-', "_")), "true");
        }
        let folder = folder.to_string_lossy();
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
fn prepare_screens(parts: &mut Parts) -> Result<(), Failure> {
    let built = browser::web_app(parts)?;
    let folder = root()?.join(SCREENS);
    parts.part("copy", || screens::copy(&built, &folder))?;
    say::line(format_args!("the screens are in {}", folder.display()));
    Ok(())
}
