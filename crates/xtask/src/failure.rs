//! How a command ends when it does not end well.

use std::fmt::Display;
use std::process::ExitCode;

use crate::say;

/// Exit 1 and 2 mean the same here as in every command of ours: failed, and wrong usage.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line made no sense.
    Usage(String),
    /// Something failed; the sentence says what to do.
    Failed(String),
}

impl Failure {
    pub(crate) fn usage(why: impl Into<String>) -> Self {
        Self::Usage(why.into())
    }

    pub(crate) fn failed(what_to_do: impl Into<String>) -> Self {
        Self::Failed(what_to_do.into())
    }

    /// A program that could not even be started.
    pub(crate) fn not_started(program: impl Display, why: &std::io::Error) -> Self {
        Self::Failed(format!("`{program}` could not be started ({why}): install it or mend PATH"))
    }

    /// Says it, and turns it into the exit code.
    pub(crate) fn report(self, usage: &str) -> ExitCode {
        match self {
            Self::Usage(why) => {
                say::problem(format_args!("{why}\n{usage}"));
                ExitCode::from(2)
            }
            Self::Failed(sentence) => {
                say::problem(sentence);
                ExitCode::from(1)
            }
        }
    }
}
