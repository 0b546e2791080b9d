//! The server over HTTP: reqwest natively, and as `fetch` in a browser.

use std::future::poll_fn;
use std::pin::pin;

use futures_core::Stream as _;
use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable};
use spotcheck_protocol::reply::MAX_REPLY_BYTES;

#[cfg(not(target_family = "wasm"))]
use crate::trust::Trust;

/// Longer than any reply of ours takes on a bad line; a dead one is tried again next round.
#[cfg(not(target_family = "wasm"))]
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// A server at an address.
#[derive(Debug, Clone)]
pub struct HttpApi {
    base: String,
    client: reqwest::Client,
}

impl HttpApi {
    /// A server at `http(s)://host[:port]`; with `https`, under a public authority.
    ///
    /// # Errors
    /// When the platform gives no HTTP client.
    pub fn new(base: &str) -> Result<Self, Unreachable> {
        #[cfg(not(target_family = "wasm"))]
        return Self::trusting(base, Trust::public());
        #[cfg(target_family = "wasm")]
        Self::over(base, reqwest::Client::builder())
    }

    /// The same, with a say in whom to believe.
    ///
    /// # Errors
    /// When the platform gives no HTTP client.
    #[cfg(not(target_family = "wasm"))]
    pub fn trusting(base: &str, trust: Trust) -> Result<Self, Unreachable> {
        let tls = trust.config().map_err(|e| Unreachable(e.to_string()))?;
        // A redirect is never ours: a portal's sign-in page must not be followed with a signature.
        let builder = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(tls);
        Self::over(base, builder)
    }

    fn over(base: &str, builder: reqwest::ClientBuilder) -> Result<Self, Unreachable> {
        let client = builder.build().map_err(|e| Unreachable(e.to_string()))?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), client })
    }
}

impl SyncApi for HttpApi {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let sent = self
            .client
            .request(parts.method, format!("{}{target}", self.base))
            .headers(parts.headers)
            .body(body)
            .send()
            .await;
        let reply = sent.map_err(|e| said(&e))?;
        let mut response = Response::new(vec![]);
        *response.status_mut() = reply.status();
        *response.headers_mut() = reply.headers().clone();
        // Whatever answers, take no more from it than our server would send.
        let limit = MAX_REPLY_BYTES + 1024;
        let mut chunks = pin!(reply.bytes_stream());
        while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
            let chunk = chunk.map_err(|e| said(&e))?;
            if response.body().len() + chunk.len() > limit {
                return Err(Unreachable("an answer far larger than our server sends".to_owned()));
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

/// The innermost cause: "connection refused" says more than "error sending request".
fn said(error: &dyn std::error::Error) -> Unreachable {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Unreachable(cause.to_string())
}
