//! Anti-entropy: what a device lacks although its cursor passed it.

use spotcheck_protocol::messages::{CompareReply, CompareRequest, Differing, RangeDigest};

use super::auth::{self, Caller};
use super::pull::{MAX_SEQ, part};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::Ledger;

/// Op data a reply, before compression.
const REPLY_BYTES: usize = 512 * 1024;
const MAX_RANGES: usize = 256;

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn compare(
        &self,
        caller: &Caller,
        bytes: &[u8],
    ) -> Result<CompareReply, Failure> {
        let request: CompareRequest = auth::body(bytes)?;
        caller.unless_revoked()?;
        if request.ranges.len() > MAX_RANGES {
            return Err(Failure::bad_body("ranges ≤ 256"));
        }
        let sound = |range: &RangeDigest| range.after < range.through && range.through <= MAX_SEQ;
        if !request.ranges.iter().all(sound) {
            return Err(Failure::bad_body("ranges: each ends after it begins, and below 2^53"));
        }
        let mut cuts: Vec<_> = request.ranges.iter().map(|it| (it.after, it.through)).collect();
        cuts.sort_unstable();
        if cuts.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err(Failure::bad_body("ranges: they overlap"));
        }
        if !caller.user.reads.contains(&request.scope) {
            return Err(Failure::problem(403, "out_of_scope", "scope: not one this user may read"));
        }
        let (ws, scope) = (caller.device.ws, request.scope);
        let found = self.ledger.compare(ws, scope, &request.ranges, REPLY_BYTES).await?;
        let differing = found.into_iter().map(|range| Differing {
            after: range.after,
            through: range.through,
            parts: range.parts.map(|parts| parts.into_iter().map(part).collect()),
        });
        Ok(CompareReply { differing: differing.collect() })
    }
}
