//! Every command worth remembering, as `cargo xtask COMMAND`.
//!
//! No crate of ours and none of anyone else's: it must answer within seconds on a machine that has
//! compiled nothing yet, and must build when the product does not.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks")]
#![allow(clippy::disallowed_methods, reason = "a host: steps are timed with the real clock")]

mod android;
mod bench;
mod browser;
mod check;
mod e2e;
mod failure;
mod forward;
mod fuzz;
mod lan;
mod package;
mod run;
mod say;
mod screens;
mod setup;
mod show;
mod steps;
mod test;
mod window;
mod workspace;

use std::process::ExitCode;

use failure::Failure;

const USAGE: &str = "\
usage: cargo xtask COMMAND
  run [--data DIR] [--listen ADDR] [--no-open]
                                    serve the demo programme and show the app; Ctrl-C stops it
  run --lan [--host IP]             the same for phones in this network, over TLS
  run --script                      play the demo day, print what held, and end
  test [--quick]                    everything CI runs; --quick is the inner loop
  check                             format, lints, tidiness, licences, docs
  browser                           build the web app and try it, and its core, in headless Chromium
  window                            build the app of the desktop and try it in a real window
  e2e [browser|window|--all]        people's flows in browser and window; --all: and every screen as a
                                    picture, and the types of the app for phones
  android [--screens]               check the app for phones, or prepare the screens it is built with
  package                           make the Debian package of the app
  bindings                          write the types of the screens anew from the core
  setup                             only install what the other commands need
  sim ARGS…                         the seeded simulation: --seeds N, --from SEED, --large OPS, --mutants
  kills ARGS…                       kill -9 at random, with faults: --kills N, --seed S
  fuzz [TARGET] [--seconds N]       hostile input: libFuzzer on one target or on all, 60 s each
  bench [--quick] [--json] [--only GROUPS]
                                    what we do beside what the bare machine does, and the
                                    app in a browser and in its window
                                    (groups web, window)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match fuzz::instrument::is_rustc() {
        true => fuzz::instrument::rustc(&args),
        false => dispatch(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(USAGE),
    }
}

fn dispatch(args: &[String]) -> Result<(), Failure> {
    let Some((command, rest)) = args.split_first() else {
        return Err(Failure::usage("no command was given"));
    };
    match command.as_str() {
        "run" => run::run(rest),
        show::COMMAND => show::command(rest),
        "test" => test::test(rest),
        "check" => check::check(rest),
        "browser" => browser::command(rest),
        "window" => window::command(rest),
        "e2e" => e2e::command(rest),
        "android" => android::command(rest),
        "package" => package::command(rest),
        "bindings" => forward::bindings(rest),
        "setup" => setup::command(rest),
        "kills" => run::kills(rest),
        "sim" => forward::sim(rest),
        "fuzz" => fuzz::fuzz(rest),
        "bench" => bench::command(rest),
        "help" | "--help" | "-h" => {
            say::line(USAGE);
            Ok(())
        }
        unknown => Err(Failure::usage(format!("there is no command `{unknown}`"))),
    }
}
