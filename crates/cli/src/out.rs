//! The one place that prints.

mod table;
mod text;

pub(crate) use table::table;
pub(crate) use text::{brief, day_and_time, local_time, short, size};

use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Standard output and standard error, for people or for scripts.
#[derive(Debug)]
pub(crate) struct Out {
    /// One JSON value a line instead of text.
    pub(crate) json: bool,
    failed: Option<io::Error>,
}

impl Out {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, failed: None }
    }

    /// A line for people. Nothing that others recorded may steer the terminal.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        let mut line = harmless(text.as_ref());
        line.push('\n');
        self.write(line.as_bytes());
    }

    /// Several lines for people.
    pub(crate) fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        lines.into_iter().for_each(|line| self.line(line));
    }

    /// One JSON value for scripts, on a line of its own.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        match serde_json::to_vec(value) {
            Ok(mut line) => {
                line.push(b'\n');
                self.write(&line);
            }
            Err(error) => self.failed = Some(error.into()),
        }
    }

    /// Flushed at once: what is printed is an acknowledgement. A reader that has gone away stops the
    /// output, never the work.
    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let mut stdout = io::stdout().lock();
        self.failed = stdout.write_all(bytes).and_then(|()| stdout.flush()).err();
    }

    /// Says a failure of the whole command on standard error.
    pub(crate) fn failure(&self, failure: &Failure) {
        self.failure_at(None, failure);
    }

    /// Says a failure of one line of input on standard error.
    pub(crate) fn failure_at(&self, line: Option<u64>, failure: &Failure) {
        if matches!(failure, Failure::Said) {
            return;
        }
        let said = if self.json {
            let mut object = Map::new();
            if let Some(line) = line {
                object.insert("line".to_owned(), json!(line));
            }
            object.extend(failure.to_json());
            Value::Object(object).to_string()
        } else {
            let place = line.map_or("spotcheck".to_owned(), |line| format!("line {line}"));
            harmless(&format!("{place}: {failure}"))
        };
        // There is nowhere left to say that this failed.
        let _ = writeln!(io::stderr().lock(), "{said}");
    }

    /// What the command comes to, once its output counts too.
    pub(crate) fn close(&mut self, done: Result<(), Failure>) -> Result<(), Failure> {
        match self.failed.take() {
            // Whoever closed the pipe has seen what they wanted.
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                done.and(Err(Failure::Output(error)))
            }
            _ => done,
        }
    }
}

/// Replaces what would steer a terminal or reorder a line.
fn harmless(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}
