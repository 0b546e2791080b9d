use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::{Running, Tus, quick, refusal};
use crate::host::SystemHost;
use crate::http::Limits;
use crate::ledger::Ledger as _;
use crate::service::Host;

const DAY_MS: i64 = 24 * 3_600_000;

/// This machine's clock, and some more.
#[derive(Clone, Default)]
struct Ahead(Arc<AtomicI64>);

impl Host for Ahead {
    fn now_ms(&self) -> i64 {
        SystemHost.now_ms() + self.0.load(Ordering::Relaxed)
    }

    fn random(&self, buffer: &mut [u8]) {
        SystemHost.random(buffer);
    }
}

async fn started() -> (Tus, Ahead) {
    let clock = Ahead::default();
    let limits = Limits { sweep: Duration::from_millis(50), ..quick() };
    let server = Running::start_on(limits, Box::new(clock.clone())).await;
    (Tus::granted_by(server, b"hello").await, clock)
}

/// Waits until there is a file of so many bytes for the upload, or none.
async fn on_disk(tus: &Tus, wanted: Option<u64>) {
    let file = tus.server.folder.path().join("uploads").join(id(tus));
    let mut found = None;
    for _ in 0..200 {
        found = std::fs::metadata(&file).ok().map(|file| file.len());
        if found == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{found:?} bytes are on the disk, not {wanted:?}");
}

fn id(tus: &Tus) -> &str {
    tus.location.rsplit('/').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_replies_say_when_an_upload_ends() {
    let (tus, _) = started().await;
    let created = tus.create("5").await;
    let date = created.header("upload-expires").unwrap();
    assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
    let time = chrono::DateTime::parse_from_rfc2822(date).unwrap().timestamp_millis();
    assert!((SystemHost.now_ms() + DAY_MS - time).abs() < 60_000, "{date}");
    for answer in [tus.patch("0", b"hel").await, tus.head().await] {
        assert_eq!(answer.header("upload-expires"), Some(date));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_an_upload_that_nobody_finished_goes_with_its_bytes() {
    let (tus, clock) = started().await;
    tus.create("5").await;
    tus.patch("0", b"hel").await;
    clock.0.store(DAY_MS - 60_000, Ordering::Relaxed);
    on_disk(&tus, Some(3)).await;
    assert_eq!(tus.patch("3", b"l").await.status, 204);
    clock.0.store(DAY_MS + 60_000, Ordering::Relaxed);
    let answer = tus.patch("4", b"o").await;
    assert_eq!(refusal(&answer), (403, "capability_invalid".to_owned()));
    on_disk(&tus, None).await;
    assert!(!tus.server.app.service().ledger().knows_upload(id(&tus)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn e3_a_finished_upload_stays_a_photo() {
    let (tus, clock) = started().await;
    tus.create("5").await;
    tus.patch("0", b"hello").await;
    clock.0.store(DAY_MS + 60_000, Ordering::Relaxed);
    let ledger = tus.server.app.service().ledger();
    while ledger.knows_upload(id(&tus)).await.unwrap() {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    clock.0.store(0, Ordering::Relaxed);
    assert!(tus.device.grant(&tus.server, b"hello").await.held);
}

#[tokio::test(flavor = "multi_thread")]
async fn e4_bytes_that_no_upload_owns_go_at_the_next_sweep() {
    // As after the restore of an older ledger beside newer bytes.
    let (tus, _) = started().await;
    tus.create("5").await;
    tus.patch("0", b"hel").await;
    on_disk(&tus, Some(3)).await;
    tus.server.app.service().ledger().forget_upload(id(&tus)).await.unwrap();
    on_disk(&tus, None).await;
}
