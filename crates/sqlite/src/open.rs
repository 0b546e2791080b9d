//! Opening, with every promise read back.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::Migrations;

/// Where a database lives.
#[derive(Debug, Clone, Copy)]
pub enum Location<'a> {
    /// A file.
    File(&'a Path),
    /// A named file of a registered SQLite file system (the browser's, or a simulated disk).
    Vfs {
        /// The file's name there.
        file: &'a str,
        /// The file system's name.
        vfs: &'a str,
    },
    /// Memory: for tests that need no durability.
    Memory,
}

/// How a host keeps its promise that a commit is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// One process, one connection: write-ahead log, every commit flushed. Also keeps a second
    /// process out, because two writers of one device log would be a fork.
    Device,
    /// One process, several connections: write-ahead log, every commit flushed.
    Server,
    /// The browser's private file system has no shared memory for a write-ahead log: rollback
    /// journal, with the directory flushed too.
    Browser,
    /// What the simulation uses to prove that it notices: commits are not flushed. Never a host's.
    Unsafe,
}

/// Why a database did not open. Each names what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It belongs to another program.
    #[error("this file is not a Spotcheck database of this kind; choose another folder")]
    Foreign,
    /// A newer Spotcheck wrote it.
    #[error(
        "the database has schema {found}, this program knows {known}: install the newer program"
    )]
    Newer {
        /// The schema version in the file.
        found: i64,
        /// The last one this program knows.
        known: i64,
    },
    /// Another process has it open.
    #[error("another Spotcheck process has this database open: close it, then try again")]
    InUse,
    /// Its pages are damaged.
    #[error(
        "the database is damaged ({0}): keep the folder as it is, and restore from the server or a copy"
    )]
    Damaged(String),
    /// SQLite or its settings are not what durability needs.
    #[error("cannot promise durability here: {0}")]
    Profile(String),
    /// Anything else SQLite says.
    #[error("{}", what_to_do(.0))]
    Sqlite(rusqlite::Error),
}

/// A failure of SQLite in words a person can act on, where there is something to do.
pub fn what_to_do(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure};
    match error.sqlite_error_code() {
        Some(DiskFull) => {
            "the disk is full: free some space, then do it again; what was saved before is safe"
                .to_owned()
        }
        Some(ReadOnly | CannotOpen | PermissionDenied) => format!(
            "the database cannot be written ({error}): give yourself the right to write its folder"
        ),
        Some(SystemIoFailure) => format!(
            "the disk failed ({error}): what was saved before is kept; copy the folder to another disk"
        ),
        _ => format!("database: {error}"),
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseCorrupt, DatabaseLocked, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::InUse,
            Some(NotADatabase) => Self::Foreign,
            Some(DatabaseCorrupt) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}

/// Pages a device keeps in memory, in KiB (negative, as SQLite wants it). In 2 MB, SQLite's default, a
/// page of a pull does not fit: it is written to the log early, and read and written again.
const DEVICE_CACHE_KIB: i64 = -8192;
/// A server has several connections, gained nothing by more, and has a budget of memory.
const SERVER_CACHE_KIB: i64 = -2000;

/// The first SQLite without the write-ahead-log reset bug (present from 3.7.0 on).
const FIRST_SAFE_SQLITE: i32 = 3_051_003;
/// Larger databases are checked by the host when it has time, not at every start.
const QUICK_CHECK_PAGES: i64 = 16_384;

/// Opens a database under a profile, checks it, and brings its schema up to date.
///
/// `key` is for encryption at rest, which comes later; until then only `None` is accepted.
///
/// # Errors
/// When the file is foreign, newer, in use or damaged, or the profile does not hold.
pub fn open(
    location: Location<'_>,
    profile: Profile,
    key: Option<&[u8; 32]>,
    migrations: &Migrations,
) -> Result<Connection, OpenError> {
    if key.is_some() {
        return Err(OpenError::Profile("this build has no encryption at rest yet".to_owned()));
    }
    if rusqlite::version_number() < FIRST_SAFE_SQLITE {
        return Err(OpenError::Profile(format!("SQLite {} is too old", rusqlite::version())));
    }
    let mut conn = connect(location)?;
    // Else SQLite plans most of our statements anew whenever a value is bound: a third of all work.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if matches!(location, Location::Memory) {
        conn.execute_batch("pragma foreign_keys=on; pragma trusted_schema=off;")?;
    } else {
        apply(&conn, profile)?;
    }
    check_pages(&conn)?;
    migrations.run(&mut conn)?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

