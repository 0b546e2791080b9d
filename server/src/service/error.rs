//! What a request may end in, other than what it asked for.

use http::{HeaderValue, StatusCode, header};
use spotcheck_domain::WorkspaceId;
use spotcheck_protocol::api::Response;
use spotcheck_protocol::messages::RefusalCode;
use spotcheck_protocol::problem::{MEDIA_TYPE, Problem};

use crate::ledger::LedgerError;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The client's to mend; nothing was changed.
    #[error("{}", .0.detail)]
    Problem(Problem),
    /// Moves the device's state, and is therefore signed.
    #[error("refused: {0:?}")]
    Refused(RefusalCode),
    /// The same, before the request's work began: said to whom it came from.
    #[error("refused: {code:?}")]
    RefusedTo {
        /// The tenant.
        ws: WorkspaceId,
        /// The request's nonce.
        nonce: [u8; 16],
        /// Why.
        code: RefusalCode,
    },
    /// The ledger failed: the operator's to mend.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The folder of photos failed: the operator's to mend.
    #[error("photos: {0}")]
    Blobs(#[from] std::io::Error),
}

impl Failure {
    /// A problem of the client's making.
    pub fn problem(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self::Problem(Problem::new(status, code, detail))
    }

    /// A body that cannot be read.
    pub(super) fn bad_body(detail: impl std::fmt::Display) -> Self {
        Self::problem(400, "bad_body", detail.to_string())
    }

    /// As an unsigned response: it moves no device's state.
    pub(super) fn into_response(self) -> Response {
        let problem = match self {
            Self::Problem(problem) => problem,
            Self::Refused(code) | Self::RefusedTo { code, .. } => {
                Problem::new(403, "refused", format!("{code:?}: sync to learn what this means"))
            }
            Self::Ledger(LedgerError::CodeSpent) => {
                Problem::new(403, "code_spent", "the code was used; ask for a fresh one")
            }
            Self::Ledger(LedgerError::OutOfRange) => Problem::new(
                400,
                "bad_body",
                "a seq, size or cursor beyond 2^53: send the numbers this server gave",
            ),
            Self::Ledger(LedgerError::NoWorkspace) => {
                Problem::new(404, "no_such_workspace", "there is no such workspace here")
            }
            Self::Ledger(error) => unavailable(&error),
            Self::Blobs(error) => unavailable(&error),
        };
        let mut response = Response::new(serde_json::to_vec(&problem).unwrap_or_default());
        *response.status_mut() =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if problem.status == 503 {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        response
    }
}

/// The server's own trouble: logged with its cause, told without it.
fn unavailable(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a request failed on the server's side");
    Problem::new(503, "unavailable", "the server cannot store this now; try again later")
}
