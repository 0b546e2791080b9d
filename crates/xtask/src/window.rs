//! `cargo xtask window`: the app of the desktop, built and tried in a real window.

use std::process::Command;

use crate::browser::{self, FONTS, TESTS, files_of, packages};
use crate::failure::Failure;
use crate::setup::{Tool, need};
use crate::steps::{Parts, run_command};
use crate::workspace::{binary, is_built, program};

/// What the app is built with.
pub(crate) const BUILD: &[Tool] = &[Tool {
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
];

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
    if !is_built() {
        browser::web_app(parts)?;
    }
    build_and_drive(parts, &[Bridge::Own])
}

/// How the bytes of photos reach the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bridge {
    /// As the desktop carries them, and as text in the test that is about it.
    Own,
    /// As text in every test: Android hands a page's raw bytes to no command.
    Text,
}

/// The window's tests, once by each bridge; the screens are in `target/web`.
pub(crate) fn build_and_drive(parts: &mut Parts, bridges: &[Bridge]) -> Result<(), Failure> {
    app(parts)?;
    bridges.iter().try_for_each(|bridge| match bridge {
        Bridge::Own => parts.part("in a window", || tests(*bridge)),
        Bridge::Text => parts.part("as Android", || tests(*bridge)),
    })
}

/// The app, and what drives it.
pub(crate) fn app(parts: &mut Parts) -> Result<(), Failure> {
    parts.part("window", || need(BUILD).and_then(|()| need(TRY)).and_then(|()| need(FONTS)))?;
    if !is_built() {
        parts.part("app", build)?;
    }
    parts.part("packages", || packages(TESTS))
}

/// Node, with a screen for the window where there is none.
pub(crate) fn on_a_screen() -> Command {
    let mut node = program("xvfb-run");
    node.args(["-a", "-s", "-screen 0 1400x1000x24", "node"]);
    node
}

/// Tells a test where the product is, the app too.
pub(crate) fn product(test: &mut Command) -> Result<(), Failure> {
    test.env("SPOTCHECK_APP", binary("spotcheck-app")?);
    browser::product(test)
}

/// The app, as a program.
fn build() -> Result<(), Failure> {
    let mut cargo = program("cargo");
    cargo.args(["build", "--package=spotcheck-tauri"]);
    cargo.args(["--package=spotcheck-server", "--package=spotcheck-cli"]);
    run_command(cargo, "the compiler says above what it could not build")
}

fn tests(bridge: Bridge) -> Result<(), Failure> {
    let mut node = on_a_screen();
    node.args(["--test", "--test-reporter=spec"]);
    node.args(files_of("tests/e2e/window")?);
    if bridge == Bridge::Text {
        node.env("SPOTCHECK_BRIDGE", "text");
    }
    product(&mut node)?;
    run_command(node, "the name of the test above is the promise that broke in the window")
}
