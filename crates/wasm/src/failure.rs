//! What a page is told when something cannot be done: a code that never changes, and a sentence.

use js_sys::Reflect;
use spotcheck_app::AppError;
use spotcheck_app::parts::{BlobError, StoreError};
use spotcheck_client::{Pause, SyncError};
use wasm_bindgen::JsValue;

/// Why a call did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the app says.
    App(AppError),
    /// Enrolment got no answer it could use.
    Pause(Pause),
    /// Another tab has the device open.
    OpenElsewhere,
    /// The browser gives no private file system, or refuses it.
    NoPrivateFiles(String),
    /// What was passed in is not what the call takes.
    Usage(&'static str),
}

impl Failure {
    /// An exception of the browser.
    pub(crate) fn said(exception: &JsValue) -> Self {
        let message = Reflect::get(exception, &"message".into()).ok();
        let message = message.and_then(|text| text.as_string()).unwrap_or_default();
        Self::NoPrivateFiles(message)
    }

    fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Pause(pause) => pause.code(),
            Self::OpenElsewhere => "open_elsewhere",
            Self::NoPrivateFiles(_) => "no_private_files",
            Self::Usage(_) => "usage",
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::App(error) => write!(f, "{error}"),
            Self::Pause(pause) => write!(f, "{pause}"),
            Self::OpenElsewhere => {
                write!(f, "Spotcheck is open in another tab: go on there, or close it first")
            }
            Self::NoPrivateFiles(why) => {
                write!(f, "this browser keeps no files for Spotcheck ({why}): ")?;
                write!(f, "leave private mode, or use a newer browser, over https")
            }
            Self::Usage(text) => write!(f, "{text}"),
        }
    }
}

impl From<Failure> for JsValue {
    /// An `Error` with a `code`, `field` where one part of the input is at fault, and `problem`, the
    /// server's own code, where it refused.
    fn from(failure: Failure) -> Self {
        let error = js_sys::Error::new(&failure.to_string());
        // Setting a property of a fresh object does not fail.
        let _ = Reflect::set(&error, &"code".into(), &failure.code().into());
        if let Failure::App(AppError::Invalid { field, .. }) = &failure {
            let _ = Reflect::set(&error, &"field".into(), &field.as_str().into());
        }
        if let Failure::Pause(Pause::Problem(problem)) = &failure {
            let _ = Reflect::set(&error, &"problem".into(), &problem.code.as_str().into());
        }
        error.into()
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

impl From<SyncError<AppError>> for Failure {
    fn from(SyncError::Local(error): SyncError<AppError>) -> Self {
        Self::App(error)
    }
}
