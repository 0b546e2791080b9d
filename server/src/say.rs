//! What a person or a script reads: results to stdout, trouble to stderr. Logs go elsewhere.
//!
//! A closed pipe (`… | head`) is no failure, so nothing here is.

use std::io::Write as _;

/// One line to stdout.
pub fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// One line to stderr.
pub fn trouble(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
