//! What operators ask: is it there, can it store, how is it doing, what is it.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderValue, header};
use serde_json::json;
use spotcheck_protocol::api::Response;
use spotcheck_protocol::problem::Problem;

use super::answer::{problem, refused};
use super::app::App;
use crate::ledger::{Ledger as _, LedgerError, Waiting};

/// Anybody may ask whether the server is ready; the disk is asked at most once in this time.
const READY_FOR: Duration = Duration::from_secs(1);

/// The process answers.
pub(super) fn live() -> Response {
    with_type("text/plain; charset=utf-8", "ok\n".into())
}

/// The ledger takes a row, the disk a file, and there is room for more. The key was loaded at the
/// start.
pub(super) async fn ready(app: &Arc<App>) -> Response {
    let known = *app.ready.lock().unwrap_or_else(PoisonError::into_inner);
    let ready = match known {
        Some((at, ready)) if at.elapsed() < READY_FOR => ready,
        _ => {
            let asked = app.blocking(false, can_store).await;
            let Ok(ready) = asked else { return asked.err().map_or_else(live, refused) };
            *app.ready.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((Instant::now(), ready));
            ready
        }
    };
    if ready && !*app.stopping.borrow() {
        return with_type("text/plain; charset=utf-8", "ready\n".into());
    }
    problem(&Problem::new(503, "not_ready", "the server cannot store now; its log says why"))
}

fn can_store(app: &App) -> bool {
    let ledger = pollster::block_on(app.service().ledger().probe());
    if let Err(error) = &ledger {
        tracing::error!(%error, "not ready: the ledger takes no write");
    }
    let folder = app.dir.probe();
    if let Err(error) = &folder {
        tracing::error!(%error, "not ready: the photo folder takes no file");
    }
    let room = match app.dir.free_bytes() {
        Ok(free) if free < app.limits.headroom_bytes => {
            tracing::error!(free, "not ready: the disk of the data folder is nearly full");
            false
        }
        Ok(_) => true,
        Err(error) => {
            tracing::error!(%error, "not ready: the disk does not say how full it is");
            false
        }
    };
    ledger.is_ok() && folder.is_ok() && room
}

/// Figures for Prometheus.
pub(super) async fn metrics(app: &Arc<App>) -> Response {
    let kept = app.blocking(false, |app| pollster::block_on(kept(app))).await;
    let mut gauges =
        vec![("body_bytes", "Bytes of request bodies in memory.", app.budget.in_use() as u64)];
    match kept {
        Ok(Ok((deliveries, waiting))) => gauges.extend([
            ("deliveries", "Entries of the histories of all workspaces: ops delivered or in quarantine, photos held.", deliveries),
            ("quarantined_ops", "Ops in quarantine, for an administrator to look at.", waiting.quarantined),
            ("forked_logs", "Logs of devices that were cloned or restored from a copy.", waiting.forked),
            ("awaited_photos", "Photos that delivered ops name and that no device has sent.", waiting.awaited),
            ("open_uploads", "Uploads that were granted in the last 24 hours and are not complete.", waiting.uploads),
        ]),
        Ok(Err(error)) => tracing::error!(%error, "the ledger does not answer"),
        Err(_) => {}
    }
    with_type("text/plain; version=0.0.4; charset=utf-8", app.metrics.text(&gauges))
}

/// How long the histories of all workspaces are, and what waits in them.
async fn kept(app: &App) -> Result<(u64, Waiting), LedgerError> {
    let ledger = app.service().ledger();
    let mut sum = 0;
    for (ws, _) in ledger.list_workspaces().await? {
        sum += ledger.checkpoint(ws).await?.size;
    }
    Ok((sum, ledger.waiting().await?))
}

/// What runs here.
pub(super) fn version() -> Response {
    let version = json!({
        "name": "spotcheck-server",
        "version": env!("CARGO_PKG_VERSION"),
        "protocol": spotcheck_protocol::PROTOCOL,
    });
    with_type("application/json", version.to_string())
}

/// A response of a media type.
pub(super) fn with_type(media_type: &'static str, body: String) -> Response {
    let mut response = Response::new(body.into_bytes());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
