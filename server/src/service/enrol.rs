//! Binding a device to a user, once, with a code.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use spotcheck_domain::{LogId, UserId, WorkspaceId};
use spotcheck_protocol::api::{Request, Response};
use spotcheck_protocol::directory::DEVICE_ENROLLED;
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::ALG;
use spotcheck_protocol::messages::{EnrolReply, EnrolRequest, RefusalCode, Reply};

use super::auth::{self, parsed};
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Code, Ledger};

/// What an administrator hands to a colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// The link.
    pub link: EnrolmentLink,
    /// When it ends, ms since 1970 UTC.
    pub expires_ms: i64,
}

/// How long a code can be used.
const CODE_MS: i64 = 24 * 3_600_000;

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Makes a one-time code for a user: 160 random bits, of which only the hash is kept.
    ///
    /// # Errors
    /// When there is no such user or the ledger fails.
    pub async fn add_code(
        &self,
        ws: WorkspaceId,
        user: UserId,
        server_url: &str,
    ) -> Result<EnrolmentCode, Failure> {
        self.make_code(ws, user, None, server_url).await
    }

    pub(super) async fn make_code(
        &self,
        ws: WorkspaceId,
        user: UserId,
        invited_by: Option<UserId>,
        server_url: &str,
    ) -> Result<EnrolmentCode, Failure> {
        let code = BASE32_NOPAD.encode(&self.fresh::<20>());
        let expires_ms = self.host.now_ms() + CODE_MS;
        let hash = Sha256::digest(code.as_bytes()).into();
        self.ledger.add_code(&Code { hash, ws, user, invited_by, expires_ms }).await?;
        let link = EnrolmentLink {
            server_url: server_url.trim_end_matches('/').to_owned(),
            server_key: self.public_key(),
            code,
        };
        Ok(EnrolmentCode { link, expires_ms })
    }

    pub(super) async fn enrol(&self, request: &Request) -> Result<Response, Failure> {
        let signature = parsed(request)?;
        let nonce = signature.params().nonce;
        if request.body().len() > 4096 {
            return Err(Failure::problem(413, "too_large", "an enrolment is at most 4 KiB"));
        }
        let body: EnrolRequest = auth::body(request.body())?;
        let log = LogId::of_key(ALG, &body.key.0);
        if log != LogId(signature.params().key_id) {
            return Err(Failure::problem(
                401,
                "bad_key",
                "keyid: not the log of the key in the body",
            ));
        }
        if body.device_name.chars().count() > 64 {
            return Err(Failure::bad_body("device_name: at most 64 characters"));
        }
        let hash: [u8; 32] = Sha256::digest(body.code.as_bytes()).into();
        if self.ledger.find_device(log).await?.is_none()
            && self.ledger.find_code(hash, self.host.now_ms()).await?.is_none()
        {
            return Err(code_invalid());
        }
        let _turn = self.own_log_turn()?;
        // A repeated enrolment of the same key is answered again: its reply may have been lost.
        if let Some(device) = self.ledger.find_device(log).await? {
            let ws = device.ws;
            if let Some(refused) =
                self.checked_clock(request, &signature, &body, ws, &nonce).await?
            {
                return Ok(refused);
            }
            if device.revoked.is_some() {
                let code = RefusalCode::DeviceRevoked;
                return Err(Failure::RefusedTo { ws, nonce, code });
            }
            return self.enrolled(log, ws, device.user, &nonce).await;
        }
        let Some(code) = self.ledger.find_code(hash, self.host.now_ms()).await? else {
            return Err(code_invalid());
        };
        if let Some(refused) =
            self.checked_clock(request, &signature, &body, code.ws, &nonce).await?
        {
            return Ok(refused);
        }
        let mut set = vec![
            ("log", log.to_string().into()),
            ("user", code.user.to_string().into()),
            ("key", body.key.to_string().into()),
            ("name", body.device_name.as_str().into()),
        ];
        if let Some(by) = code.invited_by {
            set.push(("invited_by", by.to_string().into()));
        }
        self.publish(code.ws, DEVICE_ENROLLED, None, &set, Some(hash)).await?;
        self.enrolled(log, code.ws, code.user, &nonce).await
    }

    /// Checks the signature by the new key; a clock too far off is a signed refusal, so that the
    /// device can sign again with the server's.
    async fn checked_clock(
        &self,
        request: &Request,
        signature: &spotcheck_protocol::request_signature::ParsedSignature,
        body: &EnrolRequest,
        ws: WorkspaceId,
        nonce: &[u8; 16],
    ) -> Result<Option<Response>, Failure> {
        match self.check(request, signature, &body.key.0) {
            Ok(()) => Ok(None),
            Err(Failure::Refused(code)) => {
                self.signed_page(ws, nonce, &Reply::Refusal(self.refusal(code))).await.map(Some)
            }
            Err(other) => Err(other),
        }
    }

    async fn enrolled(
        &self,
        log: LogId,
        ws: WorkspaceId,
        user: UserId,
        nonce: &[u8; 16],
    ) -> Result<Response, Failure> {
        let user = self.ledger.find_user(ws, user).await?;
        let user =
            user.ok_or_else(|| Failure::problem(403, "user_unknown", "the user was removed"))?;
        let home_scope = user.home_scope.or(user.reads.first().copied()).ok_or_else(|| {
            Failure::problem(409, "no_team", "this user is in no team and reads no scope; put them into a team, or open a scope to them")
        })?;
        // An enrolment is by the device's first log.
        self.contacts.note(log, self.host.now_ms());
        let reply = EnrolReply {
            ws,
            user: user.user,
            user_code: user.code,
            name: (user.zh, user.en),
            role: user.role,
            home_scope,
            scopes: user.reads,
            checkpoint: self.ledger.checkpoint(ws).await?.sign(ws, &self.key),
            server_ms: self.host.now_ms(),
        };
        self.signed_page(ws, nonce, &Reply::Enrol(reply)).await
    }
}

fn code_invalid() -> Failure {
    Failure::problem(403, "code_invalid", "code: unknown, used or expired; ask for a fresh one")
}
