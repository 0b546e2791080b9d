//! Giving out what is new, filtered by scope and nothing else.

use spotcheck_domain::{BlobHash, ScopeId};
use spotcheck_protocol::messages::{Part, PullReply, PullRequest, Section};
use spotcheck_protocol::run_codec;

use super::auth::{self, Caller};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Ledger, PullAsk, PulledPart, PulledSection};

/// Op data a page, before compression: well under the frame limit once compressed.
const PAGE_BYTES: usize = 512 * 1024;
/// No counter goes further; integers stay exact in every JSON reader.
pub(super) const MAX_SEQ: u64 = (1 << 53) - 1;

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn pull(&self, caller: &Caller, bytes: &[u8]) -> Result<PullReply, Failure> {
        let request: PullRequest = auth::body(bytes)?;
        if request.cursors.len() > 1000 || request.own.len() > 64 {
            return Err(Failure::bad_body("cursors ≤ 1000 and own ≤ 64"));
        }
        let positions = request.cursors.iter().map(|(_, at)| at);
        if positions.chain(request.own.iter().map(|(_, at)| at)).any(|at| *at > MAX_SEQ) {
            return Err(Failure::bad_body("cursors and own: a position is below 2^53"));
        }
        caller.unless_revoked()?;
        let ws = caller.device.ws;
        self.recognise(ws, request.seen).await?;
        let may_read = |scope: &ScopeId| caller.user.reads.contains(scope);
        let cursors = request.cursors.into_iter().filter(|(scope, _)| may_read(scope)).collect();
        let ask = PullAsk { cursors, own: request.own, max_bytes: PAGE_BYTES };
        let pulled = self.ledger.pull(ws, &ask).await?;
        let checkpoint = self.ledger.checkpoint(ws).await?.sign(ws, &self.key);
        Ok(PullReply {
            sections: pulled.sections.into_iter().map(section).collect(),
            scopes: caller.user.reads.clone(),
            more: pulled.more,
            checkpoint,
            server_ms: self.host.now_ms(),
        })
    }
}

fn section(pulled: PulledSection) -> Section {
    let parts = pulled.parts.into_iter().map(part).collect();
    let PulledSection { scope, after, through, digest, .. } = pulled;
    Section { scope, after, through, digest, parts }
}

pub(super) fn part(pulled: PulledPart) -> Part {
    match pulled {
        PulledPart::Run(run, seqs, key) => {
            Part::Run { run: run_codec::encode(&run), seqs, key: BlobHash(key) }
        }
        PulledPart::Own(log, first, seqs) => Part::Own { log, first, seqs },
    }
}
