//! Who sent a request, and whom they look after. The one place that decides it.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;
use spotcheck_domain::{LogId, UserId, WorkspaceId};
use spotcheck_protocol::api::Request;
use spotcheck_protocol::checkpoint::Checkpoint;
use spotcheck_protocol::messages::{Refusal, RefusalCode};
use spotcheck_protocol::request_signature::{
    CONTENT_DIGEST, ParsedSignature, SIGNATURE, SIGNATURE_INPUT, SignatureError, SignedRequest,
    only_value, parse,
};
use spotcheck_protocol::{MAX_FRAME_BYTES, PROTOCOL, frame};

use super::nonces::SKEW_S;
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Device, Ledger, User};

/// An authenticated request's sender.
pub(super) struct Caller {
    pub(super) device: Device,
    pub(super) user: User,
    pub(super) nonce: [u8; 16],
}

impl Caller {
    /// Ends the request for a revoked device: it may only push into quarantine.
    pub(super) fn unless_revoked(&self) -> Result<(), Failure> {
        match self.device.revoked {
            Some(_) => Err(Failure::Refused(RefusalCode::DeviceRevoked)),
            None => Ok(()),
        }
    }

    /// Ends the request of who only reads. Whoever may write, be it nowhere just now, may hand photos
    /// in: their ops wait in quarantine, and those photos with them.
    pub(super) fn unless_reader(&self) -> Result<(), Failure> {
        if !only_reads(&self.user) {
            return Ok(());
        }
        let detail = "an auditor reads everything and writes nothing: no photo of theirs is taken; ask \
                      an administrator for a role that records";
        Err(Failure::problem(403, "out_of_scope", detail))
    }
}

/// Whether a user's role writes nothing, whatever teams they are in.
pub(super) fn only_reads(user: &User) -> bool {
    user.role == "auditor"
}

/// Whose devices a caller may see, enrol and revoke.
#[derive(Debug)]
pub(super) enum Reach {
    /// An administrator's: everybody of the workspace.
    Everybody,
    /// A lead's: inspectors and leads of the teams they lead, themselves among them.
    Members(BTreeSet<UserId>),
}

impl Reach {
    /// The people in it; none for everybody.
    pub(super) fn users(&self) -> Option<Vec<UserId>> {
        match self {
            Self::Everybody => None,
            Self::Members(users) => Some(users.iter().copied().collect()),
        }
    }

    /// Ends a request about somebody else, naming the field that names them.
    pub(super) fn covers(&self, user: UserId, field: &str) -> Result<(), Failure> {
        match self {
            Self::Members(users) if !users.contains(&user) => {
                let detail = format!(
                    "{field}: a lead does this for inspectors and leads of the teams they lead; ask \
                     an administrator for others"
                );
                Err(Failure::problem(403, "not_in_your_team", detail))
            }
            _ => Ok(()),
        }
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        Self::problem(401, "bad_signature", error.to_string())
    }
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Checks a request's signature against the device it names.
    pub(super) async fn authenticate(&self, request: &Request) -> Result<Caller, Failure> {
        let signature = parsed(request)?;
        let params = *signature.params();
        let log = LogId(params.key_id);
        let device = self.ledger.find_device(log).await?.ok_or_else(unknown_device)?;
        self.check_for(device.ws, request, &signature, &device.key)?;
        let user = self.ledger.find_user(device.ws, device.user).await?;
        let user = user.ok_or_else(unknown_device)?;
        self.contacts.note(device.root, self.host.now_ms());
        Ok(Caller { device, user, nonce: params.nonce })
    }

    /// Whom a caller looks after. Who has a role above a lead's is an administrator's to look after.
    pub(super) async fn reach(&self, caller: &Caller) -> Result<Reach, Failure> {
        caller.unless_revoked()?;
        match caller.user.role.as_str() {
            "administrator" => Ok(Reach::Everybody),
            "lead" => {
                let members = self.ledger.led_by(caller.device.ws, caller.user.user).await?;
                let below = members
                    .into_iter()
                    .filter(|(_, role)| matches!(role.as_str(), "inspector" | "lead"));
                Ok(Reach::Members(below.map(|(user, _)| user).collect()))
            }
            _ => {
                let detail = "this is for leads and administrators: ask one of them";
                Err(Failure::problem(403, "not_a_lead", detail))
            }
        }
    }

