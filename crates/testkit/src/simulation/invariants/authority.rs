//! I13: a second, plain model of who may write, told by the server's history alone.
//!
//! The history is walked once, in its order. Who there is, who is in which team, which devices are
//! revoked and what was released is read from the server's own signed ops as they come; each op of a
//! device is judged where it first appears. It must have been admitted then, or not, accordingly.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::OpData;
use spotcheck_domain::{LogId, OpHash, OpId, RecordId, ScopeId, SlotPath, UserId, Value};
use spotcheck_protocol::directory::{photo_scope, quarantine_scope};

use super::Violation;
use super::ledger::{Held, Ledger};
use crate::simulation::Tally;
use crate::world::World;

#[derive(Default)]
struct Model {
    roles: BTreeMap<UserId, String>,
    /// By team: its scope.
    teams: BTreeMap<RecordId, ScopeId>,
    members: BTreeMap<(RecordId, UserId), String>,
    /// By user: their organisation; by organisation: the one above it.
    org_of: BTreeMap<UserId, String>,
    above: BTreeMap<String, String>,
    /// By further scope: its id, and what its list says of each party.
    scopes: BTreeMap<RecordId, (String, BTreeMap<String, String>)>,
    devices: BTreeMap<LogId, UserId>,
    revoked: BTreeSet<LogId>,
    released: BTreeSet<OpId>,
    /// Records whose creating op has come: their scope, and whether they are in quarantine.
    records: BTreeMap<RecordId, (ScopeId, bool)>,
    judged: BTreeSet<OpHash>,
}

/// Walks the history.
pub(super) fn check(world: &World, ledger: &Ledger, tally: &mut Tally) -> Result<(), Violation> {
    let ws = world.server.ws;
    let server = LogId::of_key("ed25519", &world.server.service().public_key());
    let mut model = Model::default();
    for (server_seq, scope, hash) in &ledger.deliveries {
        if *scope == photo_scope(ws) {
            continue;
        }
        let Some(held) = ledger.ops.get(hash) else { continue };
        let admitted = *scope != quarantine_scope(ws);
        let op = &held.op;
        if !model.judged.insert(*hash) {
            // It comes again: into a further scope, or out of quarantine.
            if let Some((_, quarantined)) = model.records.get_mut(&RecordId::from(*hash)) {
                *quarantined &= !admitted;
            }
            continue;
        }
        if op.header.log == server {
            model.learn(held);
        } else {
            let why_not = model.why_not(ledger, held);
            if why_not.is_none() != admitted {
                let done = if admitted { "admitted" } else { "kept in quarantine" };
                let why = why_not.unwrap_or("nothing speaks against it");
                let text = format!("op {hash} was {done} at {server_seq}, though {why}");
                return Err(Violation::new("I13", text));
            }
            if let Some(why) = why_not {
                tally.add("path quarantined");
                tally.add(&format!("path quarantined: {why}"));
            }
        }
        if op.header.record.is_none() {
            model.records.insert(op.record(), (op.header.scope, !admitted));
        }
    }
    match ledger.ops.keys().find(|hash| !model.judged.contains(*hash)) {
        Some(op) => Err(Violation::new("I13", format!("op {op} is in no history"))),
        None => Ok(()),
    }
}

impl Model {
    /// What an op of the server's own log changes.
    fn learn(&mut self, held: &Held) {
        let (record, data) = (held.op.record(), &held.data);
        match held.op.header.kind.as_str() {
            "user.added" => {
                self.roles.insert(UserId(record.0), text(data, "role"));
                self.org_of.insert(UserId(record.0), text(data, "org"));
            }
            "organisation.added" => {
                self.above.insert(text(data, "code"), text(data, "parent"));
            }
            "scope.added" | "scope.changed" => {
                let (scope, list) = self.scopes.entry(record).or_default();
                if scope.is_empty() {
                    *scope = text(data, "scope");
                }
                for (path, value) in &data.set {
                    let parts: Vec<&str> = path.as_str().split('/').collect();
                    let ["access", party, "may"] = parts[..] else { continue };
                    let may = value.as_text().unwrap_or_default();
                    list.insert(party.to_owned(), may.to_owned());
                }
            }
            "team.added" | "team.changed" => {
                if let Ok(scope) = text(data, "scope").parse() {
                    self.teams.insert(record, scope);
                }
                for (path, value) in &data.set {
                    let Some(user) = path.as_str().strip_prefix("members/") else { continue };
                    let Ok(user) = user.trim_end_matches("/role").parse::<UserId>() else {
                        continue;
                    };
                    match value.as_text() {
                        Some(role) => self.members.insert((record, user), role.to_owned()),
                        None => self.members.remove(&(record, user)),
                    };
                }
            }
            "device.enrolled" => {
                if let (Ok(log), Ok(user)) = (text(data, "log").parse(), text(data, "user").parse())
                {
                    self.devices.insert(log, user);
                }
            }
            "device.revoked" => {
                self.revoked.extend(text(data, "log").parse::<LogId>());
            }
            "quarantine.released" => {
                let ops = SlotPath::new("ops").ok().and_then(|path| data.set.get(&path));
                let Some(Value::List(ops)) = ops else { return };
                self.released
                    .extend(ops.iter().filter_map(|op| op.as_text()?.parse::<OpId>().ok()));
            }
            _ => {}
        }
    }

