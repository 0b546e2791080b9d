//! `cargo xtask browser`: the core and the web app built for browsers, and tried in one.

mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::setup::{Tool, need};
use crate::steps::{Parts, run_command};
use crate::workspace::{binaries, binary, is_built, program, root};
use toolchain::Toolchain;

/// What trying it takes; what building it takes depends on the toolchain.
const TOOLS: &[Tool] = &[
    Tool {
        probe: &["chromium", "--version"],
        packages: &["chromium"],
        needed_for: "the tests in a browser",
    },
    Tool {
        probe: &["node", "--eval", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"],
        packages: &["nodejs"],
        needed_for: "driving the browser; version 20 or newer",
    },
    Tool {
        probe: &["npm", "--version"],
        packages: &["npm"],
        needed_for: "installing the browser's driver",
    },
];

/// What tests of screens take besides: without it every Chinese letter is an empty box of another width.
pub(crate) const FONTS: &[Tool] = &[Tool {
    probe: &["sh", "-c", "fc-list :lang=zh | grep -q ."],
    packages: &["fontconfig", "fonts-noto-cjk"],
    needed_for: "Chinese letters on the screens that are tested",
}];

/// The tests, and the packages that drive browser and window.
pub(crate) const TESTS: &str = "tests/e2e";
/// The screens.
const SCREENS: &str = "app-ui";

/// The languages in which each flow is tried; both have all of its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Languages {
    /// The one that the test names: what every change can afford.
    One,
    Both,
}

/// `cargo xtask browser`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("browser takes no argument"));
    }
    let mut parts = Parts::begin("browser");
    let outcome = build_and_try(&mut parts, Languages::One);
    parts.summarise();
    outcome
}

/// What `cargo xtask setup` installs for it.
pub(crate) fn setup() -> Result<(), Failure> {
    need(TOOLS)?;
    need(FONTS)?;
    Toolchain::find()?;
    packages(SCREENS)?;
    packages(TESTS)
}

/// The flows of people, and the core's own tests.
pub(crate) fn build_and_try(parts: &mut Parts, spoken: Languages) -> Result<(), Failure> {
    parts.part("fonts", || need(FONTS))?;
    let core = build_core(parts)?;
    parts.part("screens", || screens(true))?;
    parts.part("packages", || packages(TESTS))?;
    parts.part("tests", || tests(&core, spoken))
}

/// `cargo xtask run`: what a browser loads. Gives the folder that the server serves.
pub(crate) fn web_app(parts: &mut Parts) -> Result<PathBuf, Failure> {
    build_core(parts)?;
    parts.part("screens", || screens(false))?;
    Ok(target()?.join("web"))
}

/// Module, glue and worker of the core, and the reader of workbooks, as the screens are built with.
fn build_core(parts: &mut Parts) -> Result<PathBuf, Failure> {
    parts.part("tools", || need(TOOLS))?;
    let toolchain = parts.part("toolchain", Toolchain::find)?;
    let built = target()?.join("wasm");
    let module = parts.part("core", || toolchain.build("spotcheck-wasm", &built))?;
    let forms = parts.part("forms", || toolchain.build("spotcheck-wasm-forms", &built))?;
    parts.part("native", native)?;
    let core = built.join("core");
    parts.part("glue", || {
        glue(&module, &core)?;
        glue(&forms, &built.join("forms"))?;
        worker(&core)
    })?;
    Ok(core)
}

/// The screens over the core, into `target/web`. `checked`: types and texts first.
fn screens(checked: bool) -> Result<(), Failure> {
    packages(SCREENS)?;
    let scripts: &[&str] = if checked { &["check", "build"] } else { &["build"] };
    for script in scripts {
        let mut npm = program("npm");
        npm.args(["run", script, "--prefix", SCREENS]);
        run_command(npm, "the screens do not build; see above")?;
    }
    Ok(())
}

/// Cargo's target folder, wherever the user has it.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let binaries = binaries()?;
    Ok(binaries.parent().unwrap_or(Path::new("target")).to_owned())
}

/// Packages of a folder, as its lock file has them.
pub(crate) fn packages(folder: &str) -> Result<(), Failure> {
    let mut npm = program("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", folder]);
    run_command(npm, "npm could not install what package-lock.json names; see above")
}

/// What the tests run beside the browser.
fn native() -> Result<(), Failure> {
    if is_built() {
        return Ok(());
    }
    let mut cargo = program("cargo");
    cargo.args([
        "build",
        "--package=spotcheck-server",
        "--package=spotcheck-cli",
        "--package=spotcheck-bindgen",
    ]);
    run_command(cargo, "the compiler says above what it could not build")
}

/// A folder as a page loads it: module and glue.
fn glue(module: &Path, folder: &Path) -> Result<(), Failure> {
    let mut bindgen = program(binary("bindgen")?);
    bindgen.arg(module).arg(folder);
    run_command(
        bindgen,
        "the glue could not be made: run `cargo update -p wasm-bindgen` never alone",
    )
}

/// The worker that the core's own tests talk to.
fn worker(core: &Path) -> Result<(), Failure> {
    let worker = root()?.join("crates/wasm/js/worker.js");
    fs::copy(&worker, core.join("worker.js"))
        .map(|_| ())
        .map_err(|e| Failure::failed(format!("{} could not be copied: {e}", worker.display())))
}

fn tests(core: &Path, spoken: Languages) -> Result<(), Failure> {
    let mut node = program("node");
    // Three at a time: people, and so their tests, wait more than they work. No file takes ten minutes.
    node.args(["--test", "--test-concurrency=3", "--test-timeout=600000", "--test-reporter=spec"]);
    // Named one by one: the window's tests are in a folder of their own below.
    node.args(files_of(TESTS)?);
    node.env("SPOTCHECK_CORE", core);
    if spoken == Languages::Both {
        node.env("SPOTCHECK_LANGUAGES", "both");
    }
    product(&mut node)?;
    run_command(node, "the name of the test above is the promise that broke in the browser")
}

/// Every screen in every state, theme and language, as pictures in `target/screens`; `cargo xtask e2e --all`.
pub(crate) fn matrix() -> Result<(), Failure> {
    let mut node = program("node");
    node.arg(format!("{TESTS}/matrix.mjs"));
    product(&mut node)?;
    run_command(node, "each line above is a screen that shuts people out, and its picture")
}

/// Tells a test where the product is, and where its pictures go.
pub(crate) fn product(test: &mut Command) -> Result<(), Failure> {
    test.env("SPOTCHECK_SERVER", binary("spotcheck-server")?);
    test.env("SPOTCHECK_CLI", binary("spotcheck")?);
    let target = target()?;
    test.env("SPOTCHECK_WEB", target.join("web")).env("SPOTCHECK_SCREENS", target.join("screens"));
    Ok(())
}

/// The test files of a folder, in order.
pub(crate) fn files_of(folder: &str) -> Result<Vec<PathBuf>, Failure> {
    let at = root()?.join(folder);
    let gone = |e| Failure::failed(format!("{} cannot be read: {e}", at.display()));
    let entries = fs::read_dir(&at).map_err(gone)?.filter_map(Result::ok);
    let is_test = |path: &PathBuf| path.to_string_lossy().ends_with(".test.js");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_test).collect();
    files.sort();
    Ok(files)
}
