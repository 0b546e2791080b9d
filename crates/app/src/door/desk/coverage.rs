//! Coverage against the register: which sites were seen in a period, and which were not, by name.

use serde::{Deserialize, Serialize};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::DeskSite;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Sites a page of names holds.
const PAGE: usize = 200;

/// What the register is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CoverageBy {
    /// `market`, `vehicle` …
    Kind,
    /// Where it lies.
    District,
    /// Who runs it.
    Organisation,
}

/// The register in groups.
#[derive(Debug, Serialize, TS)]
pub struct CoverageView {
    /// First day of the period, `YYYY-MM-DD`.
    pub from: String,
    /// Last day of it.
    pub to: String,
    /// How it is grouped.
    pub by: CoverageBy,
    /// The groups, the largest first.
    pub groups: Vec<CoverageGroup>,
    /// Sites of the register.
    pub total: u32,
    /// Of them with a check in the period.
    pub done: u32,
}

/// A group of the register.
#[derive(Debug, Serialize, TS)]
pub struct CoverageGroup {
    /// The kind, district or organisation's code; empty where the register does not say.
    pub key: String,
    /// Its name in Chinese, where it has one of its own.
    pub zh: Option<String>,
    /// Its name in English.
    pub en: Option<String>,
    /// Sites in it.
    pub total: u32,
    /// Of them with a check in the period.
    pub done: u32,
    /// Of them never checked, as far as this device knows.
    pub never: u32,
    /// The longest ago a site of it was last checked: that day. None where all were never checked.
    pub oldest: Option<String>,
}

/// A page of sites with the day each was last checked.
#[derive(Debug, Serialize, TS)]
pub struct SiteAges {
    /// The sites: never checked first, then the longest ago, then by code.
    pub sites: Vec<SiteAge>,
    /// What to ask the next page by: how many were shown so far. None: that was all.
    pub next: Option<u32>,
}

/// A site and its last check.
#[derive(Debug, Serialize, TS)]
pub struct SiteAge {
    /// The site.
    pub site: DeskSite,
    /// The day of its last check, as far as this device knows.
    pub last: Option<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn coverage(
        &self,
        from: &str,
        to: &str,
        by: CoverageBy,
    ) -> Result<CoverageView, AppError> {
        period(from, to)?;
        let mut groups = vec![];
        for row in self.store.coverage(by.column(), from, to)? {
            let (zh, en) = match by {
                CoverageBy::Organisation => self.organisation_name(&row.key)?,
                CoverageBy::Kind | CoverageBy::District => (None, None),
            };
            groups.push(CoverageGroup {
                key: row.key,
                zh,
                en,
                total: row.total,
                done: row.done,
                never: row.never,
                oldest: row.oldest,
            });
        }
        let (total, done) = groups.iter().fold((0, 0), |(total, done), group: &CoverageGroup| {
            (total + group.total, done + group.done)
        });
        Ok(CoverageView { from: from.to_owned(), to: to.to_owned(), by, groups, total, done })
    }

    /// A page of a group's sites that have, or have not, a check in the period.
    pub(in crate::door) fn coverage_sites(
        &self,
        (from, to): (&str, &str),
        (by, key): (CoverageBy, &str),
        done: bool,
        after: u32,
    ) -> Result<SiteAges, AppError> {
        period(from, to)?;
        let asked = (by.column(), key);
        let mut rows = self.store.coverage_sites(asked, (from, to), done, after, PAGE + 1)?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = more.then(|| after.saturating_add(PAGE as u32));
        let age = |(row, last)| SiteAge { site: DeskSite::from(row), last };
        Ok(SiteAges { sites: rows.into_iter().map(age).collect(), next })
    }

    /// An organisation's names, where the directory tells them.
    fn organisation_name(&self, code: &str) -> Result<(Option<String>, Option<String>), AppError> {
        // Organisations that run sites are sites themselves in the register: a company, a port.
        if let Some(site) = self.store.find_site(code)? {
            return Ok((Some(site.zh), Some(site.en)));
        }
        for row in self.store.list_records("organisation", None, 1_000)? {
            if text(&row.doc, "code") == code {
                let name = |slot| Some(text(&row.doc, slot).to_owned());
                return Ok((name("zh"), name("en")));
            }
        }
        Ok((None, None))
    }
}

impl CoverageBy {
    fn column(self) -> spotcheck_store::CoverageColumn {
        match self {
            Self::Kind => spotcheck_store::CoverageColumn::Kind,
            Self::District => spotcheck_store::CoverageColumn::District,
            Self::Organisation => spotcheck_store::CoverageColumn::Organisation,
        }
    }
}

/// Both ends are days, in order.
fn period(from: &str, to: &str) -> Result<(), AppError> {
    for (field, day) in [("from", from), ("to", to)] {
        spotcheck_rules::parse_date(day).map_err(|e| AppError::invalid(field, e))?;
    }
    if from > to {
        return Err(AppError::invalid("from", "the first day comes after the last"));
    }
    Ok(())
}
