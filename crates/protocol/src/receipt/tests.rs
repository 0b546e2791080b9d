use ed25519_dalek::SigningKey;
use spotcheck_domain::ScopeId;

use super::*;
use crate::checkpoint::{Epoch, SignedCheckpoint};

const WS: WorkspaceId = WorkspaceId([0x22; 16]);

fn server() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn checkpoint() -> Checkpoint {
    Checkpoint { epoch: Epoch(ScopeId([6; 16])), size: 1234, root: BlobHash([8; 32]) }
}

fn receipt() -> Receipt {
    Receipt {
        v: 1,
        ws: WS,
        log: LogId([0x11; 16]),
        seq: 42,
        link: OpHash([0x33; 32]),
        blobs: vec![BlobHash([0x44; 32])],
        quarantined: vec![(OpId([0x55; 16]), "out_of_scope".to_owned())],
        checkpoint: checkpoint(),
        backed_up_through: 0,
        server_ms: 1_624_478_400_000,
    }
}

/// A text with each of its characters replaced by others in turn, or left out.
fn changed(text: &str) -> impl Iterator<Item = String> {
    (0..text.len()).flat_map(move |at| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let others = ["", " ", "0", "1", "a", "f", "A", "\"", "\\", "=", "-", "}"];
        let others = others.into_iter().filter(move |other| *other != &text[at..=at]);
        others.map(move |other| format!("{before}{other}{after}"))
    })
}

#[test]
fn what_the_server_signs_is_that_of_version_1() {
    insta::assert_snapshot!(receipt().sign(&server()).body, @r#"{"v":1,"ws":"22222222222222222222222222222222","log":"11111111111111111111111111111111","seq":42,"link":"3333333333333333333333333333333333333333333333333333333333333333","blobs":["4444444444444444444444444444444444444444444444444444444444444444"],"quarantined":[["55555555555555555555555555555555","out_of_scope"]],"checkpoint":{"epoch":"06060606060606060606060606060606","size":1234,"root":"0808080808080808080808080808080808080808080808080808080808080808"},"backed_up_through":0,"server_ms":1624478400000}"#);
    let signed = checkpoint().sign(WS, &server());
    insta::assert_snapshot!(serde_json::to_string(&signed).unwrap(), @r#"{"checkpoint":{"epoch":"06060606060606060606060606060606","size":1234,"root":"0808080808080808080808080808080808080808080808080808080808080808"},"sig":"t1sRmwKLzaJU1uztFO4csXyuhFQpiMjIh34pnousHhsuTjcu3T0Y3P2clVuYIn/fmkubFH9U1UrcN9/c+BYKAA=="}"#);
}

#[test]
fn a_receipt_says_what_was_signed() {
    let signed = receipt().sign(&server());
    let kept: SignedReceipt =
        serde_json::from_str(&serde_json::to_string(&signed).unwrap()).unwrap();
    assert_eq!(kept.verified(&server().public_key()), Some(receipt()));
    let other = SigningKey::from_bytes(&[8; 32]).public_key();
    assert_eq!(kept.verified(&other), None);
}

#[test]
fn a_receipt_changed_in_any_character_proves_nothing() {
    let (signed, key) = (receipt().sign(&server()), server().public_key());
    for text in changed(&serde_json::to_string(&signed).unwrap()) {
        let read = serde_json::from_str::<SignedReceipt>(&text);
        assert!(read.ok().and_then(|read| read.verified(&key)).is_none(), "{text}");
    }
}

#[test]
fn a_checkpoint_changed_in_any_character_proves_nothing() {
    let (signed, key) = (checkpoint().sign(WS, &server()), server().public_key());
    assert!(signed.verify(WS, &key));
    assert!(!signed.verify(WorkspaceId([0x23; 16]), &key), "of another workspace");
    assert!(!signed.verify(WS, &SigningKey::from_bytes(&[8; 32]).public_key()));
    for text in changed(&serde_json::to_string(&signed).unwrap()) {
        let read = serde_json::from_str::<SignedCheckpoint>(&text);
        assert!(!read.is_ok_and(|read| read.verify(WS, &key)), "{text}");
    }
}

#[test]
fn one_kind_of_statement_never_passes_as_another() {
    let body = receipt().sign(&server()).body;
    for label in ["spotcheck checkpoint 1", "spotcheck receipt", ""] {
        let other = SignedReceipt { sig: sign_text(&server(), label, &body), body: body.clone() };
        assert_eq!(other.verified(&server().public_key()), None, "{label}");
    }
}

#[test]
fn two_restores_of_one_copy_begin_different_histories() {
    let begun =
        [(WS, 5, [1; 16]), (WS, 5, [2; 16]), (WS, 6, [1; 16]), (WorkspaceId([3; 16]), 5, [1; 16])];
    let mut epochs: Vec<Epoch> =
        begun.map(|(ws, size, fresh)| Epoch::begin(ws, size, fresh)).into();
    epochs.sort_unstable();
    epochs.dedup();
    assert_eq!(epochs.len(), 4);
}
