use data_encoding::BASE64;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use spotcheck_protocol::api::path;

use super::{OCTETS, Tus, refusal};
use crate::http::tests::support::Answer;

async fn patch_with(tus: &Tus, offset: &str, sum: &str, body: &[u8]) -> Answer {
    let headers = [OCTETS, ("upload-offset", offset), ("upload-checksum", sum)];
    tus.send("PATCH", &tus.location, &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_sha1_and_sha256_are_understood() {
    let tus = Tus::created(b"hello").await;
    let sha1 = format!("sha1 {}", BASE64.encode(&Sha1::digest(b"hel")));
    assert_eq!(patch_with(&tus, "0", &sha1, b"hel").await.status, 204);
    let sha256 = format!("sha256 {}", BASE64.encode(&Sha256::digest(b"lo")));
    assert_eq!(patch_with(&tus, "3", &sha256, b"lo").await.status, 204);
    assert_eq!(tus.offset().await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_a_chunk_that_does_not_match_is_discarded() {
    let tus = Tus::created(b"hello").await;
    let of_other_bytes = format!("sha1 {}", BASE64.encode(&Sha1::digest(b"HELLO")));
    for sum in ["sha1 AAAA", "sha1", "sha256 ", &of_other_bytes] {
        let answer = patch_with(&tus, "0", sum, b"hello").await;
        assert_eq!(refusal(&answer), (460, "checksum_mismatch".to_owned()), "{sum}");
        assert_eq!(tus.offset().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_an_unknown_algorithm_is_refused() {
    let tus = Tus::created(b"hello").await;
    let answer = patch_with(&tus, "0", "md5 XUFAKrxLKna5cZ2REBfFkg==", b"hello").await;
    assert_eq!(refusal(&answer), (400, "checksum_algorithm".to_owned()));
    assert_eq!(tus.offset().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_options_names_the_algorithms() {
    let tus = Tus::granted(b"hello").await;
    let answer = tus.send("OPTIONS", path::UPLOADS, &[], b"").await;
    assert_eq!(answer.header("tus-checksum-algorithm"), Some("sha1,sha256"));
}
