//! Every route, once: the router and the OpenAPI document are both made of this table.

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter, get, on};
use http::Method;
use spotcheck_protocol::api::path;

use super::app::App;
use super::tls::Tls;
use super::{answer, plain};
use std::sync::Arc;

/// One method at one path.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// Names the operation in the document, in metrics and in logs.
    pub(super) id: &'static str,
    pub(super) work: Work,
}

/// Who answers, and what is asked before the body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// A signed page by a device that must be known.
    Page,
    /// A signed page by one that need not be.
    Rewind,
    /// A signed page with a code, limited by address.
    Enrol,
    /// A signed request without a body.
    Download,
    /// tus without a body.
    Tus,
    /// tus with a body, which is stored as it arrives.
    Patch,
    /// The process is there.
    Live,
    /// It can store.
    Ready,
    /// Figures for Prometheus.
    Metrics,
    /// What runs here.
    Version,
    /// The description of all this.
    Document,
}

const fn route(method: Method, path: &'static str, id: &'static str, work: Work) -> Route {
    Route { method, path, id, work }
}

/// The path of one upload.
pub(super) const UPLOAD: &str = "/api/v1/uploads/{id}";
/// The path of one blob.
pub(super) const BLOB: &str = "/api/v1/blobs/{sha256}";

/// Every route there is.
pub(super) static ROUTES: [Route; 20] = [
    route(Method::POST, path::ENROL, "enrol", Work::Enrol),
    route(Method::POST, path::PUSH, "push", Work::Page),
    route(Method::POST, path::PULL, "pull", Work::Page),
    route(Method::POST, path::COMPARE, "compare", Work::Page),
    route(Method::POST, path::REWIND, "rewind", Work::Rewind),
    route(Method::POST, path::DEVICES, "devices", Work::Page),
    route(Method::POST, path::INVITE, "invite", Work::Page),
    route(Method::POST, path::REVOKE, "revoke", Work::Page),
    route(Method::POST, path::GRANTS, "grant_upload", Work::Page),
    route(Method::OPTIONS, path::UPLOADS, "upload_options", Work::Tus),
    route(Method::POST, path::UPLOADS, "create_upload", Work::Tus),
    route(Method::OPTIONS, UPLOAD, "upload_options_of_one", Work::Tus),
    route(Method::HEAD, UPLOAD, "upload_offset", Work::Tus),
    route(Method::PATCH, UPLOAD, "append_to_upload", Work::Patch),
    route(Method::GET, BLOB, "download_blob", Work::Download),
    route(Method::GET, "/api/v1/openapi.json", "openapi", Work::Document),
    route(Method::GET, "/livez", "livez", Work::Live),
    route(Method::GET, "/readyz", "readyz", Work::Ready),
    route(Method::GET, "/metrics", "metrics", Work::Metrics),
    route(Method::GET, "/version", "version", Work::Version),
];

/// The router at the address for figures alone.
pub(super) fn metrics_router(app: &Arc<App>) -> Router {
    let (asked, lost) = (app.clone(), app.clone());
    Router::new()
        .route("/metrics", get(move |_: answer::HttpRequest| answer::figures(asked.clone())))
        .fallback(move |request| answer::no_such_route(lost.clone(), request))
}

/// The router for who speaks plain HTTP to a server that speaks TLS.
pub(super) fn plain_router(app: &Arc<App>, tls: &Arc<Tls>) -> Router {
    let (app, tls) = (app.clone(), tls.clone());
    Router::new().fallback(move |request| plain::answer(app.clone(), tls.clone(), request))
}

/// The router over the table. What is not in it is a problem document with 404 or 405.
pub(super) fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in &ROUTES {
        let Ok(filter) = MethodFilter::try_from(route.method.clone()) else { continue };
        let app = app.clone();
        let handler = move |request| answer::answer(app.clone(), route, request);
        router = router.route(route.path, MethodRouter::new().merge(on(filter, handler)));
    }
    let (lost, wrong) = (app.clone(), app.clone());
    router
        .fallback(move |request| answer::no_such_route(lost.clone(), request))
        .method_not_allowed_fallback(move |request| answer::wrong_method(wrong.clone(), request))
}
