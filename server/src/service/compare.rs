//! Anti-entropy: what a device lacks although its cursor passed it.

use spotcheck_domain::BlobHash;
use spotcheck_protocol::messages::{CompareReply, CompareRequest, Part};
use spotcheck_protocol::run_codec;

use super::auth::{self, Caller};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::Ledger;

/// Stop adding logs to a reply beyond this much JSON.
const REPLY_BYTES: usize = 512 * 1024;

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn compare(
        &self,
        caller: &Caller,
        bytes: &[u8],
    ) -> Result<CompareReply, Failure> {
        let request: CompareRequest = auth::body(bytes)?;
        caller.unless_revoked()?;
        if !caller.user.reads.contains(&request.scope) {
            return Err(Failure::problem(403, "out_of_scope", "scope: not one this user may read"));
        }
        let ws = caller.device.ws;
        let ours = self.ledger.log_digests(ws, request.scope, request.through).await?;
        let mut reply = CompareReply { parts: vec![], differing: 0 };
        let mut size = 0;
        for digest in ours.iter().filter(|digest| !request.logs.contains(digest)) {
            reply.differing += 1;
            if size > REPLY_BYTES {
                continue;
            }
            let key = match self.ledger.find_device(digest.0).await? {
                Some(device) => device.key,
                None => self.public_key(),
            };
            let runs =
                self.ledger.deliveries_of(ws, request.scope, digest.0, request.through).await?;
            for (run, seqs) in runs {
                let run = run_codec::encode(&run);
                size += run.get().len();
                reply.parts.push(Part::Run { run, seqs, key: BlobHash(key) });
            }
        }
        Ok(reply)
    }
}
