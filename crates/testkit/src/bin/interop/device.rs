//! A device that is nothing but a key: enrols and signs, and keeps no data.

use std::time::{SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use http::{HeaderName, HeaderValue};
use spotcheck_client::{DeviceHost, HttpApi, SyncApi as _, enrol};
use spotcheck_domain::BlobHash;
use spotcheck_protocol::api::{Request, path};
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::{GrantReply, GrantRequest, Reply};
use spotcheck_protocol::request_signature::{
    CONTENT_DIGEST, Params, SIGNATURE, SIGNATURE_INPUT, SignedRequest, sign,
};
use spotcheck_protocol::{MEDIA_TYPE, PROTOCOL, frame, reply};

use crate::Outcome;

/// An enrolled device.
pub(crate) struct OutsideDevice {
    host: KeyHost,
    api: HttpApi,
    server_key: [u8; 32],
}

impl OutsideDevice {
    /// Enrols a fresh key with a link.
    ///
    /// # Errors
    /// When the server does not take it.
    pub(crate) async fn enrol(link: &str) -> Outcome<Self> {
        let link = EnrolmentLink::parse(link).ok_or("this is no enrolment link")?;
        let api = HttpApi::new(&link.server_url)?;
        let host = KeyHost(SigningKey::from_bytes(&fresh()));
        let enrolled = enrol(&api, &link, "outside", &host).await;
        enrolled.map_err(|pause| format!("the enrolment failed: {pause:?}"))?;
        Ok(Self { host, api, server_key: link.server_key })
    }

    /// Asks for the capability to upload these bytes.
    ///
    /// # Errors
    /// When the server does not give one.
    pub(crate) async fn grant(&self, bytes: &[u8]) -> Outcome<GrantReply> {
        let (sha256, length) = (BlobHash::of(bytes), bytes.len() as u64);
        let asked = GrantRequest { p: PROTOCOL, sha256, bytes: length };
        let body = frame::compress(&serde_json::to_vec(&asked)?);
        let nonce = self.host.nonce();
        let response = self.api.send(self.signed(path::GRANTS, body, nonce)?).await?;
        match reply::open(response.body(), &nonce, &self.server_key)?.reply {
            Reply::Grant(grant) => Ok(grant),
            other => Err(format!("no grant: {other:?}").into()),
        }
    }

    fn signed(&self, target: &str, body: Vec<u8>, nonce: [u8; 16]) -> Outcome<Request> {
        let created_s = self.host.server_now_ms() / 1000;
        let params = Params { created_s, nonce, key_id: self.host.0.log().0 };
        let content = SignedRequest { method: "POST", target, body: &body };
        let signed = sign(&content, &params, |message| self.host.0.sign(message))?;
        let mut request = http::Request::post(target).body(body)?;
        for (name, value) in [
            ("content-type", MEDIA_TYPE),
            (CONTENT_DIGEST, &signed.content_digest),
            (SIGNATURE_INPUT, &signed.signature_input),
            (SIGNATURE, &signed.signature),
        ] {
            let value = HeaderValue::from_str(value)?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        Ok(request)
    }
}

struct KeyHost(SigningKey);

impl DeviceHost for KeyHost {
    fn server_now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn nonce(&self) -> [u8; 16] {
        fresh()
    }

    fn signer(&self) -> Option<&dyn Signer> {
        Some(&self.0)
    }
}

#[allow(clippy::expect_used, reason = "no key may be made without randomness")]
fn fresh<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
