use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;

use super::*;
use crate::messages::{Refusal, RefusalCode, RewindReply};

const NONCE: [u8; 16] = [5; 16];
const EPOCH: Epoch = Epoch(ScopeId([6; 16]));

fn server() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn pinned() -> [u8; 32] {
    server().public_key()
}

fn refusal() -> Reply {
    Reply::Refusal(Refusal { code: RefusalCode::ClockSkew, server_ms: 1_624_478_400_000 })
}

fn page() -> Vec<u8> {
    seal(&refusal(), EPOCH, &NONCE, &server())
}

fn refused(bytes: &[u8], as_what: &ReplyError) {
    let read = open(bytes, &NONCE, &pinned());
    assert_eq!(&read.unwrap_err(), as_what);
}

/// Signs what `seal` never writes.
fn signed(flags: u8, page: u32, frame: &[u8]) -> Vec<u8> {
    let key = server().log();
    let sig = Signer::sign(&server(), &message(&key, EPOCH, &NONCE, page, flags, frame));
    [&MAGIC[..], &[flags], &EPOCH.0.0, &key.0, &page.to_be_bytes(), &sig, frame].concat()
}

#[test]
fn the_head_of_a_reply_is_that_of_version_1() {
    let page = page();
    assert_eq!(HEAD_BYTES, 105);
    insta::assert_snapshot!(HEXLOWER.encode(&page[..41]), @"535043310106060606060606060606060606060606ab87bb49d81c83f9b7d98f086956c9f700000000");
    assert_eq!(frame::decompress(&page[105..]).unwrap(), serde_json::to_vec(&refusal()).unwrap());
    insta::assert_snapshot!(serde_json::to_string(&refusal()).unwrap(), @r#"{"refusal":{"code":"clock_skew","server_ms":1624478400000}}"#);
    let signs = message(&server().log(), EPOCH, &NONCE, 0, 1, b"frame");
    insta::assert_snapshot!(HEXLOWER.encode(&signs), @"73706f74636865636b2070616765203100ab87bb49d81c83f9b7d98f086956c9f7060606060606060606060606060606060505050505050505050505050505050500000000019dff50df08c635815f4b19da10f756605a34a79a48d4ba48712782502975a70e");
    assert!(verify(
        &pinned(),
        &message(&server().log(), EPOCH, &NONCE, 0, 1, &page[105..]),
        page[41..105].try_into().unwrap()
    ));
}

#[test]
fn our_servers_answer_to_this_request_is_believed() {
    let verified = open(&page(), &NONCE, &pinned()).unwrap();
    assert_eq!(verified.epoch, EPOCH);
    let Reply::Refusal(said) = verified.reply else { panic!("{:?}", verified.reply) };
    assert_eq!(said.code, RefusalCode::ClockSkew);
}

#[test]
fn a_sign_in_page_is_not_our_server() {
    for html in [
        "",
        "<html><head><title>Welcome to Airport WiFi</title></head></html>",
        "<!DOCTYPE html>\n<meta http-equiv=\"refresh\" content=\"0; url=http://10.0.0.1/\">",
        "{\"error\":\"sign in\"}",
        "spc1",
        "SPC1",
    ] {
        refused(html.as_bytes(), &ReplyError::Foreign);
        refused(
            html.repeat(500).as_bytes(),
            if html == "SPC1" { &ReplyError::Forged } else { &ReplyError::Foreign },
        );
    }
    let mut huge = page();
    huge.resize(MAX_REPLY_BYTES + 1, 0);
    refused(&huge, &ReplyError::Foreign);
}

#[test]
fn an_answer_cut_or_lengthened_anywhere_is_refused() {
    let page = page();
    for end in 0..page.len() {
        let what = if end < HEAD_BYTES { ReplyError::Foreign } else { ReplyError::Forged };
        refused(&page[..end], &what);
    }
    refused(&[&page[..], b"\n"].concat(), &ReplyError::Forged);
    refused(&[&page[..], &page[..]].concat(), &ReplyError::Forged);
}

#[test]
fn an_answer_changed_in_any_bit_is_refused() {
    let page = page();
    for bit in 0..page.len() * 8 {
        let mut bytes = page.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let what = if bit < 32 { ReplyError::Foreign } else { ReplyError::Forged };
        refused(&bytes, &what);
    }
}

#[test]
fn an_answer_to_another_request_is_refused() {
    for bit in 0..128 {
        let mut nonce = NONCE;
        nonce[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open(&page(), &nonce, &pinned()).unwrap_err(), ReplyError::Forged);
    }
}

#[test]
fn another_servers_answer_is_refused() {
    let other = SigningKey::from_bytes(&[8; 32]);
    refused(&seal(&refusal(), EPOCH, &NONCE, &other), &ReplyError::Forged);
    // Nor does it help to name our key.
    let mut named = seal(&refusal(), EPOCH, &NONCE, &other);
    named[21..37].copy_from_slice(&server().log().0);
    refused(&named, &ReplyError::Forged);
    // A key that is no point of the curve, or a weak one, verifies nothing.
    for key in [[0; 32], [0xff; 32], [1; 32]] {
        assert_eq!(open(&page(), &NONCE, &key).unwrap_err(), ReplyError::Forged);
    }
}

#[test]
fn a_newer_servers_answer_says_so() {
    let frame = frame::compress(&serde_json::to_vec(&refusal()).unwrap());
    open(&signed(1, 0, &frame), &NONCE, &pinned()).unwrap();
    let json = |text: &str| frame::compress(text.as_bytes());
    for (flags, page, frame) in [
        (0, 0, frame.clone()),
        (3, 0, frame.clone()),
        (1, 1, frame),
        (1, 0, b"not a frame".to_vec()),
        (1, 0, json("{}")),
        (1, 0, json(r#"{"telepathy":{}}"#)),
        (1, 0, json(r#"{"refusal":{"code":"too_old","server_ms":1}}"#)),
    ] {
        let read = open(&signed(flags, page, &frame), &NONCE, &pinned());
        assert!(matches!(read, Err(ReplyError::Unknown(_))), "{read:?}");
    }
}

#[test]
fn each_answer_reads_as_what_it_is() {
    let rewind = Reply::Rewind(RewindReply { epoch: EPOCH, common: 9 });
    let sealed = seal(&rewind, EPOCH, &NONCE, &server());
    let Reply::Rewind(said) = open(&sealed, &NONCE, &pinned()).unwrap().reply else { panic!() };
    assert_eq!((said.common, said.epoch), (9, EPOCH));
}
