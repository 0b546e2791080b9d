//! All output passes through here, so that our lines can be told from those of the tools we start.

use std::fmt::Display;

/// A line of its own, as it is.
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// What starts now.
pub(crate) fn start(what: impl Display) {
    println!("==> {what}");
}

/// The one sentence that says what went wrong and what to do.
pub(crate) fn problem(sentence: impl Display) {
    eprintln!("xtask: {sentence}");
}