    /// Why an op may not be admitted; none when it may.
    fn why_not(&self, ledger: &Ledger, held: &Held) -> Option<&'static str> {
        let header = &held.op.header;
        if self.released.contains(&held.op.hash.id()) {
            return None;
        }
        // The log it continues, and so on back to the one that was enrolled.
        let mut line = vec![header.log];
        while let Some(older) = ledger.logs.get(line.last()?).and_then(|log| log.predecessor) {
            line.push(older);
        }
        let Some(user) = line.last().and_then(|log| self.devices.get(log)) else {
            return Some("nobody enrolled its device");
        };
        if line.iter().any(|log| self.revoked.contains(log)) {
            return Some("its device was revoked");
        }
        if header.by != *user {
            return Some("its device is another's");
        }
        let role = self.roles.get(user).map_or("", String::as_str);
        let writes = |scope: ScopeId| {
            let member = |team: &RecordId| {
                let role = self.members.get(&(*team, *user)).map_or("", String::as_str);
                matches!(role, "inspector" | "lead" | "reviewer")
            };
            let teams = self.teams.iter().filter(|(_, theirs)| **theirs == scope);
            let in_team =
                !matches!(role, "auditor" | "unit") && teams.map(|(team, _)| team).any(member);
            in_team || self.is_listed(scope, *user, role, member)
        };
        if !writes(header.scope) {
            return Some("its author may not write there");
        }
        let shares = header.kind.ends_with(".shared")
            && held.data.set.keys().any(|path| path.as_str().starts_with("shared/"));
        if shares && !matches!(role, "lead" | "reviewer") {
            return Some("its author may share nothing");
        }
        for about in [header.record, held.data.parent].into_iter().flatten() {
            match self.records.get(&about) {
                Some((scope, _)) if *scope != header.scope => {
                    return Some("its record is in another scope");
                }
                Some((_, true)) => return Some("its record is in quarantine"),
                _ => {}
            }
        }
        None
    }

    /// Whether a further scope's list lets somebody write.
    fn is_listed(
        &self,
        scope: ScopeId,
        user: UserId,
        role: &str,
        writes_in: impl Fn(&RecordId) -> bool,
    ) -> bool {
        let id = scope.to_string();
        let Some((_, list)) = self.scopes.values().find(|(scope, _)| *scope == id) else {
            return false;
        };
        let records = matches!(role, "inspector" | "lead" | "reviewer");
        list.iter().filter(|(_, may)| *may == "write").any(|(party, _)| {
            match party.split_once('.') {
                Some(("team", team)) => {
                    let writes = team.parse().is_ok_and(|team| writes_in(&team));
                    writes && role != "auditor" && role != "unit"
                }
                Some(("role", named)) => records && named == role,
                Some(("org", named)) => {
                    let mut at = self.org_of.get(&user);
                    while let Some(code) = at {
                        if code == named {
                            return records;
                        }
                        at = self.above.get(code).filter(|above| !above.is_empty());
                    }
                    false
                }
                _ => false,
            }
        })
    }
}

fn text(data: &OpData, slot: &str) -> String {
    let value = SlotPath::new(slot).ok().and_then(|path| data.set.get(&path));
    value.and_then(Value::as_text).unwrap_or_default().to_owned()
}
