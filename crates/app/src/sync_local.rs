//! The device as a round of sync sees it.

use std::collections::BTreeSet;

use spotcheck_domain::op::{BlobRef, Link, successor_message};
use spotcheck_domain::{BlobHash, LogId, Run, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch, SignedCheckpoint};
use spotcheck_protocol::directory::REGISTER_PUBLISHED;
use spotcheck_protocol::keys::{ALG, Signer};
use spotcheck_protocol::messages::Introduction;
use spotcheck_protocol::run_codec::MAX_RUN_OPS;
use spotcheck_store::{BlobStore, Delivered, Identity, KnownCheckpoint, Page, Receipt, StoreError};
use spotcheck_sync::{
    DeviceHost, Local, LocalLog, PhotoToSend, PulledPart, PulledSection, ReceiptIn,
};

use crate::{AppError, Device, Host};

/// Checkpoints shown to a restored server.
const KNOWN: usize = 500;
/// The fact that a restored server is still owed what others recorded.
const GIVING_BACK: &str = "giving_back";

impl<H: Host, B: BlobStore> Device<H, B> {
    fn who(&self) -> Option<&Identity> {
        self.store.identity()
    }
}

impl<H: Host, B: BlobStore> DeviceHost for Device<H, B> {
    fn signer(&self) -> Option<&dyn Signer> {
        self.host.signer(&self.request_key.or(self.pending_key)?)
    }

    fn server_now_ms(&self) -> i64 {
        self.host.clock().wall_ms + self.number("server_offset_ms").unwrap_or(0)
    }

    fn nonce(&self) -> [u8; 16] {
        self.fresh()
    }
}

impl<H: Host, B: BlobStore> Local for Device<H, B> {
    type Error = AppError;

    fn workspace(&self) -> WorkspaceId {
        self.who().map_or(WorkspaceId([0; 16]), |identity| identity.ws)
    }

    fn server_key(&self) -> [u8; 32] {
        // An unreadable pin verifies nothing.
        self.who()
            .and_then(|id| id.server_key.parse::<BlobHash>().ok())
            .map_or([0; 32], |key| key.0)
    }

    fn seen(&self) -> Result<Option<SignedCheckpoint>, AppError> {
        let known = self.store.checkpoints(1)?.into_iter().next();
        Ok(known.map(|known| SignedCheckpoint {
            checkpoint: Checkpoint {
                epoch: Epoch(known.epoch),
                size: known.size,
                root: known.root,
            },
            sig: known.sig,
        }))
    }

    fn keep_seen(&mut self, seen: &SignedCheckpoint, server_ms: i64) -> Result<(), AppError> {
        let Checkpoint { epoch, size, root } = seen.checkpoint;
        let latest = self.store.checkpoints(1)?.into_iter().next();
        if latest.is_none_or(|latest| (latest.size, latest.epoch) != (size, epoch.0)) {
            self.store.put_checkpoint(&KnownCheckpoint {
                size,
                root,
                epoch: epoch.0,
                sig: seen.sig,
            })?;
        }
        self.learn_server_clock(server_ms)
    }

    fn learn_clock(&mut self, server_ms: i64) -> Result<(), AppError> {
        self.learn_server_clock(server_ms)
    }

    fn revoked(&mut self) -> Result<(), AppError> {
        Ok(self.store.set_fact("revoked", "1")?)
    }

    fn own_logs(&self) -> Result<Vec<LocalLog>, AppError> {
        let logs = self.store.own_logs()?.into_iter().map(|log| LocalLog {
            log: log.log,
            seq: log.seq,
            pushed_seq: log.pushed_seq,
            receipt_seq: log.receipt_seq,
            current: log.current,
            introduction: log.introduction.map(|(old, sig)| Introduction {
                old,
                key: BlobHash(log.public_key),
                sig,
            }),
        });
        Ok(logs.collect())
    }

