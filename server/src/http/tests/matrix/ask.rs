//! Asking a route as somebody, and what they are told.

use std::collections::BTreeSet;

use spotcheck_domain::{BlobHash, OpData};
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{
    CompareRequest, DevicesRequest, EnrolRequest, GrantRequest, InviteRequest, PullRequest, Reply,
    RevokeRequest, RewindRequest,
};
use spotcheck_protocol::receipt::Receipt;
use spotcheck_protocol::{MEDIA_TYPE, PROTOCOL};

use super::people::{Actor, INSPECTOR, People, Place, push, uploaded};
use crate::http::routes::{Route, Work};
use crate::http::tests::support::Answer;

/// Asks, and puts what was told into a word or two.
pub(super) async fn ask(people: &People, route: &Route, actor: Actor) -> String {
    match route.work {
        Work::Page | Work::Rewind | Work::Enrol => page(people, route, actor).await,
        Work::Tus | Work::Patch => upload(people, route, actor).await,
        Work::Download => {
            let at = format!("{}/{}", path::BLOBS, people.photo);
            let (head, nonce) = match actor {
                Actor::Unsigned => (format!("GET {at} HTTP/1.1\r\nhost: x\r\n"), [0; 16]),
                _ => people.get(actor).device.signed("GET", &at, b""),
            };
            let answer = people.server.send(format!("{head}\r\n").as_bytes()).await;
            if answer.header("content-type") == Some(MEDIA_TYPE) {
                let key = people.server.app.service().public_key();
                let page = spotcheck_protocol::reply::open(&answer.body, &nonce, &key).unwrap();
                return format!("{} {}", answer.status, effect(people, &page.reply));
            }
            told(&answer)
        }
        Work::Live | Work::Ready | Work::Metrics | Work::Version | Work::Document => {
            let request = format!("GET {} HTTP/1.1\r\nhost: x\r\n\r\n", route.path);
            told(&people.server.send(request.as_bytes()).await)
        }
    }
}

fn told(answer: &Answer) -> String {
    match answer.status {
        200..300 => answer.status.to_string(),
        status if answer.body.is_empty() => status.to_string(),
        status => format!("{status} {}", answer.problem()),
    }
}

async fn page(people: &People, route: &Route, actor: Actor) -> String {
    let server = &people.server;
    if actor == Actor::Unsigned {
        let head = format!("POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: {MEDIA_TYPE}", route.path);
        let request = format!("{head}\r\ncontent-length: 2\r\n\r\nhi");
        return told(&server.send(request.as_bytes()).await);
    }
    let person = people.get(actor);
    let device = &person.device;
    let (scope, p) = (people.scope, PROTOCOL);
    let said = match route.id {
        "enrol" => {
            // Who claims to be the inspector claims the key, too.
            let claimed = if actor == Actor::Forged { INSPECTOR } else { actor };
            let key = BlobHash(people.get(claimed).device.key.public_key());
            let (code, device_name) = ("spent".to_owned(), String::new());
            let body = EnrolRequest { p, code, key, device_name };
            device.call(server, route.path, &body).await
        }
        "push" => {
            let body = push(device, server.ws, scope, person.user, 1, &OpData::default());
            device.call(server, route.path, &body).await
        }
        "pull" => {
            let body = PullRequest { p, seen: None, cursors: vec![(scope, 0)], own: vec![] };
            device.call(server, route.path, &body).await
        }
        "compare" => {
            let body = CompareRequest { p, scope, ranges: vec![] };
            device.call(server, route.path, &body).await
        }
        "rewind" => {
            let proof = people.proof.clone();
            let body = RewindRequest { p, proof, known: vec![], directory: vec![], more: false };
            device.call(server, route.path, &body).await
        }
        "grant_upload" => {
            // One that nobody has: who was granted it once would have it.
            let sha256 = BlobHash::of(b"another photo");
            device.call(server, route.path, &GrantRequest { p, sha256, bytes: 13 }).await
        }
        "devices" => {
            let body = DevicesRequest { p, after: None };
            device.call(server, route.path, &body).await
        }
        "invite" => {
            let user = people.get(INSPECTOR).user;
            device.call(server, route.path, &InviteRequest { p, user }).await
        }
        "revoke" => {
            let (log, reason) = (people.spare, "lost".to_owned());
            device.call(server, route.path, &RevokeRequest { p, log, reason }).await
        }
        other => panic!("{other} is asked by nobody: say here how"),
    };
    match said {
        Ok(reply) => format!("200 {}", effect(people, &reply)),
        Err((status, code)) => format!("{status} {code}"),
    }
}

/// What a signed page amounts to.
fn effect(people: &People, reply: &Reply) -> String {
    match reply {
        Reply::Enrol(_) => "enrolled".to_owned(),
        Reply::Push(pushed) => {
            let receipt: Receipt = serde_json::from_str(&pushed.receipts[0].body).unwrap();
            assert_eq!(receipt.seq, 1);
            match receipt.quarantined.first() {
                Some((_, code)) => format!("quarantined {code}"),
                None => "admitted".to_owned(),
            }
        }
        Reply::Pull(pulled) => {
            let mut ours = pulled.sections.iter().filter(|section| section.scope == people.scope);
            let any = ours.any(|section| !section.parts.is_empty());
            assert_eq!(pulled.scopes.contains(&people.scope), any);
            if any { "delivered" } else { "nothing" }.to_owned()
        }
        Reply::Rewind(_) => "rewound".to_owned(),
        Reply::Compare(_) => "compared".to_owned(),
        Reply::Grant(_) => "granted".to_owned(),
        Reply::Devices(reply) => {
            let owners: BTreeSet<_> = reply.devices.iter().map(|device| device.user).collect();
            let here = owners.contains(&people.get(INSPECTOR).user);
            format!("of {} {}", owners.len(), if here { "here" } else { "there" })
        }
        Reply::Invite(_) => "invited".to_owned(),
        Reply::Revoke(_) => "revoked".to_owned(),
        Reply::Refusal(refusal) => {
            let code = serde_json::to_value(refusal.code).unwrap();
            code.as_str().unwrap().to_owned()
        }
    }
}

async fn upload(people: &People, route: &Route, actor: Actor) -> String {
    let capability = match actor {
        Actor::Forged | Actor::Foreign => "A".repeat(43),
        _ => people.get(actor).capability.clone(),
    };
    // Who has none of their own asks for the inspector's, and so does the other workspace.
    let theirs = match actor {
        Actor::Enrolled(_, Place::Own | Place::OwnRevoked) => actor,
        _ => INSPECTOR,
    };
    let theirs = &people.get(theirs).location;
    let at = if route.path == path::UPLOADS { path::UPLOADS } else { theirs };
    let bytes = uploaded(actor);
    let body = if route.work == Work::Patch { &bytes[..] } else { &[] };
    let mut head = format!("{} {at} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n", route.method);
    if actor != Actor::Unsigned {
        head.push_str(&format!("spotcheck-upload: {capability}\r\n"));
    }
    head.push_str(&format!(
        "tus-resumable: 1.0.0\r\nupload-length: 10\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        body.len()
    ));
    told(&people.server.send(&[head.as_bytes(), body].concat()).await)
}
