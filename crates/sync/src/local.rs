//! The device as a round sees it.
//!
//! A trait, because the arrow points the other way: the app implements it over the store, and this
//! crate must not know either.

use std::collections::BTreeSet;

use spotcheck_domain::op::{BlobRef, Link};
use spotcheck_domain::{BlobHash, LogId, OpId, Run, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Epoch, SignedCheckpoint};
use spotcheck_protocol::keys::Signer;
use spotcheck_protocol::messages::Introduction;

/// One of this device's logs.
#[derive(Debug, Clone)]
pub struct LocalLog {
    /// The log.
    pub log: LogId,
    /// The last op written.
    pub seq: u64,
    /// The server said it has the log up to here.
    pub pushed_seq: u64,
    /// A verified receipt covers it up to here.
    pub receipt_seq: u64,
    /// Whether it takes new ops.
    pub current: bool,
    /// The old key's word for it, when it continues another log.
    pub introduction: Option<Introduction>,
}

/// A verified receipt.
#[derive(Debug, Clone)]
pub struct ReceiptIn {
    /// The log.
    pub log: LogId,
    /// Held up to here.
    pub seq: u64,
    /// The server's clock.
    pub server_ms: i64,
    /// The bytes it signed, and its signature: evidence.
    pub body: String,
    /// See `body`.
    pub sig: [u8; 64],
    /// Photos it holds.
    pub blobs: Vec<BlobHash>,
    /// Ops it did not admit.
    pub quarantined: Vec<(OpId, String)>,
}

/// A verified section of a pull.
#[derive(Debug, Clone)]
pub struct PulledSection {
    /// The scope.
    pub scope: ScopeId,
    /// The cursor it continues from.
    pub after: u64,
    /// The cursor once it is stored.
    pub through: u64,
    /// What it delivers.
    pub parts: Vec<PulledPart>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum PulledPart {
    /// A verified run, and the server_seq of each op in it.
    Run(Run, Vec<u64>),
    /// Ops this device has: log, first seq, server_seqs.
    Own(LogId, u64, Vec<u64>),
}

/// A photo that must reach the server.
#[derive(Debug, Clone)]
pub struct PhotoToSend {
    /// Which.
    pub blob: BlobRef,
    /// Where its upload stands, as the photo lane last noted it.
    pub note: Option<String>,
}

/// What a round reads and changes. Each change is durable when it returns.
pub trait Local {
    /// What the device's storage fails with.
    type Error: std::error::Error;

    /// The tenant.
    fn workspace(&self) -> WorkspaceId;
    /// The key pinned at enrolment.
    fn server_key(&self) -> [u8; 32];
    /// The last checkpoint this device verified.
    fn seen(&self) -> Result<Option<SignedCheckpoint>, Self::Error>;
    /// Keeps a verified checkpoint, and the server's clock at this moment.
    fn keep_seen(&mut self, seen: &SignedCheckpoint, server_ms: i64) -> Result<(), Self::Error>;
    /// Learns the server's clock from a signed refusal.
    fn learn_clock(&mut self, server_ms: i64) -> Result<(), Self::Error>;
    /// Learns that this device was revoked.
    fn revoked(&mut self) -> Result<(), Self::Error>;

    /// This device's logs, oldest first.
    fn own_logs(&self) -> Result<Vec<LocalLog>, Self::Error>;
    /// The next run of a log after a position, signed; `None` when there is nothing left.
    fn signed_run(
        &self,
        log: LogId,
        after: u64,
        max_bytes: usize,
    ) -> Result<Option<Run>, Self::Error>;
    /// The link of one of this device's logs at a position it has.
    fn link_at(&self, log: LogId, seq: u64) -> Result<Option<Link>, Self::Error>;
    /// The server has a log up to here.
    fn set_pushed(&mut self, log: LogId, seq: u64) -> Result<(), Self::Error>;
    /// Keeps a verified receipt.
    fn keep_receipt(&mut self, receipt: &ReceiptIn) -> Result<(), Self::Error>;
    /// Somebody else writes this log too: continues under a successor.
    fn succeed(&mut self, log: LogId) -> Result<(), Self::Error>;