    fn signed_run(
        &self,
        log: LogId,
        after: u64,
        max_bytes: usize,
    ) -> Result<Option<Run>, AppError> {
        let Some(mut run) = self.store.own_run(log, after, MAX_RUN_OPS, max_bytes)? else {
            return Ok(None);
        };
        let key = self.store.own_logs()?.into_iter().find(|own| own.log == log);
        let signer = key.and_then(|own| self.host.signer(&own.public_key));
        let signer =
            signer.ok_or_else(|| AppError::Key(format!("the key of log {log} is gone")))?;
        run.head_sig = signer.sign(&run.head_message());
        Ok(Some(run))
    }

    fn link_at(&self, log: LogId, seq: u64) -> Result<Option<Link>, AppError> {
        Ok(self.store.link_at(log, seq)?)
    }

    fn set_pushed(&mut self, log: LogId, seq: u64) -> Result<(), AppError> {
        Ok(self.store.set_pushed(log, seq)?)
    }

    fn keep_receipt(&mut self, receipt: &ReceiptIn) -> Result<(), AppError> {
        Ok(self.store.put_receipt(&Receipt {
            log: receipt.log,
            seq: receipt.seq,
            server_ms: receipt.server_ms,
            body: receipt.body.clone(),
            sig: receipt.sig,
            blobs: receipt.blobs.clone(),
            quarantined: receipt.quarantined.clone(),
        })?)
    }

    fn succeed(&mut self, log: LogId) -> Result<(), AppError> {
        let old = self.store.own_logs()?.into_iter().find(|own| own.log == log);
        let old = old.ok_or(StoreError::Damaged("own log"))?;
        let key = self.host.new_key()?;
        let gone = || AppError::Key(format!("the key of log {log} is gone"));
        let signer = self.host.signer(&old.public_key).ok_or_else(gone)?;
        let introduction = signer.sign(&successor_message(log, ALG, &key));
        self.store.succeed(log, key, introduction)?;
        Ok(())
    }

    fn cursors(&self) -> Result<Vec<(ScopeId, u64)>, AppError> {
        Ok(self.store.cursors()?.into_iter().map(|(scope, cursor)| (scope, cursor.after)).collect())
    }

    fn apply(&mut self, section: &PulledSection) -> Result<(), AppError> {
        let delivered = section.parts.iter().map(|part| match part {
            PulledPart::Run(run, seqs) => Delivered::Run(run.clone(), seqs.clone()),
            PulledPart::Own(log, first_seq, seqs) => {
                Delivered::Own { log: *log, first_seq: *first_seq, server_seqs: seqs.clone() }
            }
        });
        self.store.apply_page(&Page {
            scope: section.scope,
            after: section.after,
            through: section.through,
            delivered: delivered.collect(),
        })?;
        let runs = section.parts.iter().filter_map(|part| match part {
            PulledPart::Run(run, _) => Some(run),
            PulledPart::Own(..) => None,
        });
        let ops: Vec<_> = runs.flat_map(Run::ops).collect();
        // Where all of its pages are here already, no document will say that a register changed.
        if ops.iter().any(|op| op.header.kind == REGISTER_PUBLISHED) {
            self.settle_registers()?;
        }
        if !self.leads()? {
            return Ok(());
        }
        // Who leads opens the desk next: its board does not wait for what can be made now.
        self.brief_these(&ops.iter().map(|op| op.record()).collect())
    }

    fn digest(&self, scope: ScopeId) -> Result<(u64, BlobHash), AppError> {
        let cursor = self.store.cursor(scope)?;
        Ok((cursor.count, BlobHash(cursor.xor)))
    }

    fn set_scopes(&mut self, scopes: &[ScopeId]) -> Result<(), AppError> {
        let known = self.store.cursors()?;
        for scope in scopes.iter().filter(|scope| !known.iter().any(|(k, _)| k == *scope)) {
            self.store.add_scope(*scope)?;
        }
        let mut lost = known.iter().filter(|(scope, _)| !scopes.contains(scope)).peekable();
        if lost.peek().is_some() {
            self.owe_dropping_photos()?;
        }
        for (scope, _) in lost {
            self.store.drop_scope(*scope)?;
        }
        self.drop_photos_owed()
    }

