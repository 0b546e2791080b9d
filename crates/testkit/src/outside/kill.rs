//! Ending a device's process by SIGKILL, as a phone does that runs out of memory or power.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ExitStatus};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use super::device::Device;

/// What was left of a process.
#[derive(Debug)]
pub struct Killed {
    /// The answers that were printed whole: what the device has acknowledged.
    pub told: Vec<Value>,
    /// Whether it was still at work; otherwise it had ended before the kill.
    pub at_work: bool,
}

/// Pipes lines into `record -` and kills it once so many answers were read, in the middle of what
/// comes next.
///
/// # Errors
/// The process cannot be started, or an answer is no JSON.
pub fn record_until_killed(
    device: &Device,
    lines: &[String],
    answers: usize,
) -> anyhow::Result<Killed> {
    let mut child = device.start(&["record", "-", "--json"])?;
    let feeding = feed(&mut child, lines);
    let mut out = BufReader::new(child.stdout.take().context("no standard output")?);
    let mut text = String::new();
    for _ in 0..answers {
        out.read_line(&mut text)?;
    }
    child.kill()?;
    // What it managed to say before the kill reached it is acknowledged, too.
    out.read_to_string(&mut text)?;
    let status = child.wait()?;
    let _ = feeding.join();
    killed(&text, status)
}

/// Runs a command, with lines as its standard input, and kills it after a time.
///
/// # Errors
/// The process cannot be started, or an answer is no JSON.
pub fn kill_after(
    device: &Device,
    args: &[&str],
    lines: &[String],
    time: Duration,
) -> anyhow::Result<Killed> {
    let mut child = device.start(&[args, &["--json"]].concat())?;
    let feeding = feed(&mut child, lines);
    let mut out = child.stdout.take().context("no standard output")?;
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    std::thread::sleep(time);
    child.kill()?;
    let status = child.wait()?;
    let _ = feeding.join();
    let text = reading.join().ok().context("the reader failed")??;
    killed(&text, status)
}

/// Writes from a thread of its own, so that neither side waits for the other. A dead reader ends it.
fn feed(child: &mut Child, lines: &[String]) -> std::thread::JoinHandle<()> {
    let (stdin, text) = (child.stdin.take(), lines.join("\n"));
    std::thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            let _ = stdin.write_all(text.as_bytes());
        }
    })
}

fn killed(text: &str, status: ExitStatus) -> anyhow::Result<Killed> {
    // A line that was cut says nothing: only a whole one acknowledges.
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let told = whole.map(serde_json::from_str).collect::<Result<_, _>>();
    let told = told.with_context(|| format!("an answer is no JSON: {text}"))?;
    // Without an exit code, a signal ended it, and we sent the only one.
    Ok(Killed { told, at_work: status.code().is_none() })
}
