//! Bare SQLite: the same pragmas, prepared statements, commits and bytes, and nothing else.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, OpenFlags, params};

use crate::machine;

/// What the ledger and a device keep of an op, read back from one of their files.
pub(crate) struct Row {
    op_hash: Vec<u8>,
    log: Vec<u8>,
    seq: i64,
    record: Vec<u8>,
    header: String,
    data: String,
    salt: Vec<u8>,
}

/// Opens as our stores are opened: write-ahead log, every commit flushed.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=full;
         pragma fullfsync=on; pragma checkpoint_fullfsync=on; pragma foreign_keys=on;",
    )?;
    Ok(conn)
}

/// Every op of a ledger or of a device's database, of which the data is there.
pub(crate) fn rows(path: &Path) -> rusqlite::Result<Vec<Row>> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut select = conn.prepare(
        "select op_hash, log, seq, record, header, data, salt from op
         where data is not null order by id",
    )?;
    let rows = select.query_map([], |row| {
        Ok(Row {
            op_hash: row.get(0)?,
            log: row.get(1)?,
            seq: row.get(2)?,
            record: row.get(3)?,
            header: row.get(4)?,
            data: row.get(5)?,
            salt: row.get(6)?,
        })
    })?;
    rows.collect()
}

/// Bytes of the data of some rows, compressed as pages are but without the dictionary: what the
/// answers alone cost, without any header, hash, signature or HTTP.
pub(crate) fn compressed(rows: &[Row], page: usize) -> usize {
    let pages = rows.chunks(page.max(1)).map(|page| {
        let text: String = page.iter().map(|row| row.data.as_str()).collect();
        zstd::bulk::compress(text.as_bytes(), 6).map_or(0, |frame| frame.len())
    });
    pages.sum()
}

/// Seconds and processor ms to insert rows into an empty table, unique by hash, in so many commits.
pub(crate) fn insert(path: &Path, rows: &[Row], commits: usize) -> anyhow::Result<(f64, f64)> {
    remove(path);
    let conn = open(path)?;
    conn.execute_batch(
        "create table op (id integer primary key, op_hash blob not null unique, log blob not null,
           seq integer not null, record blob not null, header text not null, data text,
           salt blob) strict;",
    )?;
    let cpu = machine::cpu_ms(std::process::id());
    let began = Instant::now();
    let mut insert = conn.prepare(
        "insert into op (op_hash, log, seq, record, header, data, salt)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for page in rows.chunks(rows.len().div_ceil(commits.max(1)).max(1)) {
        conn.execute_batch("begin immediate")?;
        for row in page {
            insert.execute(params![
                row.op_hash,
                row.log,
                row.seq,
                row.record,
                row.header,
                row.data,
                row.salt
            ])?;
        }
        conn.execute_batch("commit")?;
    }
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), machine::cpu_ms(std::process::id()) - cpu);
    drop(insert);
    drop(conn);
    remove(path);
    Ok((seconds, cpu))
}

/// One row a commit.
pub(crate) struct Commits {
    conn: Connection,
}

impl Commits {
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        remove(path);
        let conn = open(path)?;
        conn.execute_batch(
            "create table op (id integer primary key, header text not null, data text) strict;",
        )?;
        Ok(Self { conn })
    }

    /// Seconds for one commit of one row.
    pub(crate) fn one(&self, header: &str, data: &str) -> anyhow::Result<f64> {
        let began = Instant::now();
        self.conn
            .prepare_cached("insert into op (header, data) values (?1, ?2)")?
            .execute([header, data])?;
        Ok(began.elapsed().as_secs_f64())
    }
}

/// Seconds to open a database and read the newest documents of a kind.
pub(crate) fn newest(path: &Path, limit: usize) -> anyhow::Result<f64> {
    let began = Instant::now();
    let conn = open(path)?;
    let texts = newest_of(&conn, limit)?;
    anyhow::ensure!(texts > 0, "nothing to list in {}", path.display());
    Ok(began.elapsed().as_secs_f64())
}

/// Reads the newest documents; gives their bytes.
pub(crate) fn newest_of(conn: &Connection, limit: usize) -> rusqlite::Result<usize> {
    // A record of one op has no document: it is read from that op.
    let sql = "select coalesce(r.doc, o.data) from record r
               left join op o on r.doc is null and o.record = r.record
               where r.kind = 'inspection' order by r.at_ms desc, r.record desc limit ?1";
    let mut select = conn.prepare_cached(sql)?;
    let texts = select.query_map([limit as i64], |row| row.get::<_, String>(0))?;
    let texts = texts.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(texts.iter().map(String::len).sum())
}

/// Finds by scanning: what SQLite does without an index of parts of names.
pub(crate) fn scan(conn: &Connection, typed: &str, limit: usize) -> rusqlite::Result<usize> {
    let mut select = conn.prepare_cached(
        "select code, zh, en from site
         where zh like '%' || ?1 || '%' or code like '%' || ?1 || '%' or en like '%' || ?1 || '%'
         order by id limit ?2",
    )?;
    let rows = select.query_map(params![typed, limit as i64], |row| row.get::<_, String>(0))?;
    Ok(rows.collect::<rusqlite::Result<Vec<String>>>()?.len())
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        // Most of them are not there.
        let _ = std::fs::remove_file(name);
    }
}
