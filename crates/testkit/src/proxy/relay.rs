//! Both directions of one connection, with the faults that strike amid it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::sleep;

use super::Shared;
use super::counts::Fault;
use super::settings::{Settings, strikes};

const CHUNK_BYTES: usize = 16 << 10;

/// How the forwarding ended.
pub(super) enum Ending {
    /// By a fault of ours.
    Fault(Fault),
    /// By both sides, in good order.
    Closed,
    /// By one of the two sides, which the other must notice as well.
    Broken,
}

/// What is left for one connection.
pub(super) struct Flow<'a> {
    shared: &'a Shared,
    delay: Duration,
    loss: f64,
    left: Mutex<Left>,
}

struct Left {
    /// Bytes until the cut.
    total: u64,
    /// Bytes of replies until they end.
    down: u64,
    /// The client has asked, and no reply has come.
    reply_due: bool,
}

impl<'a> Flow<'a> {
    pub(super) fn new(shared: &'a Shared, settings: &Settings, rng: &mut ChaCha8Rng) -> Self {
        let left = Left {
            total: settings.cut_after.map_or(u64::MAX, |range| range.pick(rng)),
            down: settings.truncate_reply.unwrap_or(u64::MAX),
            reply_due: false,
        };
        let delay = Duration::from_millis(settings.delay_ms);
        Self { shared, delay, loss: settings.loss, left: Mutex::new(left) }
    }

    /// How many of `len` bytes to the upstream may pass.
    fn up(&self, len: usize) -> (usize, Option<Fault>) {
        self.left(|left| {
            left.reply_due = true;
            left.take(len)
        })
    }

    /// How many of `len` bytes to the client may pass.
    fn down(&self, len: usize) -> (usize, Option<Fault>) {
        self.left(|left| {
            let within = clamp(left.down, len);
            let (allowed, fault) = left.take(within);
            left.down -= allowed as u64;
            (allowed, fault.or((within < len).then_some(Fault::Truncated)))
        })
    }

    fn is_reply(&self) -> bool {
        self.left(|left| std::mem::take(&mut left.reply_due))
    }

    fn left<T>(&self, act: impl FnOnce(&mut Left) -> T) -> T {
        act(&mut self.left.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Left {
    fn take(&mut self, len: usize) -> (usize, Option<Fault>) {
        let allowed = clamp(self.total, len);
        self.total -= allowed as u64;
        (allowed, (allowed < len).then_some(Fault::Cut))
    }
}

fn clamp(limit: u64, len: usize) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX).min(len)
}

/// Forwards until both sides have finished, one fails, or a fault strikes.
pub(super) async fn relay(
    client: &mut TcpStream,
    upstream: &mut TcpStream,
    flow: &Flow<'_>,
    rng: ChaCha8Rng,
) -> Ending {
    let (from_client, to_client) = client.split();
    let (from_upstream, to_upstream) = upstream.split();
    let up = forward_up(from_client, to_upstream, flow);
    let down = forward_down(from_upstream, to_client, flow, rng);
    match tokio::try_join!(up, down) {
        Ok(_) => Ending::Closed,
        Err(ending) => ending,
    }
}

async fn forward_up(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    flow: &Flow<'_>,
) -> Result<(), Ending> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let len = from.read(&mut buffer).await.map_err(|_| Ending::Broken)?;
        if len == 0 {
            return to.shutdown().await.map_err(|_| Ending::Broken);
        }
        let (allowed, fault) = flow.up(len);
        flow.shared.count(|counts| counts.bytes_up += allowed as u64);
        to.write_all(&buffer[..allowed]).await.map_err(|_| Ending::Broken)?;
        stop_at(fault)?;
    }
}

async fn forward_down(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    flow: &Flow<'_>,
    mut rng: ChaCha8Rng,
) -> Result<(), Ending> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let len = from.read(&mut buffer).await.map_err(|_| Ending::Broken)?;
        if len == 0 {
            return to.shutdown().await.map_err(|_| Ending::Broken);
        }
        if flow.is_reply() {
            stop_at(strikes(&mut rng, flow.loss).then_some(Fault::Lost))?;
            if !flow.delay.is_zero() {
                flow.shared.count(|counts| counts.delayed += 1);
                sleep(flow.delay).await;
            }
        }
        let (allowed, fault) = flow.down(len);
        flow.shared.count(|counts| counts.bytes_down += allowed as u64);
        to.write_all(&buffer[..allowed]).await.map_err(|_| Ending::Broken)?;
        stop_at(fault)?;
    }
}

fn stop_at(fault: Option<Fault>) -> Result<(), Ending> {
    fault.map_or(Ok(()), |fault| Err(Ending::Fault(fault)))
}
