//! Who speaks plain HTTP where TLS is expected: shown the way, and given what it takes to go it.

use std::sync::Arc;
use std::time::Instant;

use axum::response::Response as HttpResponse;
use http::uri::Authority;
use http::{HeaderValue, StatusCode, header};
use spotcheck_protocol::api::Response;
use spotcheck_protocol::problem::Problem;

use super::answer::{HttpRequest, finish, problem};
use super::app::App;
use super::tls::Tls;

/// Answers with the authority's certificate or with the way to `https`.
pub(super) async fn answer(app: Arc<App>, tls: Arc<Tls>, request: HttpRequest) -> HttpResponse {
    let (id, began) = (app.next_request(), Instant::now());
    let given = tls.authority(request.method(), request.uri().path());
    let response = given.unwrap_or_else(|| redirect(&tls, &request));
    super::body::linger(request.into_body());
    finish(&app, "plain", id, began, response)
}

/// Temporary, and for the same method: a browser must not remember it for a server that later
/// speaks plain HTTP at this address.
fn redirect(tls: &Tls, request: &HttpRequest) -> Response {
    let asked = || {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let host = request.uri().authority().map(Authority::as_str).or(host)?;
        host.parse::<Authority>().ok().map(|host| format!("https://{host}"))
    };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let there = tls.public_url.clone().or_else(asked);
    let there = there.and_then(|url| HeaderValue::from_str(&format!("{url}{target}")).ok());
    let Some(there) = there else {
        let detail = "this address speaks TLS: begin with https://, or say Host";
        return problem(&Problem::new(400, "bad_header", detail));
    };
    let mut response = Response::new(b"This address speaks TLS: begin with https://\n".to_vec());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, there);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