fn connect(location: Location<'_>) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match location {
        Location::File(path) => Connection::open_with_flags(path, flags),
        Location::Vfs { file, vfs } => Connection::open_with_flags_and_vfs(file, flags, vfs),
        Location::Memory => Connection::open_in_memory(),
    }
}

fn apply(conn: &Connection, profile: Profile) -> Result<(), OpenError> {
    let (locking, journal, synchronous) = match profile {
        Profile::Device => ("exclusive", "wal", 2),
        Profile::Server => ("normal", "wal", 2),
        Profile::Browser => ("exclusive", "truncate", 3),
        Profile::Unsafe => ("exclusive", "wal", 1),
    };
    let cache = if profile == Profile::Server { SERVER_CACHE_KIB } else { DEVICE_CACHE_KIB };
    // A second process that holds a device's database will not let go of it: say so at once.
    let wait = if profile == Profile::Server { 10 } else { 0 };
    conn.busy_timeout(std::time::Duration::from_secs(wait))?;
    // The system libraries of some platforms turn a flush into a mere barrier; ours asks for more.
    conn.execute_batch(&format!(
        "pragma locking_mode={locking};
         pragma fullfsync=on; pragma checkpoint_fullfsync=on;
         pragma foreign_keys=on; pragma trusted_schema=off; pragma cache_size={cache};"
    ))?;
    let mode: String =
        conn.pragma_update_and_check(None, "journal_mode", journal, |row| row.get(0))?;
    conn.pragma_update(None, "synchronous", synchronous)?;
    let held: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if mode != journal || held != synchronous {
        return Err(OpenError::Profile(format!(
            "journal_mode is {mode}, synchronous is {held}; needed {journal} and {synchronous}"
        )));
    }
    // A log that a failed flush left only in the page cache would be built upon, and lost with the
    // power; moved into the database it is flushed anew, or fails here.
    if journal == "wal" {
        conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    }
    if locking == "exclusive" {
        // The lock is taken by the first write; take it now, so that a second process learns here.
        conn.execute_batch("begin immediate; commit;")?;
    }
    Ok(())
}

fn check_pages(conn: &Connection) -> Result<(), OpenError> {
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages <= QUICK_CHECK_PAGES {
        let said: String = conn.pragma_query_value(None, "quick_check", |row| row.get(0))?;
        if said != "ok" {
            return Err(OpenError::Damaged(said));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Migrations =
        Migrations { application_id: 0x5350_4331, steps: &["create table a (x) strict_not;"] };
    const V1: Migrations =
        Migrations { application_id: 0x5350_4331, steps: &["create table a (x integer) strict;"] };

    #[test]
    fn a_second_process_a_foreign_file_and_a_newer_schema_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let first = open(Location::File(&path), Profile::Device, None, &V1).unwrap();
        let second = open(Location::File(&path), Profile::Device, None, &V1);
        assert!(matches!(second, Err(OpenError::InUse)), "{second:?}");
        first.pragma_update(None, "user_version", 7).unwrap();
        drop(first);
        let newer = open(Location::File(&path), Profile::Device, None, &V1);
        assert!(matches!(newer, Err(OpenError::Newer { found: 7, known: 1 })), "{newer:?}");

        let foreign = dir.path().join("b.db");
        Connection::open(&foreign).unwrap().execute_batch("create table t (x)").unwrap();
        let refused = open(Location::File(&foreign), Profile::Device, None, &V1);
        assert!(matches!(refused, Err(OpenError::Foreign)), "{refused:?}");
        #[allow(clippy::disallowed_methods, reason = "a test needs a file of garbage")]
        std::fs::write(dir.path().join("c.db"), vec![7; 8192]).unwrap();
        let garbage = open(Location::File(&dir.path().join("c.db")), Profile::Device, None, &V1);
        assert!(matches!(garbage, Err(OpenError::Foreign)), "{garbage:?}");
    }

    #[test]
    fn a_failed_migration_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        assert!(open(Location::File(&path), Profile::Device, None, &OURS).is_err());
        assert!(open(Location::File(&path), Profile::Device, None, &V1).is_ok());
    }
}
