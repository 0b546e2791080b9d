//! What operators ask, and what keeps one client from taking everything.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use super::support::{Answer, Running, answer, quick};
use crate::http::Limits;
use crate::ledger::Ledger as _;

async fn get(server: &Running, path: &str, more: &str) -> Answer {
    server.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n{more}\r\n").as_bytes()).await
}

async fn get_at(address: SocketAddr, path: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    answer(&mut stream).await
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_and_for_nobody_behind_a_proxy() {
    let server = Running::start(quick()).await;
    assert_eq!(get(&server, "/metrics", "").await.status, 200);
    for header in ["x-forwarded-for: 192.0.2.1\r\n", "forwarded: for=192.0.2.1\r\n"] {
        assert_eq!(get(&server, "/metrics", header).await.problem(), "no_such_route");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_with_an_address_of_their_own_are_there_alone() {
    let server = Running::start(Limits { metrics_apart: true, ..quick() }).await;
    assert_eq!(get(&server, "/metrics", "").await.problem(), "no_such_route");
    let apart = server.metrics.unwrap();
    let figures = String::from_utf8(get_at(apart, "/metrics").await.body).unwrap();
    assert!(figures.contains("spotcheck_requests_total{route=\"metrics\",status=\"404\"} 1"));
    assert_eq!(get_at(apart, "/api/v1/openapi.json").await.problem(), "no_such_route");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_say_what_waits_for_somebody() {
    let server = Running::start(quick()).await;
    let device = server.enrol().await;
    let id = server.upload(&device, b"a photo").await;
    let figures = async || {
        let answer = get(&server, "/metrics", "").await;
        String::from_utf8(answer.body).unwrap()
    };
    let before = figures().await;
    for figure in ["quarantined_ops 0", "forked_logs 0", "awaited_photos 0", "open_uploads 1"] {
        assert!(before.contains(&format!("\nspotcheck_{figure}\n")), "{figure}: {before}");
    }
    server.app.service().ledger().finish_upload(&id).await.unwrap();
    assert!(figures().await.contains("\nspotcheck_open_uploads 0\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_ready_only_while_it_can_store() {
    let server = Running::start(quick()).await;
    assert_eq!(get(&server, "/readyz", "").await.status, 200);

    let full = Running::start(Limits { headroom_bytes: u64::MAX, ..quick() }).await;
    assert_eq!(get(&full, "/readyz", "").await.problem(), "not_ready");

    let no_folder = Running::start(quick()).await;
    std::fs::remove_dir_all(no_folder.folder.path().join("uploads")).unwrap();
    assert_eq!(get(&no_folder, "/readyz", "").await.problem(), "not_ready");

    let no_row = Running::start(quick()).await;
    let ledger = no_row.folder.path().join("ledger.db");
    let beside = spotcheck_sqlite::rusqlite::Connection::open(ledger).unwrap();
    let refuse = "create trigger no_row before insert on epoch begin select raise(abort, ''); end";
    beside.execute(refuse, []).unwrap();
    assert_eq!(get(&no_row, "/readyz", "").await.problem(), "not_ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_whether_it_is_ready_leaves_nothing_behind() {
    let server = Running::start(quick()).await;
    let rows = || {
        let ledger = server.folder.path().join("ledger.db");
        let beside = spotcheck_sqlite::rusqlite::Connection::open(ledger).unwrap();
        beside.query_row("select count(*) from epoch", [], |row| row.get::<_, u64>(0)).unwrap()
    };
    let before = rows();
    assert_eq!(get(&server, "/readyz", "").await.status, 200);
    assert_eq!(rows(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_take_every_connection() {
    let server = Running::start(Limits { connections_per_peer: 3, ..Limits::default() }).await;
    let live = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut open = vec![];
    for _ in 0..3 {
        let mut stream = server.connect().await;
        stream.write_all(live).await.unwrap();
        assert_eq!(answer(&mut stream).await.status, 200);
        open.push(stream);
    }
    let refused = server.send(live).await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
    let elsewhere = TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut stream = elsewhere.connect(server.address).await.unwrap();
    stream.write_all(live).await.unwrap();
    assert_eq!(answer(&mut stream).await.status, 200);
    drop(open);
    for _ in 0..200 {
        if server.send(live).await.status == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("no connection became free");
}
