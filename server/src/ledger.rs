//! What the server keeps: ops in delivery order, the directory, uploads.
//!
//! The trait is asynchronous because a networked database is; the SQLite one answers at once on
//! whatever thread calls it, and the HTTP host calls it on threads that may block.

mod sqlite;
#[cfg(test)]
mod tests;
mod types;

pub use sqlite::{SqliteLedger, SqliteOptions};
pub use types::*;

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, OpId, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch};
use spotcheck_protocol::messages::{Introduction, RangeDigest};

/// Durable state of all workspaces. Every method is one transaction: all of it or nothing.
#[allow(async_fn_in_trait, reason = "used as a type parameter only; its futures stay in one task")]
pub trait Ledger {
    /// Creates a workspace with its first epoch.
    async fn create_workspace(&self, ws: WorkspaceId, name: &str, epoch: Epoch) -> Outcome<()>;
    /// Every workspace, with its name.
    async fn list_workspaces(&self) -> Outcome<Vec<(WorkspaceId, String)>>;
    /// Where a workspace's history stands.
    async fn checkpoint(&self, ws: WorkspaceId) -> Outcome<Checkpoint>;
    /// Whether this server ever signed that checkpoint in its present lineage.
    async fn knows_checkpoint(&self, ws: WorkspaceId, size: u64, root: BlobHash) -> Outcome<bool>;
    /// Begins a new epoch at the present size.
    async fn begin_epoch(&self, ws: WorkspaceId, epoch: Epoch) -> Outcome<()>;
    /// Whether an epoch is in the present lineage.
    async fn knows_epoch(&self, ws: WorkspaceId, epoch: Epoch) -> Outcome<bool>;

    /// A device by its log, revoked or not.
    async fn find_device(&self, log: LogId) -> Outcome<Option<Device>>;
    /// How many logs a device has had, from its first.
    async fn log_count(&self, root: LogId) -> Outcome<u64>;
    /// Every device of a workspace.
    async fn list_devices(&self, ws: WorkspaceId) -> Outcome<Vec<Device>>;
    /// A user with the scopes they read and write.
    async fn find_user(&self, ws: WorkspaceId, user: UserId) -> Outcome<Option<User>>;
    /// A user by code.
    async fn find_user_by_code(&self, ws: WorkspaceId, code: &str) -> Outcome<Option<User>>;
    /// Every user of a workspace.
    async fn list_users(&self, ws: WorkspaceId) -> Outcome<Vec<User>>;
    /// A team's record by its code.
    async fn find_team(
        &self,
        ws: WorkspaceId,
        code: &str,
    ) -> Outcome<Option<spotcheck_domain::RecordId>>;
    /// A team's code by its record.
    async fn team_code(
        &self,
        ws: WorkspaceId,
        team: spotcheck_domain::RecordId,
    ) -> Outcome<Option<String>>;
    /// Members of the teams in which a user's role is lead, each once, with their own role.
    async fn led_by(&self, ws: WorkspaceId, user: UserId) -> Outcome<Vec<(UserId, String)>>;
    /// How the logs of these users' devices stand (`None`: of everybody's), by log after one.
    async fn device_standings(
        &self,
        ws: WorkspaceId,
        users: Option<&[UserId]>,
        after: Option<LogId>,
        limit: usize,
    ) -> Outcome<Vec<DeviceStanding>>;
    /// Keeps when devices were last heard of: by first log, ms since 1970 UTC.
    async fn keep_contacts(&self, contacts: &[(LogId, i64)]) -> Outcome<()>;
    /// Admits a log that continues a known one.
    async fn add_successor(&self, introduction: &Introduction) -> Outcome<()>;

    /// Keeps a one-time code, by its hash.
    async fn add_code(&self, code: &Code) -> Outcome<()>;
    /// An unused, unexpired code.
    async fn find_code(&self, hash: [u8; 32], now_ms: i64) -> Outcome<Option<Code>>;

