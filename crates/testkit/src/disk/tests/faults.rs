//! A full disk, a failing sync, rot, and copies.

use rusqlite::ErrorCode;

use super::{SimDisk, WAL, open, save, save_until_error, saved};

#[test]
fn a_full_disk_refuses_and_resumes() {
    for seed in 0..100 {
        let disk = SimDisk::new(seed);
        let conn = open(&disk, WAL, "full").unwrap();
        disk.set_capacity(Some(40_000 + seed * 997));
        let acknowledged = save_until_error(&conn, 1, 400);
        assert!(acknowledged < 400, "the disk never filled up, seed {seed}");
        let error = save(&conn, acknowledged + 1).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::DiskFull), "seed {seed}");
        disk.set_capacity(None);
        assert_eq!(save_until_error(&conn, acknowledged + 1, acknowledged + 10), acknowledged + 10);
        disk.power_cut();
        drop(conn);
        assert_eq!(saved(&open(&disk, WAL, "full").unwrap()), acknowledged + 10, "seed {seed}");
    }
}

#[test]
fn a_failed_sync_fails_the_save_and_spares_the_acknowledged() {
    for seed in 0..200 {
        let disk = SimDisk::new(seed);
        let conn = open(&disk, WAL, "full").unwrap();
        let acknowledged = save_until_error(&conn, 1, (seed % 17).cast_signed());
        disk.fail_next_sync();
        assert!(save(&conn, acknowledged + 1).is_err(), "seed {seed}");
        drop(conn);
        let conn = open(&disk, WAL, "full").unwrap();
        let found = saved(&conn);
        assert!((acknowledged..=acknowledged + 1).contains(&found), "seed {seed}");
        // What the failed sync dropped must not make a hole under later saves.
        let acknowledged = save_until_error(&conn, found + 1, found + 3);
        disk.power_cut();
        drop(conn);
        assert_eq!(saved(&open(&disk, WAL, "full").unwrap()), acknowledged, "seed {seed}");
    }
}

/// After a failed sync and a kill, the WAL that readers see is not the one on the disk. Saves on
/// top of it are lost with the power, unless a checkpoint at open first writes all of it anew.
#[test]
fn a_kill_after_a_failed_sync_needs_a_checkpoint_at_open() {
    let lossy = |at_open: &str| {
        let loses = |seed: &u64| {
            let disk = SimDisk::new(*seed);
            let conn = open(&disk, WAL, "full").unwrap();
            let acknowledged = save_until_error(&conn, 1, 5);
            disk.fail_next_sync();
            assert!(save(&conn, acknowledged + 1).is_err(), "seed {seed}");
            disk.crash();
            let conn = open(&disk, WAL, "full").unwrap();
            conn.execute_batch(at_open).unwrap();
            let found = saved(&conn);
            let acknowledged = save_until_error(&conn, found + 1, found + 3);
            disk.power_cut();
            saved(&open(&disk, WAL, "full").unwrap()) < acknowledged
        };
        (0..200).filter(loses).count()
    };
    assert!(lossy("") > 50, "the hazard is gone: is the checkpoint still needed?");
    assert_eq!(lossy("pragma wal_checkpoint(truncate)"), 0);
}

/// 400 bits, since SQLite notices only damage to its structure: one bit is nearly always inside a
/// value, where nothing but the op's own hash can find it.
#[test]
fn rot_is_mostly_noticed_and_never_panics() {
    let mut noticed = 0;
    for seed in 0..100 {
        let disk = SimDisk::new(seed);
        let conn = open(&disk, WAL, "full").unwrap();
        save_until_error(&conn, 1, 40);
        drop(conn);
        disk.flip_bits("app.db", 400);
        let check = open(&disk, WAL, "full").and_then(|conn| {
            conn.query_row("pragma integrity_check", [], |row| row.get::<_, String>(0))
        });
        noticed += u32::from(check.as_deref() != Ok("ok"));
    }
    println!("rot: noticed in {noticed} of 100 databases");
    assert!(noticed > 50, "noticed in {noticed} of 100");
}

#[test]
fn a_copy_stands_alone() {
    let (disk, backup) = (SimDisk::new(1), SimDisk::new(2));
    let conn = open(&disk, WAL, "full").unwrap();
    save_until_error(&conn, 1, 5);
    disk.copy_to(&backup);
    save_until_error(&conn, 6, 9);
    assert_eq!(saved(&open(&backup, WAL, "full").unwrap()), 5);
    backup.copy_to(&disk);
    assert!(save(&conn, 10).is_err(), "its files were replaced");
    assert_eq!(saved(&open(&disk, WAL, "full").unwrap()), 5);
}

#[test]
fn files_can_be_read_replaced_and_removed() {
    let disk = SimDisk::new(1);
    assert_eq!(disk.read_file("app.db"), None);
    disk.write_file("app.db", b"not a database, but long enough to look at");
    assert_eq!(disk.files(), [("app.db".to_owned(), 42)]);
    assert!(open(&disk, WAL, "full").is_err());
    disk.remove_file("app.db");
    disk.flip_bits("app.db", 3);
    assert_eq!(saved(&open(&disk, WAL, "full").unwrap()), 0);
}
