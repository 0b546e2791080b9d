//! `record`: a file of JSON lines, each of which stands or falls by itself.

mod lines;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use spotcheck_app::record::Recorded;
use spotcheck_app::{AppError, Verdict};

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, brief, short};
use lines::Lines;

/// What a line recorded, with its number.
#[derive(Serialize)]
struct Told<'a> {
    line: u64,
    #[serde(flatten)]
    recorded: &'a Recorded,
}

pub(crate) fn run(device: &mut CliDevice, file: &Path, out: &mut Out) -> Result<(), Failure> {
    let (reader, folder): (Box<dyn BufRead>, PathBuf) = if file == Path::new("-") {
        (Box::new(io::stdin().lock()), PathBuf::new())
    } else {
        let opened = File::open(file).map_err(|error| Failure::file(file, error))?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        (Box::new(BufReader::new(opened)), folder)
    };
    let mut failed = false;
    for (number, line) in Lines::new(reader) {
        let line = line.map_err(|error| Failure::file(file, error))?;
        let done = line.and_then(|json| device.record_line(&json, &mut |name| open(&folder, name)));
        match done {
            Ok(recorded) if out.json => out.json(&Told { line: number, recorded: &recorded }),
            Ok(recorded) => people(device, number, &recorded, out)?,
            Err(error) => {
                failed = true;
                // A disk that refuses one line refuses the next: say it once, and where to go on.
                let stops = !matches!(error, AppError::Invalid { .. } | AppError::NotFound(_));
                out.failure_at(Some(number), &error.into());
                if stops {
                    break;
                }
            }
        }
    }
    if failed { Err(Failure::Said) } else { Ok(()) }
}

/// Opens what a line names, relative to the folder of the file. A pipe or a device could never end.
fn open(folder: &Path, name: &str) -> io::Result<Box<dyn Read>> {
    let path = folder.join(name);
    if !fs::metadata(&path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    Ok(Box::new(File::open(path)?))
}

fn people(
    device: &CliDevice,
    line: u64,
    recorded: &Recorded,
    out: &mut Out,
) -> Result<(), Failure> {
    let view = device.show(recorded.inspection)?;
    let checklist = view.doc.agreed("checklist").map(brief).unwrap_or_default();
    let names = Names(device);
    let started = if recorded.started { "started" } else { "continued" };
    out.line(format!(
        "line {line}: inspection {} {started}; {} answers, {} findings, {} photos and documents",
        short(recorded.inspection),
        recorded.answers.len(),
        recorded.findings.len(),
        recorded.photos.len()
    ));
    for answer in &recorded.answers {
        let Some(judgement) = &answer.judgement else { continue };
        if judgement.verdict != Verdict::Fail {
            continue;
        }
        let asks = match answer.asks.as_slice() {
            [] => String::new(),
            asks => format!("; add {}", asks.join(", ")),
        };
        let asked = names.item(&checklist, &answer.path);
        out.line(format!("  {} fails ({}): {asked}{asks}", answer.path, judgement.limit));
    }
    if !recorded.missing.is_empty() {
        out.line(format!("  completed without {}", recorded.missing.join(", ")));
    }
    if !recorded.head_lacks.is_empty() {
        let fields: Vec<_> = recorded.head_lacks.iter().map(|part| part.field()).collect();
        out.line(format!("  its head says nothing of {}", fields.join(", ")));
    }
    Ok(())
}
