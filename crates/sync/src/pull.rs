//! Taking in what is new, and noticing what was missed.

use spotcheck_domain::{BlobHash, LogId, Run, WorkspaceId};
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::{ALG, verify};
use spotcheck_protocol::messages::{CompareReply, Part, PullReply, PullRequest, Section};
use spotcheck_protocol::{PROTOCOL, run_codec};

use crate::compare::CompareLane;
use crate::local::{PulledPart, PulledSection};
use crate::round::{Pause, Report, SyncError};
use crate::{Local, Outgoing};

#[derive(Debug, Default)]
pub(crate) struct PullLane {
    started: bool,
    more: bool,
    compare: CompareLane,
}

impl PullLane {
    /// The same request again.
    pub(crate) fn again(&mut self) {
        self.more = true;
    }

    pub(crate) fn next<L: Local>(
        &mut self,
        local: &mut L,
    ) -> Result<Option<Outgoing>, SyncError<L::Error>> {
        if !self.started || self.more {
            (self.started, self.more) = (true, false);
            let own = local.own_logs()?.into_iter().map(|log| (log.log, log.seq)).collect();
            let seen = local.seen()?.map(|seen| seen.checkpoint);
            let body = PullRequest { p: PROTOCOL, seen, cursors: local.cursors()?, own };
            return Ok(Some(Outgoing::post(path::PULL, &body)));
        }
        self.compare.next(local)
    }

    pub(crate) fn receive<L: Local>(
        &mut self,
        local: &mut L,
        reply: PullReply,
        report: &mut Report,
    ) -> Result<Option<Pause>, SyncError<L::Error>> {
        let ws = local.workspace();
        if !reply.checkpoint.verify(ws, &local.server_key()) {
            return Ok(Some(Pause::Newer("the server's checkpoint does not verify".to_owned())));
        }
        let before = local.cursors()?;
        let lost = before.iter().filter(|(scope, _)| !reply.scopes.contains(scope)).count();
        report.scopes_lost += lost as u64;
        local.set_scopes(&reply.scopes)?;
        let cursors = local.cursors()?;
        let mut moved = false;
        for section in reply.sections {
            if !cursors.contains(&(section.scope, section.after)) {
                continue;
            }
            let (scope, digest) = (section.scope, section.digest);
            moved |= section.through > section.after;
            let verified = match verified(section, ws) {
                Ok(section) => section,
                Err(why) => return Ok(Some(Pause::Newer(why))),
            };
            for part in &verified.parts {
                if let PulledPart::Run(_, seqs) = part {
                    report.ops_received += seqs.len() as u64;
                }
            }
            local.apply(&verified)?;
            let differs = match digest {
                Some(theirs) => theirs != local.digest(scope)?,
                None => false,
            };
            // The tools that these faults re-enact had nothing beside their cursor.
            let early = spotcheck_domain::planted!("cursor-before-ops");
            let ahead = spotcheck_domain::planted!("cursor-off-by-one");
            if differs && !early && !ahead {
                self.compare.add(scope);
            }
        }
        local.keep_seen(&reply.checkpoint, reply.server_ms)?;
        // A scope just learnt of has not been asked for yet.
        let fresh =
            reply.scopes.iter().any(|scope| !before.iter().any(|(known, _)| known == scope));
        self.more = (reply.more && moved) || fresh;
        Ok(None)
    }

    pub(crate) fn receive_compared<L: Local>(
        &mut self,
        local: &mut L,
        reply: CompareReply,
        report: &mut Report,
    ) -> Result<(), SyncError<L::Error>> {
        self.compare.receive(local, reply, report)
    }
}

fn verified(section: Section, ws: WorkspaceId) -> Result<PulledSection, String> {
    let Section { scope, after, through, parts, .. } = section;
    let parts = parts.into_iter().map(|part| verified_part(part, ws)).collect::<Result<_, _>>()?;
    Ok(PulledSection { scope, after, through, parts })
}

/// A part whose run is signed by the key that owns its log.
pub(crate) fn verified_part(part: Part, ws: WorkspaceId) -> Result<PulledPart, String> {
    match part {
        Part::Own { log, first, seqs } => Ok(PulledPart::Own(log, first, seqs)),
        Part::Run { run, seqs, key } => {
            let run = run_codec::decode(&run, ws).map_err(|e| e.to_string())?;
            if !is_by(&run, &key) || seqs.len() != run.ops().count() {
                return Err(format!("the ops of log {} are not signed by its device", run.log));
            }
            Ok(PulledPart::Run(run, seqs))
        }
    }
}

fn is_by(run: &Run, key: &BlobHash) -> bool {
    LogId::of_key(ALG, &key.0) == run.log && verify(&key.0, &run.head_message(), &run.head_sig)
}
