//! `cargo xtask run`: from a fresh checkout to a server that can be tried, in one command.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser;
use crate::failure::Failure;
use crate::say;
use crate::setup::{DEMO_DAY, need};
use crate::steps::{OnlyIf, Parts, Step, run_all};
use crate::workspace::{binaries, binary, program};

const BUILD: Step = Step {
    name: "build",
    command: &[
        "cargo",
        "build",
        "--package=spotcheck-server",
        "--package=spotcheck-cli",
        "--package=spotcheck-testkit",
    ],
    env: &[],
    only_if: OnlyIf::Always,
    remedy: "the compiler says above what it could not build.",
};

/// What the command line asked for.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    Serve { data: Option<PathBuf>, listen: String },
    Script,
}

/// `cargo xtask run [--data DIR] [--listen ADDR] [--script]`.
pub(crate) fn run(args: &[String]) -> Result<(), Failure> {
    let plan = parse(args)?;
    run_all("run", &[BUILD])?;
    match plan {
        Plan::Serve { data, listen } => {
            let mut parts = Parts::begin("web app");
            let web = browser::web_app(&mut parts);
            parts.summarise();
            serve(data, &listen, &web?)
        }
        Plan::Script => play_demo_day(),
    }
}

fn parse(args: &[String]) -> Result<Plan, Failure> {
    let (mut data, mut listen, mut script) = (None, None, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (flag, joined) = match arg.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let mut value = || {
            let value = joined.clone().or_else(|| args.next().cloned());
            value.ok_or_else(|| Failure::usage(format!("{flag} needs a value")))
        };
        match flag {
            "--data" => data = Some(PathBuf::from(value()?)),
            "--listen" => listen = Some(value()?),
            "--script" if joined.is_none() => script = true,
            _ => return Err(Failure::usage(format!("run does not know `{arg}`"))),
        }
    }
    match (script, data, listen) {
        (true, None, None) => Ok(Plan::Script),
        (true, ..) => Err(Failure::usage("--script chooses its own folders and addresses")),
        (false, data, listen) => {
            let listen = listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
            Ok(Plan::Serve { data, listen })
        }
    }
}

fn serve(data: Option<PathBuf>, listen: &str, web: &Path) -> Result<(), Failure> {
    let data = match data {
        Some(data) => data,
        None => default_data()?,
    };
    say::start(format_args!("serving on {listen}; data in {}", data.display()));
    let server = binary("spotcheck-server")?;
    let mut command = program(&server);
    command.arg("serve").arg("--data").arg(data).args(["--listen", listen, "--demo"]);
    command.arg("--web").arg(web);
    become_program("spotcheck-server", command)
}

/// Beside the build, so that a checkout stays clean and `cargo clean` forgets the demo too.
fn default_data() -> Result<PathBuf, Failure> {
    let binaries = binaries()?;
    Ok(binaries.parent().unwrap_or(Path::new("target")).join("demo-data"))
}

fn play_demo_day() -> Result<(), Failure> {
    need(DEMO_DAY)?;
    say::start("the demo day");
    with_the_product("demo-day", &[])
}

/// `cargo xtask kills ARGS…`: builds the product, then kills it at random.
pub(crate) fn kills(args: &[String]) -> Result<(), Failure> {
    run_all("kills", &[BUILD])?;
    with_the_product("kills", args)
}

/// Becomes a program of the testkit that is told where the product is.
fn with_the_product(name: &str, args: &[String]) -> Result<(), Failure> {
    let mut command = program(binary(name)?);
    command.arg("--server").arg(binary("spotcheck-server")?);
    command.arg("--cli").arg(binary("spotcheck")?).args(args);
    become_program(name, command)
}

/// Becomes the program: same process, same group, so that Ctrl-C and signals reach it and nothing
/// else, and its exit code is ours. Returns only if it could not be started.
#[cfg(unix)]
pub(crate) fn become_program(name: &str, mut command: Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    Err(Failure::not_started(name, &command.exec()))
}

/// Waits for the program and ends as it ends. Ctrl-C reaches every process of the console, and the
/// program decides when it has stopped.
#[cfg(not(unix))]
pub(crate) fn become_program(name: &str, mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|e| Failure::not_started(name, &e))?;
    std::process::exit(status.code().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(line: &str) -> Result<Plan, Failure> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_flags_it_serves_on_loopback() {
        let expected = Plan::Serve { data: None, listen: "127.0.0.1:8080".to_owned() };
        assert_eq!(plan("").unwrap(), expected);
    }

    #[test]
    fn a_value_follows_its_flag_either_way() {
        let expected = Plan::Serve { data: Some("d".into()), listen: "[::1]:9".to_owned() };
        assert_eq!(plan("--data d --listen [::1]:9").unwrap(), expected);
        assert_eq!(plan("--listen=[::1]:9 --data=d").unwrap(), expected);
    }

    #[test]
    fn what_makes_no_sense_is_wrong_usage() {
        for line in ["--data", "--port 1", "extra", "--script --data d", "--script=yes"] {
            assert!(matches!(plan(line), Err(Failure::Usage(_))), "{line}");
        }
        assert_eq!(plan("--script").unwrap(), Plan::Script);
    }
}
