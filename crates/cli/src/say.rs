//! The one place that writes to the terminal.

use std::io::Write as _;

use serde::Serialize;

use crate::failure::Failure;

/// Writes a line. A closed pipe ends the program quietly: the reader has seen enough.
pub fn line(text: impl std::fmt::Display) {
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Writes something as one line of JSON.
pub fn json(it: &impl Serialize) {
    line(serde_json::to_string(it).unwrap_or_default());
}

/// Tells a failure.
pub fn failure(failure: &Failure, as_json: bool) {
    if as_json {
        let object = serde_json::json!({"code": failure.code(), "message": failure.to_string()});
        eprintln!("{object}");
    } else {
        eprintln!("spotcheck: {failure}");
    }
}

/// Tells what is wrong with one line of a file.
pub fn bad_line(number: usize, error: &spotcheck_app::AppError, as_json: bool) {
    if as_json {
        let (code, message) = (error.code(), error.to_string());
        eprintln!("{}", serde_json::json!({"line": number, "code": code, "message": message}));
    } else {
        eprintln!("line {number}: {error}");
    }
}
