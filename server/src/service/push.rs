//! Taking ops in. No op whose log verifies is refused: what cannot be admitted is kept in
//! quarantine, op by op.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use spotcheck_domain::op::{Link, MAX_DATA_BYTES, successor_message};
use spotcheck_domain::{
    BlobHash, Entry, LogId, Op, OpData, OpHash, RecordId, Run, ScopeId, WorkspaceId,
};
use spotcheck_protocol::checkpoint::Checkpoint;
use spotcheck_protocol::keys::{ALG, Signer, verify};
use spotcheck_protocol::messages::{Introduction, LogHead, PushReply, PushRequest};
use spotcheck_protocol::receipt::Receipt;
use spotcheck_protocol::{run_codec, sharing};

use super::auth::{self, Caller};
use super::pull::MAX_SEQ;
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Admitted, Device, Head, Judged, Ledger, User};

/// Logs of one device that everybody is told of; a phone is cloned or restored a few times at most.
const MAX_PUBLISHED_LOGS: u64 = 32;
/// More than any client sends in one page.
const MAX_RUNS: usize = 256;
const MAX_ASK: usize = 500;
/// Ops in quarantine that a receipt names; the latest matter to who waits for them.
const MAX_QUARANTINED: usize = 1000;

/// What a revoked key may leave in quarantine, give or take one page: a season's work of a person.
const MAX_REVOKED_OPS: u64 = 10_000;
const MAX_REVOKED_BYTES: u64 = 16 * 1024 * 1024;

/// The scope of records that this page creates, and whether they are admitted.
type Homes = BTreeMap<RecordId, (ScopeId, bool)>;

/// Quarantine codes.
mod quarantine {
    pub(super) const REVOKED: &str = "device_revoked";
    pub(super) const OUT_OF_SCOPE: &str = "out_of_scope";
    pub(super) const NOT_THE_AUTHOR: &str = "not_the_author";
    pub(super) const OTHER_SCOPE: &str = "record_of_another_scope";
    pub(super) const UNREADABLE: &str = "unreadable";
    pub(super) const ITS_RECORD: &str = "record_in_quarantine";
    pub(super) const TOO_LARGE: &str = "too_large";
    pub(super) const MAY_NOT_SHARE: &str = "may_not_share";
}

