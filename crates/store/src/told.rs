//! What a record's ops tell without their data: who, when, which photos.
//!
//! What they did stands in the record's document already; to look at a day of thousands of answers,
//! nothing of it is read a second time.

use spotcheck_domain::{BlobHash, Header, OpHash, RecordId, SlotPath, UserId};
use spotcheck_sqlite::rusqlite::{Row, params};

use crate::{OpRow, Store, StoreError};

impl Store {
    /// The headers of a record's ops, by log and position: no order of arrival, which differs from
    /// device to device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn headers_of(&self, record: RecordId) -> Result<Vec<(OpHash, Header)>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select op_hash, header from op where record = ?1 order by log, seq, op_hash",
        )?;
        let mut rows = select.query([record.0])?;
        let mut headers = vec![];
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(|_| StoreError::Damaged("op"))?;
            headers.push((OpHash(row.get(0)?), Header::parse(text)?));
        }
        Ok(headers)
    }

    /// The hashes of a record's ops.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn op_hashes_of(&self, record: RecordId) -> Result<Vec<OpHash>, StoreError> {
        self.all_of(record, "select op_hash from op where record = ?1", |row| {
            row.get(0).map(OpHash)
        })
    }

    /// Whoever wrote an op of a record, each once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn authors_of(&self, record: RecordId) -> Result<Vec<UserId>, StoreError> {
        let sql = "select distinct unhex(json_extract(header, '$.by')) from op where record = ?1";
        self.all_of(record, sql, |row| row.get(0).map(UserId))
    }

    /// The ops of a record that may have set a slot or taken something back, in order of arrival
    /// here: all others are passed over unread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ops_about(&self, record: RecordId, path: &SlotPath) -> Result<Vec<OpRow>, StoreError> {
        // A path is plain letters, fit for a path of JSON as it is. Data need not be JSON at all.
        self.op_rows(
            "record = ?1 and case when json_valid(data) then
               json_type(data, ?2) is not null or json_type(data, '$.retracts') is not null end
             order by op.id",
            params![record.0, format!("$.set.\"{path}\"")],
        )
    }

    /// The photos and documents that a record's ops name, by hash, also those of ops taken back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn blobs_named_by(&self, record: RecordId) -> Result<Vec<BlobHash>, StoreError> {
        let sql = "select sha256 from naming where record = ?1 order by sha256";
        self.all_of(record, sql, |row| row.get(0).map(BlobHash))
    }

    fn all_of<T>(
        &self,
        record: RecordId,
        sql: &str,
        read: impl FnMut(&Row<'_>) -> Result<T, spotcheck_sqlite::rusqlite::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([record.0], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
