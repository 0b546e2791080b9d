//! Everybody who might ask, on one server.

use spotcheck_domain::op::{BlobRef, Link, Seed};
use spotcheck_domain::{
    BlobHash, Entry, Header, LogId, Op, OpData, Run, ScopeId, Timestamp, UserId, WorkspaceId,
};
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::path;
use spotcheck_protocol::checkpoint::SignedCheckpoint;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{EnrolRequest, GrantReply, PushRequest, Reply};
use spotcheck_protocol::run_codec;

use super::super::support::{Running, TestDevice, quick};
use crate::ledger::Ledger as _;
use crate::service::{NewTeam, NewUser};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    /// Nobody: no signature, no capability.
    Unsigned,
    /// Somebody who says to be the inspector, and has another key.
    Forged,
    /// A device of another server.
    Foreign,
    /// A device of another workspace of this server.
    OtherWorkspace,
    Revoked,
    Inspector,
    Lead,
    Auditor,
    Administrator,
}

pub(super) const ACTORS: [Actor; 9] = [
    Actor::Unsigned,
    Actor::Forged,
    Actor::Foreign,
    Actor::OtherWorkspace,
    Actor::Revoked,
    Actor::Inspector,
    Actor::Lead,
    Actor::Auditor,
    Actor::Administrator,
];

/// A device, and a photo it was granted.
pub(super) struct Person {
    pub(super) device: TestDevice,
    pub(super) user: UserId,
    pub(super) grant: GrantReply,
}

pub(super) struct People {
    pub(super) server: Running,
    /// The team's scope, which all of this is about.
    pub(super) scope: ScopeId,
    /// A photo in that scope.
    pub(super) photo: BlobHash,
    /// A checkpoint of the workspace, signed.
    pub(super) proof: SignedCheckpoint,
    /// A second device of the inspector's, for who may revoke it.
    pub(super) spare: LogId,
    people: Vec<Person>,
}

/// Bytes that a person was granted: their number.
pub(super) fn granted(actor: Actor) -> Vec<u8> {
    vec![actor as u8; 10]
}

impl People {
    pub(super) async fn gather() -> Self {
        let server = Running::start(quick()).await;
        let service = server.app.service();
        for role in ["lead", "auditor", "administrator"] {
            add_user(&server, server.ws, role, role).await;
        }
        let lead = user_id(&server, server.ws, "lead").await;
        service.set_member(server.ws, "A", lead, Some("lead")).await.unwrap();
        let other = service.add_workspace("other").await.unwrap();
        add_user(&server, other, "eve", "inspector").await;
        let eve = user_id(&server, other, "eve").await;
        let [code, zh, en] = ["E"; 3].map(str::to_owned);
        let members = vec![(eve, "inspector".to_owned())];
        service.add_team(other, &NewTeam { code, zh, en, members }).await.unwrap();

        let mut people = vec![];
        for actor in ACTORS {
            people.push(person(&server, other, actor).await);
        }
        let ada = service.ledger().find_user_by_code(server.ws, "ada").await.unwrap().unwrap();
        let scope = ada.home_scope.unwrap();
        let photo = b"a photo of the team";
        let proof = publish(&server, &ada.user, scope, photo).await;
        let log = people[Actor::Revoked as usize].device.key.log();
        service.revoke(server.ws, log, "lost").await.unwrap();
        let spare = server.enrol().await.key.log();
        service.reached_at("http://x");
        // It says to be the inspector.
        people[Actor::Forged as usize].device.claims =
            people[Actor::Inspector as usize].device.key.log();
        Self { server, scope, photo: BlobHash::of(photo), proof, spare, people }
    }

    pub(super) fn get(&self, actor: Actor) -> &Person {
        &self.people[actor as usize]
    }
}

async fn add_user(server: &Running, ws: WorkspaceId, code: &str, role: &str) {
    let [zh, en] = [code.to_owned(), code.to_owned()];
    let user = NewUser { code: code.to_owned(), zh, en, role: role.to_owned() };
    server.app.service().add_user(ws, &user).await.unwrap();
}

