//! One connection: HTTP/1.1 or 2, with every wait bounded.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tower::ServiceExt as _;

use super::answer::{self, Peer};
use super::app::App;
use super::limits::Limits;
use super::method_override;
use super::tls::{Met, Tls};

/// Headers of a request, all together; signatures need about 500 bytes.
const MAX_HEADER_BYTES: usize = 32 * 1024;
const MAX_HEADERS: usize = 64;
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 32;

/// Who answers on a connection.
#[derive(Debug, Clone)]
pub(super) struct Doors {
    pub(super) router: Router,
    /// With TLS: who shakes hands, and who answers plain HTTP.
    pub(super) tls: Option<(Arc<Tls>, Router)>,
}

/// Serves one connection until it ends, is idle for too long, or the server stops.
pub(super) async fn serve(
    app: Arc<App>,
    doors: Doors,
    stream: TcpStream,
    peer: IpAddr,
    watcher: Watcher,
) {
    app.metrics.open.fetch_add(1, Ordering::Relaxed);
    // Replies are written whole: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    match doors.tls {
        None => talk(&app, doors.router, stream, peer, watcher).await,
        Some((tls, plain)) => match tls.meet(&app, stream).await {
            Met::Tls(stream) => talk(&app, doors.router, stream, peer, watcher).await,
            Met::Plain(stream) => talk(&app, plain, stream, peer, watcher).await,
            Met::Nothing => {}
        },
    }
    app.metrics.open.fetch_sub(1, Ordering::Relaxed);
}

/// Speaks HTTP over what is ready for it.
async fn talk(
    app: &Arc<App>,
    router: Router,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    watcher: Watcher,
) {
    let activity = Arc::new(Activity::new());
    let (noted, answering) = (activity.clone(), app.clone());
    let service = hyper::service::service_fn(move |request: http::Request<Incoming>| {
        let (app, router, in_work) = (answering.clone(), router.clone(), noted.begin());
        async move {
            let _in_work = in_work;
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            match method_override::apply(&mut request) {
                Ok(()) => router.oneshot(request).await,
                Err(method_override::NoMethod) => Ok(answer::no_method(app, request)),
            }
        }
    });
    let builder = builder(&app.limits);
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let mut connection = std::pin::pin!(watcher.watch(connection));
    let quiet = activity.quiet(&app.limits);
    tokio::select! {
        ended = &mut connection => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        }
        () = quiet => tracing::debug!("a quiet connection was closed"),
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // Without a timer the limit on headers would not work at all.
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_HEADERS)
        .keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HEADER_BYTES as u32)
        .max_concurrent_streams(MAX_STREAMS)
        .keep_alive_interval(Some(Duration::from_secs(20)))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

/// When a connection last had work. hyper bounds the wait for headers of HTTP/1, but not the wait
/// to learn which version is spoken, nor for a client that takes its answer slowly, nor HTTP/2 that
/// only answers pings.
struct Activity {
    began: Instant,
    last_ms: AtomicU64,
    in_work: AtomicUsize,
    asked: AtomicBool,
}

impl Activity {
    fn new() -> Self {
        let (last_ms, in_work) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { began: Instant::now(), last_ms, in_work, asked: AtomicBool::new(false) }
    }

    fn begin(self: &Arc<Self>) -> InWork {
        self.asked.store(true, Ordering::Relaxed);
        self.in_work.fetch_add(1, Ordering::Relaxed);
        InWork(self.clone())
    }

    /// Resolves when nothing has been in work for too long.
    async fn quiet(&self, limits: &Limits) {
        loop {
            let allowed =
                if self.asked.load(Ordering::Relaxed) { limits.idle } else { limits.headers };
            let last = Duration::from_millis(self.last_ms.load(Ordering::Relaxed));
            let working = self.in_work.load(Ordering::Relaxed) > 0;
            let until =
                if working { Instant::now() + limits.headers } else { self.began + last + allowed };
            if !working && until <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }
}

struct InWork(Arc<Activity>);

impl Drop for InWork {
    fn drop(&mut self) {
        let now_ms = self.0.began.elapsed().as_millis() as u64;
        self.0.last_ms.store(now_ms, Ordering::Relaxed);
        self.0.in_work.fetch_sub(1, Ordering::Relaxed);
    }
}
