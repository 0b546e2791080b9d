//! What a client may use, in one place.

use std::time::Duration;

/// Limits of a running server. The defaults suit a machine with 2 GB of memory.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once: below the usual 1,024 open files of a process, with room for our own.
    pub connections: usize,
    /// Connections at once from one address (one /64 of IPv6). Behind a proxy all come from its.
    pub connections_per_peer: usize,
    /// A request's headers must be complete within this, and a connection's first ones too.
    pub headers: Duration,
    /// A connection without a request in work is closed after this.
    pub idle: Duration,
    /// The longest pause within a body.
    pub body_pause: Duration,
    /// A body, other than an upload's, must be complete within this.
    pub body_whole: Duration,
    /// The longest that one upload request may take; a client goes on with another.
    pub upload_whole: Duration,
    /// Bytes of an upload that arrive slowly are stored after this at the latest, so that little is
    /// sent again when the connection is cut.
    pub upload_flush: Duration,
    /// The longest wait for memory or for a thread before a request is told to come back.
    pub queue: Duration,
    /// Bytes of request bodies in memory, all requests together.
    pub bodies_bytes: usize,
    /// Ledger requests in work at once. SQLite has one writer: more would only wait in memory.
    pub workers: usize,
    /// Uploads in work at once; they wait for the disk.
    pub upload_workers: usize,
    /// Enrolments an address may ask for at once; of rewinds of unknown devices four times as many.
    pub enrol_burst: u32,
    /// And in the long run.
    pub enrol_per_minute: u32,
    /// How often uploads that nobody finished are looked for.
    pub sweep: Duration,
    /// How often it is written down when devices were last heard of.
    pub contacts: Duration,
    /// Figures have an address of their own, and are not given out here.
    pub metrics_apart: bool,
    /// With less free space than this on the data folder's disk the server is not ready.
    pub headroom_bytes: u64,
    /// What is in work when the server is told to stop gets this long.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 768,
            connections_per_peer: 256,
            headers: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_pause: Duration::from_secs(20),
            body_whole: Duration::from_secs(60),
            upload_whole: Duration::from_secs(3600),
            upload_flush: Duration::from_millis(500),
            queue: Duration::from_secs(10),
            bodies_bytes: 64 * 1024 * 1024,
            workers: 12,
            upload_workers: 16,
            enrol_burst: 60,
            enrol_per_minute: 60,
            sweep: Duration::from_secs(3600),
            contacts: Duration::from_secs(60),
            metrics_apart: false,
            headroom_bytes: 256 * 1024 * 1024,
            stop: Duration::from_secs(10),
        }
    }
}
