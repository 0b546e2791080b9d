//! A workspace with people in it, written op by op as the service does.

use std::cell::RefCell;
use std::collections::BTreeMap;

use spotcheck_domain::op::{Link, Seed};
use spotcheck_domain::{
    Entry, Header, LogId, Op, OpData, OpHash, RecordId, Run, ScopeId, SlotPath, Timestamp, UserId,
    Value, WorkspaceId,
};
use spotcheck_protocol::access::{self, May, Party};
use spotcheck_protocol::checkpoint::Epoch;
use spotcheck_protocol::directory::{self as kinds, directory_scope};
use spotcheck_protocol::keys::ALG;

use crate::ledger::{Admitted, Judged, Ledger, PullAsk, Pulled, PulledPart};

pub(super) const WS: WorkspaceId = WorkspaceId([1; 16]);
/// The public key of the server's own log.
pub(super) const SERVER_KEY: [u8; 32] = [0x5e; 32];
const SEED: Seed = Seed([7; 16]);

/// One who writes a log. A ledger verifies no signature: it is given what was verified.
#[derive(Clone)]
pub(super) struct Author {
    pub(super) key: [u8; 32],
    pub(super) log: LogId,
    pub(super) ws: WorkspaceId,
    pub(super) user: UserId,
    pub(super) scope: ScopeId,
    pub(super) ops: Vec<Op>,
}

impl Author {
    /// One whose key is made of a byte.
    pub(super) fn new(byte: u8, user: UserId, scope: ScopeId) -> Self {
        let key = [byte; 32];
        let log = LogId::of_key(ALG, &key);
        Self { key, log, ws: WS, user, scope, ops: vec![] }
    }

    /// Writes the next op of the log.
    pub(super) fn write(&mut self, kind: &str, record: Option<RecordId>, data: &OpData) -> Op {
        let header = Header {
            log: self.log,
            seq: self.ops.len() as u64 + 1,
            ws: self.ws,
            scope: self.scope,
            by: self.user,
            record,
            kind: kind.to_owned(),
            at: Timestamp::default(),
            data_sha256: [0; 32],
        };
        let op = Op::write(header, data, &SEED).unwrap();
        self.ops.push(op.clone());
        op
    }

    /// Writes a finding that says something.
    pub(super) fn find(&mut self, says: &str) -> Op {
        self.write("finding.raised", None, &set(&[("note", says.into())]))
    }

    /// A run of the ops at these positions, both included.
    pub(super) fn run(&self, first: u64, last: u64) -> Run {
        let mut prev = Link::START;
        for op in &self.ops[..first as usize - 1] {
            prev = prev.then(&op.hash);
        }
        let ops = &self.ops[first as usize - 1..last as usize];
        Run {
            log: self.log,
            scope: self.scope,
            by: self.user,
            first_seq: first,
            prev,
            seed: Some(SEED),
            entries: ops.iter().map(|op| Entry::Op(Box::new(op.clone()))).collect(),
            head_sig: [3; 64],
        }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Run {
        self.run(1, self.ops.len() as u64)
    }
}

/// Data that sets slots.
pub(super) fn set(slots: &[(&str, Value)]) -> OpData {
    let path = |(path, value): &(&str, Value)| (SlotPath::new(path).unwrap(), value.clone());
    OpData { set: slots.iter().map(path).collect(), ..OpData::default() }
}

/// A ledger with a workspace in it.
pub(super) struct Office<'l, L> {
    pub(super) ledger: &'l L,
    server: RefCell<Author>,
}

impl<'l, L: Ledger> Office<'l, L> {
    /// Opens a workspace in an empty ledger.
    pub(super) async fn open(ledger: &'l L) -> Self {
        Self::open_in(ledger, WS).await
    }

    /// The same under another id.
    pub(super) async fn open_in(ledger: &'l L, ws: WorkspaceId) -> Self {
        let epoch = Epoch::begin(ws, 0, ws.0);
        ledger.create_workspace(ws, "test", epoch).await.unwrap();
        let log = LogId::of_key(ALG, &SERVER_KEY);
        let (user, scope) = (UserId(log.0), directory_scope(ws));
        let server = Author { key: SERVER_KEY, log, ws, user, scope, ops: vec![] };
        Self { ledger, server: RefCell::new(server) }
    }

    /// Writes an op into the server's own log.
    pub(super) async fn say(&self, kind: &str, record: Option<RecordId>, data: &OpData) -> Op {
        let (op, ws, run) = {
            let mut server = self.server.borrow_mut();
            let op = server.write(kind, record, data);
            let last = server.ops.len() as u64;
            (op, server.ws, server.run(last, last))
        };
        self.ledger.admit(ws, &[admitting(run)], None).await.unwrap();
        op
    }

    pub(super) async fn user(&self, code: &str, role: &str) -> UserId {
        let slots = [("code", code), ("zh", code), ("en", code), ("role", role)];
        let data = set(&slots.map(|(slot, text)| (slot, text.into())));
        UserId(self.say(kinds::USER_ADDED, None, &data).await.record().0)
    }

    /// A team with its scope, and the record that says so.
    pub(super) async fn team(&self, code: &str, members: &[(UserId, &str)]) -> (ScopeId, RecordId) {
        let scope = ScopeId([code.as_bytes()[0]; 16]);
        let mut data = set(&[("code", code.into()), ("scope", scope.to_string().into())]);
        data.set.extend(member_slots(members));
        (scope, self.say(kinds::TEAM_ADDED, None, &data).await.record())
    }

    /// A person of an organisation.
    pub(super) async fn user_of(&self, code: &str, role: &str, org: &str) -> UserId {
        let slots = [("code", code), ("role", role), ("org", org)];
        let data = set(&slots.map(|(slot, text)| (slot, text.into())));
        UserId(self.say(kinds::USER_ADDED, None, &data).await.record().0)
    }