    /// Every scope pulled, and how far.
    fn cursors(&self) -> Result<Vec<(ScopeId, u64)>, Self::Error>;
    /// Stores a section and moves its cursor, in one step.
    fn apply(&mut self, section: &PulledSection) -> Result<(), Self::Error>;
    /// The digest of what a scope delivered: count and XOR.
    fn digest(&self, scope: ScopeId) -> Result<(u64, BlobHash), Self::Error>;
    /// The scopes this device may read now, by a verified reply. Others' data of a lost scope goes;
    /// its own stays.
    fn set_scopes(&mut self, scopes: &[ScopeId]) -> Result<(), Self::Error>;
    /// The digest of what a scope delivered in each range of server_seq: count and XOR.
    fn range_digests(
        &self,
        scope: ScopeId,
        ranges: &[(u64, u64)],
    ) -> Result<Vec<(u64, BlobHash)>, Self::Error>;
    /// Puts a range of a scope right: it delivered these runs and nothing else.
    fn apply_range(
        &mut self,
        scope: ScopeId,
        range: (u64, u64),
        runs: &[(Run, Vec<u64>)],
    ) -> Result<(), Self::Error>;

    /// Whether the server was last heard to keep any own op in quarantine.
    fn has_quarantined(&self) -> Result<bool, Self::Error>;

    /// Whether a restored server is still owed what others recorded: a rewind was begun and the
    /// offers that follow it have not all been made.
    fn giving_back(&self) -> Result<bool, Self::Error>;
    /// They have.
    fn given_back(&mut self) -> Result<(), Self::Error>;

    /// Earlier checkpoints verified: size and root.
    fn known_checkpoints(&self) -> Result<Vec<(u64, BlobHash)>, Self::Error>;
    /// Runs pulled from other logs and delivered beyond a server_seq; the server's own first.
    fn runs_beyond(&self, server_seq: u64) -> Result<Vec<Run>, Self::Error>;
    /// The server was restored: cursors go back to what both share, receipts beyond it no longer
    /// count, and from now on it is owed what it lost (see [`Local::giving_back`]).
    fn rewind(&mut self, epoch: Epoch, common: u64) -> Result<(), Self::Error>;

    /// Photos that must reach the server, smallest first.
    fn photos_to_send(&self, limit: usize) -> Result<Vec<PhotoToSend>, Self::Error>;
    /// Whether a photo's bytes are all here and still what its hash says.
    fn photo_is_whole(&self, blob: BlobRef) -> Result<bool, Self::Error>;
    /// Reads bytes of a photo.
    fn read_photo(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, Self::Error>;
    /// Notes where an upload stands.
    fn note_upload(&mut self, blob: BlobHash, note: Option<&str>) -> Result<(), Self::Error>;
    /// A document this device needs and has not: a page of a register. None of `passed_over`.
    fn wanted(&self, passed_over: &BTreeSet<BlobHash>) -> Result<Option<BlobRef>, Self::Error>;
    /// Keeps a downloaded document. `false` when the bytes are not what the hash says.
    fn keep_document(&mut self, blob: BlobRef, bytes: &[u8]) -> Result<bool, Self::Error>;

    /// Photos of others that this device wants, the most wanted first; only those a person asked
    /// for, where the network is metered.
    fn photos_to_fetch(&self, asked_only: bool, limit: usize) -> Result<Vec<BlobRef>, Self::Error>;
    /// How much of one has arrived.
    fn photo_arrived(&self, blob: BlobHash) -> Result<u64, Self::Error>;
    /// Keeps the next piece of one.
    fn take_piece(&mut self, blob: BlobHash, piece: &[u8]) -> Result<(), Self::Error>;
    /// One has arrived. `false` when its bytes are not what the hash says; they are gone then.
    fn keep_photo(&mut self, blob: BlobHash) -> Result<bool, Self::Error>;
    /// The server does not have one yet: it is not asked again for a while.
    fn give_up_photo(&mut self, blob: BlobHash) -> Result<(), Self::Error>;
}

/// What signing a request takes: a clock, randomness, the device's key.
pub trait DeviceHost {
    /// The best guess at the server's clock, in ms since 1970 UTC: for signatures, never evidence.
    fn server_now_ms(&self) -> i64;
    /// 16 fresh random bytes.
    fn nonce(&self) -> [u8; 16];
    /// The key of the device's current log, or of an enrolment in progress; `None` when it is gone.
    fn signer(&self) -> Option<&dyn Signer>;
}
