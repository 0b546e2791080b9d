//! I8, I10 and I11 on the server: one history, and everything signed over it stays provable.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck_domain::{BlobHash, LogId, OpHash, ScopeId, SlotPath, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch, SignedCheckpoint};
use spotcheck_protocol::directory::{directory_scope, photo_scope, quarantine_scope};
use spotcheck_protocol::receipt::SignedReceipt;

use super::Violation;
use super::ledger::Ledger;
use super::links::Chains;
use crate::world::{SimDevice, World};

/// The server's history, computed anew from the order of its deliveries.
pub(super) struct History {
    /// The root over the first so many deliveries: RFC 6962, in our own few lines.
    roots: Vec<[u8; 32]>,
    /// Beyond this a server that was restored may have signed another history, now lost.
    common: u64,
    /// How far each epoch of the present lineage goes.
    ends: BTreeMap<ScopeId, u64>,
    /// By when an op, or a photo under its own scope, was first in it.
    first: BTreeMap<OpHash, u64>,
    photos: BTreeMap<BlobHash, u64>,
    /// By when a log was in it up to a place: itself and all before it on that branch.
    through: BTreeMap<(LogId, u64, [u8; 32]), u64>,
    /// What each scope delivered.
    pub(super) delivered: BTreeMap<ScopeId, BTreeSet<OpHash>>,
}

/// I10: numbers without a gap. I8: each op once a scope. I13: nothing in quarantine among it. I11:
/// every checkpoint the server says it signed is a prefix of it, and every epoch an entry in it.
pub(super) fn check(world: &World, ledger: &Ledger, chains: &Chains) -> Result<History, Violation> {
    let ws = world.server.ws;
    let mut history = History {
        roots: roots(ledger),
        common: world.server.restored_to.unwrap_or(u64::MAX),
        ends: BTreeMap::new(),
        first: BTreeMap::new(),
        photos: BTreeMap::new(),
        through: BTreeMap::new(),
        delivered: BTreeMap::new(),
    };
    for (expected, (server_seq, scope, hash)) in (1..).zip(&ledger.deliveries) {
        if *server_seq != expected {
            return Err(Violation::new("I10", format!("server_seq {server_seq} follows a gap")));
        }
        if *scope == photo_scope(ws) {
            history.photos.entry(BlobHash(hash.0)).or_insert(*server_seq);
            continue;
        }
        history.first.entry(*hash).or_insert(*server_seq);
        if *scope == quarantine_scope(ws) {
            continue;
        }
        if !history.delivered.entry(*scope).or_default().insert(*hash) {
            return Err(Violation::new("I8", format!("op {hash} was delivered twice")));
        }
        if ledger.ops.get(hash).is_none_or(|held| held.status != "admitted") {
            return Err(Violation::new(
                "I13",
                format!("op {hash} was delivered, but not admitted"),
            ));
        }
    }
    // Places come in the order of seq.
    for place in &ledger.places {
        let own = history.first.get(&place.hash).copied().unwrap_or(u64::MAX);
        let (before, _) = chains.before[&(place.log, place.seq, place.link.0)];
        let earlier = history.through.get(&(place.log, place.seq - 1, before.0));
        let through = own.max(earlier.copied().unwrap_or(0));
        history.through.insert((place.log, place.seq, place.link.0), through);
    }
    history.lineage(ledger);
    for (size, root, epoch) in &ledger.checkpoints {
        if history.root_in(*epoch, *size) != Some(root) {
            return lost(format!("the server's checkpoint of size {size} is no prefix of it"));
        }
    }
    epochs(ws, ledger, &history)?;
    Ok(history)
}

fn lost<T>(what: String) -> Result<T, Violation> {
    Err(Violation::new("I11", what))
}

/// Every change of epoch is an entry of the history, and names what the server was restored from.
fn epochs(ws: WorkspaceId, ledger: &Ledger, history: &History) -> Result<(), Violation> {
    let directory = history.delivered.get(&directory_scope(ws)).cloned().unwrap_or_default();
    let begun: Vec<_> = directory
        .iter()
        .filter(|hash| ledger.ops[*hash].op.header.kind == "epoch.started")
        .map(|hash| (history.first[hash], &ledger.ops[hash].data.set))
        .collect();
    let later = ledger.epochs.iter().filter_map(|row| Some((row, row.previous?)));
    for (row, previous) in later.clone() {
        let says = |set: &BTreeMap<SlotPath, spotcheck_domain::Value>, slot: &str, text: &str| {
            let path = SlotPath::new(slot).expect("a slot");
            set.get(&path).is_some_and(|value| value.to_string().trim_matches('"') == text)
        };
        let entry = begun.iter().find(|(at, set)| {
            *at > row.size
                && says(set, "epoch", &row.epoch.to_string())
                && says(set, "previous", &previous.to_string())
                && says(set, "size", &row.size.to_string())
        });
        if entry.is_none() {
            return lost(format!("the epoch that began at size {} is no entry of it", row.size));
        }
    }
    match later.count() == begun.len() {
        true => Ok(()),
        false => lost("an entry begins an epoch that the server does not know".to_owned()),
    }
}

impl History {
    /// How far the epochs that led to the present one go.
    fn lineage(&mut self, ledger: &Ledger) {
        let mut open = Some((ledger.epoch, ledger.deliveries.len() as u64));
        while let Some((epoch, end)) = open {
            self.ends.insert(epoch, end);
            let row = ledger.epochs.iter().find(|row| row.epoch == epoch);
            open = row.and_then(|row| row.previous.map(|previous| (previous, row.size)));
        }
    }

