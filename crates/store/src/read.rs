//! Reading ops and records.

use std::collections::BTreeMap;

use spotcheck_domain::op::{Body, Salt};
use spotcheck_domain::projection::{RecordDoc, project};
use spotcheck_domain::{BlobHash, LogId, Op, OpId, RecordId, ScopeId};
use spotcheck_sqlite::rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Store, StoreError};

/// A record in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// The record.
    pub record: RecordId,
    /// When it was created, as claimed: wall clock in ms since 1970 UTC.
    pub at_ms: i64,
    /// What its ops add up to.
    pub doc: RecordDoc,
}

/// An op with what this device knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpRow {
    /// Order of arrival here: a page key, nothing more.
    pub id: i64,
    /// The op.
    pub op: Op,
    /// Written on this device.
    pub mine: bool,
    /// Why the server did not admit it, if so.
    pub quarantined: Option<String>,
}

/// What has come of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogWritten {
    /// Ops of it on this device.
    pub ops: u32,
    /// Two ops stand at one position: two devices wrote it.
    pub forked: bool,
    /// When its last op here was written, as claimed: ms since 1970 UTC.
    pub last_ms: i64,
}

/// What [`record_from_row`] reads: a record, and its only op where it has no document.
pub(crate) const ROW: &str = "r.record, r.at_ms, r.doc, o.header, o.data, o.salt
                   from record r left join op o on r.doc is null and o.record = r.record
                     and instr(o.header, '\"record\":\"\"') > 0";

/// Nobody said of the record `r` that it is done with.
const OPEN: &str = "(r.doc is null or json_extract(r.doc, '$.slots.completed', '$.slots.placed', \
                    '$.slots.voided') = '[null,null,null]')";

/// Reads `header, data, salt` from three columns starting at `first`.
pub(crate) fn op_from_row(row: &Row<'_>, first: usize) -> Result<Op, StoreError> {
    let data: Option<String> = row.get(first + 1)?;
    let salt: Option<[u8; 16]> = row.get(first + 2)?;
    let body = data.zip(salt).map(|(text, salt)| Body { text, salt: Salt(salt) });
    Ok(Op::read(row.get(first)?, body)?)
}

/// An op by its short id.
pub(crate) fn find_op(conn: &Connection, id: OpId) -> Result<Option<Op>, StoreError> {
    let mut select = conn.prepare_cached(
        "select header, data, salt from op where op_hash >= ?1 and op_hash <= ?2 limit 1",
    )?;
    let mut last = [0xff_u8; 32];
    last[..16].copy_from_slice(&id.0);
    let mut rows = select.query(params![id.0, last])?;
    rows.next()?.map(|row| op_from_row(row, 0)).transpose()
}

