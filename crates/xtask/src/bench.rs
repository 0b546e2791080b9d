//! `cargo xtask bench`: what the product does beside the bare machine, natively by `spotcheck-bench`,
//! and the app in a browser and in its window (`tests/e2e/measure`).

use crate::browser;
use crate::failure::Failure;
use crate::steps::{Parts, run_command};
use crate::window;
use crate::workspace::{binaries, is_built, program};

/// The groups that a browser and a window measure; all others are the native program's.
const WEB: &str = "web";
const WINDOW: &str = "window";

/// What measures it: the start and the lead's desk, and the inspector's hand.
const SCRIPTS: [&str; 2] = ["web.mjs", "hand.mjs"];

/// What is measured, and how.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    /// What the native program is told; none where it has nothing to do.
    native: Option<Vec<String>>,
    web: bool,
    window: bool,
    quick: bool,
    json: bool,
}

impl Plan {
    fn parse(args: &[String]) -> Self {
        let has = |flag: &str| args.iter().any(|arg| arg == flag);
        let (quick, json) = (has("--quick"), has("--json"));
        let mut native = vec![];
        let mut groups: Option<Vec<String>> = None;
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let list = match arg.strip_prefix("--only=") {
                Some(list) => list.to_owned(),
                None if arg == "--only" => args.next().cloned().unwrap_or_default(),
                None => {
                    native.push(arg.clone());
                    continue;
                }
            };
            groups.get_or_insert_default().extend(list.split(',').map(str::to_owned));
        }
        let Some(mut groups) = groups else {
            // A smoke run says that everything native still runs; browsers have their tests.
            let asks = native.iter().any(|arg| matches!(arg.as_str(), "--help" | "-h"));
            let screens = !quick && !asks;
            return Self { native: Some(native), web: screens, window: screens, quick, json };
        };
        let [web, window] = [WEB, WINDOW].map(|name| groups.iter().any(|group| group == name));
        groups.retain(|group| group != WEB && group != WINDOW);
        let native = (!groups.is_empty()).then(|| {
            native.extend(["--only".to_owned(), groups.join(",")]);
            native
        });
        Self { native, web, window, quick, json }
    }
}

/// `cargo xtask bench ARGS…`
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    let plan = Plan::parse(args);
    if let Some(args) = &plan.native {
        native(args, plan.quick)?;
    }
    if plan.web {
        web(plan.json)?;
    }
    if plan.window { in_a_window(plan.json) } else { Ok(()) }
}

fn native(args: &[String], quick: bool) -> Result<(), Failure> {
    // A smoke run takes what the tests have built already; figures want an optimised build.
    let (profile, folder) = if quick { ("dev", "debug") } else { ("bench", "release") };
    if !(is_built() && quick) {
        let mut build = program("cargo");
        build.args(["build", "--quiet", "--profile", profile]);
        build.args(["-p", "spotcheck-server", "-p", "spotcheck-cli", "-p", "spotcheck-bench"]);
        run_command(build, "the compiler says above what it could not build")?;
    }
    let target = binaries()?;
    let target = target.parent().unwrap_or(&target);
    let name = format!("spotcheck-bench{}", std::env::consts::EXE_SUFFIX);
    let mut command = program(target.join(folder).join(name));
    command.args(args);
    run_command(command, "spotcheck-bench says above what it could not measure")
}

/// The core for browsers is built as it is shipped; server and command line serve the scene alone.
fn web(json: bool) -> Result<(), Failure> {
    // What is built is said beside the figures, not among them.
    let mut parts = Parts::begin("bench web");
    browser::web_app(&mut parts)?;
    parts.part("packages", || browser::packages(browser::TESTS))?;
    for script in SCRIPTS {
        let mut node = program("node");
        node.arg(format!("{}/measure/{script}", browser::TESTS));
        node.args(json.then_some("--json"));
        browser::product(&mut node)?;
        run_command(node, "the screen above did not come; see docs/BENCH.md")?;
    }
    Ok(())
}

/// The app as the tests in a window take it.
fn in_a_window(json: bool) -> Result<(), Failure> {
    let mut parts = Parts::begin("bench window");
    if !is_built() {
        browser::web_app(&mut parts)?;
    }
    window::app(&mut parts)?;
    let mut node = window::on_a_screen();
    node.arg(format!("{}/measure/window.mjs", browser::TESTS));
    node.args(json.then_some("--json"));
    window::product(&mut node)?;
    run_command(node, "the window above did not come; see docs/BENCH.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> (Option<String>, bool, bool) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let plan = Plan::parse(&args);
        (plan.native.map(|args| args.join(" ")), plan.web, plan.window)
    }

    #[test]
    fn browser_and_window_measure_their_groups_and_the_native_program_all_others() {
        let native = |args: &str| Some(args.to_owned());
        assert_eq!(plan(""), (native(""), true, true));
        assert_eq!(plan("--quick"), (native("--quick"), false, false));
        assert_eq!(plan("--help"), (native("--help"), false, false));
        assert_eq!(plan("--only web"), (None, true, false));
        assert_eq!(plan("--only window"), (None, false, true));
        assert_eq!(plan("--json --only=sync,web"), (native("--json --only sync"), true, false));
        assert_eq!(
            plan("--only find --folder X"),
            (native("--folder X --only find"), false, false)
        );
    }
}
