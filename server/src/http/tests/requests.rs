use spotcheck_protocol::api::path;
use spotcheck_protocol::messages::PullRequest;
use spotcheck_protocol::{MEDIA_TYPE, PROTOCOL, frame};

use super::support::{Running, TestDevice, quick};
use crate::http::Limits;
use crate::ledger::Ledger as _;

fn pull() -> Vec<u8> {
    let pull = PullRequest { p: PROTOCOL, seen: None, cursors: vec![], own: vec![] };
    frame::compress(&serde_json::to_vec(&pull).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_enrols_and_pulls_and_every_answer_is_locked_down() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let answer = server.send(&device.post(path::PULL, &pull())).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(MEDIA_TYPE)));
    assert!(answer.body.starts_with(b"SPC1"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_the_clients_mistake_and_never_ours() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let bomb = frame::compress(&vec![b' '; 5 << 20]);
    let (newer, cut) = (frame::compress(b"{\"p\":99}"), frame::compress(b"["));
    let bodies: [&[u8]; 6] = [b"", b"garbage", &[0xff; 300], &bomb, &newer, &cut];
    for target in [
        path::ENROL,
        path::PUSH,
        path::PULL,
        path::COMPARE,
        path::REWIND,
        path::GRANTS,
        path::DEVICES,
        path::INVITE,
        path::REVOKE,
    ] {
        for body in bodies {
            let answer = server.send(&device.post(target, body)).await;
            assert_eq!(answer.status / 100, 4, "{target}: {answer:?}");
            answer.problem();
        }
        let unsigned = format!("POST {target} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi");
        assert_eq!(server.send(unsigned.as_bytes()).await.problem(), "bad_signature");
    }
    let answer = server.send(&TestDevice::new().post(path::PULL, &pull())).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "device_unknown"));
    let plain = String::from_utf8(device.post(path::PULL, b"x")).unwrap();
    let plain = plain.replace(MEDIA_TYPE, "application/json");
    assert_eq!(server.send(plain.as_bytes()).await.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_beyond_what_the_ledger_holds_is_the_clients_mistake() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let hex = |length| "0".repeat(length);
    let (most, log) = (u64::MAX, device.claims.to_string());
    let bodies = [
        (
            path::PUSH,
            format!(r#"{{"p":1,"seen":null,"runs":[],"logs":[["{log}",{most},"{}"]]}}"#, hex(64)),
        ),
        (
            path::PUSH,
            format!(
                r#"{{"p":1,"seen":{{"epoch":"{}","size":{most},"root":"{}"}},"runs":[],"logs":[]}}"#,
                hex(32),
                hex(64)
            ),
        ),
        (path::PULL, format!(r#"{{"p":1,"seen":null,"cursors":[],"own":[["{log}",{most}]]}}"#)),
        (path::COMPARE, format!(r#"{{"p":1,"scope":"{}","through":{most},"logs":[]}}"#, hex(32))),
    ];
    for (target, body) in bodies {
        let answer = server.send(&device.post(target, &frame::compress(body.as_bytes()))).await;
        assert!(answer.status < 500, "{body}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem_document_and_405_names_the_methods() {
    let server = Running::start(quick()).await;
    let request = |method: &str, at: &str| format!("{method} {at} HTTP/1.1\r\nhost: x\r\n\r\n");
    for at in ["/none", "/api/v1/sync", "/api/v1/sync/push/", "/api/v1/uploads/a/b", "/%2e%2e/etc"]
    {
        let answer = server.send(request("GET", at).as_bytes()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "no_such_route"), "{at}");
    }
    for (method, at, allowed) in [
        ("GET", path::PUSH, "POST"),
        ("BREW", path::PUSH, "POST"),
        ("DELETE", "/api/v1/uploads/00", "PATCH"),
        ("POST", "/livez", "GET"),
    ] {
        let answer = server.send(request(method, at).as_bytes()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (405, "method_not_allowed"), "{at}");
        assert!(answer.header("allow").unwrap().contains(allowed), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_declares_too_much_is_refused_before_it_is_read() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    for (target, cap) in [(path::PUSH, 256 << 10), (path::ENROL, 4096)] {
        let head = device.head("POST", target, b"");
        let length = cap + 1;
        // Not one byte of the body is ever sent: an answer means that none was waited for.
        let head = format!("{head}content-type: {MEDIA_TYPE}\r\ncontent-length: {length}\r\n\r\n");
        let answer = server.send(head.as_bytes()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"), "{target}");
    }
    // One that declares nothing is refused where it becomes too large, and the answer arrives.
    let head = device.head("POST", path::PUSH, b"");
    let head = format!("{head}content-type: {MEDIA_TYPE}\r\ntransfer-encoding: chunked\r\n\r\n");
    let chunk = [b"10000\r\n", &[0; 65536][..], b"\r\n"].concat();
    let body = [chunk.repeat(6), b"0\r\n\r\n".to_vec()].concat();
    let answer = server.send(&[head.as_bytes(), &body].concat()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rewinds_of_strangers_are_few_and_nothing_is_unpacked_in_anothers_name() {
    let limits = Limits { enrol_burst: 1, enrol_per_minute: 1, ..quick() };
    let server = Running::start(limits).await;
    let device = server.enrol().await;
    let garbage = b"no frame at all";
    let mut told = vec![];
    for _ in 0..5 {
        let answer = server.send(&TestDevice::new().post(path::REWIND, garbage)).await;
        told.push((answer.status, answer.problem()));
        if answer.status == 429 {
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
    }
    let bad = (400, "bad_body".to_owned());
    let enough = (429, "too_many_rewinds".to_owned());
    assert_eq!(told, [bad.clone(), bad.clone(), bad.clone(), bad.clone(), enough]);
    // Who is known is not kept waiting; who says to be it is told so without a look at the body.
    let answer = server.send(&device.post(path::REWIND, garbage)).await;
    assert_eq!((answer.status, answer.problem()), bad);
    let mut forger = TestDevice::new();
    forger.claims = device.claims;
    let answer = server.send(&forger.post(path::REWIND, garbage)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "bad_signature"));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_enrolments_from_one_address_are_told_when_to_come_back() {
    let server = Running::start(Limits { enrol_burst: 3, ..quick() }).await;
    let post = format!("POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n", path::ENROL);
    for _ in 0..3 {
        assert_eq!(server.send(post.as_bytes()).await.status, 401);
    }
    let answer = server.send(post.as_bytes()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (429, "too_many_enrolments"));
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_enrol_at_once_do_not_fork_the_servers_log() {
    let server = std::sync::Arc::new(Running::start(quick()).await);
    let mut at_once = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let server = server.clone();
        at_once.spawn(async move { server.enrol().await });
    }
    assert_eq!(at_once.join_all().await.len(), 20);
    let ledger = server.app.service().ledger();
    // A user, a team and twenty enrolments, one after the other.
    let log = spotcheck_domain::LogId::of_key("ed25519", &server.app.service().public_key());
    assert_eq!(ledger.log_head(server.ws, log, None).await.unwrap().seq, 22);
    assert_eq!(ledger.checkpoint(server.ws).await.unwrap().size, 22);
}
