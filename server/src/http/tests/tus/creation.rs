use super::{Tus, refusal};
use spotcheck_protocol::api::path;
use spotcheck_protocol::messages::GrantRequest;
use spotcheck_protocol::{PROTOCOL, frame};

#[tokio::test(flavor = "multi_thread")]
async fn n1_creation_answers_where_the_upload_is() {
    let tus = Tus::granted(b"hello").await;
    let answer = tus.create("5").await;
    assert_eq!((answer.status, answer.header("location")), (201, Some(tus.location.as_str())));
    // The reply may have been lost: asked again, it is answered again.
    tus.patch("0", b"hel").await;
    let answer = tus.create("5").await;
    assert_eq!((answer.status, answer.header("location")), (201, Some(tus.location.as_str())));
    assert_eq!(tus.offset().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn n2_more_than_the_largest_upload_is_refused() {
    let tus = Tus::granted(b"hello").await;
    let answer = tus.create("67108865").await;
    assert_eq!(refusal(&answer), (413, "blob_too_large".to_owned()));
    // As it is when the capability is asked for.
    let sha256 = spotcheck_domain::BlobHash([7; 32]);
    let request = GrantRequest { p: PROTOCOL, sha256, bytes: 67_108_865 };
    let body = frame::compress(&serde_json::to_vec(&request).unwrap());
    let answer = tus.server.send(&tus.device.post(path::GRANTS, &body)).await;
    assert_eq!(refusal(&answer), (413, "blob_too_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn n3_an_empty_upload_is_complete_once_created() {
    let tus = Tus::created(b"").await;
    let answer = tus.head().await;
    assert_eq!(answer.header("upload-offset"), Some("0"));
    assert_eq!(answer.header("upload-length"), Some("0"));
    assert!(tus.device.grant(&tus.server, b"").await.held);
}

#[tokio::test(flavor = "multi_thread")]
async fn n4_metadata_comes_back_as_it_was_given() {
    let tus = Tus::granted(b"hello").await;
    let given = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential";
    let headers = [("upload-length", "5"), ("upload-metadata", given)];
    assert_eq!(tus.send("POST", path::UPLOADS, &headers, b"").await.status, 201);
    assert_eq!(tus.head().await.header("upload-metadata"), Some(given));
    tus.patch("0", b"hello").await;
    assert_eq!(tus.head().await.header("upload-metadata"), Some(given));
    // Without any, none is made up.
    let plain = Tus::created(b"hello").await;
    assert_eq!(plain.head().await.header("upload-metadata"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn n4_metadata_is_bounded_and_well_formed() {
    let tus = Tus::granted(b"hello").await;
    let long = format!("a {}", "QUFB".repeat(1024));
    for metadata in ["a not!base64", "a YQ==,a Yg==", ",", &long] {
        let headers = [("upload-length", "5"), ("upload-metadata", metadata)];
        let answer = tus.send("POST", path::UPLOADS, &headers, b"").await;
        assert_eq!(refusal(&answer), (400, "bad_header".to_owned()), "{metadata}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n5_the_length_cannot_be_put_off() {
    let tus = Tus::granted(b"hello").await;
    let headers = [("upload-defer-length", "1")];
    let answer = tus.send("POST", path::UPLOADS, &headers, b"").await;
    assert_eq!(refusal(&answer), (400, "bad_header".to_owned()));
    let options = tus.send("OPTIONS", path::UPLOADS, &[], b"").await;
    let extensions = options.header("tus-extension").unwrap();
    assert!(!extensions.contains("creation-defer-length"), "{extensions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn o1_the_length_is_the_granted_one() {
    let tus = Tus::granted(b"hello").await;
    for length in ["0", "4", "6"] {
        let answer = tus.create(length).await;
        assert_eq!(refusal(&answer), (400, "upload_length".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o2_bytes_beyond_the_length_are_refused() {
    let tus = Tus::created(b"hello").await;
    tus.patch("0", b"hel").await;
    let answer = tus.patch("3", b"lo, world").await;
    assert_eq!(refusal(&answer), (413, "upload_overrun".to_owned()));
    assert_eq!(tus.offset().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn o3_the_wrong_bytes_begin_again_at_zero() {
    let tus = Tus::created(b"hello").await;
    let answer = tus.patch("0", b"HELLO").await;
    assert_eq!(refusal(&answer), (422, "upload_hash".to_owned()));
    assert_eq!(tus.offset().await, 0);
    assert_eq!(tus.patch("0", b"hello").await.status, 204);
    assert!(tus.device.grant(&tus.server, b"hello").await.held);
}

#[tokio::test(flavor = "multi_thread")]
async fn o4_a_capability_dies_with_its_device() {
    let tus = Tus::created(b"hello").await;
    tus.patch("0", b"hel").await;
    let log = spotcheck_protocol::keys::Signer::log(&tus.device.key);
    tus.server.app.service().revoke(tus.server.ws, log, "lost").await.unwrap();
    let answer = tus.patch("3", b"lo").await;
    assert_eq!(refusal(&answer), (403, "capability_invalid".to_owned()));
    assert_eq!(tus.head().await.status, 403);
}
