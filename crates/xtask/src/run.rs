//! `cargo xtask run`: from a fresh checkout to a server that can be tried, in one command.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser;
use crate::failure::Failure;
use crate::lan::{self, Lan};
use crate::say;
use crate::setup::{DEMO_DAY, need, setup};
use crate::show;
use crate::steps::{OnlyIf, Parts, Step, run_all};
use crate::workspace::{binaries, binary, is_built, program};

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
    Serve { data: Option<PathBuf>, listen: String, show: bool },
    Lan { data: Option<PathBuf>, listen: String, host: Option<IpAddr> },
    Script,
}

/// `cargo xtask run [--data DIR] [--listen ADDR] [--no-open] [--lan [--host IP]] [--script]`.
pub(crate) fn run(args: &[String]) -> Result<(), Failure> {
    let plan = parse(args)?;
    build("run")?;
    match plan {
        Plan::Serve { data, listen, show } => {
            let web = web_app()?;
            let data = data.map_or_else(default_data, Ok)?;
            say::start(format_args!("serving on {listen}; data in {}", data.display()));
            if show {
                show::beside(&listen, &data);
            }
            serve(&data, &web, |command| {
                command.args(["--listen", &listen]);
            })
        }
        Plan::Lan { data, listen, host } => {
            let web = web_app()?;
            let data = data.map_or_else(default_data, Ok)?;
            let lan = Lan::prepare(&binary("spotcheck-server")?, &data, host, listen)?;
            lan.explain();
            serve(&data, &web, |command| lan.tell(command))
        }
        Plan::Script => play_demo_day(),
    }
}

fn build(title: &str) -> Result<(), Failure> {
    if is_built() { Ok(()) } else { run_all(title, setup, &[BUILD]) }
}

fn web_app() -> Result<PathBuf, Failure> {
    let mut parts = Parts::begin("web app");
    let web = browser::web_app(&mut parts);
    parts.summarise();
    web
}

fn parse(args: &[String]) -> Result<Plan, Failure> {
    let (mut data, mut listen, mut script) = (None, None, false);
    let (mut lan, mut host) = (false, None);
    let mut show = true;
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
            "--host" => host = Some(address(&value()?)?),
            "--lan" if joined.is_none() => lan = true,
            "--no-open" if joined.is_none() => show = false,
            "--script" if joined.is_none() => script = true,
            _ => return Err(Failure::usage(format!("run does not know `{arg}`"))),
        }
    }
    let or = |listen: Option<String>, usual: &str| listen.unwrap_or_else(|| usual.to_owned());
    match (script, lan) {
        (false, true) => Ok(Plan::Lan { data, listen: or(listen, lan::LISTEN), host }),
        (false, false) if host.is_some() => Err(Failure::usage("--host goes with --lan")),
        (false, false) => Ok(Plan::Serve { data, listen: or(listen, "127.0.0.1:8080"), show }),
        (true, false) if data.is_none() && listen.is_none() && host.is_none() => Ok(Plan::Script),
        (true, _) => Err(Failure::usage("--script chooses its own folders and addresses")),
    }
}

fn address(text: &str) -> Result<IpAddr, Failure> {
    let parsed = text.parse();
    parsed.map_err(|_| Failure::usage(format!("--host: an IP address, not `{text}`")))
}

/// Becomes the server; `tell` says where it is reached.
fn serve(data: &Path, web: &Path, tell: impl FnOnce(&mut Command)) -> Result<(), Failure> {
    let mut command = program(binary("spotcheck-server")?);
    command.arg("serve").arg("--data").arg(data).arg("--demo").arg("--web").arg(web);
    tell(&mut command);
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
    build("kills")?;
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
        let listen = "127.0.0.1:8080".to_owned();
        let expected = Plan::Serve { data: None, listen: listen.clone(), show: true };
        assert_eq!(plan("").unwrap(), expected);
        let hidden = Plan::Serve { data: None, listen, show: false };
        assert_eq!(plan("--no-open").unwrap(), hidden);
    }

    #[test]
    fn for_phones_it_serves_the_network() {
        let listen = "0.0.0.0:8443".to_owned();
        let found = Plan::Lan { data: None, listen: listen.clone(), host: None };
        assert_eq!(plan("--lan").unwrap(), found);
        let host = Some("192.168.1.5".parse().unwrap());
        let said = Plan::Lan { data: None, listen, host };
        assert_eq!(plan("--host=192.168.1.5 --lan").unwrap(), said);
    }

    #[test]
    fn a_value_follows_its_flag_either_way() {
        let listen = "[::1]:9".to_owned();
        let expected = Plan::Serve { data: Some("d".into()), listen, show: true };
        assert_eq!(plan("--data d --listen [::1]:9").unwrap(), expected);
        assert_eq!(plan("--listen=[::1]:9 --data=d").unwrap(), expected);
    }

    #[test]
    fn what_makes_no_sense_is_wrong_usage() {
        for line in [
            "--data",
            "--port 1",
            "extra",
            "--script --data d",
            "--script=yes",
            "--script --lan",
            "--host 10.0.0.1",
            "--lan --host here",
        ] {
            assert!(matches!(plan(line), Err(Failure::Usage(_))), "{line}");
        }
        assert_eq!(plan("--script").unwrap(), Plan::Script);
    }
}
