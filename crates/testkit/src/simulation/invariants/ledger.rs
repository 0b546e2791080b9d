//! What the server's disk holds, read with plain SQL.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use spotcheck_domain::op::{Body, Link, OpData, Salt};
use spotcheck_domain::{BlobHash, LogId, Op, OpHash, RecordId, ScopeId};

use super::Violation;
use crate::world::World;

/// An op that the server holds whole.
pub(super) struct Held {
    pub(super) op: Op,
    /// What it does; nothing when its data is none of this version.
    pub(super) data: OpData,
    /// `admitted`, or why it is in quarantine.
    pub(super) status: String,
}

/// Where a hash stands in a log, whether the op itself is held or not.
pub(super) struct Stands {
    pub(super) hash: OpHash,
    pub(super) log: LogId,
    pub(super) seq: u64,
    /// The log's state after it.
    pub(super) link: Link,
}

/// A run as it was signed.
pub(super) struct SignedRun {
    pub(super) log: LogId,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) prev: Link,
    pub(super) sig: [u8; 64],
}

/// A log that the server knows.
pub(super) struct KnownLog {
    pub(super) key: [u8; 32],
    pub(super) predecessor: Option<LogId>,
    pub(super) introduction: Option<[u8; 64]>,
    pub(super) forked: bool,
}

/// A history between restores.
pub(super) struct EpochRow {
    pub(super) epoch: ScopeId,
    pub(super) previous: Option<ScopeId>,
    /// The size it began at.
    pub(super) size: u64,
}

/// All of it.
pub(super) struct Ledger {
    pub(super) ops: BTreeMap<OpHash, Held>,
    pub(super) places: Vec<Stands>,
    pub(super) runs: Vec<SignedRun>,
    pub(super) logs: BTreeMap<LogId, KnownLog>,
    /// The history: number, scope, and the hash of the op or photo.
    pub(super) deliveries: Vec<(u64, ScopeId, OpHash)>,
    pub(super) epochs: Vec<EpochRow>,
    /// The epoch it is in.
    pub(super) epoch: ScopeId,
    /// Every size, root and epoch that the server says it signed.
    pub(super) checkpoints: Vec<(u64, [u8; 32], ScopeId)>,
    pub(super) blobs: BTreeSet<BlobHash>,
    /// Which photo may be read in which scope.
    pub(super) open: BTreeSet<(BlobHash, ScopeId)>,
    /// Which log sent which photo, or need not as it reads it.
    pub(super) uploaders: BTreeSet<(BlobHash, LogId)>,
}

impl Ledger {
    /// Whether the op that creates a record is here and nobody is shown it.
    pub(super) fn in_quarantine(&self, record: RecordId) -> bool {
        let mut created = self.ops.iter().filter(|(hash, _)| RecordId::from(**hash) == record);
        created.any(|(_, held)| held.status != "admitted")
    }
}

/// Reads it. The server must be off.
pub(super) fn read(world: &World) -> Result<Ledger, Violation> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let conn =
        Connection::open_with_flags_and_vfs("ledger.db", flags, world.server.disk.vfs_name());
    let conn = conn.expect("the ledger opens");
    conn.execute_batch("pragma locking_mode=exclusive").expect("a pragma");
    let rows = |sql: &str| rows(&conn, sql);
    let mut ops = BTreeMap::new();
    let sql = "select op_hash, header, data, salt, status from op where header is not null";
    for row in rows(sql) {
        let hash = OpHash(bytes(&row[0]));
        let body = match &row[2] {
            Value::Text(text) => Some(Body { text: text.clone(), salt: Salt(bytes(&row[3])) }),
            _ => None,
        };
        let op = Op::read(text(&row[1]), body).ok().filter(|op| op.hash == hash);
        let Some(op) = op else {
            let what = format!("what the server keeps of op {hash} is not what was signed");
            return Err(Violation::new("I2", what));
        };
        let data = op.data().unwrap_or_default();
        ops.insert(hash, Held { op, data, status: text(&row[4]) });
    }
    let places = rows("select op_hash, log, seq, link from op order by seq");
    let runs = rows("select log, first_seq, last_seq, prev, head_sig from run");
    let logs = rows("select log, key, predecessor, introduction, forked from device");
    let deliveries = rows(
        "select d.server_seq, d.scope, coalesce(o.op_hash, d.blob)
         from delivery d left join op o on o.id = d.op order by d.server_seq",
    );
    let epochs = rows("select epoch, previous, size from epoch");
    let uploaders = rows("select sha256, log from blob_uploader");
    let open = rows("select sha256, scope from blob_scope");
    let checkpoints = rows("select size, root, epoch from checkpoint");
    Ok(Ledger {
        ops,
        places: places
            .iter()
            .map(|row| Stands {
                hash: OpHash(bytes(&row[0])),
                log: LogId(bytes(&row[1])),
                seq: number(&row[2]),
                link: Link(bytes(&row[3])),
            })
            .collect(),
        runs: runs
            .iter()
            .map(|row| SignedRun {
                log: LogId(bytes(&row[0])),
                first: number(&row[1]),
                last: number(&row[2]),
                prev: Link(bytes(&row[3])),
                sig: bytes(&row[4]),
            })
            .collect(),
        logs: logs
            .iter()
            .map(|row| {
                let known = KnownLog {
                    key: bytes(&row[1]),
                    predecessor: is_blob(&row[2]).then(|| LogId(bytes(&row[2]))),
                    introduction: is_blob(&row[3]).then(|| bytes(&row[3])),
                    forked: number(&row[4]) == 1,
                };
                (LogId(bytes(&row[0])), known)
            })
            .collect(),
        deliveries: deliveries
            .iter()
            .map(|row| (number(&row[0]), ScopeId(bytes(&row[1])), OpHash(bytes(&row[2]))))
            .collect(),
        epochs: epochs
            .iter()
            .map(|row| EpochRow {
                epoch: ScopeId(bytes(&row[0])),
                previous: is_blob(&row[1]).then(|| ScopeId(bytes(&row[1]))),
                size: number(&row[2]),
            })
            .collect(),
        epoch: ScopeId(bytes(&rows("select epoch from workspace")[0][0])),
        checkpoints: checkpoints
            .iter()
            .map(|row| (number(&row[0]), bytes(&row[1]), ScopeId(bytes(&row[2]))))
            .collect(),
        blobs: rows("select sha256 from blob").iter().map(|row| BlobHash(bytes(&row[0]))).collect(),
        uploaders: uploaders
            .iter()
            .map(|row| (BlobHash(bytes(&row[0])), LogId(bytes(&row[1]))))
            .collect(),
        open: open.iter().map(|row| (BlobHash(bytes(&row[0])), ScopeId(bytes(&row[1])))).collect(),
    })
}

fn rows(conn: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut select = conn.prepare(sql).expect("a query");
    let columns = select.column_count();
    let mut rows = select.query([]).expect("rows");
    let mut all = vec![];
    while let Some(row) = rows.next().expect("a row") {
        all.push((0..columns).map(|at| row.get(at).expect("a value")).collect());
    }
    all
}

/// A blob of a known length; zeros for anything else, which then equals nothing.
fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    match value {
        Value::Blob(bytes) => bytes.as_slice().try_into().unwrap_or([0; N]),
        _ => [0; N],
    }
}

fn is_blob(value: &Value) -> bool {
    matches!(value, Value::Blob(_))
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn number(value: &Value) -> u64 {
    match value {
        Value::Integer(n) => *n as u64,
        _ => 0,
    }
}
