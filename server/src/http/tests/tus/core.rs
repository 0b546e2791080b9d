use super::{OCTETS, Tus, refusal};
use spotcheck_protocol::api::path;

#[tokio::test(flavor = "multi_thread")]
async fn c1_every_reply_names_the_version() {
    let tus = Tus::created(b"hello").await;
    let id = tus.location.clone();
    let nobody = ("spotcheck-upload", "nobody's");
    let other = format!("{}/{}", path::UPLOADS, "0".repeat(32));
    let negative = ("upload-offset", "-1");
    let before = ("upload-offset", "0");
    let override_by = |name| ("x-http-method-override", name);
    for (status, answer) in [
        (204, tus.send("OPTIONS", path::UPLOADS, &[], b"").await),
        (200, tus.head().await),
        (403, tus.send("HEAD", &id, &[nobody], b"").await),
        (404, tus.send("PATCH", &other, &[OCTETS, before], b"x").await),
        (405, tus.send("PUT", &id, &[], b"").await),
        (405, tus.send("DELETE", path::UPLOADS, &[], b"").await),
        (400, tus.send("POST", &id, &[override_by("no method")], b"").await),
        (412, tus.send("PATCH", &id, &[("tus-resumable", "-")], b"").await),
        (415, tus.send("PATCH", &id, &[before], b"hello").await),
        (400, tus.send("PATCH", &id, &[OCTETS, negative], b"hello").await),
        (413, tus.send("POST", path::UPLOADS, &[("upload-length", "5")], b"body").await),
        (413, tus.patch("0", b"hello, world").await),
        (409, tus.patch("3", b"lo").await),
        (204, tus.patch("0", b"hello").await),
    ] {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("tus-resumable"), Some("1.0.0"), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_another_version_is_refused_and_not_processed() {
    let tus = Tus::created(b"hello").await;
    for version in ["0.2.2", "1.0", "-"] {
        let headers = [OCTETS, ("upload-offset", "0"), ("tus-resumable", version)];
        let answer = tus.send("PATCH", &tus.location, &headers, b"hello").await;
        assert_eq!(refusal(&answer), (412, "tus_version".to_owned()));
        assert_eq!(answer.header("tus-version"), Some("1.0.0"));
    }
    assert_eq!(tus.offset().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn c3_head_answers_the_offset_also_zero() {
    let tus = Tus::created(b"hello").await;
    assert_eq!(tus.head().await.header("upload-offset"), Some("0"));
    tus.patch("0", b"hel").await;
    assert_eq!(tus.head().await.header("upload-offset"), Some("3"));
    tus.patch("3", b"lo").await;
    assert_eq!(tus.head().await.header("upload-offset"), Some("5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_head_answers_the_length() {
    let tus = Tus::created(b"hello").await;
    assert_eq!(tus.head().await.header("upload-length"), Some("5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c5_no_cache_keeps_an_offset() {
    let tus = Tus::created(b"hello").await;
    assert_eq!(tus.head().await.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c6_an_unknown_upload_has_no_offset() {
    let tus = Tus::created(b"hello").await;
    let other = format!("{}/{}", path::UPLOADS, "0".repeat(32));
    let unknown = tus.send("HEAD", &other, &[], b"").await;
    assert_eq!((unknown.status, unknown.header("upload-offset")), (404, None));
    let stranger = tus.send("HEAD", &tus.location, &[("spotcheck-upload", "guess")], b"").await;
    assert_eq!((stranger.status, stranger.header("upload-offset")), (403, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn c7_a_patch_is_of_the_tus_media_type() {
    let tus = Tus::created(b"hello").await;
    for media_type in ["application/octet-stream", "-"] {
        let headers = [("content-type", media_type), ("upload-offset", "0")];
        let answer = tus.send("PATCH", &tus.location, &headers, b"hello").await;
        assert_eq!(refusal(&answer), (415, "content_type".to_owned()));
    }
    assert_eq!(tus.offset().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn c8_a_patch_continues_exactly_where_the_server_is() {
    let tus = Tus::created(b"hello").await;
    tus.patch("0", b"hel").await;
    for offset in ["0", "2", "4", "5", "18446744073709551615"] {
        let answer = tus.patch(offset, b"lo").await;
        assert_eq!(refusal(&answer), (409, "upload_offset".to_owned()), "{offset}");
        assert_eq!(tus.offset().await, 3);
    }
    assert_eq!(tus.patch("3", b"lo").await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn c9_success_names_the_new_offset() {
    let tus = Tus::created(b"hello").await;
    for (offset, body, reached) in [("0", "he", "2"), ("2", "", "2"), ("2", "llo", "5")] {
        let answer = tus.patch(offset, body.as_bytes()).await;
        assert_eq!((answer.status, answer.header("upload-offset")), (204, Some(reached)));
        assert!(answer.body.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c10_offsets_and_lengths_are_whole_and_not_negative() {
    let tus = Tus::granted(b"hello").await;
    let numbers = ["-1", "+5", "5.0", "0x5", "five", "", "-", "99999999999999999999"];
    for number in numbers {
        let answer = tus.create(number).await;
        assert_eq!(refusal(&answer), (400, "bad_header".to_owned()), "{number}");
    }
    assert_eq!(tus.create("5").await.status, 201);
    for number in numbers {
        let answer = tus.patch(number, b"hello").await;
        assert_eq!(refusal(&answer), (400, "bad_header".to_owned()), "{number}");
    }
    assert_eq!(tus.offset().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn c11_options_names_versions_and_extensions_to_anybody() {
    let tus = Tus::created(b"hello").await;
    let unversioned = [("tus-resumable", "-"), ("spotcheck-upload", "-")];
    for at in [path::UPLOADS, &tus.location] {
        let answer = tus.send("OPTIONS", at, &unversioned, b"").await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("tus-version"), Some("1.0.0"));
        assert_eq!(answer.header("tus-extension"), Some("creation,checksum,expiration"));
        assert_eq!(answer.header("tus-max-size"), Some("67108864"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_the_method_may_be_named_by_a_header() {
    let tus = Tus::created(b"hello").await;
    let as_patch = [OCTETS, ("upload-offset", "0"), ("x-http-method-override", "PATCH")];
    let answer = tus.send("POST", &tus.location, &as_patch, b"hel").await;
    assert_eq!((answer.status, answer.header("upload-offset")), (204, Some("3")));
    // The method of the request itself is ignored.
    let as_head = [("x-http-method-override", "HEAD")];
    let answer = tus.send("DELETE", &tus.location, &as_head, b"").await;
    assert_eq!((answer.status, answer.header("upload-offset")), (200, Some("3")));
    let as_delete = [OCTETS, ("upload-offset", "3"), ("x-http-method-override", "DELETE")];
    let answer = tus.send("PATCH", &tus.location, &as_delete, b"lo").await;
    assert_eq!(refusal(&answer), (405, "method_not_allowed".to_owned()));
    assert_eq!(tus.offset().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_a_signed_request_keeps_the_method_it_signed() {
    let tus = Tus::created(b"hello").await;
    for at in [path::GRANTS, path::PULL] {
        let head = tus.device.head("POST", at, b"garbage");
        let head = format!("{head}x-http-method-override: GET\r\n");
        let request = super::super::support::whole(&head, b"garbage");
        assert_eq!(refusal(&tus.server.send(&request).await), (400, "bad_body".to_owned()));
    }
}
