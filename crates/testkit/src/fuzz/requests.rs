//! Signed requests to a running service, whatever is in them.

use std::cell::RefCell;

use serde_json::value::RawValue;
use spotcheck_client::Pause;
use spotcheck_domain::Run;
use spotcheck_protocol::api::{Request, Response, path};
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::{
    CompareRequest, DevicesRequest, EnrolRequest, GrantRequest, InviteRequest, PullRequest,
    PushRequest, RevokeRequest, RewindRequest,
};
use spotcheck_protocol::problem::Problem;
use spotcheck_protocol::{frame, reply, run_codec};
use spotcheck_sqlite::Profile;

use super::wire::survives;
use crate::world::World;

/// A world of one enrolled device; made anew once an input has changed it, so that an input means
/// the same whatever came before.
pub(super) struct Site {
    pub(super) world: World,
}

thread_local! {
    static SITE: RefCell<Option<Site>> = const { RefCell::new(None) };
}

/// Runs on the thread's world. `work` says whether the world may be used again.
pub(super) fn with_site(work: impl FnOnce(&mut Site) -> bool) {
    SITE.with(|place| {
        let mut site = place.borrow_mut().take().unwrap_or_else(Site::new);
        if work(&mut site) {
            *place.borrow_mut() = Some(site);
        }
    });
}

const ENDPOINTS: [&str; 9] = [
    path::PUSH,
    path::PULL,
    path::COMPARE,
    path::REWIND,
    path::GRANTS,
    path::ENROL,
    path::DEVICES,
    path::INVITE,
    path::REVOKE,
];

/// Where a lead's requests go.
const TEAM: &str = "/api/v1/team/";

/// Ada's device, which most requests are of, and the lead's, who looks after it.
const ADA: usize = 0;
const LEAD: usize = 1;

impl Site {
    fn new() -> Self {
        let mut world = World::new(1, Profile::Unsafe);
        world.add_device("ada", 0);
        world.add_device("lead", 0);
        Self { world }
    }

    fn signer(&self) -> &'static ed25519_dalek::SigningKey {
        self.world.key_of(ADA)
    }

    /// Puts this world's ids where an input names them, so that inputs do not grow old.
    fn fill(&self, text: &str) -> String {
        let home = self.identity().home_scope;
        let user = self.identity().user;
        let key = spotcheck_domain::BlobHash(self.signer().public_key());
        text.replace("$log", &self.signer().log().to_string())
            .replace("$scope", &home.to_string())
            .replace("$user", &user.to_string())
            .replace("$key", &key.to_string())
    }

    fn identity(&self) -> spotcheck_store::Identity {
        let app = self.world.devices[ADA].peek();
        app.store().identity().cloned().expect("the device is enrolled")
    }

    /// Sends a signed request and gives its nonce and the answer.
    pub(super) fn post(&self, target: &str, body: Vec<u8>) -> ([u8; 16], Response) {
        let by = if target.starts_with(TEAM) { LEAD } else { ADA };
        let (request, nonce) = self.world.signed_post(by, target, body);
        (nonce, self.handle(&request))
    }

    pub(super) fn handle(&self, request: &Request) -> Response {
        let response = self.world.handle(request);
        let status = response.status().as_u16();
        assert!(status < 500, "{status}: {}", String::from_utf8_lossy(response.body()));
        response
    }
}

/// A problem document that names itself.
pub(super) fn assert_is_problem(response: &Response) {
    let problem: Problem = serde_json::from_slice(response.body()).expect("a problem document");
    assert_eq!(problem.status, response.status().as_u16());
    assert!(!problem.code.is_empty() && !problem.detail.is_empty());
}