    /// The root that a checkpoint of this size in this epoch must have; none for a history that was
    /// lost with a restored server.
    fn root_in(&self, epoch: ScopeId, size: u64) -> Option<&[u8; 32]> {
        let end = self.ends.get(&epoch).filter(|end| size <= **end);
        end.and_then(|_| self.roots.get(usize::try_from(size).ok()?))
    }

    /// I11 of what a device keeps as evidence: checkpoints are prefixes of the history; a receipt is
    /// signed, and its checkpoint has the whole log up to it, and each photo it names. `all`: every
    /// signature is verified, not only the latest ones.
    pub(super) fn check_word(
        &self,
        world: &World,
        device: &SimDevice,
        all: bool,
    ) -> Result<(), Violation> {
        let (ws, key) = (world.server.ws, world.server.service().public_key());
        let user = &device.user;
        let store = device.peek().store();
        let revoked = device.peek().status().is_ok_and(|status| status.revoked);
        let known = store.checkpoints(10_000).unwrap_or_default();
        for (n, it) in known.iter().enumerate() {
            let signed = SignedCheckpoint {
                checkpoint: Checkpoint { epoch: Epoch(it.epoch), size: it.size, root: it.root },
                sig: it.sig,
            };
            if (all || n == 0) && !signed.verify(ws, &key) {
                return lost(format!("{user}: the checkpoint of size {} is not signed", it.size));
            }
            match self.root_in(it.epoch, it.size) {
                Some(root) if *root == it.root.0 => {}
                // A revoked device is not told that its server was restored.
                None if revoked => {}
                Some(_) if revoked && it.size > self.common => {}
                _ => {
                    let what = format!("the checkpoint of size {} is no prefix", it.size);
                    return lost(format!("{user}: {what} of the server's history"));
                }
            }
        }
        for log in store.own_logs().unwrap_or_default() {
            let receipts = store.receipts(log.log).unwrap_or_default();
            let last = receipts.len().saturating_sub(1);
            for (n, (body, sig)) in receipts.into_iter().enumerate() {
                let receipt = SignedReceipt { body, sig };
                if (all || n == last) && receipt.verified(&key).is_none() {
                    return lost(format!("{user}: a receipt is not signed by the server"));
                }
                self.check_receipt(user, log.log, &receipt.body)?;
            }
        }
        Ok(())
    }

    /// A receipt, read as plain JSON.
    fn check_receipt(&self, user: &str, log: LogId, body: &str) -> Result<(), Violation> {
        let Ok(said) = serde_json::from_str::<Value>(body) else {
            return lost(format!("{user}: a receipt is no JSON"));
        };
        let hex = |value: &Value| -> [u8; 32] {
            let text = value.as_str().unwrap_or_default();
            text.parse::<BlobHash>().map_or([0; 32], |hash| hash.0)
        };
        let (seq, at) = (said["seq"].as_u64().unwrap_or(0), &said["checkpoint"]);
        let size = at["size"].as_u64().unwrap_or(0);
        let epoch: ScopeId =
            at["epoch"].as_str().and_then(|text| text.parse().ok()).unwrap_or(ScopeId([0; 16]));
        // Of a history that was lost there is nothing left to prove it against.
        let Some(root) = self.root_in(epoch, size) else { return Ok(()) };
        let what = format!("{user}: the receipt for seq {seq} at size {size}");
        if hex(&at["root"]) != *root && size > self.common {
            return Ok(());
        }
        if hex(&at["root"]) != *root || said["log"].as_str() != Some(log.to_string().as_str()) {
            return lost(format!("{what} names another history"));
        }
        let through = self.through.get(&(log, seq, hex(&said["link"])));
        if seq > 0 && through.is_none_or(|through| *through > size) {
            return lost(format!("{what} covers ops that were not in the history then"));
        }
        let photos = said["blobs"].as_array().into_iter().flatten().map(hex);
        for photo in photos.map(BlobHash) {
            if self.photos.get(&photo).is_none_or(|at| *at > size) {
                let what = format!("{what} says that photo {photo} is held, too early");
                return Err(Violation::new("I9", what));
            }
        }
        Ok(())
    }
}

/// The root over each prefix of the deliveries.
fn roots(ledger: &Ledger) -> Vec<[u8; 32]> {
    let hash = |parts: &[&[u8]]| BlobHash::of(&parts.concat()).0;
    let mut roots = vec![BlobHash::of(&[]).0];
    // Whole subtrees, the largest first, each with how many leaves it has.
    let mut peaks: Vec<([u8; 32], u64)> = vec![];
    for (_, scope, entry) in &ledger.deliveries {
        let leaf = [&scope.0[..], &entry.0[..]].concat();
        let mut peak = (hash(&[&[0], &leaf]), 1);
        while let Some((left, size)) = peaks.pop_if(|(_, size)| *size == peak.1) {
            peak = (hash(&[&[1], &left, &peak.0]), 2 * size);
        }
        peaks.push(peak);
        let mut smallest_first = peaks.iter().rev();
        let last = smallest_first.next().map_or([0; 32], |(root, _)| *root);
        roots.push(smallest_first.fold(last, |right, (left, _)| hash(&[&[1], left, &right])));
    }
    roots
}