fn is_too_large(op: &Op) -> bool {
    op.body.as_ref().is_some_and(|body| body.text.len() > MAX_DATA_BYTES)
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    pub(super) async fn push(&self, caller: &Caller, bytes: &[u8]) -> Result<PushReply, Failure> {
        let request: PushRequest = auth::body(bytes)?;
        if request.runs.len() > MAX_RUNS || request.ask.len() > MAX_ASK || request.logs.len() > 64 {
            return Err(Failure::bad_body("runs ≤ 256, ask ≤ 500 and logs ≤ 64 a page"));
        }
        if request.logs.iter().any(|(_, seq, _)| *seq > MAX_SEQ) {
            return Err(Failure::bad_body("logs: a position is below 2^53"));
        }
        let ws = caller.device.ws;
        // A revoked device may not learn of restores; it may only hand in what it has.
        if caller.device.revoked.is_none() {
            self.recognise(ws, request.seen).await?;
        }
        if caller.device.revoked.is_some() && !request.runs.is_empty() {
            self.leave_room(caller).await?;
        }
        let runs = request
            .runs
            .iter()
            .map(|run| run_codec::decode(run, ws).map_err(Failure::bad_body))
            .collect::<Result<Vec<_>, _>>()?;
        for introduction in request.introductions.iter().take(16) {
            let new = LogId::of_key(ALG, &introduction.key.0);
            let writes = runs.iter().any(|run| run.log == new);
            self.introduce(introduction, new, writes).await?;
        }
        let older = match spotcheck_domain::planted!("receipt-names-older-history") {
            true => Some(self.ledger.checkpoint(ws).await?),
            false => None,
        };
        let admitted = self.admit_runs(ws, runs).await?;
        self.push_reply(caller, &request, &admitted, older).await
    }

    /// Ends the request of a revoked device that has handed in all it may.
    async fn leave_room(&self, caller: &Caller) -> Result<(), Failure> {
        let device = &caller.device;
        let (ops, bytes) = self.ledger.revoked_quarantine(device.ws, device.log).await?;
        if ops < MAX_REVOKED_OPS && bytes < MAX_REVOKED_BYTES {
            return Ok(());
        }
        let detail = "runs: the device is revoked and its quarantine is full; keep the device, and \
                      ask an administrator";
        Err(Failure::problem(403, "quarantine_full", detail))
    }

    /// Verifies, judges and stores runs. Those of logs nobody knows here are passed over.
    pub(super) async fn admit_runs(
        &self,
        ws: WorkspaceId,
        runs: Vec<Run>,
    ) -> Result<Vec<Admitted>, Failure> {
        let mut authors: BTreeMap<LogId, Option<(Device, User)>> = BTreeMap::new();
        let mut judged = vec![];
        let mut fresh = Homes::new();
        for run in runs {
            if run.log == self.own_log() {
                let verdicts = vec![None; run.entries.len()];
                self.verify_run(&run, &self.public_key())?;
                judged.push(Judged { run, verdicts });
                continue;
            }
            if let Place::Vacant(place) = authors.entry(run.log) {
                place.insert(self.author_of(ws, run.log).await?);
            }
            let Some(Some((device, user))) = authors.get(&run.log) else { continue };
            self.verify_run(&run, &device.key)?;
            let verdicts = self.judge(ws, &run, device, user, &mut fresh).await?;
            judged.push(Judged { run, verdicts });
        }
        Ok(self.ledger.admit(ws, &judged, None).await?)
    }

    async fn author_of(
        &self,
        ws: WorkspaceId,
        log: LogId,
    ) -> Result<Option<(Device, User)>, Failure> {
        let Some(device) = self.ledger.find_device(log).await?.filter(|d| d.ws == ws) else {
            return Ok(None);
        };
        Ok(self.ledger.find_user(ws, device.user).await?.map(|user| (device, user)))
    }

    fn verify_run(&self, run: &Run, key: &[u8; 32]) -> Result<(), Failure> {
        if verify(key, &run.head_message(), &run.head_sig) {
            return Ok(());
        }
        let detail =
            format!("the run of log {} at {} is not signed by its device", run.log, run.first_seq);
        Err(Failure::problem(422, "bad_run_signature", detail))
    }

    /// The verdict on each entry: `None` admits.
    async fn judge(
        &self,
        ws: WorkspaceId,
        run: &Run,
        device: &Device,
        user: &User,
        fresh: &mut Homes,
    ) -> Result<Vec<Option<&'static str>>, Failure> {
        let may_write =
            user.writes.contains(&run.scope) || spotcheck_domain::planted!("scope-unchecked");
        let mut verdicts = Vec::with_capacity(run.entries.len());
        for entry in &run.entries {
            let verdict = match entry {
                Entry::Withheld(_) => None,
                Entry::Op(_) if device.revoked.is_some() => Some(quarantine::REVOKED),
                Entry::Op(_) if run.by != device.user => Some(quarantine::NOT_THE_AUTHOR),
                Entry::Op(_) if !may_write => Some(quarantine::OUT_OF_SCOPE),
                Entry::Op(op) if is_too_large(op) => Some(quarantine::TOO_LARGE),
                Entry::Op(op) => match op.data() {
                    Err(_) => Some(quarantine::UNREADABLE),
                    Ok(data) if !self.may_share(ws, op, &data, user).await? => {
                        Some(quarantine::MAY_NOT_SHARE)
                    }
                    Ok(data) => self.judge_home(ws, op, data.parent, fresh).await?,
                },
            };
            // What follows an op that was released is not in quarantine because of it.
            let verdict = match (verdict, entry) {
                (Some(_), Entry::Op(op)) if self.ledger.is_released(ws, op.hash.id()).await? => {
                    None
                }
                (verdict, _) => verdict,
            };
            if let Entry::Op(op) = entry
                && op.header.record.is_none()
            {
                fresh.insert(op.record(), (op.header.scope, verdict.is_none()));
            }
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }

    /// A lead or a reviewer may open a record to a further scope; other ops share nothing.
    async fn may_share(
        &self,
        ws: WorkspaceId,
        op: &Op,
        data: &OpData,
        user: &User,
    ) -> Result<bool, Failure> {
        let entitled = matches!(user.role.as_str(), "lead" | "reviewer");
        for scope in sharing::targets(&op.header.kind, data) {
            if !entitled || !self.ledger.is_scope(ws, scope).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An op follows its record, and a record the one it belongs to: not into another scope, and
    /// not out of quarantine, where nobody could see what it is about.
    async fn judge_home(
        &self,
        ws: WorkspaceId,
        op: &Op,
        parent: Option<RecordId>,
        fresh: &Homes,
    ) -> Result<Option<&'static str>, Failure> {
        for record in [op.header.record, parent].into_iter().flatten() {
            let home = self.ledger.record_home(ws, record).await?;
            match home.or_else(|| fresh.get(&record).copied()) {
                Some((scope, _)) if scope != op.header.scope => {
                    return Ok(Some(quarantine::OTHER_SCOPE));
                }
                Some((_, false)) => return Ok(Some(quarantine::ITS_RECORD)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Notes that a device goes on under a new log, and, once it first writes there, tells everybody: so
    /// others can give back what it wrote.
    async fn introduce(
        &self,
        introduction: &Introduction,
        new: LogId,
        writes: bool,
    ) -> Result<(), Failure> {
        let Some(old) = self.ledger.find_device(introduction.old).await? else { return Ok(()) };
        let message = successor_message(introduction.old, ALG, &introduction.key.0);
        if !verify(&old.key, &message, &introduction.sig) {
            let detail = "introductions: the old key did not sign for the new one";
            return Err(Failure::problem(422, "bad_introduction", detail));
        }
        // What a revoked device hands in is kept aside; it adds nothing to what everybody reads.
        if !writes || old.revoked.is_some() || self.has_written(old.ws, new).await? {
            return Ok(self.ledger.add_successor(introduction).await?);
        }
        let _turn = self.own_log_turn()?;
        // Another push may have brought it while this one waited.
        if self.has_written(old.ws, new).await? {
            return Ok(());
        }
        // Everybody pulls what is published: a device that forks without end does so by itself.
        if self.ledger.log_count(old.root).await? > MAX_PUBLISHED_LOGS {
            return Ok(self.ledger.add_successor(introduction).await?);
        }
        self.publish_successor(old.ws, new, introduction).await
    }

    async fn has_written(&self, ws: WorkspaceId, log: LogId) -> Result<bool, Failure> {
        Ok(self.ledger.log_head(ws, log, None).await?.seq > 0)
    }

    /// Which of these photos the caller may call sent. A revoked device learns only of its own.
    async fn held_for(
        &self,
        caller: &Caller,
        blobs: &[BlobHash],
    ) -> Result<Vec<BlobHash>, Failure> {
        let Device { ws, log, revoked, .. } = &caller.device;
        let reads = if revoked.is_some() { &[] } else { caller.user.reads.as_slice() };
        Ok(self.ledger.held(*ws, *log, reads, blobs).await?)
    }

    async fn push_reply(
        &self,
        caller: &Caller,
        request: &PushRequest,
        admitted: &[Admitted],
        older: Option<Checkpoint>,
    ) -> Result<PushReply, Failure> {
        let ws = caller.device.ws;
        let checkpoint = self.ledger.checkpoint(ws).await?;
        let server_ms = self.host.now_ms();
        let mut blobs = self.held_for(caller, &request.ask).await?;
        let mut heads = vec![];
        let mut receipts = vec![];
        for (log, seq, link) in &request.logs {
            let Some(device) = self.ledger.find_device(*log).await? else { continue };
            // Receipts are for the device's owner: others have no business knowing how far it is.
            if device.ws != ws || device.user != caller.device.user {
                continue;
            }
            let runs: Vec<&Admitted> = admitted.iter().filter(|run| run.log == *log).collect();
            let head = match runs.iter().rev().find_map(|run| run.head) {
                Some(head) => self.ledger.log_head(ws, *log, Some(head)).await?,
                // On the branch the device says it is on, where a fork left more than one.
                None => {
                    let asked = Head { seq: *seq, link: Link(link.0) };
                    self.ledger.log_head(ws, *log, Some(asked)).await?
                }
            };
            let forked = device.forked || runs.iter().any(|run| run.forked);
            let (seq, link) = (head.seq, OpHash(head.link.0));
            heads.push(LogHead { log: *log, seq, link, forked });
            let quarantined = self.ledger.quarantined(ws, *log, MAX_QUARANTINED).await?;
            let receipt = Receipt {
                v: 1,
                ws,
                log: *log,
                seq,
                link,
                blobs: std::mem::take(&mut blobs),
                quarantined,
                checkpoint: older.unwrap_or(checkpoint),
                backed_up_through: 0,
                server_ms,
            };
            receipts.push(receipt.sign(&self.key));
        }
        let checkpoint = checkpoint.sign(ws, &self.key as &dyn Signer);
        Ok(PushReply { heads, receipts, checkpoint, server_ms })
    }
}
