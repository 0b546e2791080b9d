//! Several connections, and several disks, in one process.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::{SimDisk, open, save, save_until_error, saved};

const SHARED: [&str; 2] = ["journal_mode=wal", "journal_mode=delete"];

#[test]
fn a_second_writer_waits_its_turn() {
    for mode in SHARED {
        let disk = SimDisk::new(1);
        let (mut one, two) =
            (open(&disk, mode, "full").unwrap(), open(&disk, mode, "full").unwrap());
        two.busy_timeout(Duration::ZERO).unwrap();
        let tx = one.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let error = save(&two, 1).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy), "{mode}");
        drop(tx);
        save(&two, 1).unwrap();
        save(&one, 2).unwrap();
        assert_eq!((saved(&one), saved(&two)), (2, 2), "{mode}");
    }
}

#[test]
fn a_wal_reader_keeps_its_snapshot() {
    let disk = SimDisk::new(1);
    let mode = SHARED[0];
    let (writer, reader) = (open(&disk, mode, "full").unwrap(), open(&disk, mode, "full").unwrap());
    save_until_error(&writer, 1, 3);
    let snapshot = reader.unchecked_transaction().unwrap();
    assert_eq!(saved(&reader), 3);
    save_until_error(&writer, 4, 60);
    assert_eq!(saved(&reader), 3, "its transaction sees its start");
    drop(snapshot);
    assert_eq!(saved(&reader), 60);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "the locks are there for threads")]
fn threads_share_a_database() {
    for mode in SHARED {
        let disk = SimDisk::new(1);
        open(&disk, mode, "full").unwrap();
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let disk = disk.clone();
                std::thread::spawn(move || {
                    let mut conn = open(&disk, mode, "full").unwrap();
                    conn.busy_timeout(Duration::from_secs(20)).unwrap();
                    (0..30).for_each(|_| append(&mut conn));
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(saved(&open(&disk, mode, "full").unwrap()), 90, "{mode}");
    }
}

/// Saves after whatever is there.
fn append(conn: &mut Connection) {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let next: i64 =
        tx.query_row("select ifnull(max(id), 0) + 1 from save", [], |row| row.get(0)).unwrap();
    for id in [next, next + 1] {
        tx.execute("insert into save values (?1, x'00')", [id]).unwrap();
    }
    tx.commit().unwrap();
}

/// A disk lives as long as it or a connection does; then its name serves the next one.
#[test]
fn a_dropped_disk_is_freed() {
    let disk = SimDisk::new(1);
    let conn = open(&disk, SHARED[0], "full").unwrap();
    let state = std::sync::Arc::downgrade(&disk.shared);
    drop(disk);
    save(&conn, 1).unwrap();
    assert!(state.upgrade().is_some());
    drop(conn);
    assert!(state.upgrade().is_none());
}

#[test]
fn disks_do_not_see_each_other() {
    let (one, two) = (SimDisk::new(1), SimDisk::new(1));
    assert_ne!(one.vfs_name(), two.vfs_name());
    save(&open(&one, SHARED[0], "full").unwrap(), 1).unwrap();
    assert!(two.files().is_empty());
}
