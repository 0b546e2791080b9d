//! The ledger in embedded SQLite: one writer, a few readers.

mod access;
mod admit;
mod blobs;
mod compare;
mod deliver;
mod directory;
mod pull;
mod quarantine;
mod runs;
mod team;
mod uploads;
mod workspaces;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, OpId, RecordId, ScopeId, UserId, WorkspaceId};
use spotcheck_protocol::checkpoint::{Checkpoint, Epoch};
use spotcheck_protocol::messages::{Introduction, RangeDigest};
use spotcheck_sqlite::rusqlite::{Connection, Transaction, TransactionBehavior};
use spotcheck_sqlite::{Location, Migrations, Profile};

use super::{
    Admitted, Code, Device, DeviceStanding, DifferingRange, Head, Judged, Ledger, Outcome, PullAsk,
    Pulled, Quarantined, ScopeRow, Upload, User, Waiting,
};

/// Marks a server database: "SpcS".
const MIGRATIONS: Migrations = Migrations {
    application_id: 0x5370_6353,
    steps: &[
        include_str!("../../schema/0001_ledger.sql"),
        include_str!("../../schema/0002_directory.sql"),
        include_str!("../../schema/0003_blob.sql"),
        include_str!("../../schema/0004_upload_metadata.sql"),
        include_str!("../../schema/0005_team.sql"),
        include_str!("../../schema/0006_scope.sql"),
        include_str!("../../schema/0007_register.sql"),
    ],
};

/// Where a ledger lives.
#[derive(Debug, Clone)]
pub enum SqliteOptions {
    /// A file, with this many connections for reading beside the one that writes.
    File(PathBuf, usize),
    /// One connection to a named file of a registered SQLite file system: for the simulation.
    Vfs {
        /// The file's name there.
        file: String,
        /// The file system's name.
        vfs: String,
        /// How commits become durable.
        profile: Profile,
    },
    /// Memory.
    Memory,
}

/// The embedded ledger.
#[derive(Debug)]
pub struct SqliteLedger {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    server_key: [u8; 32],
}

impl SqliteLedger {
    /// Opens or creates it. `server_key` is the public key of the server's own log.
    ///
    /// # Errors
    /// When the database is foreign, newer, in use, damaged, or cannot promise durability.
    pub fn open(options: &SqliteOptions, server_key: [u8; 32]) -> Outcome<Self> {
        let open = |location: Location<'_>, profile| {
            spotcheck_sqlite::open(location, profile, None, &MIGRATIONS)
        };
        let (writer, readers) = match options {
            SqliteOptions::File(path, readers) => {
                let location = Location::File(path);
                let writer = open(location, Profile::Server)?;
                let readers =
                    (0..*readers).map(|_| Ok(Mutex::new(open(location, Profile::Server)?)));
                (writer, readers.collect::<Outcome<Vec<_>>>()?)
            }
            SqliteOptions::Vfs { file, vfs, profile } => {
                (open(Location::Vfs { file, vfs }, *profile)?, vec![])
            }
            SqliteOptions::Memory => (open(Location::Memory, Profile::Server)?, vec![]),
        };
        Ok(Self { writer: Mutex::new(writer), readers, server_key })
    }

    /// Runs one write transaction.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Outcome<T> {
        let mut conn = lock(&self.writer);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Runs reads that see one state.
    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Outcome<T> {
        let free = self.readers.iter().find_map(|reader| reader.try_lock().ok());
        let mut conn = free.unwrap_or_else(|| lock(self.readers.first().unwrap_or(&self.writer)));
        let tx = conn.transaction()?;
        work(&tx)
    }
}

