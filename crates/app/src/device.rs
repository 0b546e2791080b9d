//! A device: its store, its photos, its keys, and what its host passes in.

use serde::Serialize;
use spotcheck_checklists::Checklist;
use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, Timestamp};
use spotcheck_protocol::enrolment::EnrolmentLink;
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::EnrolReply;
use spotcheck_rules::{NaiveDate, parse_date};
use spotcheck_store::{BlobStore, Identity, Store, StoreError};

use crate::library::Source;
use crate::{AppError, Library};

/// Clock, randomness and keys of a host.
pub trait Host {
    /// The clocks now; `server_ms` is filled in by the device.
    fn clock(&self) -> Timestamp;
    /// Fills a buffer with random bytes fit for secrets.
    fn random(&self, buffer: &mut [u8]);
    /// Makes a signing key, keeps it durably, and gives its public half.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn new_key(&mut self) -> Result<[u8; 32], AppError>;
    /// The signer of a key made here.
    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer>;
}

/// A device.
#[derive(Debug)]
pub struct Device<H, B> {
    pub(crate) store: Store,
    pub(crate) blobs: B,
    pub(crate) host: H,
    pub(crate) library: Library,
    /// The key that was enrolled signs all requests, also once another log continues its own.
    pub(crate) request_key: Option<[u8; 32]>,
    /// A key made for an enrolment that has not been answered yet.
    pub(crate) pending_key: Option<[u8; 32]>,
}