    /// An organisation, below another one if `parent` is not empty.
    pub(super) async fn organisation(&self, code: &str, parent: &str) {
        let data = set(&[("code", code.into()), ("parent", parent.into())]);
        self.say(kinds::ORGANISATION_ADDED, None, &data).await;
    }

    /// A scope with an access list, and the record that says so.
    pub(super) async fn scope(&self, code: &str, list: &[(Party, May)]) -> (ScopeId, RecordId) {
        let scope = ScopeId([code.as_bytes()[0]; 16]);
        let mut data = set(&[("code", code.into()), ("scope", scope.to_string().into())]);
        let entry =
            |(party, may): &(Party, May)| (access::slot(party).unwrap(), Value::from(may.as_str()));
        data.set.extend(list.iter().map(entry));
        (scope, self.say(kinds::SCOPE_ADDED, None, &data).await.record())
    }

    /// Closes a scope to a party.
    pub(super) async fn close(&self, scope: RecordId, party: &Party) {
        let set = [(access::slot(party).unwrap(), Value::Null)].into();
        let data = OpData { set, ..OpData::default() };
        self.say(kinds::SCOPE_CHANGED, Some(scope), &data).await;
    }

    /// Changes who is in a team.
    pub(super) async fn change(&self, team: RecordId, slots: &[(UserId, Value)]) {
        let path = |user: &UserId| SlotPath::new(&format!("members/{user}/role")).unwrap();
        let set = slots.iter().map(|(user, role)| (path(user), role.clone())).collect();
        self.say(kinds::TEAM_CHANGED, Some(team), &OpData { set, ..OpData::default() }).await;
    }

    /// A device of a user, with the log it writes.
    pub(super) async fn device(&self, byte: u8, user: UserId, scope: ScopeId) -> Author {
        let author = Author::new(byte, user, scope);
        self.say(kinds::DEVICE_ENROLLED, None, &enrolment(&author)).await;
        author
    }

    pub(super) async fn revoke(&self, log: LogId) {
        let data = set(&[("log", log.to_string().into()), ("revoked", "lost".into())]);
        self.say(kinds::DEVICE_REVOKED, None, &data).await;
    }

    /// Two inspectors of two teams with a device each, and the teams' scopes.
    pub(super) async fn two_teams(&self) -> (Author, Author) {
        let (ada, cy) = (self.user("ada", "inspector").await, self.user("cy", "inspector").await);
        let (a, _) = self.team("A", &[(ada, "inspector")]).await;
        let (b, _) = self.team("B", &[(cy, "inspector")]).await;
        (self.device(0xaa, ada, a).await, self.device(0xc1, cy, b).await)
    }

    /// Admits a run.
    pub(super) async fn admit(&self, run: Run) -> Admitted {
        let mut done = self.ledger.admit(WS, &[admitting(run)], None).await.unwrap();
        done.pop().unwrap()
    }

    /// Keeps a run without admitting it.
    pub(super) async fn hold(&self, run: Run, code: &'static str) -> Admitted {
        let verdicts = vec![Some(code); run.entries.len()];
        let mut done = self.ledger.admit(WS, &[Judged { run, verdicts }], None).await.unwrap();
        done.pop().unwrap()
    }

    pub(super) async fn size(&self) -> u64 {
        self.ledger.checkpoint(WS).await.unwrap().size
    }

    /// What a scope was delivered, by position.
    pub(super) async fn delivered(&self, scope: ScopeId) -> BTreeMap<u64, OpHash> {
        let pulled = self.pull(scope, 0, 1 << 30).await;
        assert!(!pulled.more);
        pulled.sections.iter().flat_map(|section| positions(&section.parts)).collect()
    }

    /// One page of a scope.
    pub(super) async fn pull(&self, scope: ScopeId, after: u64, max_bytes: usize) -> Pulled {
        let ask = PullAsk { cursors: vec![(scope, after)], own: vec![], max_bytes };
        self.ledger.pull(WS, &ask).await.unwrap()
    }
}

/// What an enrolment op says of a device.
pub(super) fn enrolment(author: &Author) -> OpData {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    set(&[
        ("log", author.log.to_string().into()),
        ("user", author.user.to_string().into()),
        ("key", hex(&author.key).into()),
        ("name", "phone".into()),
    ])
}

fn member_slots(members: &[(UserId, &str)]) -> Vec<(SlotPath, Value)> {
    let slot = |(user, role): &(UserId, &str)| {
        (SlotPath::new(&format!("members/{user}/role")).unwrap(), Value::from(*role))
    };
    members.iter().map(slot).collect()
}

pub(super) fn admitting(run: Run) -> Judged {
    let verdicts = vec![None; run.entries.len()];
    Judged { run, verdicts }
}

/// The ops that a page gives whole, by position. A run proves itself: its links are checked here.
pub(super) fn positions(parts: &[PulledPart]) -> Vec<(u64, OpHash)> {
    let mut found = vec![];
    for part in parts {
        let PulledPart::Run(run, seqs, key) = part else { panic!("not asked for: {part:?}") };
        run.check().unwrap();
        assert_eq!(LogId::of_key(ALG, key), run.log);
        let ops: Vec<OpHash> = run.ops().map(|op| op.hash).collect();
        assert_eq!(ops.len(), seqs.len());
        found.extend(seqs.iter().copied().zip(ops));
    }
    found
}

/// Hashes of ops, in order of position.
pub(super) fn hashes(delivered: &BTreeMap<u64, OpHash>) -> Vec<OpHash> {
    delivered.values().copied().collect()
}
