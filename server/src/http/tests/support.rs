//! A running server, a device that signs, and a client that sends whatever bytes it likes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};
use spotcheck_domain::{BlobHash, LogId, WorkspaceId};
use spotcheck_protocol::api::path;
use spotcheck_protocol::keys::Signer as _;
use spotcheck_protocol::messages::{EnrolRequest, GrantReply, GrantRequest, Reply};
use spotcheck_protocol::request_signature::{Params, SignedRequest, sign};
use spotcheck_protocol::{MEDIA_TYPE, PROTOCOL, frame};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::data_dir::DataDir;
use crate::host::SystemHost;
use crate::http::{App, Limits, Server, Tls};
use crate::ledger::{Ledger as _, Upload};
use crate::service::{Host, NewTeam, NewUser};

pub(super) struct Running {
    pub(super) app: Arc<App>,
    pub(super) address: SocketAddr,
    /// Where figures are, when they are apart.
    pub(super) metrics: Option<SocketAddr>,
    pub(super) ws: WorkspaceId,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    pub(super) folder: tempfile::TempDir,
}

/// Short limits, so that tests which wait for them are quick.
pub(super) fn quick() -> Limits {
    Limits {
        headers: Duration::from_millis(400),
        idle: Duration::from_millis(800),
        body_pause: Duration::from_millis(400),
        upload_flush: Duration::from_millis(100),
        stop: Duration::from_secs(5),
        enrol_burst: 1000,
        ..Limits::default()
    }
}

impl Running {
    pub(super) async fn start(limits: Limits) -> Self {
        Self::start_with(limits, None).await
    }

    /// The same over TLS.
    pub(super) async fn start_with(limits: Limits, tls: Option<Tls>) -> Self {
        Self::start_as(limits, Box::new(SystemHost), tls).await
    }

    /// The same with another clock.
    pub(super) async fn start_on(limits: Limits, host: Box<dyn Host>) -> Self {
        Self::start_as(limits, host, None).await
    }

    async fn start_as(limits: Limits, host: Box<dyn Host>, tls: Option<Tls>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let service = dir.open_service_on(2, host).unwrap();
        let ws = service.add_workspace("test").await.unwrap();
        let [code, role] = ["ada", "inspector"].map(str::to_owned);
        let [zh, en] = ["阿达", "Ada"].map(str::to_owned);
        let user = service.add_user(ws, &NewUser { code, zh, en, role, org: None }).await.unwrap();
        let [code, zh, en] = ["A"; 3].map(str::to_owned);
        let team = NewTeam { code, zh, en, members: vec![(user, "inspector".to_owned())] };
        service.add_team(ws, &team).await.unwrap();
        let app = Arc::new(App::new(service, dir, limits).with_tls(tls));
        let mut server = Server::bind("127.0.0.1:0", app.clone()).await.unwrap();
        if app.limits.metrics_apart {
            server = server.with_metrics("127.0.0.1:0").await.unwrap();
        }
        let metrics = server.metrics_addr().unwrap();
        let address = server.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { app, address, metrics, ws, stop: Some(stop), served: Some(served), folder }
    }

    /// Tells it to stop and gives the task that ends when it has.
    pub(super) fn stop(&mut self) -> JoinHandle<()> {
        let _ = self.stop.take().unwrap().send(());
        self.served.take().unwrap()
    }

    pub(super) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a fresh connection and reads one answer.
    pub(super) async fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        answer(&mut stream).await
    }

    /// Enrols a fresh device.
    pub(super) async fn enrol(&self) -> TestDevice {
        self.enrol_as(self.ws, "ada").await
    }

    /// Enrols a fresh device for a user.
    pub(super) async fn enrol_as(&self, ws: WorkspaceId, user: &str) -> TestDevice {
        let device = TestDevice::new();
        let answer = self.send(&self.enrolment(&device, ws, user).await).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        device
    }

    async fn enrolment(&self, device: &TestDevice, ws: WorkspaceId, user: &str) -> Vec<u8> {
        let service = self.app.service();
        let user = service.ledger().find_user_by_code(ws, user).await.unwrap().unwrap();
        let code = service.add_code(ws, user.user, "http://x").await.unwrap().link.code;
        let key = BlobHash(device.key.public_key());
        let body = EnrolRequest { p: PROTOCOL, code, key, device_name: "test".to_owned() };
        device.post(path::ENROL, &frame::compress(&serde_json::to_vec(&body).unwrap()))
    }

    /// An upload of these bytes, with its id; the capability is the id too.
    pub(super) async fn upload(&self, device: &TestDevice, bytes: &[u8]) -> String {
        self.upload_in(self.ws, device, bytes).await
    }

    /// The same in any workspace.
    pub(super) async fn upload_in(
        &self,
        ws: WorkspaceId,
        device: &TestDevice,
        bytes: &[u8],
    ) -> String {
        let id = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..16]);
        let upload = Upload {
            id: id.clone(),
            ws,
            log: device.key.log(),
            sha256: BlobHash::of(bytes),
            bytes: bytes.len() as u64,
            capability: Sha256::digest(id.as_bytes()).into(),
            expires_ms: SystemHost.now_ms() + 60_000,
            created: true,
            done: false,
            metadata: None,
        };
        self.app.service().ledger().add_upload(&upload).await.unwrap();
        id
    }
}