    fn range_digests(
        &self,
        scope: ScopeId,
        ranges: &[(u64, u64)],
    ) -> Result<Vec<(u64, BlobHash)>, AppError> {
        let digests = self.store.range_digests(scope, ranges)?.into_iter();
        Ok(digests.map(|cursor| (cursor.count, BlobHash(cursor.xor))).collect())
    }

    fn apply_range(
        &mut self,
        scope: ScopeId,
        range: (u64, u64),
        runs: &[(Run, Vec<u64>)],
    ) -> Result<(), AppError> {
        Ok(self.store.apply_range(scope, range, runs)?)
    }

    fn known_checkpoints(&self) -> Result<Vec<(u64, BlobHash)>, AppError> {
        Ok(self
            .store
            .checkpoints(KNOWN)?
            .into_iter()
            .map(|known| (known.size, known.root))
            .collect())
    }

    fn runs_beyond(&self, server_seq: u64) -> Result<Vec<Run>, AppError> {
        let server_log = LogId::of_key(ALG, &self.server_key());
        let mut runs = self.store.pulled_runs_beyond(server_seq)?;
        // The directory first: who may write must be known before what they wrote.
        runs.sort_by_key(|run| run.log != server_log);
        Ok(runs)
    }

    fn has_quarantined(&self) -> Result<bool, AppError> {
        Ok(self.store.has_quarantined()?)
    }

    fn giving_back(&self) -> Result<bool, AppError> {
        Ok(self.store.fact(GIVING_BACK)?.is_some_and(|fact| fact == "1"))
    }

    fn given_back(&mut self) -> Result<(), AppError> {
        if self.giving_back()? {
            self.store.set_fact(GIVING_BACK, "0")?;
        }
        Ok(())
    }

    fn rewind(&mut self, _epoch: Epoch, common: u64) -> Result<(), AppError> {
        Ok(self.store.rewind(common, GIVING_BACK)?)
    }

    fn photos_to_send(&self, limit: usize) -> Result<Vec<PhotoToSend>, AppError> {
        let mut photos = vec![];
        for blob in self.store.blobs_to_send(limit)? {
            photos.push(PhotoToSend { blob, note: self.store.upload_note(blob.sha256)? });
        }
        Ok(photos)
    }

    fn photo_is_whole(&self, blob: BlobRef) -> Result<bool, AppError> {
        self.holds_whole(blob)
    }

    fn read_photo(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, AppError> {
        Ok(self.blobs.read(blob, offset, len)?)
    }

    fn note_upload(&mut self, blob: BlobHash, note: Option<&str>) -> Result<(), AppError> {
        Ok(self.store.set_upload_note(blob, note)?)
    }

    fn wanted(&self, passed_over: &BTreeSet<BlobHash>) -> Result<Option<BlobRef>, AppError> {
        self.wanted_document(passed_over)
    }

    fn keep_document(&mut self, blob: BlobRef, bytes: &[u8]) -> Result<bool, AppError> {
        self.take_document(blob, bytes)
    }

    fn photos_to_fetch(&self, asked_only: bool, limit: usize) -> Result<Vec<BlobRef>, AppError> {
        self.wanted_photos(asked_only, limit)
    }

    fn photo_arrived(&self, blob: BlobHash) -> Result<u64, AppError> {
        Ok(self.blobs.arrived(blob)?)
    }

    fn take_piece(&mut self, blob: BlobHash, piece: &[u8]) -> Result<(), AppError> {
        Ok(self.blobs.arrive(blob, piece)?)
    }

    fn keep_photo(&mut self, blob: BlobHash) -> Result<bool, AppError> {
        self.keep_fetched(blob)
    }

    fn give_up_photo(&mut self, blob: BlobHash) -> Result<(), AppError> {
        self.give_up(blob)
    }
}