impl Store {
    /// A record as its ops now say it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_record(&self, record: RecordId) -> Result<Option<RecordRow>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!("select {ROW} where r.record = ?1"))?;
        let mut rows = select.query([record.0])?;
        rows.next()?.map(record_from_row).transpose()
    }

    /// The home scope of a record whose creating op is here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn home_scope(&self, record: RecordId) -> Result<Option<ScopeId>, StoreError> {
        let mut select = self.conn.prepare_cached("select scope from record where record = ?1")?;
        let scope = select.query_row([record.0], |row| row.get::<_, Option<[u8; 16]>>(0));
        Ok(scope.optional()?.flatten().map(ScopeId))
    }

    /// Records whose id begins with the given hex digits: at most two, enough to tell ambiguity.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_by_prefix(&self, hex: &str) -> Result<Vec<RecordId>, StoreError> {
        let sql = "select record from record where lower(hex(record)) like ?1 || '%' limit 2";
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([hex], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a kind, newest first as claimed, after the given one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list_records(
        &self,
        kind: &str,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let (at_ms, id) = self.page_key(after)?;
        let mut select = self.conn.prepare_cached(&format!(
            "select {ROW} where r.kind = ?1 and (r.at_ms, r.record) < (?2, ?3)
             order by r.at_ms desc, r.record desc limit ?4"
        ))?;
        let mut rows = select.query(params![kind, at_ms, id.0, limit as i64])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }

    /// Where a page of records begins, the newest first: after the given one.
    pub(crate) fn page_key(&self, after: Option<RecordId>) -> Result<(i64, RecordId), StoreError> {
        let Some(record) = after else { return Ok((i64::MAX, RecordId([0xff; 16]))) };
        let mut select = self.conn.prepare_cached("select at_ms from record where record = ?1")?;
        let at_ms = select.query_row([record.0], |row| row.get(0)).optional()?;
        Ok((at_ms.unwrap_or(i64::MAX), record))
    }

    /// Records of a kind about which nobody said yet that they are done with (`completed`, `placed`
    /// or `voided`), newest first as claimed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_records(&self, kind: &str, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        // The condition is that of the index `open_record`, letter by letter.
        let mut select = self.conn.prepare_cached(&format!(
            "select {ROW} where r.kind = ?1 and {OPEN} order by r.at_ms desc, r.record desc limit ?2"
        ))?;
        let mut rows = select.query(params![kind, limit as i64])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }

    /// Records with own ops that no receipt covers yet, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unsent_records(&self, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select o.record from own_log l join op o on o.log = l.log and o.seq > l.receipt_seq
             where o.mine = 1 group by o.record order by max(o.id) desc limit ?1",
        )?;
        let rows = select.query_map([limit as i64], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records that belong to one, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn children(&self, parent: RecordId) -> Result<Vec<RecordRow>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached(&format!("select {ROW} where r.parent = ?1 order by r.record"))?;
        let mut rows = select.query([parent.0])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }

    /// The records of one site and day (`YYYY-MM-DD`), by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn records_at(&self, site: &str, day: &str) -> Result<Vec<RecordRow>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "select {ROW} where r.record in (select record from place where site = ?1 and day = ?2)
             order by r.record"
        ))?;
        let mut rows = select.query([site, day])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }

    /// The sites and days at which anything took place, filtered by either.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn places(
        &self,
        site: Option<&str>,
        day: Option<&str>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select distinct site, day from place
             where (?1 is null or site = ?1) and (?2 is null or day = ?2) order by site, day",
        )?;
        let rows = select.query_map(params![site, day], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every op of a record, in order of arrival here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ops_of(&self, record: RecordId) -> Result<Vec<OpRow>, StoreError> {
        self.op_rows("record = ?1 order by op.id limit ?2", params![record.0, i64::MAX])
    }

    /// Whether this device wrote any op of a record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_own_op(&self, record: RecordId) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from op where record = ?1 and mine = 1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([record.0], |row| row.get(0))?)
    }

    /// The ops this device has, in order of arrival, after a page key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list_ops(&self, after: i64, limit: usize) -> Result<Vec<OpRow>, StoreError> {
        self.op_rows("op.id > ?1 order by op.id limit ?2", params![after, limit as i64])
    }

    /// Every log of which an op is here, with what has come of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn logs_written(&self) -> Result<BTreeMap<LogId, LogWritten>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select g.log, g.ops, g.ops > g.places, o.header from
               (select log, count(*) as ops, count(distinct seq) as places, max(seq) as last
                from op group by log) g
             join op o on o.log = g.log and o.seq = g.last",
        )?;
        let mut rows = select.query([])?;
        let mut logs = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let last = Op::read(row.get(3)?, None)?;
            let last_ms = last.header.at.wall_ms;
            logs.insert(
                LogId(row.get(0)?),
                LogWritten { ops: row.get(1)?, forked: row.get(2)?, last_ms },
            );
        }
        Ok(logs)
    }

    /// An op by its short id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_op(&self, id: OpId) -> Result<Option<Op>, StoreError> {
        find_op(&self.conn, id)
    }

    pub(crate) fn op_rows(
        &self,
        tail: &str,
        params: impl spotcheck_sqlite::rusqlite::Params,
    ) -> Result<Vec<OpRow>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "select op.id, header, data, salt, mine, q.code
             from op left join quarantined q on q.op_id = substr(op.op_hash, 1, 16) where {tail}"
        ))?;
        let mut rows = select.query(params)?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(OpRow {
                id: row.get(0)?,
                op: op_from_row(row, 1)?,
                mine: row.get(4)?,
                quarantined: row.get(5)?,
            });
        }
        Ok(list)
    }

    /// The records that name a blob, the first recorded first, with their kinds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn records_naming(&self, blob: BlobHash) -> Result<Vec<(RecordId, String)>, StoreError> {
        let mut select = self.conn.prepare(
            "select n.record, r.kind from naming n join record r on r.record = n.record
             where n.sha256 = ?1 order by r.at_ms, n.record",
        )?;
        let rows = select
            .query_map([blob.0], |row| Ok((RecordId(row.get(0)?), row.get::<_, String>(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Computes every record anew from the log and says whether it equals what was kept: the
    /// invariant "rebuilding gives the same bytes", for tests and for `log --verify`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn projections_hold(&self) -> Result<bool, StoreError> {
        let mut ids = self.conn.prepare("select record, doc from record order by record")?;
        let mut rows = ids.query([])?;
        while let Some(row) = rows.next()? {
            let record = RecordId(row.get(0)?);
            let ops: Vec<Op> = self.ops_of(record)?.into_iter().map(|row| row.op).collect();
            let anew = project(record, &ops);
            let anew = serde_json::to_string(&anew).map_err(|_| StoreError::Damaged("record"))?;
            let holds = match row.get::<_, Option<String>>(1)? {
                Some(doc) => doc == anew,
                // Read from its only op that can be read: then that must be its first.
                None => {
                    let mut readable = ops.iter().filter(|op| op.data().is_ok());
                    let first = readable.next().is_some_and(|op| op.header.record.is_none());
                    first && readable.next().is_none()
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many records of a kind this device has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record_count(&self, kind: &str) -> Result<u64, StoreError> {
        let mut select = self.conn.prepare_cached("select count(*) from record where kind = ?1")?;
        Ok(select.query_row([kind], |row| row.get(0))?)
    }

    /// How many ops this device has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn op_count(&self) -> Result<u64, StoreError> {
        Ok(self
            .conn
            .query_row("select count(*) from op", [], |row| row.get(0))
            .optional()?
            .unwrap_or(0))
    }
}

pub(crate) fn record_from_row(row: &Row<'_>) -> Result<RecordRow, StoreError> {
    let record = RecordId(row.get(0)?);
    let doc = match row.get_ref(2)?.as_str_or_null() {
        Ok(Some(doc)) => serde_json::from_str(doc).map_err(|_| StoreError::Damaged("record"))?,
        _ => project(record, [&op_from_row(row, 3)?]),
    };
    Ok(RecordRow { record, at_ms: row.get(1)?, doc })
}
