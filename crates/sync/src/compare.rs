//! Anti-entropy: what a device lacks although its cursor passed it.
//!
//! A scope whose digest differs is cut into ranges of server_seq, and each that differs again into
//! smaller ones, until the server answers with what it delivered there: a difference of one op in a
//! million costs a handful of requests.

use std::collections::{BTreeSet, VecDeque};

use spotcheck_domain::ScopeId;
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::path;
use spotcheck_protocol::messages::{CompareReply, CompareRequest, RangeDigest};

use crate::local::PulledPart;
use crate::pull::verified_part;
use crate::round::{Report, SyncError};
use crate::{Local, Outgoing};

/// How many pieces a range is cut into.
const PIECES: u64 = 16;
/// Ranges a request.
const RANGES: usize = 256;
/// Requests a round spends on this before it leaves the rest to the next.
const REQUESTS: usize = 400;

#[derive(Debug, Default)]
pub(crate) struct CompareLane {
    /// Scopes to compare, once a round each.
    waiting: VecDeque<ScopeId>,
    seen: BTreeSet<ScopeId>,
    comparing: Option<ScopeId>,
    ranges: VecDeque<(u64, u64)>,
    asked: Vec<(u64, u64)>,
    requests: usize,
}

impl CompareLane {
    /// A scope's digest differs from the server's.
    pub(crate) fn add(&mut self, scope: ScopeId) {
        if self.seen.insert(scope) {
            self.waiting.push_back(scope);
        }
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        // What was asked and not answered is left to the next round.
        self.asked.clear();
        while self.ranges.is_empty() {
            let Some(scope) = self.waiting.pop_front() else { return Ok(None) };
            let cursor = local.cursors()?.into_iter().find(|(known, _)| *known == scope);
            self.comparing = Some(scope);
            self.ranges.extend(cursor.into_iter().flat_map(|(_, after)| pieces(0, after)));
        }
        let Some(scope) = self.comparing.filter(|_| self.requests < REQUESTS) else {
            return Ok(None);
        };
        self.requests += 1;
        self.asked = self.ranges.drain(..self.ranges.len().min(RANGES)).collect();
        let digests = local.range_digests(scope, &self.asked)?;
        let ranges = self.asked.iter().zip(digests);
        let ranges = ranges.map(|((after, through), (count, xor))| RangeDigest {
            after: *after,
            through: *through,
            count,
            xor,
        });
        let body = CompareRequest { p: PROTOCOL, scope, ranges: ranges.collect() };
        Ok(Some(Outgoing::post(path::COMPARE, &body)))
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        reply: CompareReply,
        report: &mut Report,
    ) -> Result<(), SyncError<L::Error>> {
        let Some(scope) = self.comparing else { return Ok(()) };
        let ws = local.workspace();
        for differing in reply.differing {
            let range = (differing.after, differing.through);
            if !self.asked.contains(&range) {
                continue;
            }
            let Some(parts) = differing.parts else {
                self.ranges.extend(pieces(range.0, range.1));
                continue;
            };
            let runs = parts.into_iter().map(|part| match verified_part(part, ws) {
                Ok(PulledPart::Run(run, seqs)) => Some((run, seqs)),
                _ => None,
            });
            // A range of which something does not verify is left as it is.
            if let Some(runs) = runs.collect::<Option<Vec<_>>>() {
                report.repaired = true;
                local.apply_range(scope, range, &runs)?;
            }
        }
        Ok(())
    }
}

/// A range in up to 16 pieces of nearly equal length; one of a single position stays whole.
fn pieces(after: u64, through: u64) -> impl Iterator<Item = (u64, u64)> {
    let length = through.saturating_sub(after);
    let pieces = length.min(PIECES);
    let edge = move |n: u64| after + length * n / pieces;
    (0..pieces).map(move |n| (edge(n), edge(n + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_range_without_overlap() {
        for (after, through) in [(0, 0), (5, 5), (5, 6), (0, 15), (0, 16), (7, 1_000_003)] {
            let pieces: Vec<_> = pieces(after, through).collect();
            assert_eq!(pieces.len() as u64, (through - after).min(16));
            let mut at = after;
            for (from, to) in pieces {
                assert!(from == at && to > from, "({after}, {through}]: ({from}, {to}]");
                at = to;
            }
            assert_eq!(at, through);
        }
    }
}