    /// The position and link that a device says is held, when it is; else the end of the log's
    /// longest branch.
    async fn log_head(&self, ws: WorkspaceId, log: LogId, asked: Option<Head>) -> Outcome<Head>;
    /// Ops of a log in quarantine, the latest first, and why.
    async fn quarantined(
        &self,
        ws: WorkspaceId,
        log: LogId,
        limit: usize,
    ) -> Outcome<Vec<(OpId, String)>>;
    /// What a workspace has in quarantine, the oldest first.
    async fn list_quarantine(&self, ws: WorkspaceId, limit: usize) -> Outcome<Vec<Quarantined>>;
    /// The first of these that belong to a record, or to what belongs to it.
    async fn quarantine_of(
        &self,
        ws: WorkspaceId,
        record: spotcheck_domain::RecordId,
        limit: usize,
    ) -> Outcome<Vec<OpId>>;
    /// Whether an op was released from quarantine, or will be once it comes.
    async fn is_released(&self, ws: WorkspaceId, op: OpId) -> Outcome<bool>;
    /// Whether a scope is a team's, or one with an access list: something may be shared with it.
    async fn is_scope(&self, ws: WorkspaceId, scope: ScopeId) -> Outcome<bool>;
    /// Scopes beside the teams' own, by code, with their access lists.
    async fn list_scopes(&self, ws: WorkspaceId) -> Outcome<Vec<ScopeRow>>;
    /// A register's record by its code.
    async fn find_register(
        &self,
        ws: WorkspaceId,
        code: &str,
    ) -> Outcome<Option<spotcheck_domain::RecordId>>;
    /// Whether there is an organisation of that code.
    async fn has_organisation(&self, ws: WorkspaceId, code: &str) -> Outcome<bool>;
    /// What a device, under all its logs, has in quarantine because it is revoked: how many ops, and
    /// how many bytes they are.
    async fn revoked_quarantine(&self, ws: WorkspaceId, log: LogId) -> Outcome<(u64, u64)>;
    /// Stores verified runs and delivers what is admitted. `use_code` is spent in the same
    /// transaction, and [`LedgerError::CodeSpent`] undoes it all.
    async fn admit(
        &self,
        ws: WorkspaceId,
        runs: &[Judged],
        use_code: Option<[u8; 32]>,
    ) -> Outcome<Vec<Admitted>>;
    /// What is new in scopes, a page of about `max_bytes`.
    async fn pull(&self, ws: WorkspaceId, ask: &PullAsk) -> Outcome<Pulled>;
    /// The ranges in which a scope delivered something else than the reader counted, with what it
    /// was, as far as about `max_bytes` of op data go.
    async fn compare(
        &self,
        ws: WorkspaceId,
        scope: ScopeId,
        ranges: &[RangeDigest],
        max_bytes: usize,
    ) -> Outcome<Vec<DifferingRange>>;
    /// The scope of the op that created a record, and whether it was admitted, when it is known.
    async fn record_home(
        &self,
        ws: WorkspaceId,
        record: spotcheck_domain::RecordId,
    ) -> Outcome<Option<(ScopeId, bool)>>;

    /// Which of these blobs a device need not send, by any of its logs: those it uploaded, and those
    /// that one of the scopes `reads` may read. Of the latter it has the bytes too, so from now on it
    /// counts as having uploaded them, and its ops that name them open them to their scopes. What
    /// others uploaded and it may not read is left out, as if it were not there.
    async fn held(
        &self,
        ws: WorkspaceId,
        log: LogId,
        reads: &[ScopeId],
        blobs: &[BlobHash],
    ) -> Outcome<Vec<BlobHash>>;
    /// Notes a complete, re-hashed blob and who had its bytes.
    async fn put_blob(&self, ws: WorkspaceId, blob: BlobRef, uploader: LogId) -> Outcome<()>;
    /// A blob that one of these scopes may read.
    async fn readable_blob(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        scopes: &[ScopeId],
    ) -> Outcome<Option<BlobRef>>;
    /// Keeps an upload.
    async fn add_upload(&self, upload: &Upload) -> Outcome<()>;
    /// An upload by the hash of its capability.
    async fn find_upload(&self, capability: [u8; 32]) -> Outcome<Option<Upload>>;
    /// Marks an upload created by a tus client, with the `Upload-Metadata` it gave.
    async fn create_upload(&self, id: &str, metadata: Option<&str>) -> Outcome<()>;
    /// Marks an upload done.
    async fn finish_upload(&self, id: &str) -> Outcome<()>;
    /// Whether an upload is kept.
    async fn knows_upload(&self, id: &str) -> Outcome<bool>;
    /// Uploads whose capability has ended at `now_ms`, at most `limit`, the oldest first.
    async fn expired_uploads(&self, now_ms: i64, limit: usize) -> Outcome<Vec<String>>;
    /// Forgets an upload. The blob it became, if it did, stays.
    async fn forget_upload(&self, id: &str) -> Outcome<()>;

    /// How much waits for somebody, over all workspaces.
    async fn waiting(&self) -> Outcome<Waiting>;

    /// Proves that a row can be written: writes one and takes it back.
    async fn probe(&self) -> Outcome<()>;
}
