use std::time::Duration;

use spotcheck_protocol::keys::Signer as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::support::{Running, answer, quick};
use crate::blobs::Blobs as _;
use crate::ledger::Ledger as _;

fn head(method: &str, id: &str, more: &str) -> Vec<u8> {
    format!(
        "{method} /api/v1/uploads/{id} HTTP/1.1\r\nhost: x\r\nspotcheck-upload: {id}\r\n\
         tus-resumable: 1.0.0\r\n{more}\r\n"
    )
    .into_bytes()
}

fn patch(id: &str, offset: usize, length: usize, more: &str) -> Vec<u8> {
    let more = format!(
        "content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\n\
         content-length: {length}\r\n{more}"
    );
    head("PATCH", id, &more)
}

fn photo(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| (n as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}

async fn offset(server: &Running, id: &str) -> usize {
    let answer = server.send(&head("HEAD", id, "")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.header("upload-offset").unwrap().parse().unwrap()
}

/// Asks until the offset is this one: a server notices a cut when it reads.
async fn reaches(server: &Running, id: &str, wanted: usize) {
    let mut held = 0;
    for _ in 0..100 {
        held = offset(server, id).await;
        if held == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{held} bytes are held, not {wanted}");
}

async fn refusal(stream: &mut TcpStream) -> (u16, String) {
    let said = answer(stream).await;
    (said.status, said.problem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_photo_in_one_patch_is_stored_in_pieces_and_survives_a_cut() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let photo = photo(20_000_000);
    let id = server.upload(&device, &photo).await;

    let mut stream = server.connect().await;
    stream.write_all(&patch(&id, 0, photo.len(), "")).await.unwrap();
    stream.write_all(&photo[..12_345_678]).await.unwrap();
    // What was sent is stored while the connection is still open: little is sent twice.
    reaches(&server, &id, 12_345_678).await;
    stream.write_all(&photo[12_345_678..12_345_700]).await.unwrap();
    drop(stream);
    reaches(&server, &id, 12_345_700).await;

    let rest = &photo[12_345_700..];
    let request = [patch(&id, 12_345_700, rest.len(), "").as_slice(), rest].concat();
    let answer = server.send(&request).await;
    let reached = answer.header("upload-offset");
    assert_eq!((answer.status, reached), (204, Some("20000000")), "{answer:?}");
    assert_eq!(offset(&server, &id).await, photo.len());
    let blob = spotcheck_domain::BlobHash::of(&photo);
    let held = server
        .app
        .service()
        .ledger()
        .held(server.ws, device.key.log(), &[], &[blob])
        .await
        .unwrap();
    assert_eq!(held, [blob]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_offset_or_capability_is_told_before_the_body_is_read() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let id = server.upload(&device, &photo(5000)).await;
    let answer = server.send(&patch(&id, 17, 4000, "")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (409, "upload_offset"));
    let answer = server.send(&patch(&"0".repeat(32), 0, 4000, "")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (403, "capability_invalid"));
    let answer = server.send(&patch(&id, 0, 9 << 20, "upload-checksum: sha1 x\r\n")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (413, "too_large"));
    assert_eq!(answer.header("tus-resumable"), Some("1.0.0"));
    assert_eq!(offset(&server, &id).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_checksum_stores_nothing_and_a_pause_ends_a_request_but_no_upload() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let photo = photo(3000);
    let id = server.upload(&device, &photo).await;
    let wrong = format!("upload-checksum: sha256 {}=\r\n", "A".repeat(43));
    let answer = server.send(&[patch(&id, 0, 3000, &wrong).as_slice(), &photo].concat()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (460, "checksum_mismatch"));
    assert_eq!(offset(&server, &id).await, 0);

    let mut stream = server.connect().await;
    stream.write_all(&patch(&id, 0, 3000, "")).await.unwrap();
    stream.write_all(&photo[..1000]).await.unwrap();
    assert_eq!(refusal(&mut stream).await, (408, "too_slow".to_owned()));
    assert_eq!(offset(&server, &id).await, 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_in_work_does_not_hold_up_a_stop_and_keeps_what_arrived() {
    let mut server = Running::start(quick()).await;
    let device = server.enrol().await;
    let photo = photo(3000);
    let id = server.upload(&device, &photo).await;
    let mut stream = server.connect().await;
    stream.write_all(&patch(&id, 0, 3000, "")).await.unwrap();
    stream.write_all(&photo[..1000]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let stopped = server.stop();
    assert_eq!(refusal(&mut stream).await, (503, "stopping".to_owned()));
    tokio::time::timeout(Duration::from_secs(3), stopped).await.unwrap().unwrap();
    assert_eq!(server.app.service().blobs().offset(&id).await.unwrap(), 1000);
}
