//! The loop around a round.

use http::{HeaderName, HeaderValue};
use spotcheck_domain::BlobHash;
use spotcheck_protocol::PROTOCOL;
use spotcheck_protocol::api::{Question, Request, Response, SyncApi, Unreachable, path};
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::{EnrolReply, EnrolRequest, Reply};
use spotcheck_protocol::request_signature::{Params, SignedRequest, sign};
use spotcheck_sync::{Auth, DeviceHost, Local, Outgoing, Pause, Report, Round, SyncError};

use crate::ask::{ask, something_else};

/// Runs one round to its end.
///
/// # Errors
/// When the device's storage fails. All else ends the round with a pause in its report.
pub async fn run_round<A: SyncApi, L: Local + DeviceHost>(
    api: &A,
    device: &mut L,
) -> Result<Report, SyncError<L::Error>> {
    run_steps(api, device, Steps::default()).await
}

/// Runs a round that was begun in some other way, as over a metered network ([`Steps::metered`]).
///
/// # Errors
/// When the device's storage fails.
pub async fn run_steps<A: SyncApi, L: Local + DeviceHost>(
    api: &A,
    device: &mut L,
    mut steps: Steps,
) -> Result<Report, SyncError<L::Error>> {
    while let Some(sending) = steps.next(device)? {
        let answer = sending.send(api).await;
        steps.receive(device, answer)?;
    }
    Ok(steps.0.report)
}

/// A round step by step, for a host where a person records while one is under way: the device is
/// needed between requests, never while an answer is waited for.
#[derive(Debug, Default)]
pub struct Steps(Round);

/// A request, ready to go.
#[derive(Debug)]
pub struct Sending {
    pub(crate) nonce: [u8; 16],
    pub(crate) request: Result<Request, String>,
}

/// What came back for a request.
#[derive(Debug)]
pub struct Answer {
    pub(crate) nonce: [u8; 16],
    pub(crate) response: Result<Response, Unreachable>,
}

impl Steps {
    /// A round that sends at most so many bytes of photos; see [`Round::metered`].
    pub fn metered(photo_bytes: u64) -> Self {
        Self(Round::metered(photo_bytes))
    }

    /// What to send next; `None` when the round is over.
    ///
    /// # Errors
    /// When the device's storage fails.
    pub fn next<L: Local + DeviceHost>(
        &mut self,
        device: &mut L,
    ) -> Result<Option<Sending>, SyncError<L::Error>> {
        let Some(outgoing) = self.0.next(device)? else { return Ok(None) };
        let nonce = device.nonce();
        Ok(Some(Sending { nonce, request: signed(&outgoing, nonce, device) }))
    }

    /// Takes in what came back for the last request.
    ///
    /// # Errors
    /// When the device's storage fails.
    pub fn receive<L: Local + DeviceHost>(
        &mut self,
        device: &mut L,
        answer: Answer,
    ) -> Result<(), SyncError<L::Error>> {
        self.0.receive(device, &answer.nonce, answer.response)
    }

    /// What the round did so far.
    pub fn report(&self) -> &Report {
        &self.0.report
    }
}

impl Sending {
    /// Sends it and waits.
    pub async fn send<A: SyncApi>(self, api: &A) -> Answer {
        let response = match self.request {
            Ok(request) => api.send(request).await,
            Err(why) => Err(Unreachable(why)),
        };
        Answer { nonce: self.nonce, response }
    }
}

/// Builds the request, signed or with its capability.
fn signed(outgoing: &Outgoing, nonce: [u8; 16], host: &dyn DeviceHost) -> Result<Request, String> {
    let mut request = http::Request::builder()
        .method(outgoing.method.clone())
        .uri(&outgoing.target)
        .body(outgoing.body.clone())
        .map_err(|e| e.to_string())?;
    for (name, value) in &outgoing.headers {
        let value = HeaderValue::from_str(value).map_err(|e| e.to_string())?;
        request.headers_mut().insert(HeaderName::from_static(name), value);
    }
    if outgoing.auth == Auth::Signed {
        add_signature(&mut request, nonce, host.server_now_ms(), signer(host)?)?;
    }
    Ok(request)
}

pub(crate) fn signer(host: &dyn DeviceHost) -> Result<&dyn Signer, String> {
    host.signer().ok_or_else(|| "this device's key is gone: enrol it again".to_owned())
}

pub(crate) fn add_signature(
    request: &mut Request,
    nonce: [u8; 16],
    now_ms: i64,
    key: &dyn Signer,
) -> Result<(), String> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let method = request.method().as_str().to_owned();
    let content = SignedRequest { method: &method, target: &target, body: request.body() };
    let params = Params { created_s: (now_ms / 1000).max(0), nonce, key_id: key.log().0 };
    let headers =
        sign(&content, &params, |message| key.sign(message)).map_err(|e| e.to_string())?;
    let all = [
        (spotcheck_protocol::request_signature::CONTENT_DIGEST, headers.content_digest),
        (spotcheck_protocol::request_signature::SIGNATURE_INPUT, headers.signature_input),
        (spotcheck_protocol::request_signature::SIGNATURE, headers.signature),
    ];
    for (name, value) in all {
        let value = HeaderValue::from_str(&value).map_err(|e| e.to_string())?;
        request.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Ok(())
}

/// Binds a fresh key to a user with the code of a link.
///
/// # Errors
/// A [`Pause`] that says what to do; nothing was kept on this device, and the same key may try
/// again.
pub async fn enrol<A: SyncApi>(
    api: &A,
    link: &EnrolmentLink,
    device_name: &str,
    host: &dyn DeviceHost,
) -> Result<EnrolReply, Pause> {
    let key = signer(host).map_err(Pause::Offline)?;
    let body = EnrolRequest {
        p: PROTOCOL,
        code: link.code.clone(),
        key: BlobHash(key.public_key()),
        device_name: device_name.to_owned(),
    };
    match ask(api, Question::new(path::ENROL, &body, link.server_key), host).await? {
        Reply::Enrol(reply) if reply.checkpoint.verify(reply.ws, &link.server_key) => Ok(reply),
        _ => Err(something_else()),
    }
}
