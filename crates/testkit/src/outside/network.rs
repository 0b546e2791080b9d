//! Lines to the server, each with a fault proxy of its own.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;

use crate::proxy::{Counts, FaultProxy, Mode, Settings};

/// Where the proxies run, beside whatever the caller does.
pub struct Network {
    runtime: tokio::runtime::Runtime,
}

/// The line of one device.
#[derive(Clone)]
pub struct Line {
    proxy: FaultProxy,
    address: SocketAddr,
}

impl Network {
    /// An empty one.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new() -> anyhow::Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).enable_all().build();
        Ok(Self { runtime: runtime.context("cannot start the network")? })
    }

    /// A line to `server` that passes everything until told otherwise. What befalls its n-th
    /// connection follows the seed.
    ///
    /// # Errors
    /// No port is free.
    pub fn line(&self, server: SocketAddr, seed: u64) -> anyhow::Result<Line> {
        let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        let proxy = self.runtime.block_on(FaultProxy::bind(any, server.to_string(), seed));
        let proxy = proxy.context("cannot start a fault proxy")?;
        let serving = proxy.clone();
        self.runtime.spawn(async move { serving.serve().await });
        Ok(Line { address: proxy.local_addr()?, proxy })
    }

    /// Runs something beside the lines.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }
}

impl Line {
    /// Where a device connects to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes everything.
    pub fn heal(&self) {
        self.proxy.set(Settings::default());
    }

    /// Passes nothing.
    pub fn cut(&self) {
        self.proxy.set(Settings { mode: Mode::Refuse, ..Settings::default() });
    }

    /// Answers everything by the login page of a hotel.
    pub fn hotel(&self) {
        self.proxy.set(Settings { mode: Mode::Portal, ..Settings::default() });
    }

    /// Any other trouble.
    pub fn set(&self, settings: Settings) {
        self.proxy.set(settings);
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.proxy.counts()
    }
}
