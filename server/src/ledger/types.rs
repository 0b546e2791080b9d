//! What goes into and comes out of a ledger.

use spotcheck_domain::op::Link;
use spotcheck_domain::{BlobHash, LogId, RecordId, Run, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::access::{May, Party};

/// A ledger's answer.
pub type Outcome<T> = Result<T, LedgerError>;

/// Why a ledger did not do something. Nothing half-done is left behind.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[source] spotcheck_sqlite::rusqlite::Error),
    /// The database did not open.
    #[error(transparent)]
    Open(#[from] spotcheck_sqlite::OpenError),
    /// Stored bytes are not what this program wrote.
    #[error("the database holds something unreadable in {0}")]
    Damaged(&'static str),
    /// A number that no position, size or length of ours can be: the client's mistake.
    #[error("a number beyond 2^63")]
    OutOfRange,
    /// No such workspace.
    #[error("no such workspace")]
    NoWorkspace,
    /// The one-time code was used meanwhile.
    #[error("the code was used by another device")]
    CodeSpent,
}

impl From<spotcheck_sqlite::rusqlite::Error> for LedgerError {
    fn from(error: spotcheck_sqlite::rusqlite::Error) -> Self {
        match error {
            // What we bind is numbers, and only those that came with a request can be so large.
            spotcheck_sqlite::rusqlite::Error::ToSqlConversionFailure(_) => Self::OutOfRange,
            error => Self::Sqlite(error),
        }
    }
}

/// A device, by its current or an earlier log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The log its key signs.
    pub log: LogId,
    /// The tenant.
    pub ws: WorkspaceId,
    /// Whose it is.
    pub user: UserId,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// What it calls itself.
    pub name: String,
    /// Why its key counts no more, if so.
    pub revoked: Option<String>,
    /// Two ops stand at one position of its log.
    pub forked: bool,
    /// The device's first log, whose key signs its requests.
    pub root: LogId,
}

/// How a log of a device stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceStanding {
    /// The log.
    pub log: LogId,
    /// The device's first log.
    pub root: LogId,
    /// Whose it is.
    pub user: UserId,
    /// What it calls itself.
    pub name: String,
    /// Why its key counts no more, if so.
    pub revoked: Option<String>,
    /// Two ops stand at one position of its log.
    pub forked: bool,
    /// When the device was last heard of, as far as that was kept: ms since 1970 UTC, else 0.
    pub last_contact_ms: i64,
    /// The highest position that was admitted.
    pub seq: u64,
    /// Blobs its admitted ops were the first to name and that are not held: how many, and their bytes.
    pub awaited: (u64, u64),
}

/// A person and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub user: UserId,
    /// What they are called by administrators.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// `inspector`, `lead`, `reviewer`, `administrator`, `auditor`, `unit`.
    pub role: String,
    /// The code of the organisation they belong to.
    pub org: Option<String>,
    /// The scope their new records go to; `None` when none is open to them.
    pub home_scope: Option<ScopeId>,
    /// Scopes they read, the directory included.
    pub reads: Vec<ScopeId>,
    /// Scopes they write.
    pub writes: Vec<ScopeId>,
}

/// A scope beside the teams' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRow {
    /// The op that added it.
    pub record: RecordId,
    /// The scope.
    pub scope: ScopeId,
    /// What it is called by administrators.
    pub code: String,
    /// Who reads and writes it.
    pub access: Vec<(Party, May)>,
}

/// A one-time enrolment code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// SHA-256 of the code: the code itself is nowhere.
    pub hash: [u8; 32],
    /// The tenant.
    pub ws: WorkspaceId,
    /// Whom it enrols.
    pub user: UserId,
    /// The colleague who asked for it; none for an administrator beside the server.
    pub invited_by: Option<UserId>,
    /// When it ends, ms since 1970 UTC.
    pub expires_ms: i64,
}

/// The end of a log's longest branch. Seq 0 when nothing is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last position.
    pub seq: u64,
    /// The link there.
    pub link: Link,
}

/// A run whose signature and shape hold, with the verdict on each op: `None` admits it, a code puts
/// it into quarantine. Entries that are withheld have a verdict too, which is not used.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The run.
    pub run: Run,
    /// One for each entry.
    pub verdicts: Vec<Option<&'static str>>,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Whose log.
    pub log: LogId,
    /// Where the server stands on that branch now; `None` when the run does not continue anything
    /// it has.
    pub head: Option<Head>,
    /// Another op stood at a position of this run.
    pub forked: bool,
}

/// What a device asks to pull.
#[derive(Debug, Clone)]
pub struct PullAsk {
    /// Scope and cursor, in order.
    pub cursors: Vec<(ScopeId, u64)>,
    /// How far the device has its own logs.
    pub own: Vec<(LogId, u64)>,
    /// About how many bytes of op data.
    pub max_bytes: usize,
}

/// A page of deliveries.
#[derive(Debug, Clone, Default)]
pub struct Pulled {
    /// Scope by scope.
    pub sections: Vec<PulledSection>,
    /// There is more.
    pub more: bool,
}

/// What a page delivers of one scope.
#[derive(Debug, Clone)]
pub struct PulledSection {
    /// The scope.
    pub scope: ScopeId,
    /// The cursor asked from.
    pub after: u64,
    /// The cursor afterwards.
    pub through: u64,
    /// With the last page of the scope: its whole digest.
    pub digest: Option<(u64, BlobHash)>,
    /// The deliveries.
    pub parts: Vec<PulledPart>,
}

/// One part of a section.
#[derive(Debug, Clone)]
pub enum PulledPart {
    /// Ops with their proof, the server_seq of each that is not withheld, and the log's key.
    Run(Run, Vec<u64>, [u8; 32]),
    /// Ops the asking device has: log, first seq, server_seqs.
    Own(LogId, u64, Vec<u64>),
}

/// An op that is kept and not admitted.
#[derive(Debug, Clone)]
pub struct Quarantined {
    /// The op.
    pub op: spotcheck_domain::Op,
    /// Why.
    pub code: String,
}

/// How much waits for somebody: what operators look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Ops in quarantine.
    pub quarantined: u64,
    /// Logs in which two ops stand at one position.
    pub forked: u64,
    /// Photos that admitted ops name and that are not held.
    pub awaited: u64,
    /// Uploads that were granted and are not complete.
    pub uploads: u64,
}

/// A range in which a scope delivered something else than its reader counted.
#[derive(Debug, Clone)]
pub struct DifferingRange {
    /// Not in the range.
    pub after: u64,
    /// The last in the range.
    pub through: u64,
    /// All that was delivered in it; none where that is too much.
    pub parts: Option<Vec<PulledPart>>,
}

/// An upload in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Part of its address.
    pub id: String,
    /// The tenant.
    pub ws: WorkspaceId,
    /// The device's log.
    pub log: LogId,
    /// What the bytes will be.
    pub sha256: BlobHash,
    /// How many.
    pub bytes: u64,
    /// SHA-256 of the capability.
    pub capability: [u8; 32],
    /// When it ends, ms since 1970 UTC.
    pub expires_ms: i64,
    /// A tus client created it.
    pub created: bool,
    /// The bytes are complete and are what they should be.
    pub done: bool,
    /// The `Upload-Metadata` it was created with, as it came.
    pub metadata: Option<String>,
}
