//! What SQLite promises on this disk, and that breaking the promise shows.

use rusqlite::{Connection, OpenFlags, Result};

use super::SimDisk;

mod faults;
mod power;
mod sharing;

const WAL: &str = "locking_mode=exclusive; pragma journal_mode=wal";

/// The database under the given pragmas; a short WAL, so that checkpoints are cut, too.
fn open(disk: &SimDisk, mode: &str, synchronous: &str) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let conn = Connection::open_with_flags_and_vfs("app.db", flags, disk.vfs_name())?;
    conn.execute_batch(&format!(
        "pragma {mode}; pragma synchronous={synchronous}; pragma wal_autocheckpoint=20;
         create table if not exists save (id integer primary key, body blob not null) strict;"
    ))?;
    Ok(conn)
}

/// One transaction of two rows, 2n-1 and 2n, so that half of one would show.
fn save(conn: &Connection, n: i64) -> Result<()> {
    let tx = conn.unchecked_transaction()?;
    for id in [2 * n - 1, 2 * n] {
        let size = 100 + id * 37 % 900;
        tx.execute("insert into save values (?1, randomblob(?2))", (id, size))?;
    }
    tx.commit()
}

/// Saves n = first, first + 1 … up to `last` or the first error; the last one acknowledged.
fn save_until_error(conn: &Connection, first: i64, last: i64) -> i64 {
    (first..=last).take_while(|n| save(conn, *n).is_ok()).last().unwrap_or(first - 1)
}

/// Checks the database and that it holds a whole prefix of the history; how long a one.
fn saved(conn: &Connection) -> i64 {
    let check: String = conn.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let (rows, highest): (i64, i64) = conn
        .query_row("select count(*), ifnull(max(id), 0) from save", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(rows, highest, "a gap in the history");
    assert_eq!(rows % 2, 0, "half a transaction");
    rows / 2
}
