//! `spotcheck record`: JSON lines in, one act each.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use spotcheck_app::AppError;
use spotcheck_app::record::Recorded;

use crate::failure::Failure;
use crate::home::App;
use crate::say;

/// A longer line is refused before it is held in memory.
const MAX_LINE: u64 = 1024 * 1024;

/// Records every line of a file; `-` is standard input. Bad lines are named, the others stand.
///
/// # Errors
/// When the file cannot be read, or any line was not recorded.
pub fn run(app: &mut App, file: &Path, json: bool) -> Result<(), Failure> {
    let stdin = file == Path::new("-");
    let mut reader: Box<dyn BufRead> = if stdin {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(Failure::file(file.display()))?))
    };
    let folder = if stdin { Path::new(".") } else { file.parent().unwrap_or(Path::new(".")) };
    let mut open = |name: &str| {
        let photo: Box<dyn Read> = Box::new(File::open(folder.join(name))?);
        Ok(photo)
    };
    let (mut bad, mut all) = (0, 0);
    for number in 1.. {
        let mut line = String::new();
        let read = reader.by_ref().take(MAX_LINE).read_line(&mut line);
        if read.map_err(Failure::file(file.display()))? == 0 {
            break;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        all += 1;
        let done = if line.len() as u64 == MAX_LINE {
            skip_line(&mut reader).map_err(Failure::file(file.display()))?;
            Err(AppError::invalid("line", "longer than 1 MiB: store long text as a document"))
        } else {
            app.record_line(line.trim(), &mut open)
        };
        match done {
            Ok(recorded) if json => say::json(&recorded),
            Ok(recorded) => tell(&recorded),
            Err(error) => {
                bad += 1;
                say::bad_line(number, &error, json);
            }
        }
    }
    if bad > 0 { Err(Failure::Lines { bad, all }) } else { Ok(()) }
}

/// Reads past the rest of a line that is too long.
fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let (used, end) = {
            let buffer = reader.fill_buf()?;
            match buffer.iter().position(|b| *b == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            }
        };
        reader.consume(used);
        if end {
            return Ok(());
        }
    }
}

fn tell(recorded: &Recorded) {
    let what = if recorded.started { "started" } else { "recorded" };
    say::line(format_args!(
        "{what} inspection {}: {} answers, {} findings, {} photos",
        recorded.inspection,
        recorded.answers.len(),
        recorded.findings.len(),
        recorded.photos.len()
    ));
    for answer in recorded.answers.iter().filter(|answer| !answer.asks.is_empty()) {
        let limit = answer.judgement.as_ref().map(|j| j.limit.clone()).unwrap_or_default();
        say::line(format_args!(
            "  {} fails {limit}: asks for {}",
            answer.path,
            answer.asks.join(", ")
        ));
    }
    if !recorded.missing.is_empty() {
        say::line(format_args!("  completed without: {}", recorded.missing.join(", ")));
    }
}
