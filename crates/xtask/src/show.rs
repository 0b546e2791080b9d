//! `cargo xtask run` shows the app where there is a display: in its window, where that is built, else in
//! the browser of this machine. A convenience: whatever goes wrong is one line, and the server goes on.

use std::env;
use std::ffi::OsString;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::say;
use crate::steps::works;
use crate::workspace::{binary, program};

/// The command that waits beside the server; nobody types it.
pub(crate) const COMMAND: &str = "show-when-up";

/// Whose device it is that a newcomer sees.
const INSPECTOR: &str = "insp.produce1";

/// How long a server may take to answer: a first start writes the demo's registers.
const PATIENCE: Duration = Duration::from_secs(120);

/// What shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Screen {
    Window(PathBuf),
    Browser(&'static str),
}

/// Starts what will show the app once the server answers on `listen`. The server's own process is
/// this one, soon: the wait is a process of its own, in the same group, so that Ctrl-C ends both.
pub(crate) fn beside(listen: &str, data: &Path) {
    let display = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().filter_map(env::var_os);
    let app = binary("spotcheck-app").ok().filter(|it| it.is_file());
    let Some(screen) = choose(display, app, |name| works(&["which", name])) else { return };
    let started = env::current_exe().and_then(|us| {
        let mut wait = program(us);
        wait.arg(COMMAND).arg(reached(listen)).arg(data);
        match screen {
            Screen::Window(app) => wait.arg("window").arg(app),
            Screen::Browser(name) => wait.arg("browser").arg(name),
        };
        wait.stdin(Stdio::null()).spawn()
    });
    if let Err(why) = started {
        not_shown(why);
    }
}

/// A window before a browser; nothing where nobody would see it.
fn choose(
    mut display: impl Iterator<Item = OsString>,
    app: Option<PathBuf>,
    there: impl Fn(&str) -> bool,
) -> Option<Screen> {
    if !display.any(|it| !it.is_empty()) {
        return None;
    }
    let browser = || ["xdg-open", "chromium", "firefox"].into_iter().find(|name| there(name));
    app.map(Screen::Window).or_else(|| browser().map(Screen::Browser))
}

/// Where this machine reaches a server that listens there: one that listens everywhere is here too.
fn reached(listen: &str) -> String {
    let (host, port) = listen.rsplit_once(':').unwrap_or((listen, "80"));
    let host = match host {
        "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        host => host,
    };
    format!("{host}:{port}")
}

/// `show-when-up ADDRESS DATA window|browser PROGRAM`: waits, makes a device of the demo's inspector, and
/// shows it. Always ends well.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    if let [address, data, kind, shown] = args
        && let Err(Failure::Usage(why) | Failure::Failed(why)) = show(address, data, kind, shown)
    {
        not_shown(why);
    }
    Ok(())
}

fn show(address: &str, data: &str, kind: &str, shown: &str) -> Result<(), Failure> {
    if !answers(address) {
        return Err(Failure::failed(format!("nothing answers on {address}")));
    }
    let mut command = program(shown);
    if kind == "window" {
        // Beside the demo's data, and so never the device that somebody works with.
        let home = Path::new(data).with_extension("window");
        enrol(&home, data)?;
        command.env("SPOTCHECK_HOME", home);
    } else {
        // A browser that is a device already takes no notice of the link.
        command.arg(link(data)?);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|e| Failure::not_started(shown, &e))?;
    say::line(format_args!("the app is shown by {shown}, for {INSPECTOR}"));
    Ok(())
}

fn answers(address: &str) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if TcpStream::connect(address).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

/// Makes the folder the inspector's device, unless it is one.
fn enrol(home: &Path, data: &str) -> Result<(), Failure> {
    let cli = || -> Result<Command, Failure> {
        let mut cli = program(binary("spotcheck")?);
        cli.arg("--home").arg(home);
        Ok(cli)
    };
    let mut status = cli()?;
    if said(status.arg("status")).is_ok() {
        return Ok(());
    }
    let mut enrol = cli()?;
    said(enrol.arg("enrol").arg(link(data)?).args(["--name", "cargo xtask run"])).map(|_| ())
}

/// A fresh sign-in link: those that the server prints are for whoever reads them.
fn link(data: &str) -> Result<String, Failure> {
    let mut server = program(binary("spotcheck-server")?);
    said(server.args(["--data", data, "admin", "code", INSPECTOR]))
}

/// What a command says when it ends well.
fn said(command: &mut Command) -> Result<String, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|e| Failure::not_started(&name, &e))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned());
    }
    Err(Failure::failed(String::from_utf8_lossy(&done.stderr).trim().to_owned()))
}

fn not_shown(why: impl std::fmt::Display) {
    say::line(format_args!("the app is not shown ({why}): open a link above in a browser"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(display: &[&str], app: Option<&str>, browsers: &[&str]) -> Option<Screen> {
        let display = display.iter().map(OsString::from);
        choose(display, app.map(PathBuf::from), |name| browsers.contains(&name))
    }

    #[test]
    fn without_a_display_nothing_is_shown() {
        assert_eq!(chosen(&[], Some("app"), &["chromium"]), None);
        assert_eq!(chosen(&["", ""], Some("app"), &["chromium"]), None);
    }

    #[test]
    fn a_built_window_comes_before_the_browser() {
        assert_eq!(chosen(&[":0"], Some("app"), &["xdg-open"]), Some(Screen::Window("app".into())));
        assert_eq!(
            chosen(&["", "wayland-0"], None, &["chromium", "firefox"]),
            Some(Screen::Browser("chromium"))
        );
        assert_eq!(chosen(&[":0"], None, &[]), None);
    }

    #[test]
    fn a_server_that_listens_everywhere_is_here_too() {
        assert_eq!(reached("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(reached("[::]:9"), "[::1]:9");
        assert_eq!(reached("127.0.0.1:8080"), "127.0.0.1:8080");
    }

    #[test]
    fn what_cannot_be_shown_ends_well() {
        let args = ["127.0.0.1:1", "nowhere", "browser"].map(str::to_owned);
        assert!(command(&args).is_ok(), "a wrong call");
        assert!(said(&mut program("no-such-program-anywhere")).is_err());
    }
}