async fn user_id(server: &Running, ws: WorkspaceId, code: &str) -> UserId {
    let found = server.app.service().ledger().find_user_by_code(ws, code).await;
    found.unwrap().unwrap().user
}

async fn person(server: &Running, other: WorkspaceId, actor: Actor) -> Person {
    let (ws, code) = match actor {
        Actor::OtherWorkspace => (other, "eve"),
        Actor::Lead => (server.ws, "lead"),
        Actor::Auditor => (server.ws, "auditor"),
        Actor::Administrator => (server.ws, "administrator"),
        _ => (server.ws, "ada"),
    };
    let user = user_id(server, ws, code).await;
    if matches!(actor, Actor::Unsigned | Actor::Forged | Actor::Foreign) {
        let nothing = String::new;
        let grant =
            GrantReply { held: false, capability: nothing(), location: nothing(), expires_ms: 0 };
        return Person { device: TestDevice::new(), user, grant };
    }
    let device = server.enrol_as(ws, code).await;
    let grant = device.grant(server, &granted(actor)).await;
    Person { device, user, grant }
}

/// Has a device upload a photo and name it in an op of the scope; gives a signed checkpoint.
async fn publish(
    server: &Running,
    user: &UserId,
    scope: ScopeId,
    photo: &[u8],
) -> SignedCheckpoint {
    let device = server.enrol().await;
    let id = server.upload(&device, photo).await;
    let request = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\n\
         spotcheck-upload: {id}\r\ncontent-type: application/offset+octet-stream\r\n\
         upload-offset: 0\r\ncontent-length: {}\r\n\r\n",
        photo.len()
    );
    let answer = server.send(&[request.as_bytes(), photo].concat()).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    let blob = BlobRef { sha256: BlobHash::of(photo), bytes: photo.len() as u64 };
    let data = OpData { blobs: vec![blob], ..OpData::default() };
    let push = push(&device, server.ws, scope, *user, 1, &data);
    let Ok(Reply::Push(_)) = device.call(server, path::PUSH, &push).await else { panic!() };
    let key = BlobHash(device.key.public_key());
    let again = EnrolRequest { p: PROTOCOL, code: String::new(), key, device_name: String::new() };
    match device.call(server, path::ENROL, &again).await {
        Ok(Reply::Enrol(enrolled)) => enrolled.checkpoint,
        other => panic!("{other:?}"),
    }
}

/// A push of a device's first ops, so many, each creating a record.
pub(in crate::http::tests) fn push(
    device: &TestDevice,
    ws: WorkspaceId,
    scope: ScopeId,
    by: UserId,
    ops: u64,
    data: &OpData,
) -> PushRequest {
    let (log, seed) = (device.key.log(), Seed([7; 16]));
    let entry = |seq| {
        let kind = "finding.raised".to_owned();
        let (at, data_sha256) = (Timestamp::default(), [0; 32]);
        let header = Header { log, seq, ws, scope, by, record: None, kind, at, data_sha256 };
        Entry::Op(Box::new(Op::write(header, data, &seed).unwrap()))
    };
    let entries: Vec<Entry> = (1..=ops).map(entry).collect();
    let mut links = vec![Link::START];
    for entry in &entries {
        links.push(links[links.len() - 1].then(&entry.hash()));
    }
    let runs = entries.chunks(500).enumerate().map(|(index, entries)| {
        let mut run = Run {
            log,
            scope,
            by,
            first_seq: 1 + 500 * index as u64,
            prev: links[500 * index],
            seed: Some(seed),
            entries: entries.to_vec(),
            head_sig: [0; 64],
        };
        run.head_sig = device.key.sign(&run.head_message());
        run_codec::encode(&run)
    });
    let runs = runs.collect();
    let end = spotcheck_domain::OpHash(links[links.len() - 1].0);
    let logs = vec![(log, ops, end)];
    PushRequest { p: PROTOCOL, seen: None, introductions: vec![], runs, logs, ask: vec![] }
}
