//! Why a command failed, with a code that never changes.

use spotcheck_app::AppError;
use spotcheck_client::Pause;

/// A failure to tell.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The device said no.
    #[error(transparent)]
    App(#[from] AppError),
    /// A round of sync stopped early; nothing is lost.
    #[error("{0}")]
    Pause(Pause),
    /// Some lines of a file were not recorded.
    #[error("{bad} of {all} lines were not recorded; the others were")]
    Lines {
        /// How many not.
        bad: usize,
        /// Of how many.
        all: usize,
    },
    /// A check found something wrong.
    #[error("{0}")]
    Broken(String),
    /// A file or the terminal.
    #[error("{what}: {error}")]
    File {
        /// Which.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
}

impl Failure {
    /// A file that failed.
    pub fn file(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.to_string();
        move |error| Self::File { what, error }
    }

    /// The code for programs.
    pub fn code(&self) -> &str {
        match self {
            Self::App(error) => error.code(),
            Self::Pause(Pause::Offline(_)) => "offline",
            Self::Pause(Pause::NotOurServer(_)) => "not_our_server",
            Self::Pause(Pause::Problem(problem)) => &problem.code,
            Self::Pause(Pause::Revoked) => "revoked",
            Self::Pause(Pause::Newer(_)) => "newer",
            Self::Lines { .. } => "lines",
            Self::Broken(_) => "broken",
            Self::File { .. } => "file",
        }
    }
}
