//! Rounds of the real engine over real connections, timed.

use std::future::Future;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::bail;
use spotcheck_client::{HttpApi, Pause, Report, SyncApi, Unreachable, run_round};
use spotcheck_protocol::api::{Request, Response, path};

use crate::scene::BenchDevice;

/// How a round went.
pub(crate) struct Went {
    pub(crate) report: Report,
    /// How long each answer took, ms.
    pub(crate) waits_ms: Vec<f64>,
}

/// What ends a round before its time.
const LANE_ENDS: &str = "the lane that is measured ends here";

/// The server over HTTP, with each answer timed.
struct Door {
    api: HttpApi,
    /// Answers nothing from here on: so the lane before it is measured alone.
    closed: Option<&'static str>,
    waits_ms: Mutex<Vec<f64>>,
}

impl SyncApi for Door {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        if self.closed.is_some_and(|closed| request.uri().path() == closed) {
            return Err(Unreachable(LANE_ENDS.to_owned()));
        }
        let began = Instant::now();
        let answer = self.api.send(request).await;
        if let Ok(mut waits) = self.waits_ms.lock() {
            waits.push(began.elapsed().as_secs_f64() * 1e3);
        }
        answer
    }
}

/// One whole round.
pub(crate) fn round(url: &str, device: &mut BenchDevice) -> anyhow::Result<Went> {
    run(url, device, None)
}

/// A round up to the last receipt of its ops: no pull.
pub(crate) fn push(url: &str, device: &mut BenchDevice) -> anyhow::Result<Went> {
    run(url, device, Some(path::PULL))
}

fn run(url: &str, device: &mut BenchDevice, closed: Option<&'static str>) -> anyhow::Result<Went> {
    let api = HttpApi::new(url).map_err(|e| anyhow::anyhow!("{e}"))?;
    let door = Door { api, closed, waits_ms: Mutex::default() };
    let report = wait(run_round(&door, device))??;
    match &report.pause {
        Some(Pause::Offline(why)) if why == LANE_ENDS => {}
        Some(pause) => bail!("a round stopped: {pause}"),
        None => {}
    }
    Ok(Went { report, waits_ms: door.waits_ms.into_inner().unwrap_or_default() })
}

/// Runs a future on a runtime of this thread.
pub(crate) fn wait<F: Future>(work: F) -> anyhow::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work))
}

/// Does something for each number, so many at once. The first failure is the answer.
pub(crate) fn in_threads(
    numbers: Range<u64>,
    threads: usize,
    work: impl Fn(u64) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<()> {
    let next = AtomicU64::new(numbers.start);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= numbers.end {
                            return Ok(());
                        }
                        work(number)?;
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(_) => bail!("a thread panicked"),
        })
    })
}

/// Has all devices do something at once, each in a thread of its own. Gives the seconds from the
/// common start to the last end.
pub(crate) fn at_once<T: Send>(
    devices: &mut [BenchDevice],
    work: impl Fn(&mut BenchDevice) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<(f64, Vec<anyhow::Result<T>>)> {
    let start = std::sync::Barrier::new(devices.len() + 1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = devices
            .iter_mut()
            .map(|device| {
                scope.spawn(|| {
                    start.wait();
                    work(device)
                })
            })
            .collect();
        start.wait();
        let began = Instant::now();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(done) => done,
            Err(_) => bail!("a thread panicked"),
        });
        let done: Vec<_> = done.collect();
        Ok((began.elapsed().as_secs_f64(), done))
    })
}
