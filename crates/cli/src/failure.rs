//! What can go wrong, with a code for scripts and a sentence for people.

use std::path::Path;

use serde_json::{Map, Value, json};
use spotcheck_app::AppError;
use spotcheck_app::parts::{BlobError, StoreError};
use spotcheck_client::Pause;
use spotcheck_native::{HomeError, OnlineError};

/// The exit code of wrong usage.
pub(crate) const USAGE: u8 = 2;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The app said no.
    App(AppError),
    /// The command line itself is wrong.
    Usage(String),
    /// The exchange with the server stopped. Nothing is lost.
    Pause(Pause),
    /// The exchange went well and yet something is left to send.
    Waiting(String),
    /// A file or folder of the host.
    File(String),
    /// What is stored is not what its ops say.
    Damaged(String),
    /// The answer could not be written where it was sent.
    Output(std::io::Error),
    /// Each failure was said where it happened; this is only the exit code.
    Said,
}

impl Failure {
    /// A failure of a file, by its name.
    pub(crate) fn file(path: &Path, error: impl std::fmt::Display) -> Self {
        Self::File(format!("{}: {error}", path.display()))
    }

    /// Stable: scripts decide by it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Usage(_) => "usage",
            Self::Pause(pause) => pause.code(),
            Self::Waiting(_) => "waiting",
            Self::File(_) => "file",
            Self::Damaged(_) => "damaged",
            Self::Output(_) => "output",
            Self::Said => "said",
        }
    }

    /// 1 for a failure with a reason, 2 for wrong usage.
    pub fn exit_code(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { USAGE } else { 1 }
    }

    /// What a script is told.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("code".to_owned(), json!(self.code()));
        if let Self::Pause(Pause::Problem(problem)) = self {
            object.insert("problem".to_owned(), json!(problem.code));
        }
        if let Self::App(AppError::Invalid { field, .. }) = self {
            object.insert("field".to_owned(), json!(field));
        }
        object.insert("message".to_owned(), json!(self.to_string()));
        object
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::App(error) => write!(f, "{error}"),
            Self::Usage(text) | Self::File(text) | Self::Damaged(text) | Self::Waiting(text) => {
                write!(f, "{text}")
            }
            // As rustls words it; docs/CLI.md names it.
            Self::Pause(Pause::Offline(why)) if why.contains("UnknownIssuer") => write!(
                f,
                "the server's certificate is of an authority that this device does not know \
                 ({why}): give the authority's certificate with --ca FILE, got from whoever runs the \
                 server; what is recorded is kept"
            ),
            Self::Pause(Pause::Offline(why)) => {
                write!(f, "no answer from the server ({why}); what is recorded is kept, sync again")
            }
            Self::Pause(Pause::NotOurServer(why)) => {
                write!(f, "{why}; nothing was believed, sync again on another network")
            }
            Self::Pause(Pause::Newer(why)) => {
                write!(f, "{why}; if it stays so, install the newer Spotcheck")
            }
            Self::Pause(pause) => write!(f, "{pause}"),
            Self::Output(error) => write!(f, "done, but the answer could not be written: {error}"),
            Self::Said => Ok(()),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        Self::App(error.into())
    }
}

impl From<Pause> for Failure {
    fn from(pause: Pause) -> Self {
        Self::Pause(pause)
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::File { path, error } => Self::file(&path, error),
            HomeError::App(error) => Self::App(error),
        }
    }
}

impl From<OnlineError> for Failure {
    fn from(error: OnlineError) -> Self {
        match error {
            OnlineError::App(error) => Self::App(error),
            OnlineError::Pause(pause) => Self::Pause(pause),
        }
    }
}