/// A panic in one request must not take the ledger away from the others: its transaction was rolled
/// back when it unwound.
fn lock(conn: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    conn.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger for SqliteLedger {
    async fn create_workspace(&self, ws: WorkspaceId, name: &str, epoch: Epoch) -> Outcome<()> {
        self.write(|tx| workspaces::create(tx, ws, name, epoch))
    }
    async fn list_workspaces(&self) -> Outcome<Vec<(WorkspaceId, String)>> {
        self.read(workspaces::list)
    }
    async fn checkpoint(&self, ws: WorkspaceId) -> Outcome<Checkpoint> {
        self.read(|tx| workspaces::checkpoint(tx, ws))
    }
    async fn knows_checkpoint(&self, ws: WorkspaceId, size: u64, root: BlobHash) -> Outcome<bool> {
        self.read(|tx| workspaces::knows_checkpoint(tx, ws, size, root))
    }
    async fn begin_epoch(&self, ws: WorkspaceId, epoch: Epoch) -> Outcome<()> {
        self.write(|tx| workspaces::begin_epoch(tx, ws, epoch))
    }
    async fn knows_epoch(&self, ws: WorkspaceId, epoch: Epoch) -> Outcome<bool> {
        self.read(|tx| workspaces::knows_epoch(tx, ws, epoch))
    }

    async fn find_device(&self, log: LogId) -> Outcome<Option<Device>> {
        self.read(|tx| directory::find_device(tx, log))
    }
    async fn log_count(&self, root: LogId) -> Outcome<u64> {
        self.read(|tx| directory::log_count(tx, root))
    }
    async fn list_devices(&self, ws: WorkspaceId) -> Outcome<Vec<Device>> {
        self.read(|tx| directory::list_devices(tx, ws))
    }
    async fn find_user(&self, ws: WorkspaceId, user: UserId) -> Outcome<Option<User>> {
        self.read(|tx| directory::find_user(tx, ws, user))
    }
    async fn find_user_by_code(&self, ws: WorkspaceId, code: &str) -> Outcome<Option<User>> {
        self.read(|tx| directory::find_user_by_code(tx, ws, code))
    }
    async fn list_users(&self, ws: WorkspaceId) -> Outcome<Vec<User>> {
        self.read(|tx| directory::list_users(tx, ws))
    }
    async fn find_team(&self, ws: WorkspaceId, code: &str) -> Outcome<Option<RecordId>> {
        self.read(|tx| directory::find_team(tx, ws, code))
    }
    async fn team_code(&self, ws: WorkspaceId, team: RecordId) -> Outcome<Option<String>> {
        self.read(|tx| directory::team_code(tx, ws, team))
    }
    async fn led_by(&self, ws: WorkspaceId, user: UserId) -> Outcome<Vec<(UserId, String)>> {
        self.read(|tx| team::led_by(tx, ws, user))
    }
    async fn device_standings(
        &self,
        ws: WorkspaceId,
        users: Option<&[UserId]>,
        after: Option<LogId>,
        limit: usize,
    ) -> Outcome<Vec<DeviceStanding>> {
        self.read(|tx| team::standings(tx, ws, users, after, limit))
    }
    async fn keep_contacts(&self, contacts: &[(LogId, i64)]) -> Outcome<()> {
        self.write(|tx| team::keep_contacts(tx, contacts))
    }
    async fn add_successor(&self, introduction: &Introduction) -> Outcome<()> {
        self.write(|tx| directory::add_successor(tx, introduction))
    }
    async fn add_code(&self, code: &Code) -> Outcome<()> {
        self.write(|tx| directory::add_code(tx, code))
    }
    async fn find_code(&self, hash: [u8; 32], now_ms: i64) -> Outcome<Option<Code>> {
        self.read(|tx| directory::find_code(tx, hash, now_ms))
    }

    async fn log_head(&self, ws: WorkspaceId, log: LogId, asked: Option<Head>) -> Outcome<Head> {
        self.read(|tx| admit::log_head(tx, ws, log, asked))
    }
    async fn quarantined(
        &self,
        ws: WorkspaceId,
        log: LogId,
        limit: usize,
    ) -> Outcome<Vec<(OpId, String)>> {
        self.read(|tx| quarantine::quarantined(tx, ws, log, limit))
    }
    async fn list_quarantine(&self, ws: WorkspaceId, limit: usize) -> Outcome<Vec<Quarantined>> {
        self.read(|tx| quarantine::list(tx, ws, limit))
    }
    async fn quarantine_of(
        &self,
        ws: WorkspaceId,
        record: RecordId,
        limit: usize,
    ) -> Outcome<Vec<OpId>> {
        self.read(|tx| quarantine::of_record(tx, ws, record, limit))
    }
    async fn is_released(&self, ws: WorkspaceId, op: OpId) -> Outcome<bool> {
        self.read(|tx| quarantine::is_released(tx, ws, op))
    }
    async fn is_scope(&self, ws: WorkspaceId, scope: ScopeId) -> Outcome<bool> {
        self.read(|tx| access::is_scope(tx, ws, scope))
    }
    async fn list_scopes(&self, ws: WorkspaceId) -> Outcome<Vec<ScopeRow>> {
        self.read(|tx| access::list_scopes(tx, ws))
    }
    async fn find_register(&self, ws: WorkspaceId, code: &str) -> Outcome<Option<RecordId>> {
        self.read(|tx| directory::find_register(tx, ws, code))
    }
    async fn has_organisation(&self, ws: WorkspaceId, code: &str) -> Outcome<bool> {
        self.read(|tx| access::has_organisation(tx, ws, code))
    }
    async fn revoked_quarantine(&self, ws: WorkspaceId, log: LogId) -> Outcome<(u64, u64)> {
        self.read(|tx| quarantine::revoked_quarantine(tx, ws, log))
    }
    async fn admit(
        &self,
        ws: WorkspaceId,
        runs: &[Judged],
        use_code: Option<[u8; 32]>,
    ) -> Outcome<Vec<Admitted>> {
        let server_log = LogId::of_key(spotcheck_protocol::keys::ALG, &self.server_key);
        self.write(|tx| {
            if let Some(hash) = use_code {
                directory::spend_code(tx, hash)?;
            }
            admit::admit(tx, ws, runs, server_log)
        })
    }
    async fn pull(&self, ws: WorkspaceId, ask: &PullAsk) -> Outcome<Pulled> {
        self.read(|tx| pull::pull(tx, ws, ask, &self.server_key))
    }
    async fn compare(
        &self,
        ws: WorkspaceId,
        scope: ScopeId,
        ranges: &[RangeDigest],
        max_bytes: usize,
    ) -> Outcome<Vec<DifferingRange>> {
        self.read(|tx| compare::compare(tx, ws, scope, ranges, max_bytes, &self.server_key))
    }
    async fn record_home(
        &self,
        ws: WorkspaceId,
        record: RecordId,
    ) -> Outcome<Option<(ScopeId, bool)>> {
        self.read(|tx| admit::record_home(tx, ws, record))
    }

    async fn held(
        &self,
        ws: WorkspaceId,
        log: LogId,
        reads: &[ScopeId],
        blobs: &[BlobHash],
    ) -> Outcome<Vec<BlobHash>> {
        let (held, fresh) = self.read(|tx| blobs::held(tx, ws, log, reads, blobs))?;
        // Few pushes need the one writer for this. What may be read stays readable in between.
        if !fresh.is_empty() {
            self.write(|tx| fresh.iter().try_for_each(|blob| blobs::put(tx, ws, *blob, log)))?;
        }
        Ok(held)
    }
    async fn put_blob(&self, ws: WorkspaceId, blob: BlobRef, uploader: LogId) -> Outcome<()> {
        self.write(|tx| blobs::put(tx, ws, blob, uploader))
    }
    async fn readable_blob(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        scopes: &[ScopeId],
    ) -> Outcome<Option<BlobRef>> {
        self.read(|tx| blobs::readable(tx, ws, blob, scopes))
    }
    async fn add_upload(&self, upload: &Upload) -> Outcome<()> {
        self.write(|tx| uploads::add(tx, upload))
    }
    async fn find_upload(&self, capability: [u8; 32]) -> Outcome<Option<Upload>> {
        self.read(|tx| uploads::find(tx, capability))
    }
    async fn create_upload(&self, id: &str, metadata: Option<&str>) -> Outcome<()> {
        self.write(|tx| uploads::create(tx, id, metadata))
    }
    async fn finish_upload(&self, id: &str) -> Outcome<()> {
        self.write(|tx| uploads::finish(tx, id))
    }
    async fn knows_upload(&self, id: &str) -> Outcome<bool> {
        self.read(|tx| uploads::knows(tx, id))
    }
    async fn expired_uploads(&self, now_ms: i64, limit: usize) -> Outcome<Vec<String>> {
        self.read(|tx| uploads::expired(tx, now_ms, limit))
    }
    async fn forget_upload(&self, id: &str) -> Outcome<()> {
        self.write(|tx| uploads::forget(tx, id))
    }

    async fn waiting(&self) -> Outcome<Waiting> {
        self.read(workspaces::waiting)
    }

    async fn probe(&self) -> Outcome<()> {
        let mut conn = lock(&self.writer);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        workspaces::probe(&tx)?;
        Ok(tx.rollback()?)
    }
}
