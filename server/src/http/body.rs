//! Reading bodies: never more than allowed, never slower than allowed, never beyond the memory that
//! all bodies share.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use super::answer::Refused;
use super::limits::Limits;

/// Memory that all bodies share, a permit a byte.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: Arc<Semaphore>,
    total: usize,
}

/// Memory that one body holds, as it arrives: who sends slowly holds little.
#[derive(Debug, Default)]
pub(super) struct Held(Option<OwnedSemaphorePermit>);

impl Budget {
    pub(super) fn new(total: usize) -> Self {
        Self { bytes: Arc::new(Semaphore::new(total)), total }
    }

    pub(super) fn in_use(&self) -> usize {
        self.total.saturating_sub(self.bytes.available_permits())
    }

    async fn grow(&self, held: &mut Held, bytes: usize, wait: Duration) -> Result<(), Refused> {
        let more = u32::try_from(bytes).map_err(|_| Refused::Busy)?;
        // Bodies that wait for each other's memory would wait for ever; the first to tire lets go.
        let permit = tokio::time::timeout(wait, self.bytes.clone().acquire_many_owned(more)).await;
        let Ok(Ok(permit)) = permit else { return Err(Refused::Busy) };
        match &mut held.0 {
            Some(known) => known.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }
}

/// How long a wait for memory may be, of the wait that a request may have in all.
fn memory_wait(limits: &Limits) -> Duration {
    limits.queue / 5
}

/// The declared length of a body; `None` when it comes in chunks.
pub(super) fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a whole body of at most `cap` bytes.
pub(super) async fn read(
    body: &mut Body,
    cap: usize,
    limits: &Limits,
    budget: &Budget,
) -> Result<(Vec<u8>, Held), Refused> {
    let deadline = Instant::now() + limits.body_whole;
    let mut bytes = Vec::new();
    let mut held = Held::default();
    loop {
        let until = deadline.min(Instant::now() + limits.body_pause);
        let frame = tokio::time::timeout_at(until, next(body)).await;
        let Some(data) = frame.map_err(|_| Refused::Slow)?? else { return Ok((bytes, held)) };
        if bytes.len() + data.len() > cap {
            return Err(Refused::TooLarge(cap));
        }
        budget.grow(&mut held, data.len(), memory_wait(limits)).await?;
        bytes.extend_from_slice(&data);
    }
}

/// The next data of a body; `None` at its end.
async fn next(body: &mut Body) -> Result<Option<Bytes>, Refused> {
    while let Some(frame) = body.frame().await {
        // Trailers carry nothing here.
        if let Ok(data) = frame.map_err(|_| Refused::Gone)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// A part of a body, and what comes after it.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) held: Held,
    pub(super) then: Then,
}

/// What comes after a piece.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    More,
    End,
    Cut(Refused),
}

/// A piece is stored once it has this much: with the frame that filled it, less than 1 MiB.
const PIECE_BYTES: usize = 896 * 1024;

/// Reads the next piece: what has arrived when it is large enough or old enough, when the body ends,
/// or when nothing more will come. Whatever the reason, what arrived is in it.
pub(super) async fn piece(
    body: &mut Body,
    limits: &Limits,
    budget: &Budget,
    deadline: Instant,
    stopping: &mut watch::Receiver<bool>,
) -> Piece {
    let mut piece = Piece { bytes: vec![], held: Held::default(), then: Then::More };
    let mut flush = None;
    let mut pause = Instant::now() + limits.body_pause;
    while piece.bytes.len() < PIECE_BYTES {
        let until = flush.unwrap_or(pause).min(deadline);
        let arrived = tokio::select! {
            arrived = tokio::time::timeout_at(until, next(body)) => arrived,
            _ = stopping.wait_for(|stopping| *stopping) => Ok(Err(Refused::Stopping)),
        };
        match arrived {
            Err(_) if flush.is_some() && until < deadline => break,
            Err(_) => piece.then = Then::Cut(Refused::Slow),
            Ok(Err(cut)) => piece.then = Then::Cut(cut),
            Ok(Ok(None)) => piece.then = Then::End,
            Ok(Ok(Some(data))) => {
                match budget.grow(&mut piece.held, data.len(), memory_wait(limits)).await {
                    Ok(()) => piece.bytes.extend_from_slice(&data),
                    Err(busy) => piece.then = Then::Cut(busy),
                }
                flush.get_or_insert_with(|| Instant::now() + limits.upload_flush);
                pause = Instant::now() + limits.body_pause;
            }
        }
        if piece.then != Then::More {
            break;
        }
    }
    piece
}

/// Takes a little more of a body that nobody wants, so that the refusal is read before the
/// connection is cut: a client that is still sending would see a reset instead.
pub(super) fn linger(mut body: Body) {
    tokio::spawn(async move {
        let mut left = 1024 * 1024_usize;
        let drain = async {
            while let Ok(Some(data)) = next(&mut body).await {
                match left.checked_sub(data.len()) {
                    Some(rest) => left = rest,
                    None => break,
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(1), drain).await;
    });
}
