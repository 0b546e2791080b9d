//! What the bodies of requests and replies hold, as JSON inside the frame.

mod team;

pub use team::{
    DeviceReport, DevicesReply, DevicesRequest, InviteReply, InviteRequest, RevokeReply,
    RevokeRequest,
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use spotcheck_domain::{BlobHash, LogId, OpHash, ScopeId, UserId, WorkspaceId};

use crate::checkpoint::{Checkpoint, Epoch, SignedCheckpoint};
use crate::keys::base64_sig;
use crate::receipt::SignedReceipt;

/// Takes ops, and says what the server holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    /// The protocol version.
    pub p: u32,
    /// The last checkpoint this device verified.
    pub seen: Option<Checkpoint>,
    /// Logs that continue others, the first time they appear.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub introductions: Vec<Introduction>,
    /// Runs of this device, or of others when a restored server gets back what it lost.
    pub runs: Vec<Box<RawValue>>,
    /// The logs to receipt, each with a position that the device believes to be held, and its link.
    pub logs: Vec<(LogId, u64, OpHash)>,
    /// Photos to receipt: at most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<BlobHash>,
}

/// An old key's word for the new one that continues its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduction {
    /// The log that is continued.
    pub old: LogId,
    /// The public key of the log that continues it.
    pub key: BlobHash,
    /// The old key's signature; see `spotcheck_domain::op::successor_message`.
    #[serde(with = "base64_sig")]
    pub sig: [u8; 64],
}

/// How the server stands to each log of a push.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushReply {
    /// One for each log that was pushed or asked about.
    pub heads: Vec<LogHead>,
    /// One for each log of which the server holds anything.
    pub receipts: Vec<SignedReceipt>,
    /// Its history after this push.
    pub checkpoint: SignedCheckpoint,
    /// Its clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// What the server has of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The log.
    pub log: LogId,
    /// It holds this log, on the branch that was pushed, up to here: the next push starts after it.
    pub seq: u64,
    /// The link there. Where the device has another, the two have different branches.
    pub link: OpHash,
    /// Two ops stand at one position of it: somebody else writes it too.
    pub forked: bool,
}

/// Asks for what is new.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// The protocol version.
    pub p: u32,
    /// The last checkpoint this device verified.
    pub seen: Option<Checkpoint>,
    /// How far each scope was pulled.
    pub cursors: Vec<(ScopeId, u64)>,
    /// How far the device has its own logs: those ops need not be sent back, only named.
    pub own: Vec<(LogId, u64)>,
}

/// A page of deliveries.
#[derive(Debug, Serialize, Deserialize)]
pub struct PullReply {
    /// Scope by scope, what is new; a scope with nothing new may be left out.
    pub sections: Vec<Section>,
    /// Every scope this device may read now.
    pub scopes: Vec<ScopeId>,
    /// Ask again: there is more.
    pub more: bool,
    /// The server's history.
    pub checkpoint: SignedCheckpoint,
    /// Its clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// What a page delivers of one scope.
#[derive(Debug, Serialize, Deserialize)]
pub struct Section {
    /// The scope.
    pub scope: ScopeId,
    /// The cursor the device gave.
    pub after: u64,
    /// The cursor once these parts are stored.
    pub through: u64,
    /// With the last page of a scope: how many ops it ever delivered, and the XOR of their hashes.
    pub digest: Option<(u64, BlobHash)>,
    /// The deliveries, in order.
    pub parts: Vec<Part>,
}

/// One part of a section.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Ops with their proof.
    Run {
        /// See [`crate::run_codec`].
        run: Box<RawValue>,
        /// The server_seq of each op that is not withheld.
        seqs: Vec<u64>,
        /// The public key of the log, so that the run can be verified before the directory arrives.
        key: BlobHash,
    },
    /// Ops of the asking device, which it has.
    Own {
        /// Its log.
        log: LogId,
        /// The seq of the first.
        first: u64,
        /// The server_seq of each.
        seqs: Vec<u64>,
    },
}

/// Asks for the last checkpoint that both share, after one was not recognised.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewindRequest {
    /// The protocol version.
    pub p: u32,
    /// The server's own signature on the history it no longer knows.
    pub proof: SignedCheckpoint,
    /// Earlier checkpoints this device saw: size and root.
    pub known: Vec<(u64, BlobHash)>,
    /// The server-signed runs this device holds, from the first: how an unknown device is admitted.
    pub directory: Vec<Box<RawValue>>,
    /// More of the directory follows: take this page in, and answer without looking for `common`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Where a device rewinds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewindReply {
    /// The epoch from now on.
    pub epoch: Epoch,
    /// The last size both share; 0 for none, and while more of the directory is to come.
    pub common: u64,
}

