//! Everybody who might ask, on one server.

use spotcheck_domain::op::{BlobRef, Link, Seed};
use spotcheck_domain::{
    BlobHash, Entry, Header, LogId, Op, OpData, Run, ScopeId, Timestamp, UserId, WorkspaceId,
};
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::access::{May, Party};
use spotcheck_protocol::api::path;
use spotcheck_protocol::checkpoint::SignedCheckpoint;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{EnrolRequest, PushRequest, Reply};
use spotcheck_protocol::run_codec;

use super::super::support::{Running, TestDevice, quick};
use crate::ledger::Ledger as _;
use crate::service::{NewOrganisation, NewScope, NewTeam, NewUser};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    /// Nobody: no signature, no capability.
    Unsigned,
    /// Somebody who says to be the inspector, and has another key.
    Forged,
    /// A device of another server.
    Foreign,
    /// A device of a user with this role, somewhere.
    Enrolled(&'static str, Place),
}

/// Where a device is enrolled, and whether it still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Own,
    OwnRevoked,
    /// In another workspace of this server.
    Other,
    OtherRevoked,
}

impl Place {
    pub(super) fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::OwnRevoked)
    }

    fn is_revoked(self) -> bool {
        matches!(self, Self::OwnRevoked | Self::OtherRevoked)
    }
}

pub(super) const STRANGERS: [Actor; 3] = [Actor::Unsigned, Actor::Forged, Actor::Foreign];
pub(super) const ROLES: [&str; 6] =
    ["inspector", "lead", "reviewer", "administrator", "auditor", "unit"];
pub(super) const PLACES: [Place; 4] =
    [Place::Own, Place::OwnRevoked, Place::Other, Place::OtherRevoked];

/// The one in whose name the others try.
pub(super) const INSPECTOR: Actor = Actor::Enrolled("inspector", Place::Own);

/// Everybody, in one order.
fn actors() -> impl Iterator<Item = Actor> {
    let of_role = |role| PLACES.into_iter().map(move |place| Actor::Enrolled(role, place));
    STRANGERS.into_iter().chain(ROLES.into_iter().flat_map(of_role))
}

fn index(actor: Actor) -> usize {
    actors().position(|one| one == actor).unwrap()
}

/// A device, and an upload that is its own.
pub(super) struct Person {
    pub(super) device: TestDevice,
    pub(super) user: UserId,
    /// What opens its upload; nothing for a stranger.
    pub(super) capability: String,
    /// Where its upload is.
    pub(super) location: String,
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

/// Bytes of a person's upload: their number.
pub(super) fn uploaded(actor: Actor) -> Vec<u8> {
    vec![index(actor) as u8; 10]
}

impl People {
    pub(super) async fn gather() -> Self {
        let server = Running::start(quick()).await;
        let service = server.app.service();
        let other = service.add_workspace("other").await.unwrap();
        populate(&server, server.ws, "A").await;
        populate(&server, other, "E").await;

        let mut people = vec![];
        for actor in actors() {
            people.push(person(&server, other, actor).await);
        }
        let inspector = people[index(INSPECTOR)].user;
        let found = service.ledger().find_user(server.ws, inspector).await.unwrap();
        let scope = found.unwrap().home_scope.unwrap();
        let photo = b"a photo of the team";
        let proof = publish(&server, &inspector, scope, photo).await;
        for (actor, person) in actors().zip(&people) {
            if let Actor::Enrolled(_, place) = actor
                && place.is_revoked()
            {
                let ws = if place.is_own() { server.ws } else { other };
                service.revoke(ws, person.device.key.log(), "lost").await.unwrap();
            }
        }
        let spare = server.enrol_as(server.ws, "inspector").await.key.log();
        service.reached_at("http://x");
        // It says to be the inspector.
        people[index(Actor::Forged)].device.claims = people[index(INSPECTOR)].device.key.log();
        Self { server, scope, photo: BlobHash::of(photo), proof, spare, people }
    }

    pub(super) fn get(&self, actor: Actor) -> &Person {
        &self.people[index(actor)]
    }
}

/// A user of each role, called like it, and a team of those who may be in one.
async fn populate(server: &Running, ws: WorkspaceId, team: &str) {
    let service = server.app.service();
    let mut members = vec![];
    let [code, zh, en] = ["MKT"; 3].map(str::to_owned);
    let market = NewOrganisation { code, zh, en, parent: None };
    service.add_organisations(ws, &[market]).await.unwrap();
    let [code, zh, en] = ["U"; 3].map(str::to_owned);
    let access = vec![(Party::Organisation("MKT".to_owned()), May::Read)];
    service.add_scope(ws, &NewScope { code, zh, en, access }).await.unwrap();
    for role in ROLES {
        let [code, zh, en, role] = [role; 4].map(str::to_owned);
        let org = (role == "unit").then(|| "MKT".to_owned());
        let user = NewUser { code, zh, en, role: role.clone(), org };
        let user = service.add_user(ws, &user).await.unwrap();
        if !matches!(role.as_str(), "administrator" | "auditor" | "unit") {
            members.push((user, role));
        }
    }
    // The server begins with a team A of its own.
    if service.ledger().find_team(ws, team).await.unwrap().is_some() {
        for (user, role) in members {
            service.set_member(ws, team, user, Some(&role)).await.unwrap();
        }
        return;
    }
    let [code, zh, en] = [team; 3].map(str::to_owned);
    service.add_team(ws, &NewTeam { code, zh, en, members }).await.unwrap();
}

async fn person(server: &Running, other: WorkspaceId, actor: Actor) -> Person {
    let (role, place) = match actor {
        Actor::Enrolled(role, place) => (role, place),
        _ => ("inspector", Place::Own),
    };
    let ws = if place.is_own() { server.ws } else { other };
    let ledger = server.app.service().ledger();
    let user = ledger.find_user_by_code(ws, role).await.unwrap().unwrap().user;
    if STRANGERS.contains(&actor) {
        let (capability, location) = (String::new(), String::new());
        return Person { device: TestDevice::new(), user, capability, location };
    }
    let device = server.enrol_as(ws, role).await;
    // An auditor is granted none: theirs is from when they were something else.
    let id = server.upload_in(ws, &device, &uploaded(actor)).await;
    let location = format!("{}/{id}", path::UPLOADS);
    Person { device, user, capability: id, location }
}

/// Has a device upload a photo and name it in an op of the scope; gives a signed checkpoint.
async fn publish(
    server: &Running,
    user: &UserId,
    scope: ScopeId,
    photo: &[u8],
) -> SignedCheckpoint {
    let device = server.enrol_as(server.ws, "inspector").await;
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
