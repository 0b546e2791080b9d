//! I3 on the server, and I12: every log a chain without gaps, every run signed, every fork kept.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::{Link, head_message, successor_message};
use spotcheck_domain::{LogId, OpHash, Run};
use spotcheck_protocol::keys::{ALG, verify};

use super::Violation;
use super::ledger::Ledger;
use crate::simulation::Tally;
use crate::world::World;

/// A run of which only what its author signed matters: the message and the signature.
type Signed = (Vec<u8>, [u8; 64]);

/// The server's logs as they stand, checked.
pub(super) struct Chains {
    /// The link before each place, by (log, seq, link after it).
    pub(super) before: BTreeMap<(LogId, u64, [u8; 32]), (Link, OpHash)>,
    /// What was verified: no need to do it twice.
    signed: BTreeSet<Signed>,
}

/// I3: of each log that the server holds, seq 1, 2, 3 … on each branch, links that follow from the
/// hashes, and a signature by the log's own key over each run.
pub(super) fn check(world: &World, ledger: &Ledger) -> Result<Chains, Violation> {
    let broken = |what: String| Err(Violation::new("I3", format!("server: {what}")));
    let mut ends: BTreeMap<(LogId, u64), Vec<Link>> = BTreeMap::new();
    let mut chains = Chains { before: BTreeMap::new(), signed: BTreeSet::new() };
    for place in &ledger.places {
        let (log, seq) = (place.log, place.seq);
        let start = [Link::START];
        let before = match seq {
            1 => &start[..],
            _ => ends.get(&(log, seq - 1)).map_or(&[][..], Vec::as_slice),
        };
        let Some(prev) = before.iter().find(|link| link.then(&place.hash) == place.link) else {
            return broken(format!("seq {seq} of log {log} follows a gap"));
        };
        chains.before.insert((log, seq, place.link.0), (*prev, place.hash));
        let here = ends.entry((log, seq)).or_default();
        if !here.contains(&place.link) {
            here.push(place.link);
        }
        if let Some(held) = ledger.ops.get(&place.hash)
            && (held.op.header.log, held.op.header.seq) != (log, seq)
            && held.op.header.log == log
        {
            return broken(format!("op {} stands at seq {seq}, which is not its own", place.hash));
        }
    }
    let server_key = world.server.service().public_key();
    for (log, known) in &ledger.logs {
        if LogId::of_key(ALG, &known.key) != *log {
            return broken(format!("log {log} has a key that is not its own"));
        }
        let Some(old) = known.predecessor else { continue };
        let message = successor_message(old, ALG, &known.key);
        let word = known.introduction.unwrap_or([0; 64]);
        if !ledger.logs.get(&old).is_some_and(|old| verify(&old.key, &message, &word)) {
            return broken(format!("log {log} continues another, which did not say so"));
        }
    }
    for run in &ledger.runs {
        // Where branches part, both are followed: one of them was signed.
        let mut reached = vec![run.prev];
        for seq in run.first..=run.last {
            let follows = |after: &&Link| {
                let known = chains.before.get(&(run.log, seq, after.0));
                known.is_some_and(|(before, _)| reached.contains(before))
            };
            let here = ends.get(&(run.log, seq)).map_or(&[][..], Vec::as_slice);
            reached = here.iter().filter(follows).copied().collect();
        }
        let key = ledger.logs.get(&run.log).map_or(server_key, |known| known.key);
        let signed = reached.iter().find_map(|end| {
            let message = head_message(run.log, run.last, end);
            verify(&key, &message, &run.sig).then_some(message)
        });
        let Some(message) = signed else {
            let what = format!("run {}–{} of log {}", run.first, run.last, run.log);
            return broken(format!("{what} is not whole, or not signed by its device"));
        };
        chains.signed.insert((message, run.sig));
    }
    Ok(chains)
}

impl Chains {
    /// I3 of what a device pulled: each run whole, and signed by the key of its log.
    pub(super) fn check_pulled(
        &mut self,
        user: &str,
        runs: &[Run],
        key_of: impl Fn(LogId) -> Option<[u8; 32]>,
    ) -> Result<(), Violation> {
        for run in runs {
            let what = format!("{user}: run {}–{} of {}", run.first_seq, run.last_seq(), run.log);
            if run.check().is_err() {
                return Err(Violation::new("I3", format!("{what} is not whole")));
            }
            let signed = (run.head_message(), run.head_sig);
            if self.signed.contains(&signed) {
                continue;
            }
            if !key_of(run.log).is_some_and(|key| verify(&key, &signed.0, &signed.1)) {
                return Err(Violation::new("I3", format!("{what} is not signed")));
            }
            self.signed.insert(signed);
        }
        Ok(())
    }
}

/// I12: where devices wrote two ops at one position, the server has both, each on a branch of its
/// own, flags that log and no other, and at most one of them goes on with it.
pub(super) fn forks(world: &World, ledger: &Ledger, tally: &mut Tally) -> Result<(), Violation> {
    let missed = |what: String| Err(Violation::new("I12", what));
    let mut written: BTreeMap<(LogId, u64), BTreeSet<OpHash>> = BTreeMap::new();
    for device in &world.devices {
        for (hash, (log, seq)) in &device.positions {
            written.entry((*log, *seq)).or_default().insert(*hash);
        }
    }
    let server = LogId::of_key(ALG, &world.server.service().public_key());
    let mut stood: BTreeMap<(LogId, u64), BTreeSet<OpHash>> = BTreeMap::new();
    for place in ledger.places.iter().filter(|place| place.log != server) {
        stood.entry((place.log, place.seq)).or_default().insert(place.hash);
    }
    let twice = stood.iter().filter(|(_, hashes)| hashes.len() > 1);
    let mut forked: BTreeSet<LogId> = twice.map(|((log, _), _)| *log).collect();
    for ((log, seq), hashes) in written.iter().filter(|(_, hashes)| hashes.len() > 1) {
        forked.insert(*log);
        for hash in hashes {
            let stands = ledger
                .places
                .iter()
                .any(|place| (place.log, place.seq, place.hash) == (*log, *seq, *hash));
            if !stands || !ledger.ops.contains_key(hash) {
                return missed(format!("one of two ops at seq {seq} of log {log} is not kept"));
            }
        }
    }
    for (log, known) in &ledger.logs {
        match (forked.contains(log), known.forked) {
            (true, false) => return missed(format!("log {log} is forked and not flagged")),
            (false, true) => return missed(format!("log {log} is flagged and not forked")),
            (true, true) => tally.add("path forked log kept"),
            (false, false) => {}
        }
    }
    // Who sent first hears of it with the next thing they send; nobody else may go on.
    let mut going_on = BTreeSet::new();
    for device in &world.devices {
        let logs = device.peek().store().own_logs().unwrap_or_default();
        let revoked = device.peek().status().is_ok_and(|status| status.revoked);
        for log in logs.iter().filter(|log| log.current && forked.contains(&log.log) && !revoked) {
            if !going_on.insert(log.log) {
                return missed(format!("two devices still write log {}", log.log));
            }
        }
    }
    Ok(())
}