/// How a device stands, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The user's code.
    pub user: String,
    /// `inspector`, `lead` …
    pub role: String,
    /// Where the server is.
    pub server: String,
    /// Inspections on this device, everybody's.
    pub inspections: u64,
    /// Findings on this device, everybody's.
    pub findings: u64,
    /// Ops on this device, everybody's.
    pub ops: u64,
    /// Own ops that no receipt covers yet.
    pub ops_waiting: u64,
    /// Own photos that no receipt covers yet, and their bytes.
    pub photos_waiting: (u64, u64),
    /// Server time of the last verified reply, ms since 1970 UTC; 0 before the first.
    pub last_sync_ms: i64,
    /// This device was revoked.
    pub revoked: bool,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Puts a device together.
    ///
    /// # Errors
    /// When its store cannot be read.
    pub fn new(store: Store, blobs: B, host: H) -> Result<Self, AppError> {
        let mut device = Self {
            store,
            blobs,
            host,
            library: Library::shipped()?,
            request_key: None,
            pending_key: None,
        };
        device.refresh_key()?;
        device.settle_registers()?;
        device.load_published()?;
        Ok(device)
    }

    pub(crate) fn refresh_key(&mut self) -> Result<(), AppError> {
        self.request_key = self.store.own_logs()?.first().map(|log| log.public_key);
        Ok(())
    }

    /// The device's database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Checklists and rule packs.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Takes in a published checklist beside those that ship, until this device is closed: to try or
    /// measure one.
    ///
    /// # Errors
    /// When it is none; names the place and the remedy.
    pub fn add_checklist(&mut self, bytes: &[u8]) -> Result<BlobHash, AppError> {
        let list = Checklist::parse(bytes).map_err(|e| AppError::invalid("checklist", e))?;
        let (hash, nobody) = (BlobHash::of(bytes), Source::Published { by: None, at_ms: 0 });
        self.library.add_checklist(hash, list, nobody);
        Ok(hash)
    }

    /// Clock, randomness and keys.
    pub fn host_mut(&mut self) -> &mut H {
        &mut self.host
    }

    /// Who this device works for.
    ///
    /// # Errors
    /// When it is not enrolled.
    pub fn identity(&self) -> Result<&Identity, AppError> {
        Ok(self.store.identity().ok_or(StoreError::NotEnrolled)?)
    }

    /// Refuses with `remedy` who is neither lead nor reviewer.
    pub(crate) fn leads_only(&self, remedy: &str) -> Result<(), AppError> {
        if self.leads()? { Ok(()) } else { Err(AppError::ReadOnly(remedy.to_owned())) }
    }

    /// Whether this device is a lead's or a reviewer's.
    pub(crate) fn leads(&self) -> Result<bool, AppError> {
        Ok(matches!(self.identity()?.role.as_str(), "lead" | "reviewer"))
    }

    /// Makes the key that an enrolment is signed with. Asked again, it is the same.
    ///
    /// # Errors
    /// When it cannot be kept, or the device is enrolled already.
    pub fn begin_enrolment(&mut self) -> Result<(), AppError> {
        if self.store.identity().is_some() {
            let remedy = "this device is enrolled already; use another --home for another user";
            return Err(AppError::invalid("code", remedy));
        }
        if self.pending_key.is_none() {
            self.pending_key = Some(self.host.new_key()?);
        }
        Ok(())
    }

    /// Keeps what enrolment gave. Durable when it returns.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn finish_enrolment(
        &mut self,
        link: &EnrolmentLink,
        reply: &EnrolReply,
    ) -> Result<(), AppError> {
        let key = self.pending_key.ok_or_else(|| AppError::Key("no key was made".to_owned()))?;
        let identity = Identity {
            ws: reply.ws,
            user: reply.user,
            home_scope: reply.home_scope,
            server_url: link.server_url.clone(),
            server_key: BlobHash(link.server_key).to_string(),
            user_code: reply.user_code.clone(),
            name: reply.name.clone(),
            role: reply.role.clone(),
        };
        self.store.enrol(&identity, key)?;
        for scope in &reply.scopes {
            self.store.add_scope(*scope)?;
        }
        self.pending_key = None;
        self.learn_server_clock(reply.server_ms)?;
        self.refresh_key()
    }

    /// How this device stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn status(&self) -> Result<Status, AppError> {
        let identity = self.identity()?;
        Ok(Status {
            user: identity.user_code.clone(),
            role: identity.role.clone(),
            server: identity.server_url.clone(),
            inspections: self.store.record_count("inspection")?,
            findings: self.store.record_count("finding")?,
            ops: self.store.op_count()?,
            ops_waiting: self.store.ops_waiting()?,
            photos_waiting: self.store.blobs_waiting()?,
            last_sync_ms: self.number("server_ms")?,
            revoked: self.store.fact("revoked")?.is_some(),
        })
    }

    /// Takes a photo's or document's bytes, unchanged, hashed as they arrive. Durable when it
    /// returns: bytes before op.
    ///
    /// # Errors
    /// When they cannot be kept.
    pub fn keep_photo(&mut self, bytes: &mut dyn std::io::Read) -> Result<BlobRef, AppError> {
        let blob = self.blobs.put(bytes)?;
        self.store.note_blob(blob, true)?;
        Ok(blob)
    }

    /// Takes a photo's bytes for a screen, which names it in a call right after. Until then it need
    /// not reach the server: a screen may be left, or killed.
    ///
    /// # Errors
    /// When they cannot be kept, or there are none.
    pub fn take_photo(&mut self, bytes: &mut dyn std::io::Read) -> Result<BlobRef, AppError> {
        let blob = self.blobs.put(bytes)?;
        if blob.bytes == 0 {
            return Err(AppError::invalid("photo", "the file is empty: take it again"));
        }
        self.store.note_blob(blob, false)?;
        Ok(blob)
    }

    /// Up to `len` bytes of a photo or document from `offset`; fewer at its end.
    ///
    /// # Errors
    /// When it is not on this device, or cannot be read.
    pub fn read_photo(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, AppError> {
        Ok(self.blobs.read(blob, offset, len)?)
    }

    /// The clocks for an op: the host's, with the last server time seen.
    pub(crate) fn now(&self) -> Result<Timestamp, AppError> {
        Ok(Timestamp { server_ms: self.number("server_ms")?, ..self.host.clock() })
    }

    /// Today, by this device's clock and zone.
    pub(crate) fn day_here(&self) -> Result<NaiveDate, AppError> {
        parse_date(&self.now()?.local_day()).map_err(|e| AppError::invalid("day", e))
    }

    pub(crate) fn fresh(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.host.random(&mut bytes);
        bytes
    }

    pub(crate) fn number(&self, fact: &str) -> Result<i64, AppError> {
        Ok(self.store.fact(fact)?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Learns how far the server's clock is from this device's: for signatures only.
    pub(crate) fn learn_server_clock(&mut self, server_ms: i64) -> Result<(), AppError> {
        let offset = server_ms - self.host.clock().wall_ms;
        // Rewritten only when they moved: a fact a reply is a flush a reply.
        if (self.number("server_offset_ms")? - offset).abs() > 2_000
            || self.number("server_ms")? == 0
        {
            self.store.set_fact("server_offset_ms", &offset.to_string())?;
        }
        if self.number("server_ms")?.abs_diff(server_ms) < 1_000 {
            return Ok(());
        }
        Ok(self.store.set_fact("server_ms", &server_ms.to_string())?)
    }
}
