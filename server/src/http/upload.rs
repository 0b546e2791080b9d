//! tus on sockets: the body of a PATCH goes to the service in pieces, each durable before the next,
//! so that memory stays small and what arrived before a cut stays.

use std::sync::Arc;

use axum::body::Body;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use spotcheck_protocol::api::{Request, Response};
use tokio::time::Instant;

use super::answer::{HttpRequest, Refused, refused};
use super::app::{App, Holds};
use super::body::{self, Then};

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
/// A body with a checksum is held whole until the sum is known to be right.
const MAX_CHECKED_BYTES: usize = 8 * 1024 * 1024;
/// Requests that say all in their headers.
const MAX_CONTROL_BYTES: usize = 0;

/// Answers a tus request that has no body.
pub(super) async fn control(app: &Arc<App>, request: HttpRequest) -> Response {
    let (parts, mut body) = request.into_parts();
    let read = body::read(&mut body, MAX_CONTROL_BYTES, &app.limits, &app.budget).await;
    if let Err(why) = read {
        body::linger(body);
        return refused(why);
    }
    let upload_turn = Some(app.upload_turn(parts.uri.path()).await);
    let holds = Holds { upload_turn, upload: true, ..Holds::default() };
    app.call(Request::from_parts(parts, vec![]), holds).await
}

/// Answers a PATCH. It goes on without its connection, so that what arrived is stored.
pub(super) async fn append(app: &Arc<App>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let upload = Upload { app: app.clone(), parts };
    let done = tokio::spawn(async move { upload.append(body).await }).await;
    done.unwrap_or_else(|_| refused(Refused::Broken))
}

struct Upload {
    app: Arc<App>,
    parts: Parts,
}

impl Upload {
    async fn append(mut self, mut body: Body) -> Response {
        let expects = self.parts.headers.contains_key(header::EXPECT);
        let checksum = self.parts.headers.remove(CHECKSUM);
        // With an empty body first: whether all else is right is known before anything is read.
        let empty = self.store(vec![], body::Held::default()).await;
        let done = match (empty.status(), checksum) {
            (StatusCode::NO_CONTENT, None) => self.in_pieces(&mut body, empty).await,
            (StatusCode::NO_CONTENT, Some(sum)) => {
                self.parts.headers.insert(CHECKSUM, sum);
                self.whole(&mut body).await
            }
            _ => empty,
        };
        if !done.status().is_success() && !expects {
            body::linger(body);
        }
        done
    }

    /// Stores a body as it arrives.
    async fn in_pieces(&mut self, body: &mut Body, empty: Response) -> Response {
        let deadline = Instant::now() + self.app.limits.upload_whole;
        let mut stopping = self.app.stopping.subscribe();
        let mut answered = empty;
        loop {
            let app = self.app.clone();
            let piece = body::piece(body, &app.limits, &app.budget, deadline, &mut stopping).await;
            if !piece.bytes.is_empty() {
                answered = self.store(piece.bytes, piece.held).await;
                let reached = answered.headers().get(OFFSET).cloned();
                let Some(reached) = reached.filter(|_| answered.status().is_success()) else {
                    return answered;
                };
                self.parts.headers.insert(OFFSET, reached);
            }
            match piece.then {
                Then::More => {}
                Then::End => return answered,
                Then::Cut(why) => return refused(why),
            }
        }
    }

    /// Stores a body once all of it is here, because its checksum covers all of it.
    async fn whole(&self, body: &mut Body) -> Response {
        let cap = MAX_CHECKED_BYTES;
        if body::declared(&self.parts.headers).is_some_and(|length| length > cap as u64) {
            return refused(Refused::TooLarge(cap));
        }
        match body::read(body, cap, &self.app.limits, &self.app.budget).await {
            Ok((bytes, held)) => self.store(bytes, held).await,
            Err(why) => refused(why),
        }
    }

    async fn store(&self, bytes: Vec<u8>, held: body::Held) -> Response {
        let upload_turn = Some(self.app.upload_turn(self.parts.uri.path()).await);
        let holds = Holds { memory: Some(held), upload_turn, upload: true };
        self.app.call(Request::from_parts(self.parts.clone(), bytes), holds).await
    }
}

/// Every tus reply names the version.
pub(super) fn versioned(mut response: Response) -> Response {
    let name = HeaderName::from_static("tus-resumable");
    response.headers_mut().insert(name, HeaderValue::from_static("1.0.0"));
    response
}
