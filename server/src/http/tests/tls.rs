//! TLS on a socket: who gets in, who is shown the way, who is cut, and files that are no use.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::support::{Answer, Running, answer, quick};
use crate::config::TlsFiles;
use crate::host::SystemHost;
use crate::http::{Limits, Tls};
use crate::lan;
use crate::service::Host as _;

const LIVE: &[u8] = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";

/// A folder with an authority and a certificate for this machine.
fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let host = IpAddr::from([127, 0, 0, 1]);
    lan::make(dir.path(), host, SystemHost.now_ms()).unwrap();
    dir
}

fn files(folder: &Path) -> TlsFiles {
    let file = |name: &str| -> PathBuf { folder.join(name) };
    TlsFiles { cert: file("server.crt"), key: file("server.key"), ca: Some(file("ca.crt")) }
}

struct Secure {
    server: Running,
    folder: tempfile::TempDir,
}

impl Secure {
    async fn start(limits: Limits) -> Self {
        Self::reached_at(limits, None).await
    }

    async fn reached_at(limits: Limits, public_url: Option<&str>) -> Self {
        let folder = made();
        let tls = Tls::read(&files(folder.path()), public_url).unwrap();
        Self { server: Running::start_with(limits, Some(tls)).await, folder }
    }

    /// Shakes hands, offering these protocols.
    async fn shake_hands(&self, offers: &[&[u8]]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.folder.path().join("ca.crt")).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = offers.iter().map(|offer| offer.to_vec()).collect();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, self.server.connect().await).await
    }

    async fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.shake_hands(&[b"http/1.1"]).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        answer(&mut stream).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await
    }

    async fn failed(&self) -> u64 {
        let text = String::from_utf8(self.get("/metrics").await.body).unwrap();
        let line = text.lines().find_map(|line| {
            line.strip_prefix("spotcheck_tls_handshakes_failed_total ")?.parse().ok()
        });
        line.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_has_is_served_over_tls_by_either_version_of_http() {
    let secure = Secure::start(quick()).await;
    assert_eq!(secure.get("/livez").await.status, 200);
    for (offers, chosen) in
        [(&[&b"h2"[..], b"http/1.1"][..], &b"h2"[..]), (&[b"http/1.1"], b"http/1.1")]
    {
        let stream = secure.shake_hands(offers).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(chosen));
    }
    assert!(secure.shake_hands(&[b"spdy/1"]).await.is_err());
    assert_eq!(secure.failed().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_shown_the_way_and_given_the_authority_and_nothing_else() {
    let secure = Secure::start(quick()).await;
    let plain = |request: &'static str| secure.server.send(request.as_bytes());
    let said = plain("GET /livez?x=1 HTTP/1.1\r\nhost: 192.168.1.5:8443\r\n\r\n").await;
    assert_eq!(
        (said.status, said.header("location")),
        (307, Some("https://192.168.1.5:8443/livez?x=1"))
    );
    let said = plain("POST /api/v1/sync/push HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nhi");
    assert_eq!(said.await.header("location"), Some("https://h/api/v1/sync/push"));
    assert_eq!(plain("GET / HTTP/1.1\r\nhost: a b\r\n\r\n").await.problem(), "bad_header");

    let given = plain("GET /ca.crt HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let authority = std::fs::read(secure.folder.path().join("ca.crt")).unwrap();
    assert_eq!((given.status, &given.body), (200, &authority));
    assert_eq!(given.header("content-type"), Some("application/x-x509-ca-cert"));
    assert_eq!(secure.get("/ca.crt").await.body, authority);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_leads_to_the_address_that_was_said() {
    let secure = Secure::reached_at(quick(), Some("https://check.example/")).await;
    let said = secure.server.send(b"GET /a HTTP/1.1\r\nhost: elsewhere\r\n\r\n").await;
    assert_eq!(said.header("location"), Some("https://check.example/a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_handshake_is_cut_and_counted() {
    let secure = Secure::start(quick()).await;
    // The first bytes of a hello, of nothing, and of a hello that trickles in.
    for (begun, drips) in [(&b"\x16\x03\x01"[..], false), (b"", false), (b"\x16\x03\x01\x02", true)]
    {
        let mut stream = secure.server.connect().await;
        stream.write_all(begun).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let drip = tokio::spawn(async move {
            while drips && writing.write_all(b"\0").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            // Dropping it would end the connection from this side.
            std::future::pending::<()>().await;
        });
        let mut sink = vec![];
        let end = tokio::time::timeout(Duration::from_secs(5), reading.read_to_end(&mut sink));
        assert!(end.await.is_ok(), "{begun:?} stayed open");
        drip.abort();
    }
    assert_eq!(secure.failed().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_for_a_hello_is_counted_and_harms_nobody() {
    let secure = Secure::start(quick()).await;
    let mut stream = secure.server.connect().await;
    stream.write_all(&[0x16; 600]).await.unwrap();
    let mut sink = vec![];
    let _ = stream.read_to_end(&mut sink).await;
    assert_eq!(secure.failed().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_counts_as_a_connection_from_its_first_byte() {
    let limits = Limits { headers: Duration::from_secs(20), ..quick() };
    let secure = Secure::start(Limits { connections_per_peer: 1, ..limits }).await;
    let mut stream = secure.server.connect().await;
    stream.write_all(b"\x16").await.unwrap();
    let refused = secure.server.send(LIVE).await;
    assert_eq!((refused.status, refused.problem().as_str()), (503, "busy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_handshakes() {
    let limits = Limits { headers: Duration::from_secs(20), ..quick() };
    let mut secure = Secure::start(Limits { stop: Duration::from_secs(20), ..limits }).await;
    let mut stream = secure.server.connect().await;
    stream.write_all(b"\x16\x03").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    secure.server.stop().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_at_their_own_address_stay_without_tls() {
    let secure = Secure::start(Limits { metrics_apart: true, ..quick() }).await;
    let mut stream = TcpStream::connect(secure.server.metrics.unwrap()).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let text = String::from_utf8(answer(&mut stream).await.body).unwrap();
    assert!(text.contains("spotcheck_tls_handshakes_failed_total 0"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_there_is_no_authority_to_give_and_the_front_page_names_the_app() {
    let server = Running::start(quick()).await;
    let none = server.send(b"GET /ca.crt HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(none.problem(), "no_such_route");
    let page = server.send(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/plain; charset=utf-8"))
    );
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains("--web") && text.contains("spotcheck enrol"), "{text}");
    let post = server.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(post.problem(), "no_such_route");
}

#[test]
fn a_file_that_is_no_use_is_named_with_its_setting_and_the_remedy() {
    let (dir, other) = (made(), made());
    let good = files(dir.path());
    let letter = dir.path().join("letter");
    std::fs::write(&letter, "Dear all").unwrap();
    let locked = dir.path().join("locked.key");
    let begin = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n";
    std::fs::write(&locked, format!("{begin}-----END ENCRYPTED PRIVATE KEY-----\n")).unwrap();
    let both = dir.path().join("both.pem");
    let pem = ["ca.crt", "ca.key"].map(|name| std::fs::read(dir.path().join(name)).unwrap());
    std::fs::write(&both, pem.concat()).unwrap();
    let missing = dir.path().join("missing");
    let theirs = other.path().join("server.key");
    let with = |change: &dyn Fn(&mut TlsFiles)| {
        let mut files = good.clone();
        change(&mut files);
        files
    };
    for (files, named, remedy) in [
        (with(&|it| it.cert = missing.clone()), "tls-cert: cannot read", "may read"),
        (with(&|it| it.cert = letter.clone()), "tls-cert: ", "BEGIN CERTIFICATE"),
        (with(&|it| it.key = missing.clone()), "tls-key: cannot read", "may read"),
        (with(&|it| it.key = letter.clone()), "tls-key: ", "BEGIN PRIVATE KEY"),
        (with(&|it| it.key = locked.clone()), "tls-key: ", "openssl pkey"),
        (with(&|it| it.key = theirs.clone()), "tls-key: ", "made together"),
        (with(&|it| it.ca = Some(missing.clone())), "tls-ca: cannot read", "may read"),
        (with(&|it| it.ca = Some(letter.clone())), "tls-ca: ", "BEGIN CERTIFICATE"),
        (with(&|it| it.ca = Some(both.clone())), "tls-ca: ", "private key in it"),
        (with(&|it| it.ca = Some(theirs.clone())), "tls-ca: ", "private key in it"),
    ] {
        let refused = format!("{:#}", Tls::read(&files, None).unwrap_err());
        assert!(refused.starts_with(named) && refused.contains(remedy), "{refused}");
    }
    assert!(Tls::read(&good, None).is_ok());
}
