//! What stands around the ops on the wire: frames, signatures, replies, receipts, links.

use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use spotcheck_domain::{BlobHash, LogId, OpHash, OpId, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch, SignedCheckpoint};
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{
    DeviceReport, DevicesReply, GrantReply, InviteReply, LogHead, PullReply, PushReply, Refusal,
    RefusalCode, Reply, RevokeReply, RewindReply,
};
use spotcheck_protocol::receipt::{Receipt, SignedReceipt};
use spotcheck_protocol::request_signature::{Params, SignedRequest, parse, prepare, sign};
use spotcheck_protocol::{MAX_PLAIN_BYTES, frame as zstd_frame, reply as page};

const WS: WorkspaceId = WorkspaceId([2; 16]);
const NONCE: [u8; 16] = [6; 16];

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

/// A compressed page.
pub(super) fn frame(bytes: &[u8]) {
    let Ok(plain) = zstd_frame::decompress(bytes) else { return };
    assert!(plain.len() <= MAX_PLAIN_BYTES);
    assert_eq!(zstd_frame::decompress(&zstd_frame::compress(&plain)), Ok(plain));
}

pub(super) fn frame_seeds() -> Vec<Vec<u8>> {
    let plain = [&b""[..], b"{}", br#"{"p":1,"seen":null,"cursors":[],"own":[]}"#];
    let long = br#"["inspection.answered",0,0,{"set":{}}],"#.repeat(200);
    plain.into_iter().chain([long.as_slice()]).map(zstd_frame::compress).collect()
}

/// The three headers, a line each.
pub(super) fn signature(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let mut lines = text.splitn(3, '\n');
    let [digest, input, signature] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let Ok(parsed) = parse(digest, input, signature) else { return };
    // One byte form each: what was accepted is what we would have sent.
    let request = SignedRequest { method: "POST", target: "/", body: b"" };
    let prepared = prepare(&request, parsed.params()).expect("what parses can be signed");
    let sent = prepared.attach(&[0; 64]);
    assert_eq!(sent.signature_input, input);
    assert_eq!(format!("sha-256=:{}:", BASE64.encode(parsed.content_sha256())), digest);
    let raw = signature.strip_prefix("spotcheck=:").and_then(|text| text.strip_suffix(':'));
    let raw = BASE64.decode(raw.expect("as the profile has it").as_bytes()).expect("base64");
    assert_eq!(format!("spotcheck=:{}:", BASE64.encode(&raw)), signature);
    let verified = parsed.verify(&request, &key().verifying_key());
    assert!(verified.is_err() || bytes == signed(b"", "/"), "nobody but us signs with our key");
}

fn signed(body: &[u8], target: &str) -> Vec<u8> {
    let params = Params { created_s: 1_624_496_400, nonce: NONCE, key_id: key().log().0 };
    let request = SignedRequest { method: "POST", target, body };
    let headers = sign(&request, &params, |bytes| key().sign(bytes)).expect("a request of ours");
    [headers.content_digest, headers.signature_input, headers.signature].join("\n").into_bytes()
}

pub(super) fn signature_seeds() -> Vec<Vec<u8>> {
    vec![signed(b"", "/"), signed(b"a body", "/api/v1/sync/push?x=1")]
}

/// A signed page, or the JSON in one.
pub(super) fn reply(bytes: &[u8]) {
    if page::open(bytes, &NONCE, &key().public_key()).is_ok() {
        // The signature covers each byte but the head's own copy of it.
        let ours = replies().iter().any(|reply| sealed(reply) == bytes);
        assert!(ours, "a page that we did not sign was believed");
    }
    survives::<Reply>(bytes);
}

fn sealed(reply: &Reply) -> Vec<u8> {
    page::seal(reply, checkpoint().epoch, &NONCE, &key())
}

fn replies() -> Vec<Reply> {
    let (signed, server_ms) = (checkpoint().sign(WS, &key()), 1_624_496_400_000);
    let head = LogHead { log: LogId([1; 16]), seq: 7, link: OpHash([2; 32]), forked: false };
    let receipts = vec![our_receipt().sign(&key())];
    vec![
        Reply::Refusal(Refusal { code: RefusalCode::ClockSkew, server_ms }),
        Reply::Rewind(RewindReply { epoch: checkpoint().epoch, common: 12 }),
        Reply::Grant(GrantReply {
            held: false,
            capability: "secret".to_owned(),
            location: "/api/v1/uploads/00".to_owned(),
            expires_ms: 9,
        }),
        Reply::Devices(DevicesReply {
            devices: vec![DeviceReport {
                log: LogId([1; 16]),
                root: LogId([1; 16]),
                user: UserId([4; 16]),
                name: "phone".to_owned(),
                last_contact_ms: server_ms,
                seq: 7,
                awaited: (2, 6000),
                revoked: None,
                forked: false,
            }],
            more: false,
            server_ms,
        }),
        Reply::Invite(InviteReply { link: "http://x".to_owned(), expires_ms: 9, server_ms }),
        Reply::Revoke(RevokeReply { log: LogId([1; 16]), reason: "lost".to_owned(), server_ms }),
        Reply::Push(PushReply {
            heads: vec![head],
            receipts,
            checkpoint: signed.clone(),
            server_ms,
        }),
        Reply::Pull(PullReply {
            sections: vec![],
            scopes: vec![ScopeId([3; 16])],
            more: false,
            checkpoint: signed,
            server_ms,
        }),
    ]
}

pub(super) fn reply_seeds() -> Vec<Vec<u8>> {
    let json = |reply: &Reply| serde_json::to_vec(reply).expect("a reply is JSON");
    replies().iter().flat_map(|reply| [sealed(reply), json(reply)]).collect()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { epoch: Epoch::begin(WS, 0, [1; 16]), size: 7, root: BlobHash([5; 32]) }
}

fn our_receipt() -> Receipt {
    Receipt {
        v: 1,
        ws: WS,
        log: LogId([1; 16]),
        seq: 7,
        link: OpHash([2; 32]),
        blobs: vec![BlobHash([3; 32])],
        quarantined: vec![(OpId([4; 16]), "out_of_scope".to_owned())],
        checkpoint: checkpoint(),
        backed_up_through: 0,
        server_ms: 1_624_496_400_000,
    }
}

/// A receipt or a checkpoint, signed or not.
pub(super) fn receipt(bytes: &[u8]) {
    survives::<Receipt>(bytes);
    survives::<Checkpoint>(bytes);
    if let Some(signed) = survives::<SignedReceipt>(bytes) {
        let believed = signed.verified(&key().public_key());
        assert!(believed.is_none_or(|receipt| receipt == our_receipt()));
    }
    if let Some(signed) = survives::<SignedCheckpoint>(bytes) {
        let ours = signed.verify(WS, &key().public_key());
        assert!(!ours || signed.checkpoint == checkpoint());
    }
}

pub(super) fn receipt_seeds() -> Vec<Vec<u8>> {
    let json = |value: serde_json::Result<Vec<u8>>| value.expect("ids and numbers are JSON");
    vec![
        json(serde_json::to_vec(&our_receipt())),
        json(serde_json::to_vec(&our_receipt().sign(&key()))),
        json(serde_json::to_vec(&checkpoint())),
        json(serde_json::to_vec(&checkpoint().sign(WS, &key()))),
    ]
}

/// A pasted or scanned link.
pub(super) fn enrolment(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Some(link) = EnrolmentLink::parse(text) else { return };
    assert_eq!(link.to_string(), text.trim(), "what was read is what was handed over");
    assert_eq!(EnrolmentLink::parse(&link.to_string()), Some(link));
}

pub(super) fn enrolment_seeds() -> Vec<Vec<u8>> {
    let link = |url: &str| EnrolmentLink {
        server_url: url.to_owned(),
        server_key: key().public_key(),
        code: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".to_owned(),
    };
    let urls = ["http://127.0.0.1:8080", "https://spotcheck.example", "http://[::1]:9"];
    urls.map(|url| link(url).to_string().into_bytes()).into()
}

/// Reads JSON; what was read is written the same every time and reads as the same again.
pub(super) fn survives<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let write = |value: &T| serde_json::to_vec(value).expect("what was read can be written");
    let value: T = serde_json::from_slice(bytes).ok()?;
    let written = write(&value);
    let again: T = serde_json::from_slice(&written).expect("what we write we read");
    assert_eq!(write(&again), written);
    Some(value)
}
