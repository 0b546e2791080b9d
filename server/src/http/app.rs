//! What all connections of a server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use spotcheck_protocol::api::{Request, Response};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, watch};

use super::answer::{Refused, refused};
use super::body::Budget;
use super::enrol_limit::EnrolLimit;
use super::limits::Limits;
use super::metrics::Metrics;
use super::peers::Peers;
use super::tls::Tls;
use super::web::Web;
use crate::data_dir::{DataDir, HostedService};

/// Uploads that share a lock wait for each other, no more; so a few locks do for any number.
const UPLOAD_TURNS: usize = 256;

/// After a restore a device shows the directory in a few pages: so many are worth an enrolment.
const REWIND_PAGES: u32 = 4;

/// The service, and what requests share on their way to it.
#[derive(Debug)]
pub struct App {
    service: Hosted,
    pub(super) dir: DataDir,
    pub(super) limits: Limits,
    /// The web app, where one is served.
    pub(super) web: Option<Web>,
    /// What it takes to speak TLS, where it is spoken.
    pub(super) tls: Option<Arc<Tls>>,
    pub(super) budget: Budget,
    pub(super) enrolments: EnrolLimit,
    /// Rewinds of devices that are not known.
    pub(super) rewinds: EnrolLimit,
    pub(super) metrics: Metrics,
    pub(super) ready: std::sync::Mutex<Option<(Instant, bool)>>,
    pub(super) stopping: watch::Sender<bool>,
    pub(super) connections: Arc<Semaphore>,
    pub(super) peers: Arc<Peers>,
    workers: Arc<Semaphore>,
    upload_workers: Arc<Semaphore>,
    upload_turns: Vec<Arc<tokio::sync::Mutex<()>>>,
    requests: AtomicU64,
}

struct Hosted(HostedService);

impl std::fmt::Debug for Hosted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostedService")
    }
}

/// What a call of the service holds until it is done, even if nobody waits for the answer any more.
#[derive(Debug, Default)]
#[expect(dead_code, reason = "memory and turn are there to be dropped")]
pub(super) struct Holds {
    pub(super) memory: Option<super::body::Held>,
    pub(super) upload_turn: Option<OwnedMutexGuard<()>>,
    pub(super) upload: bool,
}

impl App {
    /// Puts a service behind limits.
    pub fn new(service: HostedService, dir: DataDir, limits: Limits) -> Self {
        let turns = dir.clone();
        service.takes_turns_by(move || Ok(Box::new(turns.own_log_turn()?)));
        Self {
            service: Hosted(service),
            dir,
            budget: Budget::new(limits.bodies_bytes),
            enrolments: EnrolLimit::new(limits.enrol_burst, limits.enrol_per_minute),
            rewinds: EnrolLimit::new(
                limits.enrol_burst.saturating_mul(REWIND_PAGES),
                limits.enrol_per_minute.saturating_mul(REWIND_PAGES),
            ),
            metrics: Metrics::default(),
            ready: std::sync::Mutex::default(),
            stopping: watch::Sender::new(false),
            connections: Arc::new(Semaphore::new(limits.connections)),
            peers: Peers::new(limits.connections_per_peer),
            workers: Arc::new(Semaphore::new(limits.workers)),
            upload_workers: Arc::new(Semaphore::new(limits.upload_workers)),
            upload_turns: (0..UPLOAD_TURNS).map(|_| Arc::default()).collect(),
            requests: AtomicU64::new(0),
            limits,
            web: None,
            tls: None,
        }
    }

    /// Serves the web app beside the API.
    #[must_use]
    pub fn with_web(self, web: Option<Web>) -> Self {
        Self { web, ..self }
    }

    /// Speaks TLS, and only that.
    #[must_use]
    pub fn with_tls(self, tls: Option<Tls>) -> Self {
        Self { tls: tls.map(Arc::new), ..self }
    }

    /// The service behind the sockets.
    pub fn service(&self) -> &HostedService {
        &self.service.0
    }

    /// Where the service keeps its things.
    pub fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// A number for a request, so that its log lines can be found.
    pub(super) fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Waits for the turn to touch an upload: its length on disk is only true between writes.
    pub(super) async fn upload_turn(&self, path: &str) -> OwnedMutexGuard<()> {
        let sum = path.bytes().fold(0_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
        self.upload_turns[sum % UPLOAD_TURNS].clone().lock_owned().await
    }

    /// Has the service answer a request, on a thread that may block.
    pub(super) async fn call(self: &Arc<Self>, request: Request, holds: Holds) -> Response {
        let upload = holds.upload;
        self.blocking(upload, move |app| {
            let _holds = holds;
            pollster::block_on(app.service().handle(&request))
        })
        .await
        .unwrap_or_else(refused)
    }

    /// Runs blocking work, at most so many at once; who waits too long is told to come back.
    pub(super) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        upload: bool,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let queue = if upload { &self.upload_workers } else { &self.workers };
        let permit = tokio::time::timeout(self.limits.queue, queue.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Refused::Busy) };
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _permit: OwnedSemaphorePermit = permit;
            work(&app)
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a request panicked");
            Refused::Broken
        })
    }
}
