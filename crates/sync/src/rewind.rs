//! After a restored server: going back to what both share, and giving back what it lost.
//!
//! The server's own log first (revocations must not arrive after what they revoke), then the signed
//! ops of other devices. This device's own follow in the push that comes next.

use std::collections::VecDeque;

use serde_json::value::RawValue;
use spotcheck_protocol::api::path;
use spotcheck_protocol::messages::{PushRequest, RewindReply, RewindRequest};
use spotcheck_protocol::{PROTOCOL, run_codec};

use crate::round::SyncError;
use crate::{Local, Outgoing};

/// JSON a page, before compression.
const PAGE_BYTES: usize = 480 * 1024;

#[derive(Debug, Default)]
pub(crate) struct RewindLane {
    asked: bool,
    /// What to give back.
    offers: VecDeque<Box<RawValue>>,
}

impl RewindLane {
    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if !self.asked {
            self.asked = true;
            let Some(proof) = local.seen()? else { return Ok(None) };
            let server_log =
                spotcheck_domain::LogId::of_key(spotcheck_protocol::keys::ALG, &local.server_key());
            let directory = local.runs_beyond(0)?.into_iter().filter(|run| run.log == server_log);
            let directory = directory.map(|run| run_codec::encode(&run)).collect();
            let known = local.known_checkpoints()?;
            let body = RewindRequest { p: PROTOCOL, proof, known, directory };
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
            return Ok(None);
        }
        let seen = None; // what we have seen is being mended
        let (introductions, logs, ask) = (vec![], vec![], vec![]);
        let body = PushRequest { p: PROTOCOL, seen, introductions, runs, logs, ask };
        Ok(Some(Outgoing::post(path::PUSH, &body)))
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        reply: RewindReply,
    ) -> Result<(), SyncError<L::Error>> {
        let lost = local.runs_beyond(reply.common)?;
        local.rewind(reply.epoch, reply.common)?;
        self.offers = lost.iter().map(run_codec::encode).collect();
        Ok(())
    }
}
