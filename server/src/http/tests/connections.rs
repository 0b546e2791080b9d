use std::time::{Duration, Instant};

use spotcheck_protocol::MEDIA_TYPE;
use spotcheck_protocol::api::path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::support::{Running, answer, quick};
use crate::http::Limits;

const LIVE: &[u8] = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";

/// Waits until the other side closes.
async fn closed(reading: &mut (impl tokio::io::AsyncRead + Unpin)) {
    let mut sink = vec![];
    let end = tokio::time::timeout(Duration::from_secs(5), reading.read_to_end(&mut sink)).await;
    assert!(end.is_ok(), "the connection stayed open");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_headers_slowly_or_nothing_at_all_is_cut() {
    let server = Running::start(quick()).await;
    let starts: [&[u8]; 4] = [b"", b"PRI * HT", b"GET /livez HTTP/1.1\r\nhost: ", LIVE];
    for start in starts {
        let mut stream = server.connect().await;
        stream.write_all(start).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        // A byte now and then must not buy more time.
        let drip = tokio::spawn(async move {
            while writing.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        closed(&mut reading).await;
        drip.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_a_body_slowly_is_told_and_cut() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let head = device.head("POST", path::PUSH, b"");
    let head = format!("{head}content-type: {MEDIA_TYPE}\r\ncontent-length: 1000\r\n\r\nsome");
    let mut stream = server.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let said = answer(&mut stream).await;
    assert_eq!((said.status, said.problem().as_str()), (408, "too_slow"));
    closed(&mut stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_closed_and_a_busy_one_is_kept() {
    let server = Running::start(quick()).await;
    let mut stream = server.connect().await;
    for _ in 0..6 {
        stream.write_all(LIVE).await.unwrap();
        assert_eq!(answer(&mut stream).await.status, 200);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    closed(&mut stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_connections_at_once_are_served_and_too_many_are_told_so() {
    let server = Running::start(Limits { connections: 60, ..Limits::default() }).await;
    let mut open = vec![];
    for _ in 0..60 {
        let mut stream = server.connect().await;
        stream.write_all(LIVE).await.unwrap();
        open.push(stream);
    }
    for stream in &mut open {
        assert_eq!(answer(stream).await.status, 200);
    }
    let refused = server.send(LIVE).await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
    assert!(refused.header("retry-after").is_some());
    drop(open);
    let began = Instant::now();
    while server.send(LIVE).await.status != 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "no connection became free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_is_in_work_and_lets_nobody_in() {
    let limits = quick();
    let patient = Duration::from_secs(5);
    let mut server =
        Running::start(Limits { headers: patient, body_pause: patient, ..limits }).await;
    let device = server.enrol().await;
    let request = device.post(path::PULL, b"garbage");
    let (first, rest) = request.split_at(request.len() - 3);
    let mut idle = server.connect().await;
    idle.write_all(LIVE).await.unwrap();
    assert_eq!(answer(&mut idle).await.status, 200);
    let mut in_work = server.connect().await;
    in_work.write_all(first).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    let stopped = server.stop();
    closed(&mut idle).await;
    in_work.write_all(rest).await.unwrap();
    assert_eq!(answer(&mut in_work).await.problem(), "bad_body");
    stopped.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_beyond_the_shared_memory_are_told_to_come_back() {
    let limits = Limits { bodies_bytes: 100_000, queue: Duration::from_millis(500), ..quick() };
    let server = Running::start(Limits { body_pause: Duration::from_secs(5), ..limits }).await;
    let device = server.enrol().await;
    let request = device.post(path::PUSH, &[0; 90_000]);
    let mut first = server.connect().await;
    first.write_all(&request[..request.len() - 10]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = server.send(&device.post(path::PUSH, &[0; 90_000])).await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
    assert!(refused.header("retry-after").is_some());
    first.write_all(&request[request.len() - 10..]).await.unwrap();
    assert_eq!(answer(&mut first).await.problem(), "bad_body");
    assert_eq!(server.app.budget.in_use(), 0);
}
