//! The fetch lane: photos that others took, at the end of a round, resumed where they were cut.
//!
//! No reply is signed here. Where a piece belongs is checked as it comes, so that a sign-in page in
//! between is not taken for one, and the whole by its hash.

use std::collections::VecDeque;

use http::{StatusCode, header};
use spotcheck_domain::op::BlobRef;
use spotcheck_protocol::api::Response;
use spotcheck_protocol::problem::Problem;

use crate::round::{Pause, Report, SyncError};
use crate::{Local, Outgoing};

/// A cut costs at most one piece.
const MIN_PIECE: u64 = 64 * 1024;
/// What the server gives at most in one reply.
const MAX_PIECE: u64 = 1024 * 1024;
/// Photos fetched in one round; the next goes on.
const PHOTOS: usize = 500;

#[derive(Debug)]
pub(crate) struct FetchLane {
    waiting: Option<VecDeque<BlobRef>>,
    now: Option<(BlobRef, u64)>,
    piece: u64,
    /// Only what a person asked for: the network is metered.
    pub(crate) asked_only: bool,
}

impl Default for FetchLane {
    fn default() -> Self {
        Self { waiting: None, now: None, piece: 256 * 1024, asked_only: false }
    }
}

impl FetchLane {
    /// A piece was lost: smaller ones lose less.
    pub(crate) fn lost(&mut self) {
        self.piece = (self.piece / 2).max(MIN_PIECE);
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if self.waiting.is_none() {
            self.waiting = Some(local.photos_to_fetch(self.asked_only, PHOTOS)?.into());
        }
        if self.now.is_none() {
            let Some(blob) = self.waiting.as_mut().and_then(VecDeque::pop_front) else {
                return Ok(None);
            };
            self.now = Some((blob, local.photo_arrived(blob.sha256)?));
        }
        let Some((blob, from)) = self.now else { return Ok(None) };
        let range = format!("bytes={from}-{}", from + self.piece - 1);
        Ok(Some(Outgoing::part_of(blob.sha256, range)))
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        response: &Response,
        report: &mut Report,
    ) -> Result<Option<Pause>, SyncError<L::Error>> {
        let Some((blob, from)) = self.now.take() else { return Ok(None) };
        if let Some((start, whole)) = place(response) {
            let through = start + response.body().len() as u64;
            if start != from || response.body().is_empty() || through > whole {
                return Ok(Some(Pause::NotOurServer(
                    "not the piece of a photo that was asked for".to_owned(),
                )));
            }
            local.take_piece(blob.sha256, response.body())?;
            report.photo_bytes_received += response.body().len() as u64;
            if through < whole {
                self.piece = (self.piece * 2).min(MAX_PIECE);
                self.now = Some((blob, through));
            } else if local.keep_photo(blob.sha256)? {
                report.photos_received += 1;
            } else {
                report.unfetched.push(blob.sha256);
            }
            return Ok(None);
        }
        let problem = serde_json::from_slice::<Problem>(response.body()).ok();
        match (response.status(), problem) {
            // Whoever took it has not sent it yet, or what has arrived of it is of no use.
            (StatusCode::NOT_FOUND | StatusCode::RANGE_NOT_SATISFIABLE, Some(_)) => {
                local.give_up_photo(blob.sha256)?;
                Ok(None)
            }
            (_, Some(problem)) => Ok(Some(Pause::Problem(problem))),
            (status, None) => Ok(Some(Pause::NotOurServer(format!(
                "the answer {status} for a photo is not from our server"
            )))),
        }
    }
}

/// Where a piece begins and how long the whole is, if this is one.
fn place(response: &Response) -> Option<(u64, u64)> {
    if !response.status().is_success() {
        return None;
    }
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (places, whole) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = places.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let length = last.checked_sub(first)?.checked_add(1)?;
    (length == response.body().len() as u64).then_some((first, whole.parse().ok()?))
}
