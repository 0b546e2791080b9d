//! Accepting connections, up to a number, until told to stop.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::app::App;
use super::connection::Doors;
use super::tls::Tls;
use super::{connection, contacts, expiry, routes};

/// Connections that are told "too many" at once; beyond them they are just closed.
const TURNING_AWAY: usize = 32;

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    metrics: Option<TcpListener>,
    app: Arc<App>,
}

impl Server {
    /// Listens at an address.
    ///
    /// # Errors
    /// When the address is taken or is not one of this machine.
    pub async fn bind(address: &str, app: Arc<App>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| {
            format!("cannot listen on {address}: choose another address with --listen")
        })?;
        Ok(Self { listener, metrics: None, app })
    }

    /// Gives figures out at another address, and at that one only.
    ///
    /// # Errors
    /// When the address is taken or is not one of this machine.
    pub async fn with_metrics(mut self, address: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).await;
        self.metrics = Some(listener.with_context(|| {
            format!("cannot listen on {address}: choose another address with --metrics-listen")
        })?);
        Ok(self)
    }

    /// Where figures are given out, if not with the rest.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn metrics_addr(&self) -> std::io::Result<Option<std::net::SocketAddr>> {
        self.metrics.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> std::io::Result<std::net::SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` resolves, then finishes what is in work.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, metrics, app } = self;
        let graceful = GracefulShutdown::new();
        let plain = |tls: Arc<Tls>| (tls.clone(), routes::plain_router(&app, &tls));
        let doors = Doors { router: routes::router(&app), tls: app.tls.clone().map(plain) };
        let turning_away = Arc::new(Semaphore::new(TURNING_AWAY));
        // They end with this function, whatever ends it.
        let mut beside = JoinSet::new();
        beside.spawn(expiry::run(app.clone()));
        beside.spawn(contacts::run(app.clone()));
        if let Some(listener) = metrics {
            beside.spawn(serve_metrics(listener, app.clone()));
        }
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of files, most likely: closing connections mends it, accepting faster
                    // does not.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            app.metrics.accepted.fetch_add(1, Ordering::Relaxed);
            let slot = app.connections.clone().try_acquire_owned().ok();
            match slot.zip(app.peers.take(peer.ip())) {
                Some(slot) => {
                    let served = connection::serve(
                        app.clone(),
                        doors.clone(),
                        stream,
                        peer.ip(),
                        graceful.watcher(),
                    );
                    tokio::spawn(async move {
                        let _slot = slot;
                        served.await;
                    });
                }
                None => {
                    app.metrics.turned_away.fetch_add(1, Ordering::Relaxed);
                    if let Ok(one) = turning_away.clone().try_acquire_owned() {
                        tokio::spawn(async move {
                            let _one = one;
                            let _ = tokio::time::timeout(Duration::from_secs(1), turn_away(stream))
                                .await;
                        });
                    }
                }
            }
        }
        drop(listener);
        drain(&app, graceful).await;
        contacts::keep(&app).await;
    }
}

/// Connections for figures at once: a scraper needs one.
const METRICS_CONNECTIONS: usize = 8;

/// Gives figures out at their own address until dropped.
async fn serve_metrics(listener: TcpListener, app: Arc<App>) {
    let slots = Arc::new(Semaphore::new(METRICS_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    // A scraper on this machine or in its network needs no TLS.
    let doors = Doors { router: routes::metrics_router(&app), tls: None };
    let mut open = JoinSet::new();
    loop {
        // Who comes beyond the number waits in the system's queue.
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let (app, doors, watcher) = (app.clone(), doors.clone(), graceful.watcher());
                open.spawn(async move {
                    let _slot = slot;
                    connection::serve(app, doors, stream, peer.ip(), watcher).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection for figures");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        while open.try_join_next().is_some() {}
    }
}

async fn drain(app: &App, graceful: GracefulShutdown) {
    tracing::info!(connections = graceful.count(), "stopping: finishing what is in work");
    app.stopping.send_replace(true);
    match tokio::time::timeout(app.limits.stop, graceful.shutdown()).await {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::warn!("stopped with requests in work: their clients will try again"),
    }
}

/// Says "too many" and closes, reading what was sent so that the answer is not lost in a reset.
async fn turn_away(mut stream: TcpStream) {
    let body = r#"{"type":"urn:spotcheck:busy","status":503,"code":"busy","detail":"too many connections; try again after Retry-After"}"#;
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n\
         content-length: {}\r\nretry-after: 5\r\nconnection: close\r\n\r\n",
        body.len()
    );
    if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
        return;
    }
    let _ = stream.shutdown().await;
    let mut sink = [0; 4096];
    while matches!(stream.read(&mut sink).await, Ok(1..)) {}
}
