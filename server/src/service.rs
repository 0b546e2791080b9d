//! What the server does with a request, whatever carried it here.
//!
//! A request goes through the same gates in the same order: route, signature and device, clock and
//! nonce, size, then the bounded decode of its body, then the work. Authorisation is in
//! `service/auth.rs` and in the ledger's `with_scopes`, and nowhere else.

mod auth;
mod blobs;
mod compare;
mod contacts;
mod directory;
mod enrol;
mod error;
mod nonces;
mod pull;
mod push;
mod rewind;
mod scopes;
mod team;
mod tus;

pub use directory::{NewTeam, NewUser};
pub use enrol::EnrolmentCode;
pub use error::Failure;
pub use scopes::{NewOrganisation, NewScope};

use std::sync::OnceLock;

use ed25519_dalek::SigningKey;
use http::{Method, StatusCode, header};
use spotcheck_domain::{LogId, WorkspaceId};
use spotcheck_protocol::api::{Request, Response, SyncApi, Unreachable, path};
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::Reply;
use spotcheck_protocol::{MEDIA_TYPE, reply};

use crate::blobs::Blobs;
use crate::ledger::Ledger;
use auth::Caller;
use contacts::Contacts;
use nonces::Nonces;
use team::Invitations;

/// The clock and the randomness of a server.
pub trait Host: Send + Sync {
    /// Milliseconds since 1970 UTC.
    fn now_ms(&self) -> i64;
    /// Fills a buffer with random bytes fit for secrets.
    fn random(&self, buffer: &mut [u8]);
}

/// The turn to write the server's own log, until it is dropped.
pub type Turn = Box<dyn std::any::Any + Send>;

/// How a turn is taken; waits for it.
type TakesTurn = Box<dyn Fn() -> std::io::Result<Turn> + Send + Sync>;

/// The server without its sockets.
pub struct Service<L, B> {
    ledger: L,
    blobs: B,
    key: SigningKey,
    host: Box<dyn Host>,
    nonces: Nonces,
    contacts: Contacts,
    invitations: Invitations,
    /// How devices reach this server; known once it listens.
    public_url: OnceLock<String>,
    /// None where nobody else writes the server's own log.
    turns: OnceLock<TakesTurn>,
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Puts a server together. `key` signs replies, receipts and the server's own log.
    pub fn new(ledger: L, blobs: B, key: SigningKey, host: Box<dyn Host>) -> Self {
        Self {
            ledger,
            blobs,
            key,
            host,
            nonces: Nonces::default(),
            contacts: Contacts::default(),
            invitations: Invitations::default(),
            public_url: OnceLock::new(),
            turns: OnceLock::new(),
        }
    }

    /// Says how devices reach this server, for the links it makes when a lead invites. Once; what is
    /// said later does not count.
    pub fn reached_at(&self, url: &str) {
        let _ = self.public_url.set(url.to_owned());
    }

    /// Says how those who write the server's own log wait for each other. Two that read its end and then
    /// append would fork it. Once; what is said later does not count.
    pub fn takes_turns_by(&self, take: impl Fn() -> std::io::Result<Turn> + Send + Sync + 'static) {
        let _ = self.turns.set(Box::new(take));
    }

    /// Waits for the turn to write the server's own log. Taken only once a request is known to be worth
    /// it: who holds it keeps all others waiting.
    fn own_log_turn(&self) -> Result<Option<Turn>, Failure> {
        let taken = self.turns.get().map(|take| take()).transpose();
        taken.map_err(|error| {
            tracing::error!(%error, "the lock file of the server's own log is unusable");
            Failure::problem(
                503,
                "unavailable",
                "the server cannot store this now; try again later",
            )
        })
    }

    /// Writes down when devices were last heard of, for after a restart; how many it wrote. A host
    /// does this once a minute and when it stops.
    ///
    /// # Errors
    /// When the ledger fails; the next time writes them too.
    pub async fn keep_contacts(&self) -> Result<usize, Failure> {
        let fresh = self.contacts.fresh();
        if !fresh.is_empty() {
            self.ledger.keep_contacts(&fresh).await?;
            self.contacts.kept(&fresh);
        }
        Ok(fresh.len())
    }

