//! `X-HTTP-Method-Override`: tus obeys it, for clients whose surroundings know no PATCH.
//!
//! On tus paths alone: signed requests sign their method, and no other route has a use for it.
//! Nothing is gained by it there, because a capability opens every method of its upload alike.

use axum::body::Body;
use http::{HeaderName, Method};
use spotcheck_protocol::api::path;

const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// The header of a tus request is no method.
#[derive(Debug)]
pub(super) struct NoMethod;

/// Gives a tus request the method that its header names.
pub(super) fn apply(request: &mut http::Request<Body>) -> Result<(), NoMethod> {
    if !is_tus(request.uri().path()) {
        return Ok(());
    }
    let Some(named) = request.headers_mut().remove(OVERRIDE) else { return Ok(()) };
    *request.method_mut() = Method::from_bytes(named.as_bytes()).map_err(|_| NoMethod)?;
    Ok(())
}

/// Whether a path belongs to tus; grants are signed and stand beside it.
pub(super) fn is_tus(at: &str) -> bool {
    let below = at.strip_prefix(path::UPLOADS);
    at != path::GRANTS && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
