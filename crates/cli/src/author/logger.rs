//! `logger`: a temperature logger's file. What it does not say is asked, never guessed.

use std::path::Path;

use serde_json::json;
use spotcheck_app::AppError;
use spotcheck_loggers::{Answers, LoggerFile, ReadError, Sniffed, read, sniff_with};

use super::file;
use crate::failure::Failure;
use crate::out::Out;

pub(super) fn run(path: &Path, answers: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    let answers: Answers = match answers {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            AppError::invalid("answers", format!("{error}; see docs/LOGGERS.md"))
        })?,
        None => Answers::default(),
    };
    let bytes = file::bytes(path)?;
    let refused = |error: ReadError| Failure::file(path, error);
    let sniffed = sniff_with(&bytes, &answers).map_err(refused)?;
    if !sniffed.questions.is_empty() {
        return ask(&sniffed, out);
    }
    let log = read(&bytes, &answers).map_err(refused)?;
    if out.json {
        out.json(&log);
        return Ok(());
    }
    summary(&log, out);
    Ok(())
}

/// What has to be answered first. The exit code says that nothing was read.
fn ask(sniffed: &Sniffed, out: &mut Out) -> Result<(), Failure> {
    if out.json {
        out.json(sniffed);
        return Err(Failure::Said);
    }
    for question in &sniffed.questions {
        out.line(format!("{} {}", question.text.zh, question.text.en));
        for candidate in &question.candidates {
            let answers = json!(candidate.answers);
            out.line(format!(
                "    --answers '{answers}'   {} {}",
                candidate.text.zh, candidate.text.en
            ));
        }
        out.lines(question.lines.iter().map(|line| format!("    {:>6}  {}", line.line, line.text)));
    }
    Err(Failure::Said)
}

fn summary(log: &LoggerFile, out: &mut Out) {
    let values = log.readings.iter().filter(|reading| reading.value.is_some()).count();
    out.line(format!("{:?}: {} readings, {values} with a value", log.kind, log.readings.len()));
    if let (Some(first), Some(last)) = (log.readings.first(), log.readings.last()) {
        out.line(format!("from {} to {}", json!(first.at), json!(last.at)));
    }
    out.line(format!("unit {}, gaps {}", json!(log.unit), log.gaps.len()));
    out.lines(log.set_points.iter().map(|point| format!("alarm {}", json!(point))));
    out.lines(log.notices.iter().map(|notice| format!("note {}", json!(notice))));
    out.lines(
        log.unknown.iter().map(|line| format!("line {} not understood: {}", line.line, line.text)),
    );
}
