//! After a restored server: going back to what both share, and giving back what it lost.
//!
//! The server's own log first (revocations must not arrive after what they revoke), then the signed
//! ops of other devices. This device's own follow in the push that comes next.

use std::collections::VecDeque;

use serde_json::value::RawValue;
use spotcheck_domain::LogId;
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::ALG;
use spotcheck_protocol::messages::{PushRequest, RewindReply, RewindRequest};
use spotcheck_protocol::{MAX_FRAME_BYTES, PROTOCOL, run_codec};

use crate::round::SyncError;
use crate::{Local, Outgoing};

/// JSON a page, before compression.
const PAGE_BYTES: usize = 480 * 1024;
/// The same of the server's own log, which is mostly keys and signatures and compresses less.
const DIRECTORY_BYTES: usize = 300 * 1024;

#[derive(Debug, Default)]
pub(crate) struct RewindLane {
    /// The server's own log, in pages that are yet to be shown; none before it was looked up.
    directory: Option<VecDeque<Vec<Box<RawValue>>>>,
    /// What to give back.
    offers: VecDeque<Box<RawValue>>,
    /// It goes on with what an earlier round began.
    pub(crate) resumed: bool,
}

impl RewindLane {
    /// Goes on giving back, where an earlier round was cut off.
    pub(crate) fn resume<L: Local>(local: &mut L) -> Result<Self, SyncError<L::Error>> {
        let offers = local.runs_beyond(u64::MAX >> 1)?.iter().map(run_codec::encode).collect();
        Ok(Self { directory: Some(VecDeque::new()), offers, resumed: true })
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        let directory = match &mut self.directory {
            Some(pages) => pages,
            None => self.directory.insert(directory(local)?),
        };
        if let Some(page) = directory.pop_front() {
            let more = !directory.is_empty();
            let Some(proof) = local.seen()? else { return Ok(None) };
            let known = if more { vec![] } else { local.known_checkpoints()? };
            let body = RewindRequest { p: PROTOCOL, proof, known, directory: page, more };
            return Ok(Some(Outgoing::post(path::REWIND, &body)));
        }
        let mut runs = vec![];
        let mut bytes = 0;
        while bytes < PAGE_BYTES
            && runs.len() < 200
            && let Some(run) = self.offers.pop_front()
        {
            bytes += run.get().len();
            runs.push(run);
        }
        if runs.is_empty() {
            local.given_back()?;
            return Ok(None);
        }
        loop {
            let page = offer(&runs);
            // Text that hardly compresses makes a page larger than the server takes.
            if page.body.len() <= MAX_FRAME_BYTES || runs.len() == 1 {
                return Ok(Some(page));
            }
            let later = runs.split_off(runs.len() / 2);
            later.into_iter().rev().for_each(|run| self.offers.push_front(run));
        }
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        reply: RewindReply,
    ) -> Result<(), SyncError<L::Error>> {
        if self.directory.as_ref().is_some_and(|pages| !pages.is_empty()) {
            return Ok(());
        }
        let lost = local.runs_beyond(reply.common)?;
        local.rewind(reply.epoch, reply.common)?;
        self.offers = lost.iter().map(run_codec::encode).collect();
        Ok(())
    }
}

/// A push of others' runs. What we have seen is being mended, so it is not shown.
fn offer(runs: &[Box<RawValue>]) -> Outgoing {
    let (introductions, logs, ask) = (vec![], vec![], vec![]);
    let runs = runs.to_vec();
    let body = PushRequest { p: PROTOCOL, seen: None, introductions, runs, logs, ask };
    Outgoing::post(path::PUSH, &body)
}

/// The server's own log as this device pulled it, from its beginning, in pages: at least one.
fn directory<L: Local>(local: &mut L) -> Result<VecDeque<Vec<Box<RawValue>>>, SyncError<L::Error>> {
    let server_log = LogId::of_key(ALG, &local.server_key());
    let ours = local.runs_beyond(0)?.into_iter().filter(|run| run.log == server_log);
    let mut pages = VecDeque::from([vec![]]);
    let mut bytes = 0;
    for run in ours.map(|run| run_codec::encode(&run)) {
        if bytes > DIRECTORY_BYTES {
            pages.push_back(vec![]);
            bytes = 0;
        }
        bytes += run.get().len();
        if let Some(page) = pages.back_mut() {
            page.push(run);
        }
    }
    Ok(pages)
}
