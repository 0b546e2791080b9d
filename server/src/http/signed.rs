//! Requests that a device signs. Who it claims to be is looked at before its body is read, so that
//! strangers cost neither memory nor decompression; whether it is so is for the service to decide,
//! because the signature covers the body.

use std::sync::Arc;
use std::time::Instant;

use http::request::Parts;
use http::{HeaderValue, header};
use spotcheck_domain::LogId;
use spotcheck_protocol::MAX_FRAME_BYTES;
use spotcheck_protocol::api::{Request, Response};
use spotcheck_protocol::request_signature::{
    CONTENT_DIGEST, ParsedSignature, SIGNATURE, SIGNATURE_INPUT, only_value, parse,
};

use super::answer::{HttpRequest, Peer, Refused, refused};
use super::app::{App, Holds};
use super::body;
use super::routes::{Route, Work};
use crate::ledger::Ledger as _;

/// Answers a signed request.
pub(super) async fn answer(app: &Arc<App>, route: &Route, request: HttpRequest) -> Response {
    let (parts, mut body) = request.into_parts();
    match admit(app, route.work, &parts, &mut body).await {
        Ok((bytes, held)) => {
            let holds = Holds { memory: Some(held), ..Holds::default() };
            app.call(Request::from_parts(parts, bytes), holds).await
        }
        Err(response) => {
            if !parts.headers.contains_key(header::EXPECT) {
                body::linger(body);
            }
            response
        }
    }
}

/// The gates before the service, in order.
async fn admit(
    app: &Arc<App>,
    work: Work,
    parts: &Parts,
    body: &mut axum::body::Body,
) -> Result<(Vec<u8>, body::Held), Response> {
    if work == Work::Enrol {
        let peer = parts.extensions.get::<Peer>();
        let taken = peer.map_or(Ok(()), |peer| app.enrolments.take(peer.0, Instant::now()));
        taken.map_err(|seconds| refused(Refused::EnrolLimit(seconds)))?;
    }
    if let Stranger::Yes = stranger(app, work, parts).await.map_err(refused)? {
        // The service says in which way, as it does without us before it.
        let alone = Request::from_parts(parts.clone(), vec![]);
        return Err(app.call(alone, Holds::default()).await);
    }
    if work != Work::Download {
        media_type(parts).map_err(refused)?;
    }
    let cap = match work {
        Work::Enrol => 4096,
        Work::Download => 0,
        _ => MAX_FRAME_BYTES,
    };
    if body::declared(&parts.headers).is_some_and(|length| length > cap as u64) {
        return Err(refused(Refused::TooLarge(cap)));
    }
    body::read(body, cap, &app.limits, &app.budget).await.map_err(refused)
}

enum Stranger {
    Yes,
    No,
}

/// Whether a request is not even claimed by a device that could be answered.
async fn stranger(app: &Arc<App>, work: Work, parts: &Parts) -> Result<Stranger, Refused> {
    let Some(signature) = signature(parts) else { return Ok(Stranger::Yes) };
    if work == Work::Enrol {
        return Ok(Stranger::No);
    }
    let log = LogId(signature.params().key_id);
    let found =
        app.blocking(false, move |app| pollster::block_on(app.service().ledger().find_device(log)));
    match found.await? {
        Ok(Some(_)) => Ok(Stranger::No),
        // It may show its enrolment, which we signed and no longer know of: unpacked before it is
        // known who sent it, and therefore not often.
        Ok(None) if work == Work::Rewind => {
            let peer = parts.extensions.get::<Peer>();
            let taken = peer.map_or(Ok(()), |peer| app.rewinds.take(peer.0, Instant::now()));
            taken.map(|()| Stranger::No).map_err(Refused::RewindLimit)
        }
        Ok(None) => Ok(Stranger::Yes),
        Err(error) => {
            tracing::error!(%error, "the ledger does not answer");
            Err(Refused::Unavailable)
        }
    }
}

fn signature(parts: &Parts) -> Option<ParsedSignature> {
    let value = |name: &'static str| {
        only_value(name, parts.headers.get_all(name).iter().map(HeaderValue::as_bytes)).ok()
    };
    parse(value(CONTENT_DIGEST)?, value(SIGNATURE_INPUT)?, value(SIGNATURE)?).ok()
}

/// A body has one form: compressed by us, never by the transport.
fn media_type(parts: &Parts) -> Result<(), Refused> {
    let named = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let plain = !parts.headers.contains_key(header::CONTENT_ENCODING);
    match named == Some(spotcheck_protocol::MEDIA_TYPE) && plain {
        true => Ok(()),
        false => Err(Refused::MediaType(spotcheck_protocol::MEDIA_TYPE)),
    }
}
