//! Briefs of records, and what is counted over days and registers.
//!
//! A brief is text of the app's own, kept beside an inspection until it, or a record that belongs to
//! it, changes ([`crate::projector`] forgets it in the same transaction).

use spotcheck_domain::RecordId;
use spotcheck_sqlite::rusqlite::params;

use crate::read::{ROW, record_from_row};
use crate::site::site_from_row;
use crate::{RecordRow, SiteRow, Store, StoreError};

/// An inspection in brief, while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BriefRow<'a> {
    /// The site it names.
    pub site: &'a str,
    /// The record.
    pub record: RecordId,
    /// When it was created, as claimed: ms since 1970 UTC.
    pub at_ms: i64,
    /// What the app kept.
    pub brief: &'a str,
}

/// What a register may be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageColumn {
    /// The site's kind.
    Kind,
    /// The district; empty where it has none.
    District,
    /// The organisation that runs it.
    Organisation,
}

/// A group of a register's sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    /// Kind, district or organisation.
    pub key: String,
    /// Sites.
    pub total: u32,
    /// Of them with a check in the period.
    pub done: u32,
    /// Of them with no check at all.
    pub never: u32,
    /// The longest ago one was last checked, `YYYY-MM-DD`.
    pub oldest: Option<String>,
}

impl CoverageColumn {
    fn sql(self) -> &'static str {
        match self {
            Self::Kind => "s.kind",
            Self::District => "ifnull(s.district, '')",
            Self::Organisation => "s.org",
        }
    }
}

/// The inspections that have no brief.
const WITHOUT: &str = "r.kind = 'inspection'
                       and not exists (select 1 from brief b where b.record = r.record)";

impl Store {
    /// Inspections without a brief, at most so many. Looked for only while records have changed since
    /// none was found: a list that is opened again does not look through years.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn without_brief(&self, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        if self.all_in_brief.get() {
            return Ok(vec![]);
        }
        let mut select =
            self.conn.prepare_cached(&format!("select {ROW} where {WITHOUT} limit ?1"))?;
        let mut rows = select.query([limit as i64])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        self.all_in_brief.set(list.is_empty());
        Ok(list)
    }

    /// Keeps briefs, in one transaction.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn put_briefs(&mut self, briefs: &[(RecordId, String)]) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "insert or replace into brief (record, at_ms, brief)
                 select record, at_ms, ?2 from record where record = ?1",
            )?;
            for (record, brief) in briefs {
                insert.execute(params![record.0, brief])?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Forgets all briefs: another version of the app makes others.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn forget_briefs(&mut self) -> Result<(), StoreError> {
        self.all_in_brief.set(false);
        self.conn.execute("delete from brief", [])?;
        Ok(())
    }

    /// Days at which anything took place, the latest first, with how many records each names.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn days(&self, limit: usize) -> Result<Vec<(String, u32)>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select day, count(*) from place group by day order by day desc limit ?1",
        )?;
        let rows = select.query_map([limit as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Shows the inspections of a day in brief, by site and id: thousands, so nothing is copied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_brief_on(
        &self,
        day: &str,
        mut see: impl FnMut(BriefRow<'_>),
    ) -> Result<(), StoreError> {
        let mut select = self.conn.prepare_cached(
            "select p.site, b.record, b.at_ms, b.brief
             from place p join brief b on b.record = p.record
             where p.day = ?1 order by p.site, p.record",
        )?;
        let mut rows = select.query([day])?;
        while let Some(row) = rows.next()? {
            let text = |at| row.get_ref(at)?.as_str().map_err(|_| StoreError::Damaged("brief"));
            see(BriefRow {
                site: text(0)?,
                record: RecordId(row.get(1)?),
                at_ms: row.get(2)?,
                brief: text(3)?,
            });
        }
        Ok(())
    }

    /// Records of a kind that belong to a record of a day, newest first as claimed, after the given
    /// one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn children_on(
        &self,
        kind: &str,
        day: &str,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let (at_ms, id) = self.page_key(after)?;
        let mut select = self.conn.prepare_cached(&format!(
            "select {ROW} where r.kind = ?1 and (r.at_ms, r.record) < (?2, ?3)
               and exists (select 1 from place p where p.record = r.parent and p.day = ?5)
             order by r.at_ms desc, r.record desc limit ?4"
        ))?;
        let mut rows = select.query(params![kind, at_ms, id.0, limit as i64, day])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }

    /// The register in groups, the largest first: which sites have a check from one day to another,
    /// both included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn coverage(
        &self,
        by: CoverageColumn,
        from: &str,
        to: &str,
    ) -> Result<Vec<CoverageRow>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "select key, count(*), sum(done), sum(last is null), min(last) from (
               select {} as key,
                 exists (select 1 from place where site = s.code and day between ?1 and ?2) as done,
                 (select max(day) from place where site = s.code) as last
               from site s where gone = 0)
             group by key order by count(*) desc, key",
            by.sql()
        ))?;
        let rows = select.query_map([from, to], |row| {
            Ok(CoverageRow {
                key: row.get(0)?,
                total: row.get(1)?,
                done: row.get(2)?,
                never: row.get(3)?,
                oldest: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sites of a group that have, or have not, a check in the period, with the day of the last one:
    /// never checked first, then the longest ago, then by code; after as many as were shown before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn coverage_sites(
        &self,
        (by, key): (CoverageColumn, &str),
        (from, to): (&str, &str),
        done: bool,
        after: u32,
        limit: usize,
    ) -> Result<Vec<(SiteRow, Option<String>)>, StoreError> {
        let mut select = self.conn.prepare_cached(&format!(
            "select s.code, s.parent, s.kind, s.zh, s.en, s.district, s.org,
               (select max(day) from place where site = s.code) as last
             from site s
             where gone = 0 and {} = ?1 and ?4 =
               exists (select 1 from place where site = s.code and day between ?2 and ?3)
             order by last is not null, last, s.code limit ?6 offset ?5",
            by.sql()
        ))?;
        let rows = select.query_map(params![key, from, to, done, after, limit as i64], |row| {
            Ok((site_from_row(row)?, row.get(7)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a kind of which a value says the words, in any case, among the latest so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn records_saying(
        &self,
        kind: &str,
        words: &str,
        latest: usize,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let escaped = words.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        // The text is looked at first; only where it fits are its values, apart from names of slots.
        let mut select = self.conn.prepare_cached(&format!(
            r"select {ROW} where r.record in
               (select record from record where kind = ?1 order by at_ms desc limit ?3)
             and coalesce(r.doc, o.data) like ?2 escape '\'
             and exists (select 1 from json_tree(coalesce(r.doc, o.data)) t
               where t.type = 'text' and t.value like ?2 escape '\')
             order by r.at_ms desc, r.record limit ?4"
        ))?;
        let like = format!("%{escaped}%");
        let mut rows = select.query(params![kind, like, latest as i64, limit as i64])?;
        let mut list = vec![];
        while let Some(row) = rows.next()? {
            list.push(record_from_row(row)?);
        }
        Ok(list)
    }
}
