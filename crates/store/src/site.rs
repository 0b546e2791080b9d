//! Finding a site while typing: Chinese text, pinyin initials, a code, or English.

use std::collections::{BTreeMap, BTreeSet};

use pinyin::ToPinyin;
use serde::{Deserialize, Serialize};
use spotcheck_domain::RecordId;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Row, params};

use crate::{Store, StoreError};

/// A site of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteRow {
    /// Unique in the workspace; what people write on the door.
    pub code: String,
    /// The code of the site it is part of.
    pub parent: Option<String>,
    /// `market`, `gate`, `vehicle` …
    pub kind: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The district, where it has one.
    pub district: Option<String>,
    /// The code of the organisation that runs it.
    pub org: String,
}

/// The first letters of a name's syllables: 南山农批市场 → `nsnpsc`. Latin letters and digits stay.
pub fn initials(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c.to_pinyin() {
            Some(syllable) => syllable.first_letter().chars().next(),
            None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        })
        .collect()
}

/// Neighbouring pairs of a text's letters, in order, then its last letter alone: a phrase of pairs
/// finds any part of the text, and a prefix of one letter finds any letter.
fn pairs(text: &str) -> String {
    let letters: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut terms: Vec<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
    terms.extend(letters.last().map(char::to_string));
    terms.join(" ")
}

/// A typed word as a full-text query; `None` when it holds no letter.
fn query_of(word: &str) -> Option<String> {
    let letters: Vec<char> =
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let columns = if letters.iter().all(char::is_ascii) { "{initials code en zh}" } else { "zh" };
    match letters.as_slice() {
        [] => None,
        [one] => {
            Some(format!("{columns} : {one}*").replace(&format!("{one}*"), &format!("\"{one}\"*")))
        }
        many => {
            let phrase: Vec<String> = many.windows(2).map(|pair| pair.iter().collect()).collect();
            Some(format!("{columns} : \"{}\"", phrase.join(" ")))
        }
    }
}