/// Compares what a scope delivered, range by range.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareRequest {
    /// The protocol version.
    pub p: u32,
    /// The scope.
    pub scope: ScopeId,
    /// The device's digest of each range: at most 256, none empty.
    pub ranges: Vec<RangeDigest>,
}

/// What a scope delivered after one server_seq through another: how many ops, and the XOR of their
/// hashes. On the wire `[after, through, count, xor]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, u64, BlobHash)", into = "(u64, u64, u64, BlobHash)")]
pub struct RangeDigest {
    /// Not in the range.
    pub after: u64,
    /// The last in the range.
    pub through: u64,
    /// How many ops.
    pub count: u64,
    /// The XOR of their hashes.
    pub xor: BlobHash,
}

impl From<(u64, u64, u64, BlobHash)> for RangeDigest {
    fn from((after, through, count, xor): (u64, u64, u64, BlobHash)) -> Self {
        Self { after, through, count, xor }
    }
}

impl From<RangeDigest> for (u64, u64, u64, BlobHash) {
    fn from(range: RangeDigest) -> Self {
        (range.after, range.through, range.count, range.xor)
    }
}

/// Which ranges differ.
#[derive(Debug, Serialize, Deserialize)]
pub struct CompareReply {
    /// Those whose digest is another here.
    pub differing: Vec<Differing>,
}

/// A range of which device and server have different ops.
#[derive(Debug, Serialize, Deserialize)]
pub struct Differing {
    /// As in the request.
    pub after: u64,
    /// As in the request.
    pub through: u64,
    /// All that was delivered in it; none where that is too much for this page: ask again, for
    /// smaller ranges where it holds more than one op.
    pub parts: Option<Vec<Part>>,
}

/// Binds a device to a user. Signed with the new key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The protocol version.
    pub p: u32,
    /// The one-time code.
    pub code: String,
    /// The device's fresh public key.
    pub key: BlobHash,
    /// What the device calls itself; at most 64 characters.
    pub device_name: String,
}

/// What a device starts with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The tenant.
    pub ws: WorkspaceId,
    /// Whose device it is.
    pub user: UserId,
    /// Their code.
    pub user_code: String,
    /// Their name in Chinese and English.
    pub name: (String, String),
    /// Their role.
    pub role: String,
    /// The scope their records are created in.
    pub home_scope: ScopeId,
    /// The scopes they may read.
    pub scopes: Vec<ScopeId>,
    /// The server's history.
    pub checkpoint: SignedCheckpoint,
    /// Its clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// Asks to upload a photo that an op of this device names, or will.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// The protocol version.
    pub p: u32,
    /// SHA-256 of the bytes.
    pub sha256: BlobHash,
    /// How many there are.
    pub bytes: u64,
}

/// Permission to upload exactly those bytes, or word that they are already held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantReply {
    /// The server already has these bytes from this workspace.
    pub held: bool,
    /// Opaque; the value of the `spotcheck-upload` header. Empty when held.
    pub capability: String,
    /// Where an upload begun under an earlier capability stands; empty for none.
    pub location: String,
    /// When the capability ends, ms since 1970 UTC.
    pub expires_ms: i64,
}

/// A refusal that moves a device's state, and is therefore signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What happened.
    pub code: RefusalCode,
    /// The server's clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// This device's key was revoked. It may still push into quarantine.
    DeviceRevoked,
    /// The signature's time is too far from the server's; sign again with its clock.
    ClockSkew,
    /// The server does not know the checkpoint the device last saw: ask for a rewind.
    CheckpointUnknown,
    /// The server does not know this device: rewind with its enrolment.
    DeviceUnknown,
}

/// Every reply that moves state.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To an enrolment.
    Enrol(EnrolReply),
    /// To a push.
    Push(PushReply),
    /// To a pull.
    Pull(PullReply),
    /// To a rewind.
    Rewind(RewindReply),
    /// To a comparison.
    Compare(CompareReply),
    /// To a request for an upload capability.
    Grant(GrantReply),
    /// To a question after devices.
    Devices(DevicesReply),
    /// To an invitation.
    Invite(InviteReply),
    /// To a revocation.
    Revoke(RevokeReply),
    /// To any.
    Refusal(Refusal),
}
