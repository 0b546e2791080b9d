//! Sending this device's ops, and asking what the server holds.

use std::collections::BTreeSet;

use serde_json::value::RawValue;
use spotcheck_domain::op::Link;
use spotcheck_domain::{LogId, OpHash};
use spotcheck_protocol::api::path;
use spotcheck_protocol::messages::{LogHead, PushReply, PushRequest};
use spotcheck_protocol::{MAX_FRAME_BYTES, PROTOCOL, run_codec};

use crate::local::ReceiptIn;
use crate::round::{Report, SyncError};
use crate::{Local, LocalLog, Outgoing};

/// Op data a page, before compression: well under the frame limit once compressed.
const PAGE_BYTES: usize = 480 * 1024;
/// One op of the largest size, and a little more.
const MIN_PAGE_BYTES: usize = 80 * 1024;
/// Photos asked about at once.
const ASK: usize = 500;

#[derive(Debug, Default)]
pub(crate) struct PushLane {
    /// Ask where the server stands before sending anything.
    probe: bool,
    sent: Vec<LogId>,
    stuck: BTreeSet<LogId>,
    asked: bool,
    done: bool,
}

impl PushLane {
    /// After a rewind the server may have any part of our logs: ask first.
    pub(crate) fn after_rewind() -> Self {
        Self { probe: true, ..Self::default() }
    }

    /// The same request again.
    pub(crate) fn again(&mut self) {
        (self.done, self.asked) = (false, false);
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        let logs = local.own_logs()?;
        if self.probe {
            self.probe = false;
            self.sent.clear();
            return Ok(Some(request(local, &logs, vec![], true)?));
        }
        if self.done {
            return Ok(None);
        }
        let owed = logs.iter().any(|log| log.receipt_seq < log.seq)
            || !local.photos_to_send(1)?.is_empty()
            // Perhaps it was released since.
            || local.has_quarantined()?;
        let mut limit = PAGE_BYTES;
        let mut runs = self.gather(local, &logs, limit)?;
        if runs.is_empty() && (self.asked || !owed) {
            self.done = true;
            return Ok(None);
        }
        self.asked = true;
        loop {
            let page = request(local, &logs, runs, false)?;
            // Text that hardly compresses makes a page larger than the server takes.
            if page.body.len() <= MAX_FRAME_BYTES || limit <= MIN_PAGE_BYTES {
                return Ok(Some(page));
            }
            limit /= 4;
            runs = self.gather(local, &logs, limit)?;
        }
    }

    /// The next runs of every log that makes progress, about `limit` bytes of them.
    fn gather<L: Local>(
        &mut self,
        local: &mut L,
        logs: &[LocalLog],
        limit: usize,
    ) -> Result<Vec<Box<RawValue>>, SyncError<L::Error>> {
        let mut runs = vec![];
        let mut bytes = 0;
        self.sent.clear();
        for log in logs.iter().filter(|log| !self.stuck.contains(&log.log)) {
            let mut after = log.pushed_seq;
            while bytes < limit
                && let Some(run) = local.signed_run(log.log, after, limit - bytes)?
            {
                after = run.last_seq();
                let json = run_codec::encode(&run);
                bytes += json.get().len();
                runs.push(json);
                self.sent.push(log.log);
            }
            if spotcheck_domain::planted!("pushed-before-sent") {
                local.set_pushed(log.log, after)?;
            }
        }
        Ok(runs)
    }

