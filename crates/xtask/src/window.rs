//! `cargo xtask window`: the app of the desktop, built and tried in a real window; `package`: made
//! into what Debian installs.

use crate::browser::{self, TESTS, files_of, packages, target};
use crate::failure::Failure;
use crate::say;
use crate::setup::{Tool, need};
use crate::steps::{Parts, run_command};
use crate::workspace::{binary, is_built, program};

/// What the app is built with.
const BUILD: &[Tool] = &[Tool {
    probe: &["pkg-config", "--exists", "webkit2gtk-4.1", "gtk+-3.0"],
    packages: &["pkg-config", "libwebkit2gtk-4.1-dev"],
    needed_for: "the app of the desktop",
}];

/// What trying it takes besides.
const TRY: &[Tool] = &[
    Tool {
        probe: &["which", "WebKitWebDriver"],
        packages: &["webkit2gtk-driver"],
        needed_for: "driving the window",
    },
    Tool {
        probe: &["which", "Xvfb", "xvfb-run"],
        packages: &["xvfb", "xauth"],
        needed_for: "a screen for the window where there is none",
    },
    Tool {
        probe: &["sh", "-c", "fc-list :lang=zh | grep -q ."],
        packages: &["fontconfig", "fonts-noto-cjk"],
        needed_for: "Chinese on the screenshots",
    },
];

/// Where the app is.
const APP: &str = "crates/tauri";

/// `cargo xtask window`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("window takes no argument"));
    }
    let mut parts = Parts::begin("window");
    let outcome = build_and_try(&mut parts);
    parts.summarise();
    outcome
}

fn build_and_try(parts: &mut Parts) -> Result<(), Failure> {
    parts.part("tools", || need(BUILD).and_then(|()| need(TRY)))?;
    if !is_built() {
        parts.part("app", build)?;
        browser::web_app(parts)?;
    }
    parts.part("packages", || packages(TESTS))?;
    parts.part("tests", tests)
}

/// The app, as a program.
fn build() -> Result<(), Failure> {
    let mut cargo = program("cargo");
    cargo.args(["build", "--package=spotcheck-tauri"]);
    cargo.args(["--package=spotcheck-server", "--package=spotcheck-cli"]);
    run_command(cargo, "the compiler says above what it could not build")
}

fn tests() -> Result<(), Failure> {
    let mut node = program("xvfb-run");
    node.args(["-a", "-s", "-screen 0 1400x1000x24", "node", "--test", "--test-reporter=spec"]);
    node.args(files_of("tests/e2e/window")?);
    let target = target()?;
    node.env("SPOTCHECK_APP", binary("spotcheck-app")?);
    node.env("SPOTCHECK_CLI", binary("spotcheck")?);
    node.env("SPOTCHECK_SERVER", binary("spotcheck-server")?);
    node.env("SPOTCHECK_WEB", target.join("web")).env("SPOTCHECK_SCREENS", target.join("screens"));
    run_command(node, "the name of the test above is the promise that broke in the window")
}

/// `cargo xtask package`.
pub(crate) fn package(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("package takes no argument"));
    }
    need(BUILD)?;
    let mut parts = Parts::begin("package");
    let web = browser::web_app(&mut parts)?;
    parts.part("packager", || packages(APP))?;
    let made = parts.part("app", || {
        let mut npm = program("npm");
        npm.args(["exec", "--prefix", APP, "--", "tauri", "build", "--bundles", "deb", "--config"]);
        // The folder follows whatever target folder the user has.
        npm.arg(format!(r#"{{"bundle":{{"resources":{{"{}/":"web/"}}}}}}"#, web.display()));
        npm.env("CARGO_TARGET_DIR", target()?);
        run_command(npm, "the packager says above what it could not do")
    });
    parts.summarise();
    made?;
    say::line(format_args!("the package is in {}", target()?.join("release/bundle/deb").display()));
    Ok(())
}