    /// What it keeps.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    /// Where it keeps photos.
    pub fn blobs(&self) -> &B {
        &self.blobs
    }

    /// The public key that devices pin.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.public_key()
    }

    fn own_log(&self) -> LogId {
        self.key.log()
    }

    fn fresh<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.host.random(&mut bytes);
        bytes
    }

    /// Answers one request. Never panics on what a client sent, never answers 5xx because of it.
    pub async fn handle(&self, request: &Request) -> Response {
        match self.route(request).await {
            Ok(response) => response,
            Err(Failure::RefusedTo { ws, nonce, code }) => {
                let said = Reply::Refusal(self.refusal(code));
                let page = self.signed_page(ws, &nonce, &said).await;
                page.unwrap_or_else(Failure::into_response)
            }
            Err(failure) => failure.into_response(),
        }
    }

    async fn route(&self, request: &Request) -> Result<Response, Failure> {
        let path = request.uri().path();
        let post = request.method() == Method::POST;
        match path {
            path::ENROL if post => self.enrol(request).await,
            path::PUSH if post => {
                let caller = self.authenticate(request).await?;
                let done = self.push(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Push)).await
            }
            path::PULL if post => {
                let caller = self.authenticate(request).await?;
                let done = self.pull(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Pull)).await
            }
            path::COMPARE if post => {
                let caller = self.authenticate(request).await?;
                let done = self.compare(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Compare)).await
            }
            path::REWIND if post => self.rewind(request).await,
            path::GRANTS if post => {
                let caller = self.authenticate(request).await?;
                let done = self.grant(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Grant)).await
            }
            path::DEVICES if post => {
                let caller = self.authenticate(request).await?;
                let done = self.devices(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Devices)).await
            }
            path::INVITE if post => {
                let caller = self.authenticate(request).await?;
                let done = self.invite(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Invite)).await
            }
            path::REVOKE if post => {
                let caller = self.authenticate(request).await?;
                let done = self.revoke_for(&caller, request.body()).await;
                self.seal(&caller, done.map(Reply::Revoke)).await
            }
            _ if path == path::UPLOADS || path.starts_with(&format!("{}/", path::UPLOADS)) => {
                self.tus(request).await
            }
            _ if path.starts_with(&format!("{}/", path::BLOBS)) => {
                let caller = self.authenticate(request).await?;
                match self.download(&caller, request).await {
                    // Moves the device's state: signed, as in answer to a page.
                    Err(Failure::Refused(code)) => {
                        self.seal(&caller, Err(Failure::Refused(code))).await
                    }
                    other => other,
                }
            }
            path::ENROL
            | path::PUSH
            | path::PULL
            | path::COMPARE
            | path::REWIND
            | path::GRANTS
            | path::DEVICES
            | path::INVITE
            | path::REVOKE => Err(Failure::problem(405, "method_not_allowed", "use POST here")),
            _ => Err(Failure::problem(404, "no_such_route", "there is nothing at this path")),
        }
    }

    /// Signs a reply for the request that asked. Refusals that move a device's state are signed too.
    async fn seal(
        &self,
        caller: &Caller,
        done: Result<Reply, Failure>,
    ) -> Result<Response, Failure> {
        let said = match done {
            Err(Failure::Refused(code)) => Reply::Refusal(self.refusal(code)),
            other => other?,
        };
        self.signed_page(caller.device.ws, &caller.nonce, &said).await
    }

    async fn signed_page(
        &self,
        ws: WorkspaceId,
        nonce: &[u8; 16],
        said: &Reply,
    ) -> Result<Response, Failure> {
        let epoch = self.ledger.checkpoint(ws).await?.epoch;
        let mut response = Response::new(reply::seal(said, epoch, nonce, &self.key));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

impl<L: Ledger, B: Blobs> SyncApi for Service<L, B> {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        Ok(self.handle(&request).await)
    }
}

/// An empty response with a status.
fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(vec![]);
    *response.status_mut() = status;
    response
}