    /// One more request for receipts, after photos were sent.
    pub(crate) fn ask_receipts<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if std::mem::replace(&mut self.probe, true) {
            return Ok(None);
        }
        self.sent.clear();
        let logs = local.own_logs()?;
        Ok(Some(request(local, &logs, vec![], false)?))
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        reply: &PushReply,
        report: &mut Report,
    ) -> Result<(), SyncError<L::Error>> {
        if !reply.checkpoint.verify(local.workspace(), &local.server_key()) {
            self.done = true;
            return Ok(());
        }
        local.keep_seen(&reply.checkpoint, reply.server_ms)?;
        for head in &reply.heads {
            if let Some(log) = local.own_logs()?.into_iter().find(|log| log.log == head.log) {
                self.head(local, &log, head, report)?;
            }
        }
        for signed in &reply.receipts {
            let Some(receipt) = signed.verified(&local.server_key()) else { continue };
            // A receipt for another branch of a forked log is not about our ops.
            let ours =
                local.link_at(receipt.log, receipt.seq)?.is_some_and(|l| l.0 == receipt.link.0);
            if ours && receipt.ws == local.workspace() {
                local.keep_receipt(&ReceiptIn {
                    log: receipt.log,
                    seq: receipt.seq,
                    server_ms: receipt.server_ms,
                    body: signed.body.clone(),
                    sig: signed.sig,
                    blobs: receipt.blobs,
                    quarantined: receipt.quarantined,
                })?;
            }
        }
        // A log the server says nothing of makes no progress now.
        for log in std::mem::take(&mut self.sent) {
            if !reply.heads.iter().any(|head| head.log == log) {
                self.stuck.insert(log);
            }
        }
        Ok(())
    }

    fn head<L: Local>(
        &mut self,
        local: &mut L,
        log: &LocalLog,
        head: &LogHead,
        report: &mut Report,
    ) -> Result<(), SyncError<L::Error>> {
        let ours = local.link_at(log.log, head.seq)?.is_some_and(|link| link.0 == head.link.0);
        let mut restored = false;
        if ours {
            if self.sent.contains(&log.log) {
                report.ops_sent += head.seq.saturating_sub(log.pushed_seq);
                if head.seq <= log.pushed_seq {
                    self.stuck.insert(log.log);
                }
            }
            local.set_pushed(log.log, head.seq)?;
        } else {
            // The server has more of our log than we do: this device is an older copy of itself.
            restored = head.seq > log.seq;
            if self.sent.contains(&log.log) {
                self.stuck.insert(log.log);
            } else {
                // It knows another branch only: send ours from the start; what it has, it skips.
                local.set_pushed(log.log, 0)?;
            }
        }
        if log.current && (head.forked || restored) {
            local.succeed(log.log)?;
            report.succeeded = true;
            self.asked = false;
        }
        Ok(())
    }

    /// The planted fault: believes that all of it arrived.
    pub(crate) fn believe<L: Local>(&mut self, local: &mut L) -> Result<(), SyncError<L::Error>> {
        for log in local.own_logs()? {
            let (seq, sig) = (log.seq, [0; 64]);
            let (body, blobs) = (String::new(), vec![]);
            let quarantined = vec![];
            local.keep_receipt(&ReceiptIn {
                log: log.log,
                seq,
                server_ms: 0,
                body,
                sig,
                blobs,
                quarantined,
            })?;
        }
        Ok(())
    }
}

fn request<L: Local>(
    local: &L,
    logs: &[LocalLog],
    runs: Vec<Box<RawValue>>,
    introduce_all: bool,
) -> Result<Outgoing, SyncError<L::Error>> {
    let ask = local.photos_to_send(ASK)?.into_iter().map(|photo| photo.blob.sha256).collect();
    let introductions = logs
        .iter()
        .filter(|log| introduce_all || log.receipt_seq == 0)
        .filter_map(|log| log.introduction.clone())
        .collect();
    let seen = local.seen()?.map(|seen| seen.checkpoint);
    let mut held = vec![];
    for log in logs {
        let link = local.link_at(log.log, log.pushed_seq)?.unwrap_or(Link::START);
        held.push((log.log, log.pushed_seq, OpHash(link.0)));
    }
    let logs = held;
    let body = PushRequest { p: PROTOCOL, seen, introductions, runs, logs, ask };
    Ok(Outgoing::post(path::PUSH, &body))
}
