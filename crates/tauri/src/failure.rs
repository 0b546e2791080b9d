//! What a page is told when something cannot be done: a code that never changes, and a sentence.

use serde::Serialize;
use spotcheck_app::AppError;
use spotcheck_client::{Pause, SyncError};
use spotcheck_native::{HomeError, OnlineError};

/// Why a command did not do what was asked. The same members as in the browser.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The server's own code, where it refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl Failure {
    fn new(code: &'static str, message: impl ToString) -> Self {
        Self { code, message: message.to_string(), field: None, problem: None }
    }

    /// What was passed in is not what the command takes.
    pub(crate) fn usage(message: &str) -> Self {
        Self::new("usage", message)
    }

    /// The bridge did not carry raw bytes: the page sends them as text from then on.
    pub(crate) fn raw_unsupported() -> Self {
        Self::new("raw_unsupported", "send the bytes as base64")
    }

    /// A file of the host.
    pub(crate) fn file(error: &std::io::Error) -> Self {
        let full = matches!(
            error.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        );
        Self::new(if full { "storage_full" } else { "storage" }, error)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let mut failure = Self::new(error.code(), &error);
        if let AppError::Invalid { field, .. } = error {
            failure.field = Some(field);
        }
        failure
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::file(&error)
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::App(error) => error.into(),
            error @ HomeError::File { .. } => Self::new("storage_unopened", error),
        }
    }
}

impl From<OnlineError> for Failure {
    fn from(error: OnlineError) -> Self {
        match error {
            OnlineError::App(error) => error.into(),
            OnlineError::Pause(pause) => pause.into(),
        }
    }
}

impl From<Pause> for Failure {
    fn from(pause: Pause) -> Self {
        let mut failure = Self::new(pause.code(), &pause);
        if let Pause::Problem(problem) = pause {
            failure.problem = Some(problem.code);
        }
        failure
    }
}

impl From<SyncError<AppError>> for Failure {
    fn from(SyncError::Local(error): SyncError<AppError>) -> Self {
        error.into()
    }
}
