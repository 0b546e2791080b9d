//! From a request on a socket to the service and back.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::response::Response as HttpResponse;
use http::{HeaderValue, StatusCode, header};
use spotcheck_protocol::api::Response;
use spotcheck_protocol::problem::{MEDIA_TYPE, Problem};

use super::app::App;
use super::routes::{Route, Work};
use super::{front, method_override, openapi, probes, signed, upload};

/// A request as the router hands it over.
pub(super) type HttpRequest = http::Request<Body>;

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Why the service did not see a request, or not all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// More than this many bytes.
    TooLarge(usize),
    /// Not the media type of this route.
    MediaType(&'static str),
    /// It stopped sending, or took too long.
    Slow,
    /// The connection ended. Nobody reads the answer.
    Gone,
    /// Too many are before it.
    Busy,
    /// Too many enrolments; seconds until the next.
    EnrolLimit(u64),
    /// Too many rewinds of devices that nobody knows; seconds until the next.
    RewindLimit(u64),
    /// The server is stopping.
    Stopping,
    /// Something the operator has to mend.
    Unavailable,
    /// Our own mistake.
    Broken,
}

/// Answers a request to a route.
pub(super) async fn answer(
    app: Arc<App>,
    route: &'static Route,
    request: HttpRequest,
) -> HttpResponse {
    let (id, began) = (app.next_request(), Instant::now());
    let response = match route.work {
        Work::Page | Work::Rewind | Work::Enrol | Work::Download => {
            signed::answer(&app, route, request).await
        }
        Work::Tus => upload::versioned(upload::control(&app, request).await),
        Work::Patch => upload::versioned(upload::append(&app, request).await),
        Work::Live => probes::live(),
        Work::Ready => probes::ready(&app).await,
        Work::Metrics if !may_see_metrics(&app, &request) => problem(&lost()),
        Work::Metrics => probes::metrics(&app).await,
        Work::Version => probes::version(),
        Work::Document => openapi::response(),
    };
    finish(&app, route.id, id, began, response)
}

/// Answers a request at the address for figures.
pub(super) async fn figures(app: Arc<App>) -> HttpResponse {
    let (id, began) = (app.next_request(), Instant::now());
    let response = probes::metrics(&app).await;
    finish(&app, "metrics", id, began, response)
}

/// Answers a request to a path that does not exist.
pub(super) async fn no_such_route(app: Arc<App>, request: HttpRequest) -> HttpResponse {
    let began = Instant::now();
    let (method, path) = (request.method(), request.uri().path());
    let authority = app.tls.as_ref().and_then(|tls| tls.authority(method, path));
    if let Some(response) = authority {
        return finish(&app, "authority", app.next_request(), began, response);
    }
    let found = match &app.web {
        Some(web) => web.answer(method, path, request.headers()),
        None => front::page(method, path).map(|page| page.map(Body::from)),
    };
    if let Some(response) = found {
        return finish_web(&app, began, response);
    }
    let response = problem(&lost());
    super::body::linger(request.into_body());
    finish(&app, "none", app.next_request(), Instant::now(), response)
}

/// Answers a request with a method that its path does not have.
pub(super) async fn wrong_method(app: Arc<App>, request: HttpRequest) -> HttpResponse {
    let detail = "the Allow header names the methods of this path";
    let mut response = problem(&Problem::new(405, "method_not_allowed", detail));
    if method_override::is_tus(request.uri().path()) {
        response = upload::versioned(response);
    }
    super::body::linger(request.into_body());
    finish(&app, "none", app.next_request(), Instant::now(), response)
}

/// Answers a tus request whose `X-HTTP-Method-Override` is no method.
pub(super) fn no_method(app: Arc<App>, request: HttpRequest) -> HttpResponse {
    let detail = "X-HTTP-Method-Override: the name of a method";
    let response = problem(&Problem::new(400, "bad_header", detail));
    super::body::linger(request.into_body());
    finish(&app, "none", app.next_request(), Instant::now(), upload::versioned(response))
}

fn lost() -> Problem {
    let detail = "there is nothing at this path; see /api/v1/openapi.json";
    Problem::new(404, "no_such_route", detail)
}

/// Figures are the operator's: they are for this machine, or for an address of their own.
fn may_see_metrics(app: &App, request: &HttpRequest) -> bool {
    let near = request.extensions().get::<Peer>().is_none_or(|peer| peer.0.is_loopback());
    // A proxy on this machine speaks for others.
    let forwarded =
        ["forwarded", "x-forwarded-for"].map(|name| request.headers().contains_key(name));
    !app.limits.metrics_apart && near && forwarded == [false; 2]
}

/// Counts and logs a request and adds what every response has. Neither path, address, header nor
/// body is logged: ids of uploads and names of photos are in paths.
pub(super) fn finish(
    app: &App,
    route: &'static str,
    id: u64,
    began: Instant,
    response: Response,
) -> HttpResponse {
    let (status, took) = (response.status().as_u16(), began.elapsed());
    app.metrics.request(route, status, took);
    let took_ms = took.as_millis() as u64;
    match status {
        500.. => tracing::warn!(request = id, route, status, took_ms, "failed"),
        _ => tracing::debug!(request = id, route, status, took_ms, "answered"),
    }
    let mut response = response.map(Body::from);
    let headers = response.headers_mut();
    headers.entry("x-request-id").or_insert_with(|| id.into());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}

/// Counts a request for the web app, whose responses bring their own headers.
fn finish_web(app: &App, began: Instant, mut response: HttpResponse) -> HttpResponse {
    app.metrics.request("web", response.status().as_u16(), began.elapsed());
    let headers = response.headers_mut();
    headers.insert("x-request-id", app.next_request().into());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A refusal as a problem document.
pub(super) fn refused(why: Refused) -> Response {
    let (status, code, detail) = match why {
        Refused::TooLarge(cap) => (413, "too_large", format!("body: at most {cap} bytes here")),
        Refused::MediaType(wanted) => {
            (415, "media_type", format!("Content-Type: use {wanted}, without Content-Encoding"))
        }
        Refused::Slow => (408, "too_slow", "the body did not arrive in time; send it again".into()),
        Refused::Gone => (400, "cut_off", "the body ended early; send it again".into()),
        Refused::Busy => (503, "busy", "the server is busy; try again after Retry-After".into()),
        Refused::EnrolLimit(_) => {
            (429, "too_many_enrolments", "wait for Retry-After seconds, then enrol again".into())
        }
        Refused::RewindLimit(_) => {
            let detail = "wait for Retry-After seconds, then sync again: what was sent is kept";
            (429, "too_many_rewinds", detail.into())
        }
        Refused::Stopping => (503, "stopping", "the server is stopping; try again later".into()),
        Refused::Unavailable => {
            (503, "unavailable", "the server cannot store this now; try again later".into())
        }
        Refused::Broken => (500, "internal", "the server made a mistake; its log says more".into()),
    };
    let mut response = problem(&Problem::new(status, code, detail));
    let wait = match why {
        Refused::EnrolLimit(seconds) | Refused::RewindLimit(seconds) => Some(seconds.max(1)),
        Refused::Busy => Some(3),
        Refused::Stopping | Refused::Unavailable => Some(10),
        _ => None,
    };
    let headers = response.headers_mut();
    if let Some(seconds) = wait {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A problem document as a response.
pub(super) fn problem(problem: &Problem) -> Response {
    let mut response = Response::new(serde_json::to_vec(problem).unwrap_or_default());
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}
