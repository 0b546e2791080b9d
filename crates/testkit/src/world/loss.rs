//! Rows that are gone from a device's database, as after damage that was cut out.

use rusqlite::{Connection, OpenFlags, params};
use spotcheck_domain::RecordId;

use super::SimDevice;

/// What a device keeps of a record beside its ops.
const TABLES: [&str; 6] = ["record", "slot_op", "retraction", "place", "naming", "brief"];

/// A pulled inspection or finding of which this device wrote nothing, the how-many-th by hash.
const FOREIGN: &str = "select r.record from record r
    where r.kind in ('inspection', 'finding')
      and not exists (select 1 from op o where o.record = r.record and o.mine = 1)
    order by r.record limit 1 offset ?1";

impl SimDevice {
    /// Takes a record that others wrote out of this device's database, every row of it; how far each
    /// scope was pulled stays, and its count is that of the rows that are left. `nth` chooses the
    /// record. `false` when there is none; where the disk fails, it may be gone or not.
    pub fn lose_rows(&mut self, nth: u64) -> bool {
        self.stop();
        let lost = self.cut_out(nth);
        self.start();
        self.forget_numbers();
        let lost = lost.map_or(true, |record| record.is_some());
        self.rows_lost |= lost;
        lost
    }

    /// Whether rows were cut out that will not come back: nothing is delivered to a revoked device.
    pub fn is_torn(&self) -> bool {
        self.rows_lost && self.peek().status().is_ok_and(|status| status.revoked)
    }

    fn cut_out(&self, nth: u64) -> Result<Option<RecordId>, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let conn = Connection::open_with_flags_and_vfs("device.db", flags, self.disk.vfs_name())?;
        conn.execute_batch("pragma locking_mode=exclusive; pragma synchronous=full")?;
        let tx = conn.unchecked_transaction()?;
        let mut found: Vec<[u8; 16]> = vec![];
        for n in [nth, 0] {
            let mut select = tx.prepare(FOREIGN)?;
            let rows = select.query_map([n], |row| row.get::<_, [u8; 16]>(0))?;
            found.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        let Some(record) = found.first() else { return Ok(None) };
        let sql = "select d.scope, o.op_hash from delivery d join op o on o.id = d.op
                   where o.record = ?1";
        let delivered: Vec<(i64, [u8; 32])> = {
            let mut select = tx.prepare(sql)?;
            let rows = select.query_map([record], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (scope, hash) in delivered {
            let sql = "select xor from cursor where id = ?1";
            let mut xor: [u8; 32] = tx.query_row(sql, [scope], |row| row.get(0))?;
            xor.iter_mut().zip(hash).for_each(|(mine, theirs)| *mine ^= theirs);
            let sql = "update cursor set count = count - 1, xor = ?2 where id = ?1";
            tx.execute(sql, params![scope, xor])?;
        }
        let sql = "delete from delivery where op in (select id from op where record = ?1)";
        tx.execute(sql, [record])?;
        tx.execute("delete from op where record = ?1", [record])?;
        for table in TABLES {
            tx.execute(&format!("delete from {table} where record = ?1"), [record])?;
        }
        let record = RecordId(*record);
        tx.commit()?;
        Ok(Some(record))
    }
}