impl Store {
    /// Takes in one page of a published register. Sites already known are updated, and those that had
    /// left the register are back.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn put_sites(&mut self, sites: &[SiteRow]) -> Result<(), StoreError> {
        let ws = self.identity.as_ref().ok_or(StoreError::NotEnrolled)?.ws;
        let tx = self.conn.transaction()?;
        {
            let mut upsert = tx.prepare_cached(
                "insert into site (site, code, parent, kind, zh, en, district, org)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 on conflict (code) do update set parent = excluded.parent, kind = excluded.kind,
                   zh = excluded.zh, en = excluded.en, district = excluded.district,
                   org = excluded.org, gone = 0
                 returning id",
            )?;
            let mut forget = tx.prepare_cached("delete from site_text where rowid = ?1")?;
            let mut index = tx.prepare_cached(
                "insert into site_text (rowid, zh, initials, code, en) values (?1, ?2, ?3, ?4, ?5)",
            )?;
            let mut known = tx.prepare_cached(
                "select code, parent, kind, zh, en, district, org from site
                 where code = ?1 and gone = 0",
            )?;
            for site in sites {
                // Most of a new register is the old one.
                let same = known.query_row([&site.code], site_from_row).optional()?;
                if same.as_ref() == Some(site) {
                    continue;
                }
                let id: i64 = upsert.query_row(
                    params![
                        RecordId::of_site(ws, &site.code).0,
                        site.code,
                        site.parent,
                        site.kind,
                        site.zh,
                        site.en,
                        site.district,
                        site.org
                    ],
                    |row| row.get(0),
                )?;
                forget.execute([id])?;
                index.execute(params![
                    id,
                    pairs(&site.zh),
                    pairs(&initials(&site.zh)),
                    pairs(&site.code),
                    pairs(&site.en)
                ])?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Keeps the sites with these codes, in small letters, in the register, and takes all others out of
    /// it: they are found no more and not counted, and keep their names.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn keep_sites(&mut self, listed: &BTreeSet<String>) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        {
            let mut select = tx.prepare_cached("select id, code from site where gone = 0")?;
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            let known: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
            let mut forget = tx.prepare_cached("delete from site_text where rowid = ?1")?;
            let mut retire = tx.prepare_cached("update site set gone = 1 where id = ?1")?;
            for (id, _) in known.iter().filter(|(_, code)| !listed.contains(&code.to_lowercase())) {
                forget.execute([id])?;
                retire.execute([id])?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Sites that match every typed word, the exact code first, then in the register's order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_sites(&self, typed: &str, limit: usize) -> Result<Vec<SiteRow>, StoreError> {
        self.find_sites_after(typed, None, limit)
    }

    /// The same, after the site with this code: the next page. None after a code that is nowhere.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_sites_after(
        &self,
        typed: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<SiteRow>, StoreError> {
        let exact = self.one_site("code = ?1 collate nocase and gone = 0", typed.trim())?;
        // The one with exactly that code came first, wherever it stands in the register.
        let from = match after {
            Some(code) if exact.as_ref().is_some_and(|it| it.code.eq_ignore_ascii_case(code)) => 0,
            Some(code) => self.number_of(code)?.unwrap_or(i64::MAX),
            None => 0,
        };
        let first = exact.clone().filter(|_| after.is_none());
        let mut found: Vec<SiteRow> = first.into_iter().collect();
        let query: Vec<String> = typed.split_whitespace().filter_map(query_of).collect();
        if query.is_empty() {
            return Ok(found);
        }
        let mut select = self.conn.prepare_cached(
            "select s.code, s.parent, s.kind, s.zh, s.en, s.district, s.org
             from site_text t join site s on s.id = t.rowid
             where site_text match ?1 and t.rowid > ?3 order by t.rowid limit ?2",
        )?;
        // One more than asked for: the one that came first is passed over.
        let values = params![query.join(" AND "), limit.saturating_add(1) as i64, from];
        for row in select.query_map(values, site_from_row)? {
            let row = row?;
            if found.len() < limit && exact.as_ref() != Some(&row) {
                found.push(row);
            }
        }
        Ok(found)
    }

    fn number_of(&self, code: &str) -> Result<Option<i64>, StoreError> {
        let mut select =
            self.conn.prepare_cached("select id from site where code = ?1 collate nocase")?;
        Ok(select.query_row([code], |row| row.get(0)).optional()?)
    }

    /// The site with exactly this code, in any case, also one that has left the register.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_site(&self, code: &str) -> Result<Option<SiteRow>, StoreError> {
        self.one_site("code = ?1 collate nocase", code)
    }

    /// Whether a site was in the register and has left it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_left(&self, code: &str) -> Result<bool, StoreError> {
        Ok(self.one_site("code = ?1 collate nocase and gone = 1", code)?.is_some())
    }

    fn one_site(&self, is: &str, code: &str) -> Result<Option<SiteRow>, StoreError> {
        let sql = format!("select code, parent, kind, zh, en, district, org from site where {is}");
        Ok(self.conn.prepare_cached(&sql)?.query_row([code], site_from_row).optional()?)
    }

    /// The sites that a day's records name and this device knows, by the code that is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sites_on(&self, day: &str) -> Result<BTreeMap<String, SiteRow>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select s.code, s.parent, s.kind, s.zh, s.en, s.district, s.org, p.site
             from (select distinct site from place where day = ?1) p
             join site s on s.code = p.site collate nocase",
        )?;
        let rows = select.query_map([day], |row| Ok((row.get(7)?, site_from_row(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(crate) fn site_from_row(row: &Row<'_>) -> Result<SiteRow, spotcheck_sqlite::rusqlite::Error> {
    Ok(SiteRow {
        code: row.get(0)?,
        parent: row.get(1)?,
        kind: row.get(2)?,
        zh: row.get(3)?,
        en: row.get(4)?,
        district: row.get(5)?,
        org: row.get(6)?,
    })
}
