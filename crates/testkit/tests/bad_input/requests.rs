//! Requests that are damaged, too large, repeated, or out of range.

use spotcheck_protocol::api::{Response, path};
use spotcheck_protocol::frame;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::problem::Problem;

use crate::{ADA, BEN, settle, visit, world};

const SIGNED: [&str; 5] = [path::PUSH, path::PULL, path::COMPARE, path::REWIND, path::GRANTS];

#[track_caller]
fn problem(response: &Response) -> (u16, String, String) {
    let problem: Problem = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.status().as_u16(), problem.status);
    (problem.status, problem.code, problem.detail)
}

/// Every number of every request at both ends of what 64 bits hold.
#[test]
fn numbers_beyond_every_range_are_the_clients_mistake() {
    let world = world();
    let key = world.key_of(ADA);
    let who = world.devices[ADA].peek().store().identity().unwrap().clone();
    let (log, scope, user) = (key.log(), who.home_scope, who.user);
    let (hash, epoch) = ("0".repeat(64), "0".repeat(32));
    let sig = format!("{}==", "A".repeat(86));
    for n in ["18446744073709551615", "9223372036854775808", "9007199254740993", "0"] {
        let seen = format!(r#"{{"epoch":"{epoch}","size":{n},"root":"{hash}"}}"#);
        let withheld = format!(
            r#"{{"log":"{log}","scope":"{scope}","by":"{user}","boot":0,"first":{n},"prev":"{hash}","seed":"","at":[0,0,0,0],"sig":"SIG","ops":["{hash}"]}}"#
        );
        let bodies = [
            (path::PUSH, format!(r#"{{"p":1,"seen":{seen},"runs":[],"logs":[]}}"#)),
            (
                path::PUSH,
                format!(r#"{{"p":1,"seen":null,"runs":[],"logs":[["{log}",{n},"{hash}"]]}}"#),
            ),
            (path::PUSH, format!(r#"{{"p":1,"seen":null,"runs":[{withheld}],"logs":[]}}"#)),
            (path::PULL, format!(r#"{{"p":1,"seen":{seen},"cursors":[],"own":[]}}"#)),
            (path::PULL, format!(r#"{{"p":1,"seen":null,"cursors":[["{scope}",{n}]],"own":[]}}"#)),
            (
                path::PULL,
                format!(r#"{{"p":1,"seen":null,"cursors":[["{scope}",0]],"own":[["{log}",{n}]]}}"#),
            ),
            (
                path::COMPARE,
                format!(
                    r#"{{"p":1,"scope":"{scope}","through":{n},"logs":[["{log}",{n},"{hash}"]]}}"#
                ),
            ),
            (path::GRANTS, format!(r#"{{"p":1,"sha256":"{hash}","bytes":{n}}}"#)),
            (
                path::REWIND,
                format!(
                    r#"{{"p":1,"proof":{{"checkpoint":{seen},"sig":"{sig}"}},"known":[[{n},"{hash}"]],"directory":[]}}"#
                ),
            ),
        ];
        for (target, body) in bodies {
            let body = body.replace("SIG", &signed_head(&world, n));
            let (request, _) = world.signed_post(ADA, target, frame::compress(body.as_bytes()));
            let status = world.handle(&request).status().as_u16();
            assert!(status < 500, "{status} at {target} for {body}");
        }
    }
}

/// The signature over a run of one withheld op at a position.
fn signed_head(world: &spotcheck_testkit::world::World, first: &str) -> String {
    let (key, start) = (world.key_of(ADA), spotcheck_domain::op::Link([0; 32]));
    let end = start.then(&spotcheck_domain::OpHash([0; 32]));
    let seq = first.parse().unwrap();
    let message = spotcheck_domain::op::head_message(key.log(), seq, &end);
    data_encoding::BASE64.encode(&key.sign(&message))
}

#[test]
fn a_captured_request_sent_again_is_refused_and_changes_nothing() {
    let mut world = world();
    visit(&mut world, ADA);
    settle(&mut world, ADA);
    let body = r#"{"p":1,"seen":null,"runs":[],"logs":[]}"#;
    let (request, _) = world.signed_post(ADA, path::PUSH, frame::compress(body.as_bytes()));
    assert_eq!(world.handle(&request).status(), 200);
    for _ in 0..3 {
        let (status, code, detail) = problem(&world.handle(&request));
        assert_eq!((status, code.as_str()), (409, "replayed"));
        assert_eq!(detail, "this request came before; sign a new one");
    }
    // An hour later its time is too far off: the refusal is signed, and says nothing but that.
    world.clock.set(world.clock.get() + 3_600_000);
    assert_eq!(world.handle(&request).status(), 200);
    settle(&mut world, ADA);
}

#[test]
fn a_bomb_is_refused_before_and_after_it_is_known_who_sent_it() {
    let world = world();
    let bomb = frame::compress(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 16 << 10);
    for target in SIGNED {
        let (signed, _) = world.signed_post(ADA, target, bomb.clone());
        let (status, code, detail) = problem(&world.handle(&signed));
        assert_eq!((status, code.as_str()), (400, "bad_body"), "{target}");
        assert!(detail.contains("larger than 4194304 bytes once decompressed"), "{detail}");
        let mut unsigned = signed.clone();
        unsigned.headers_mut().remove("signature");
        let (status, code, detail) = problem(&world.handle(&unsigned));
        assert_eq!((status, code.as_str()), (401, "bad_signature"), "{target}");
        assert_eq!(detail, "signature: missing; send it exactly once");
    }
}

#[test]
fn a_signature_by_another_key_over_another_body_or_target_is_refused() {
    let world = world();
    let body = frame::compress(br#"{"p":1,"seen":null,"cursors":[],"own":[]}"#);
    let (mine, _) = world.signed_post(ADA, path::PULL, body.clone());
    let (bens, _) = world.signed_post(BEN, path::PULL, body);
    let mut stolen = mine.clone();
    stolen.headers_mut().insert("signature", bens.headers()["signature"].clone());
    let mut moved = mine.clone();
    *moved.uri_mut() = path::PUSH.parse().unwrap();
    for request in [stolen, moved] {
        let (status, code, detail) = problem(&world.handle(&request));
        assert_eq!((status, code.as_str()), (401, "bad_signature"));
        assert!(
            detail.ends_with("sign method and target as sent with the key of keyid"),
            "{detail}"
        );
    }
    let mut changed = mine.clone();
    changed.body_mut().push(0);
    let (status, _, detail) = problem(&world.handle(&changed));
    assert_eq!(status, 401);
    assert_eq!(
        detail,
        "content-digest: it is of another body; send the body that was signed, unchanged"
    );
    assert_eq!(world.handle(&mine).status(), 200);
}

#[test]
fn a_scope_that_is_not_ones_own_is_neither_read_nor_compared() {
    let mut world = world();
    world.add_device("cy", 0);
    visit(&mut world, ADA);
    settle(&mut world, ADA);
    let scope = world.devices[ADA].peek().store().identity().unwrap().home_scope;
    let body = format!(r#"{{"p":1,"scope":"{scope}","ranges":[]}}"#);
    let (request, _) = world.signed_post(2, path::COMPARE, frame::compress(body.as_bytes()));
    let (status, code, detail) = problem(&world.handle(&request));
    assert_eq!((status, code.as_str()), (403, "out_of_scope"));
    assert_eq!(detail, "scope: not one this user may read");
    settle(&mut world, 2);
    let status = world.devices[2].app().status().unwrap();
    assert_eq!(status.inspections, 0);
}