    /// The same, before the request's work begins: what is refused is said to whom it came from.
    pub(super) fn check_for(
        &self,
        ws: WorkspaceId,
        request: &Request,
        signature: &ParsedSignature,
        key: &[u8; 32],
    ) -> Result<(), Failure> {
        let nonce = signature.params().nonce;
        self.check(request, signature, key).map_err(|failure| match failure {
            Failure::Refused(code) => Failure::RefusedTo { ws, nonce, code },
            other => other,
        })
    }

    /// Checks signature, clock and nonce under a key, once the request's size is known to be small.
    pub(super) fn check(
        &self,
        request: &Request,
        signature: &ParsedSignature,
        key: &[u8; 32],
    ) -> Result<(), Failure> {
        if request.body().len() > MAX_FRAME_BYTES {
            return Err(Failure::problem(413, "too_large", "send pages of at most 256 KiB"));
        }
        let key = VerifyingKey::from_bytes(key).map_err(|_| {
            Failure::problem(401, "bad_key", "the key is not an Ed25519 public key")
        })?;
        let target = request.uri().path_and_query().map_or("", |target| target.as_str());
        let method = request.method().as_str();
        signature.verify(&SignedRequest { method, target, body: request.body() }, &key)?;
        let params = signature.params();
        let now_s = self.host.now_ms() / 1000;
        if params.created_s.abs_diff(now_s) > SKEW_S.unsigned_abs() {
            return Err(Failure::Refused(RefusalCode::ClockSkew));
        }
        if !self.nonces.is_fresh(params.key_id, params.nonce, now_s) {
            return Err(Failure::problem(
                409,
                "replayed",
                "this request came before; sign a new one",
            ));
        }
        Ok(())
    }

    pub(super) fn refusal(&self, code: RefusalCode) -> Refusal {
        Refusal { code, server_ms: self.host.now_ms() }
    }

    /// Ends the request when this server never signed the checkpoint the device last saw: one of
    /// the two has forgotten something.
    pub(super) async fn recognise(
        &self,
        ws: WorkspaceId,
        seen: Option<Checkpoint>,
    ) -> Result<(), Failure> {
        if spotcheck_domain::planted!("restore-unnoticed") {
            return Ok(());
        }
        match seen {
            Some(seen) if !self.ledger.knows_checkpoint(ws, seen.size, seen.root).await? => {
                Err(Failure::Refused(RefusalCode::CheckpointUnknown))
            }
            _ => Ok(()),
        }
    }
}

fn unknown_device() -> Failure {
    Failure::problem(
        401,
        "device_unknown",
        "this server does not know the device: after a restore, rewind with its enrolment",
    )
}

/// The signature headers of a request, before anything is believed of them.
pub(super) fn parsed(request: &Request) -> Result<ParsedSignature, Failure> {
    let value = |name: &'static str| {
        only_value(name, request.headers().get_all(name).iter().map(http::HeaderValue::as_bytes))
    };
    Ok(parse(value(CONTENT_DIGEST)?, value(SIGNATURE_INPUT)?, value(SIGNATURE)?)?)
}

/// Reads the JSON in a frame and checks the protocol version it names.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let plain = frame::decompress(bytes).map_err(Failure::bad_body)?;
    #[derive(serde::Deserialize)]
    struct Version {
        p: Option<u32>,
    }
    // Writers put it first, and a body that names it twice is refused: then one reading does.
    if plain.starts_with(format!("{{\"p\":{PROTOCOL},").as_bytes()) {
        return serde_json::from_slice(&plain).map_err(Failure::bad_body);
    }
    let version: Version = serde_json::from_slice(&plain).map_err(Failure::bad_body)?;
    if version.p != Some(PROTOCOL) {
        let detail = format!("p: this server speaks protocol version {PROTOCOL}");
        return Err(Failure::problem(400, "protocol_version", detail));
    }
    serde_json::from_slice(&plain).map_err(Failure::bad_body)
}
