//! Power cuts and kills at random steps.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::{SimDisk, WAL, open, save_until_error, saved};

/// Cuts the power at a random step of 40 saves; how many were acknowledged, how many are left.
fn cut_once(seed: u64, mode: &str, synchronous: &str) -> (i64, i64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let disk = SimDisk::new(seed);
    let conn = open(&disk, mode, synchronous).unwrap();
    disk.cut_after_io(1 + u64::from(rng.next_u32() % 200));
    let acknowledged = save_until_error(&conn, 1, 40);
    disk.power_cut();
    drop(conn);
    (acknowledged, saved(&open(&disk, mode, synchronous).unwrap()))
}

#[test]
fn full_sync_loses_nothing_acknowledged() {
    for mode in [WAL, "journal_mode=wal", "journal_mode=delete", "journal_mode=truncate"] {
        for seed in 0..300 {
            let (acknowledged, left) = cut_once(seed, mode, "full");
            let kept = acknowledged..=acknowledged + 1;
            assert!(kept.contains(&left), "{mode}, seed {seed}: {acknowledged} became {left}");
        }
    }
}

/// The proof that the harness can fail.
#[test]
fn normal_sync_loses_acknowledged_work_in_most_cuts() {
    let cuts: Vec<_> = (0..300).map(|seed| cut_once(seed, WAL, "normal")).collect();
    let lossy = cuts.iter().filter(|(acknowledged, left)| left < acknowledged).count();
    let acknowledged: i64 = cuts.iter().map(|cut| cut.0).sum();
    let lost: i64 = cuts.iter().map(|cut| (cut.0 - cut.1).max(0)).sum();
    println!("NORMAL: {lossy} of 300 cuts lost {lost} of {acknowledged} transactions");
    assert!(lossy > 150, "only {lossy} of 300 cuts lost anything");
}

#[test]
fn every_step_of_one_save_can_be_cut() {
    let mut steps = 0;
    for step in 1.. {
        let disk = SimDisk::new(step);
        let conn = open(&disk, WAL, "full").unwrap();
        let acknowledged = save_until_error(&conn, 1, 30);
        let before = disk.io_count();
        disk.cut_after_io(step);
        let cut = save_until_error(&conn, 31, 31) < 31;
        steps = disk.io_count() - before;
        disk.power_cut();
        drop(conn);
        let left = saved(&open(&disk, WAL, "full").unwrap());
        let least = if cut { acknowledged } else { 31 };
        assert!((least..=31).contains(&left), "step {step}: {least} became {left}");
        if step > steps {
            break;
        }
    }
    assert!(steps >= 2, "a save writes and syncs");
}

#[test]
fn a_kill_loses_nothing_even_without_full_sync() {
    for seed in 0..100 {
        let disk = SimDisk::new(seed);
        let conn = open(&disk, WAL, "normal").unwrap();
        let acknowledged = save_until_error(&conn, 1, 1 + (seed % 40).cast_signed());
        disk.crash();
        assert!(super::save(&conn, 99).is_err(), "a dead process saved, seed {seed}");
        drop(conn);
        assert_eq!(saved(&open(&disk, WAL, "normal").unwrap()), acknowledged, "seed {seed}");
    }
}

#[test]
fn one_seed_is_one_history() {
    for seed in 0..20 {
        assert_eq!(cut_once(seed, WAL, "normal"), cut_once(seed, WAL, "normal"), "seed {seed}");
    }
}

/// A connection from before the cut must not touch the disk after it, whatever it has cached.
#[test]
fn the_dead_do_not_write() {
    for mode in [WAL, "journal_mode=wal", "journal_mode=delete"] {
        let disk = SimDisk::new(7);
        let dead = open(&disk, mode, "full").unwrap();
        save_until_error(&dead, 1, 5);
        // It holds the lock to write and has yet to open a journal.
        dead.execute_batch("begin immediate").unwrap();
        disk.power_cut();
        let alive = open(&disk, mode, "full").unwrap();
        let before = (disk.files(), disk.io_count());
        let write = dead.execute_batch("insert into save values (99, x'00'); commit");
        assert!(write.is_err(), "{mode}");
        drop(dead);
        assert_eq!((disk.files(), disk.io_count()), before, "{mode}");
        save_until_error(&alive, 6, 9);
        assert_eq!(saved(&alive), 9);
    }
}
