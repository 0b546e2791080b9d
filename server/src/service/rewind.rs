//! After a restore: finding what both sides still share.

use spotcheck_domain::{Entry, LogId, Run, SlotPath, Value};
use spotcheck_protocol::api::{Request, Response};
use spotcheck_protocol::checkpoint::Epoch;
use spotcheck_protocol::directory::{DEVICE_ENROLLED, EPOCH_STARTED};
use spotcheck_protocol::keys::verify;
use spotcheck_protocol::messages::{RefusalCode, Reply, RewindReply, RewindRequest};
use spotcheck_protocol::run_codec;

use super::auth::{self, parsed};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::Ledger;

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Answers a device that holds our signature on a history we no longer know. A device that is
    /// unknown itself shows its enrolment, which we signed.
    pub(super) async fn rewind(&self, request: &Request) -> Result<Response, Failure> {
        let signature = parsed(request)?;
        let (log, nonce) = (LogId(signature.params().key_id), signature.params().nonce);
        if request.body().len() > spotcheck_protocol::MAX_FRAME_BYTES {
            return Err(Failure::problem(413, "too_large", "send pages of at most 256 KiB"));
        }
        let device = self.ledger.find_device(log).await?;
        // A device that is known shows that it is the one before anything it sent is unpacked.
        if let Some(device) = &device {
            self.check_for(device.ws, request, &signature, &device.key)?;
        }
        let body: RewindRequest = auth::body(request.body())?;
        let mut workspaces = self.ledger.list_workspaces().await?.into_iter();
        let ws = match &device {
            Some(device) => Some(device.ws),
            None => workspaces
                .find(|(ws, _)| body.proof.verify(*ws, &self.public_key()))
                .map(|(ws, _)| ws),
        };
        let unknown =
            || Failure::problem(401, "device_unknown", "neither device nor proof is known here");
        let ws = ws.ok_or_else(unknown)?;
        // Else the signature comes before any work: by the key that our own word names.
        let runs = body
            .directory
            .iter()
            .map(|run| run_codec::decode(run, ws).map_err(Failure::bad_body))
            .collect::<Result<Vec<_>, _>>()?;
        // Only our own log comes back this way; the rest follows as pushes.
        let ours = |run: &Run| {
            run.log == self.own_log()
                && verify(&self.public_key(), &run.head_message(), &run.head_sig)
        };
        let runs: Vec<Run> = runs.into_iter().filter(ours).collect();
        if body.more {
            // Our own word needs no other signature; who shows it is asked with the last page.
            if !body.proof.verify(ws, &self.public_key()) {
                return Err(bad_proof());
            }
            let _turn = self.own_log_turn()?;
            self.admit_runs(ws, runs).await?;
            let epoch = self.ledger.checkpoint(ws).await?.epoch;
            let reply = Reply::Rewind(RewindReply { epoch, common: 0 });
            return self.signed_page(ws, &nonce, &reply).await;
        }
        if device.is_none() {
            let key = enrolled_key(&runs, log).ok_or_else(unknown)?;
            self.check_for(ws, request, &signature, &key)?;
        }
        if device.is_some_and(|device| device.revoked.is_some()) {
            return Err(Failure::RefusedTo { ws, nonce, code: RefusalCode::DeviceRevoked });
        }
        if !body.proof.verify(ws, &self.public_key()) {
            return Err(bad_proof());
        }
        let _turn = self.own_log_turn()?;
        self.admit_runs(ws, runs).await?;
        let seen = body.proof.checkpoint;
        if !self.ledger.knows_checkpoint(ws, seen.size, seen.root).await? {
            self.begin_epoch(ws, seen).await?;
        }
        let mut common = 0;
        for (size, root) in body.known.iter().take(1000) {
            if *size > common && self.ledger.knows_checkpoint(ws, *size, *root).await? {
                common = *size;
            }
        }
        self.contacts.note(log, self.host.now_ms());
        let epoch = self.ledger.checkpoint(ws).await?.epoch;
        self.signed_page(ws, &nonce, &Reply::Rewind(RewindReply { epoch, common })).await
    }

    /// Begins an epoch unless one began since the history the device saw was lost: every device of
    /// a restored server comes here once.
    async fn begin_epoch(
        &self,
        ws: spotcheck_domain::WorkspaceId,
        seen: spotcheck_protocol::checkpoint::Checkpoint,
    ) -> Result<(), Failure> {
        let now = self.ledger.checkpoint(ws).await?;
        let lost_later = self.ledger.knows_epoch(ws, seen.epoch).await? && seen.epoch != now.epoch;
        if lost_later {
            return Ok(());
        }
        let epoch = Epoch::begin(ws, now.size, self.fresh());
        self.ledger.begin_epoch(ws, epoch).await?;
        let text = |text: String| Value::Text(text);
        let set = [
            ("epoch", text(epoch.0.to_string())),
            ("previous", text(now.epoch.0.to_string())),
            ("size", Value::Int(now.size as i64)),
            ("seen", text(format!("{} {} {}", seen.epoch.0, seen.size, seen.root))),
        ];
        tracing::warn!(size = now.size, seen = seen.size, "restored from an older copy: new epoch");
        self.publish(ws, EPOCH_STARTED, None, &set, None).await?;
        Ok(())
    }
}

fn bad_proof() -> Failure {
    Failure::problem(422, "bad_proof", "proof: not signed by this server")
}

/// The key that our own log says belongs to a log.
fn enrolled_key(runs: &[spotcheck_domain::Run], log: LogId) -> Option<[u8; 32]> {
    let slot = |op: &spotcheck_domain::OpData, name: &str| {
        let path = SlotPath::new(name).ok()?;
        op.set.get(&path)?.as_text().map(str::to_owned)
    };
    runs.iter().flat_map(|run| &run.entries).find_map(|entry| {
        let Entry::Op(op) = entry else { return None };
        let data = op.data().ok()?;
        let key: spotcheck_domain::BlobHash = slot(&data, "key")?.parse().ok()?;
        let named = slot(&data, "log")?.parse() == Ok(log);
        let ours = LogId::of_key(spotcheck_protocol::keys::ALG, &key.0) == log;
        (op.header.kind == DEVICE_ENROLLED && named && ours).then_some(key.0)
    })
}