/// Which endpoint, then the JSON of the body. `$log`, `$scope`, `$user` and `$key` stand for those
/// of the device that signs; runs of its log are signed anew, so that what is in them is reached.
pub(super) fn request(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let endpoint = ENDPOINTS[usize::from(*first) % ENDPOINTS.len()];
    survives::<PushRequest>(rest);
    survives::<PullRequest>(rest);
    survives::<CompareRequest>(rest);
    survives::<RewindRequest>(rest);
    survives::<GrantRequest>(rest);
    survives::<EnrolRequest>(rest);
    survives::<DevicesRequest>(rest);
    survives::<InviteRequest>(rest);
    survives::<RevokeRequest>(rest);
    with_site(|site| {
        let plain = match str::from_utf8(rest) {
            Ok(text) => signed_again(site, &site.fill(text)),
            Err(_) => rest.to_vec(),
        };
        let (nonce, response) = site.post(endpoint, frame::compress(&plain));
        if response.status() != 200 {
            assert_is_problem(&response);
            return true;
        }
        let server = site.world.server.service().public_key();
        reply::open(response.body(), &nonce, &server).expect("a 200 is a signed page");
        match endpoint {
            path::PULL | path::COMPARE | path::GRANTS | path::DEVICES => return true,
            // It counts.
            path::INVITE => return false,
            path::REVOKE => {
                let round = site.world.sync_cleanly(ADA).expect("the device's disk is well");
                assert_eq!(round.pause, Some(Pause::Revoked), "who is revoked is told so");
                return false;
            }
            _ => {}
        }
        // What was taken in must be given out again: nothing a device sends may block a reader.
        let pull = r#"{"p":1,"seen":null,"cursors":[["$scope",0]],"own":[]}"#;
        let pull = frame::compress(site.fill(pull).as_bytes());
        let (_, page) = site.post(path::PULL, pull);
        assert_eq!(page.status(), 200);
        let round = site.world.sync_cleanly(0).expect("the device's disk is well");
        assert_eq!(round.pause, None, "the device cannot go on");
        let app = site.world.devices[0].app();
        assert!(app.store().projections_hold().expect("readable"));
        false
    });
}

fn signed_again(site: &Site, text: &str) -> Vec<u8> {
    let Ok(mut push) = serde_json::from_str::<PushRequest>(text) else { return text.into() };
    let (ws, key) = (site.identity().ws, site.signer());
    let sign = |raw: Box<RawValue>| match run_codec::decode(&raw, ws) {
        Ok(run) if run.log == key.log() => {
            let head_sig = key.sign(&run.head_message());
            run_codec::encode(&Run { head_sig, ..run })
        }
        _ => raw,
    };
    push.runs = push.runs.into_iter().map(sign).collect();
    serde_json::to_vec(&push).unwrap_or_default()
}

/// A run of one op line, unsigned: [`request`] signs it.
pub(super) fn run(first: u64, lines: &str) -> String {
    let (link, sig) = ("00".repeat(32), format!("{}==", "A".repeat(86)));
    format!(
        r#"{{"log":"$log","scope":"$scope","by":"$user","boot":1,"first":{first},"prev":"{link}","seed":"07070707070707070707070707070707","at":[1624496400000,480,1000,0],"sig":"{sig}","ops":[{lines}]}}"#
    )
}

pub(super) fn push(runs: &str) -> Vec<u8> {
    let logs = format!(r#"[["$log",1,"{}"]]"#, "00".repeat(32));
    format!("\0{{\"p\":1,\"seen\":null,\"runs\":[{runs}],\"logs\":{logs}}}").into_bytes()
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let hash = "00".repeat(32);
    let started = r#"["inspection.started","",0,{"set":{"site":"NS-MKT","day":"2021-06-24"}}]"#;
    let answered = r#"["inspection.answered",0,1000,{"set":{"ENT-01":{"result":"pass"}}}]"#;
    let other = |n: u8, body: String| [&[n][..], body.as_bytes()].concat();
    vec![
        push(""),
        push(&run(1, &format!("{started},{answered}"))),
        push(&run(1, &format!("{started},\"{hash}\""))),
        other(1, r#"{"p":1,"seen":null,"cursors":[["$scope",0]],"own":[["$log",0]]}"#.to_owned()),
        other(2, format!(r#"{{"p":1,"scope":"$scope","ranges":[[0,9,1,"{hash}"]]}}"#)),
        other(
            3,
            format!(
                r#"{{"p":1,"proof":{{"checkpoint":{{"epoch":"{}","size":7,"root":"{hash}"}},"sig":"{}=="}},"known":[[7,"{hash}"]],"directory":[]}}"#,
                "00".repeat(16),
                "A".repeat(86)
            ),
        ),
        other(4, format!(r#"{{"p":1,"sha256":"{hash}","bytes":3000}}"#)),
        other(5, r#"{"p":1,"code":"X","key":"$key","device_name":"phone"}"#.to_owned()),
        other(6, r#"{"p":1,"after":"$log"}"#.to_owned()),
        other(7, r#"{"p":1,"user":"$user"}"#.to_owned()),
        other(8, r#"{"p":1,"log":"$log","reason":"lost"}"#.to_owned()),
    ]
}
