//! A TCP proxy that behaves like a bad network, for real clients before a real server.
//!
//! It forwards one port to one upstream under [`Settings`] that may change at any time, by
//! [`FaultProxy::set`] or over the control port (`control.rs`). A change resets the connections
//! that are open: a kept-alive one would else never feel it. What befalls the n-th connection
//! follows the seed and n alone, however the tasks run.
//!
//! It knows no HTTP, except that the captive portal answers in it: a *reply* is the first bytes
//! from the upstream after some from the client.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

mod connection;
mod control;
mod counts;
mod relay;
mod settings;
#[cfg(test)]
mod tests;

pub use control::serve_control;
pub use counts::Counts;
pub use settings::{ByteRange, Mode, Settings};

/// The running proxy; clones are the same one. It serves while [`FaultProxy::serve`] is polled.
#[derive(Clone)]
pub struct FaultProxy {
    shared: Arc<Shared>,
}

struct Shared {
    listener: TcpListener,
    upstream: String,
    seed: u64,
    settings: watch::Sender<Settings>,
    counts: Mutex<Counts>,
}

impl FaultProxy {
    /// Listens on `listen`, where port 0 means any free one, for connections to `upstream`, a
    /// `host:port`. It passes everything until told otherwise.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn bind(listen: SocketAddr, upstream: String, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let (settings, _) = watch::channel(Settings::default());
        let counts = Mutex::default();
        Ok(Self { shared: Arc::new(Shared { listener, upstream, seed, settings, counts }) })
    }

    /// Where clients connect.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.shared.listener.local_addr()
    }

    /// Changes what happens to new connections, and resets those that are open.
    pub fn set(&self, settings: Settings) {
        self.shared.settings.send_replace(settings);
    }

    /// What happens to new connections now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.shared.settings.borrow().clone()
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.count(|counts| *counts)
    }

    /// Accepts connections until the future is dropped, which ends the open ones, too.
    ///
    /// # Errors
    /// The listening socket failed.
    pub async fn serve(&self) -> io::Result<()> {
        let mut connections = JoinSet::new();
        loop {
            let (client, _) = self.shared.listener.accept().await?;
            connections.spawn(connection::run(Arc::clone(&self.shared), client));
            while connections.try_join_next().is_some() {}
        }
    }
}

impl Shared {
    fn count<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        act(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The luck of the n-th connection.
    fn rng(&self, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(number);
        rng
    }
}

/// Ends a connection by RST instead of FIN.
fn reset(stream: TcpStream) {
    // Failing means that the connection is gone already.
    let _ = stream.set_zero_linger();
    drop(stream);
}
