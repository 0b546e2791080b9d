//! The rows a lead's desk is made of, read bare.

use rusqlite::{Connection, Params};

/// The briefs of a day's checks; gives their bytes.
pub(crate) fn briefs(conn: &Connection, day: &str) -> rusqlite::Result<usize> {
    let own = "select b.brief from place p join brief b on b.record = p.record where p.day = ?1";
    bytes(conn, own, [day])
}

/// The last day at which anything took place at each site; gives their bytes.
pub(crate) fn last_days(conn: &Connection) -> rusqlite::Result<usize> {
    bytes(conn, "select max(p.day) from site s join place p on p.site = s.code group by s.code", [])
}

/// The newest findings; gives their bytes.
pub(crate) fn newest_findings(conn: &Connection, limit: usize) -> rusqlite::Result<usize> {
    let sql = "select coalesce(r.doc, o.data) from record r
               left join op o on r.doc is null and o.record = r.record
               where r.kind = 'finding' order by r.at_ms desc, r.record desc limit ?1";
    bytes(conn, sql, [limit as i64])
}

/// The documents of a day's checks; gives their bytes.
pub(crate) fn documents(conn: &Connection, day: &str) -> rusqlite::Result<usize> {
    let sql = "select coalesce(r.doc, o.data) from record r
               left join op o on r.doc is null and o.record = r.record
               where r.record in (select record from place where day = ?1)";
    bytes(conn, sql, [day])
}

/// Headers and data of every op of a day's checks; gives their bytes.
pub(crate) fn ops(conn: &Connection, day: &str) -> rusqlite::Result<usize> {
    let sql = "select o.header || o.data from op o
               where o.record in (select record from place where day = ?1)";
    bytes(conn, sql, [day])
}

fn bytes(conn: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query(params)?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get::<_, String>(0)?.len();
    }
    Ok(bytes)
}
