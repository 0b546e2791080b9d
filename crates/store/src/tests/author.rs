//! Another device: it writes ops as any client would, but signs nothing, because the store leaves
//! signatures to its caller.

use spotcheck_domain::op::{Link, Seed};
use spotcheck_domain::{Entry, Header, LogId, Op, OpData, RecordId, Run, ScopeId, UserId};

use super::{HOME, WS, at};
use crate::{Delivered, Page, Store};

pub(super) struct Author {
    pub(super) log: LogId,
    pub(super) by: UserId,
    pub(super) scope: ScopeId,
    pub(super) ops: Vec<Op>,
    pub(super) seed: Seed,
}

impl Author {
    pub(super) fn new(n: u8) -> Self {
        let (log, by) = (LogId([n; 16]), UserId([n; 16]));
        Self { log, by, scope: HOME, ops: vec![], seed: Seed([n; 16]) }
    }

    pub(super) fn write(&mut self, record: Option<RecordId>, data: &OpData) -> Op {
        let seq = self.ops.len() as u64 + 1;
        let kind = if record.is_none() { "inspection.started" } else { "inspection.answered" };
        let header = Header {
            log: self.log,
            seq,
            ws: WS,
            scope: self.scope,
            by: self.by,
            record,
            kind: kind.to_owned(),
            at: at(seq as i64),
            data_sha256: [0; 32],
        };
        let op = Op::write(header, data, &self.seed).unwrap();
        self.ops.push(op.clone());
        op
    }

    /// The ops at these positions, the first being 1, as the run that a device would have signed.
    pub(super) fn run(&self, seqs: std::ops::RangeInclusive<u64>) -> Run {
        let (first, last) = (*seqs.start() as usize, *seqs.end() as usize);
        let before = self.ops[..first - 1].iter();
        let ops = &self.ops[first - 1..last];
        let mut run = Run {
            log: self.log,
            scope: ops[0].header.scope,
            by: self.by,
            first_seq: *seqs.start(),
            prev: before.fold(Link::START, |link, op| link.then(&op.hash)),
            seed: Some(self.seed),
            entries: ops.iter().cloned().map(Box::new).map(Entry::Op).collect(),
            head_sig: [0; 64],
        };
        // Like a signature, another one for every branch.
        let end = run.end();
        run.head_sig[..32].copy_from_slice(&end.0);
        run
    }

    pub(super) fn all(&self) -> Run {
        self.run(1..=self.ops.len() as u64)
    }
}

/// The next page of a scope, with these runs in this order, as the server would number them.
pub(super) fn page(store: &Store, scope: ScopeId, runs: &[Run]) -> Page {
    let after = store.cursor(scope).unwrap().after;
    let mut through = after;
    let delivered = runs
        .iter()
        .map(|run| {
            let first = through + 1;
            through += run.ops().count() as u64;
            Delivered::Run(run.clone(), (first..=through).collect())
        })
        .collect();
    Page { scope, after, through, delivered }
}

pub(super) fn pull(store: &mut Store, scope: ScopeId, runs: &[Run]) {
    let page = page(store, scope, runs);
    store.apply_page(&page).unwrap();
}