pub(super) struct TestDevice {
    pub(super) key: SigningKey,
    /// Whose requests it says these are: its own, unless it lies.
    pub(super) claims: LogId,
}

impl TestDevice {
    pub(super) fn new() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let key = SigningKey::from_bytes(&seed);
        Self { claims: key.log(), key }
    }

    /// Sends a signed page and gives what the server says: the reply, if it signed one, or status
    /// and code of its problem.
    pub(super) async fn call(
        &self,
        server: &Running,
        target: &str,
        body: &impl serde::Serialize,
    ) -> Result<Reply, (u16, String)> {
        let body = frame::compress(&serde_json::to_vec(body).unwrap());
        let (head, nonce) = self.signed("POST", target, &body);
        let answer = server.send(&whole(&head, &body)).await;
        match answer.status {
            200 => {
                let key = server.app.service().public_key();
                Ok(spotcheck_protocol::reply::open(&answer.body, &nonce, &key).unwrap().reply)
            }
            status => Err((status, answer.problem())),
        }
    }

    /// Asks for a capability, as a device does.
    pub(super) async fn grant(&self, server: &Running, bytes: &[u8]) -> GrantReply {
        let (sha256, length) = (BlobHash::of(bytes), bytes.len() as u64);
        let request = GrantRequest { p: PROTOCOL, sha256, bytes: length };
        match self.call(server, path::GRANTS, &request).await {
            Ok(Reply::Grant(grant)) => grant,
            other => panic!("{other:?}"),
        }
    }

    /// A signed POST as bytes.
    pub(super) fn post(&self, target: &str, body: &[u8]) -> Vec<u8> {
        whole(&self.head("POST", target, body), body)
    }

    /// The first lines of a signed request.
    pub(super) fn head(&self, method: &str, target: &str, body: &[u8]) -> String {
        self.signed(method, target, body).0
    }

    /// The first lines of a signed request, and its nonce.
    pub(super) fn signed(&self, method: &str, target: &str, body: &[u8]) -> (String, [u8; 16]) {
        static DRAWN: AtomicU64 = AtomicU64::new(0);
        let mut nonce = [7; 16];
        nonce[..8].copy_from_slice(&DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let created_s = SystemHost.now_ms() / 1000;
        let params = Params { created_s, nonce, key_id: self.claims.0 };
        let request = SignedRequest { method, target, body };
        let signed = sign(&request, &params, |bytes| self.key.sign(bytes)).unwrap();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: x\r\ncontent-digest: {}\r\n\
             signature-input: {}\r\nsignature: {}\r\n",
            signed.content_digest, signed.signature_input, signed.signature
        );
        (head, nonce)
    }
}

/// A request with its body.
pub(super) fn whole(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("{head}content-type: {MEDIA_TYPE}\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn length(&self) -> usize {
        self.header("content-length").map_or(0, |length| length.parse().unwrap())
    }

    fn is_whole(&self) -> bool {
        self.body.len() >= self.length()
    }

    fn trimmed(mut self) -> Self {
        self.body.truncate(self.length());
        self
    }

    /// The code of a problem document, checked to be one.
    pub(super) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: spotcheck_protocol::problem::Problem =
            serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.kind, format!("urn:spotcheck:{}", problem.code));
        problem.code
    }
}

/// Reads one answer. None at all has status 0.
pub(super) async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> Answer {
    let read = async {
        let mut bytes = vec![];
        let mut chunk = [0; 16 * 1024];
        loop {
            if let Some(answer) = parsed(&bytes).filter(Answer::is_whole) {
                return answer.trimmed();
            }
            match stream.read(&mut chunk).await {
                Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
                // An answer to HEAD has a length and no body.
                _ => return parsed(&bytes).unwrap_or_default(),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.expect("an answer or an end")
}

fn parsed(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head, body: bytes[end + 4..].to_vec() })
}
