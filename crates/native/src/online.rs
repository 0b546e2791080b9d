//! Why something that needs the server was not done.

use spotcheck_app::AppError;
use spotcheck_client::Pause;

/// Nothing is lost: the same may be asked again.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// The device itself said no, or its disk failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The server refused or did not answer.
    #[error("{0}")]
    Pause(Pause),
}
