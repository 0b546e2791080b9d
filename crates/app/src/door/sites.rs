//! Finding the site one stands at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, Draft, RecordRow, SiteRow};
use ts_rs::TS;

use super::Person;
use super::people::{People, person};
use crate::inspection::slot_path;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Own checks looked through for recent sites.
const RECENT_CHECKS: usize = 100;
/// Who confirms sites: who leads, and records.
const CONFIRMERS: [&str; 2] = ["lead", "reviewer"];
/// Letters of a code at a door that are kept.
const LONGEST_CODE: usize = 256;
/// Recent sites shown.
const RECENT_SITES: usize = 12;

/// A site that somebody found and no register lists.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// Its name, as on the door.
    pub name: String,
    /// `market`, `cold_store`, `bus_stop` …
    pub kind: String,
    /// The code of the site it is part of.
    #[serde(default)]
    pub parent: Option<String>,
    /// The district.
    #[serde(default)]
    pub district: Option<String>,
    /// What its code said that was scanned: found by it from now on.
    #[serde(default)]
    pub scanned: Option<String>,
}

/// A site for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SiteView {
    /// Unique in the workspace.
    pub code: String,
    /// `market`, `gate`, `vehicle` …; `unknown` where this device has only the code.
    pub kind: String,
    /// Name in Chinese; the code where none is known.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The district, where it has one.
    pub district: Option<String>,
    /// The code of the site it is part of.
    pub parent: Option<String>,
    /// The name of that site in Chinese and English.
    pub parent_name: Option<[String; 2]>,
    /// In no register: a lead has yet to confirm it.
    pub unconfirmed: bool,
    /// What the code at its door said, where it was added by that.
    pub scanned: Option<String>,
}

/// A site that was added, for the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AddedSite {
    /// The site.
    pub site: SiteView,
    /// Who added it.
    pub by: Option<Person>,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn find_site_views(
        &self,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<SiteView>, AppError> {
        let rows = self.store.find_sites(typed, limit.clamp(1, 200))?;
        let mut views =
            rows.into_iter().map(|row| self.view_of(row)).collect::<Result<Vec<_>, _>>()?;
        // Few: what nobody registered is confirmed or corrected within days.
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(views);
        }
        let mut added = self.store.list_records("site", None, RECENT_CHECKS)?;
        added.retain(|row| {
            text(&row.doc, "scanned") == typed || text(&row.doc, "name").contains(typed)
        });
        if !added.is_empty() {
            let people = self.people()?;
            let room = limit.saturating_sub(views.len());
            views.extend(added.iter().take(room).map(|row| self.added_view(row, &people)));
        }
        Ok(views)
    }

    pub(super) fn recent_sites(&self) -> Result<Vec<SiteView>, AppError> {
        let mut codes: Vec<String> = vec![];
        for row in self.store.list_records("inspection", None, RECENT_CHECKS)? {
            let code = text(&row.doc, "site");
            let fresh = !code.is_empty() && !codes.iter().any(|known| known == code);
            if fresh && self.is_own(&row)? && !self.store.has_left(code)? {
                codes.push(code.to_owned());
            }
            if codes.len() == RECENT_SITES {
                break;
            }
        }
        codes.iter().map(|code| self.site_view(code)).collect()
    }

    /// A site by code, as far as this device knows it.
    pub(super) fn site_view(&self, code: &str) -> Result<SiteView, AppError> {
        if let Some(row) = self.store.find_site(code)? {
            return self.view_of(row);
        }
        if let Some(row) = self.added_site(code)? {
            return Ok(self.added_view(&row, &self.people()?));
        }
        Ok(SiteView {
            code: code.to_owned(),
            kind: "unknown".to_owned(),
            zh: code.to_owned(),
            en: code.to_owned(),
            district: None,
            parent: None,
            parent_name: None,
            unconfirmed: true,
            scanned: None,
        })
    }

    /// A site that was added: as a lead confirmed it, else as those who added it call it.
    fn added_view(&self, row: &RecordRow, people: &People) -> SiteView {
        let confirmed = confirmed_by(row, people);
        let said = |slot: &str| {
            let path = slot_path(slot).ok();
            let values = path.and_then(|path| row.doc.slots.get(&path)).map(Vec::as_slice);
            let values = values.unwrap_or_default();
            let word = values.iter().find(|it| Some(it.op) == confirmed).or(values.first());
            word.and_then(|it| it.value.as_text()).unwrap_or_default().to_owned()
        };
        let filled = |slot| Some(said(slot)).filter(|it| !it.is_empty());
        SiteView {
            code: code_of(row.record),
            kind: said("kind"),
            zh: said("name"),
            en: said("name"),
            district: filled("district"),
            parent: filled("parent"),
            parent_name: None,
            unconfirmed: confirmed.is_none(),
            scanned: filled("scanned"),
        }
    }

    fn view_of(&self, row: SiteRow) -> Result<SiteView, AppError> {
        let parent = match &row.parent {
            Some(code) => self.store.find_site(code)?,
            None => None,
        };
        Ok(SiteView {
            code: row.code,
            kind: row.kind,
            zh: row.zh,
            en: row.en,
            district: row.district,
            parent: row.parent,
            parent_name: parent.map(|it| [it.zh, it.en]),
            unconfirmed: false,
            scanned: None,
        })
    }

    /// The record of a site that was added, by the code made for it.
    fn added_site(&self, code: &str) -> Result<Option<RecordRow>, AppError> {
        let added = code.strip_prefix("NEW-").unwrap_or_default().to_ascii_lowercase();
        let found = if added.len() == 8 { self.store.find_by_prefix(&added)? } else { vec![] };
        let [record] = found.as_slice() else { return Ok(None) };
        Ok(self.store.find_record(*record)?.filter(|row| row.doc.kind == "site"))
    }

    /// Sites that no lead has confirmed yet, the latest first.
    pub(super) fn added_sites(&self) -> Result<Vec<AddedSite>, AppError> {
        let people = self.people()?;
        let mut added = vec![];
        for row in self.store.list_records("site", None, RECENT_CHECKS)? {
            let site = self.added_view(&row, &people);
            if site.unconfirmed {
                let by = row.doc.created.as_ref().map(|cited| person(&people, cited.by));
                added.push(AddedSite { site, by, at_ms: row.at_ms });
            }
        }
        Ok(added)
    }

    pub(super) fn confirm_site(
        &mut self,
        code: &str,
        name: &str,
        kind: &str,
    ) -> Result<SiteView, AppError> {
        if !CONFIRMERS.contains(&self.identity()?.role.as_str()) {
            let remedy = "only a lead or a reviewer confirms a site; ask yours";
            return Err(AppError::ReadOnly(remedy.to_owned()));
        }
        let row = self.added_site(code)?.ok_or_else(|| {
            AppError::NotFound(format!("{code} is no site that was added on this device"))
        })?;
        let mut set = named(name, kind)?;
        set.insert(slot_path("confirmed")?, true.into());
        let replaces = self.current_ops(row.record, set.keys())?;
        let data = OpData { set, replaces, ..OpData::default() };
        self.record_on(row.record, kind::SITE_CONFIRMED, data)?;
        self.site_view(code)
    }

    /// Records a site that no register lists. Its code says so, and is the same on every device.
    pub(super) fn add_site(&mut self, site: &NewSite) -> Result<SiteView, AppError> {
        let mut set = named(&site.name, &site.kind)?;
        if site.scanned.as_ref().is_some_and(|code| code.chars().count() > LONGEST_CODE) {
            let remedy = format!("longer than {LONGEST_CODE} characters: leave it out");
            return Err(AppError::invalid("scanned", remedy));
        }
        let texts =
            [("parent", &site.parent), ("district", &site.district), ("scanned", &site.scanned)];
        for (slot, text) in texts {
            if let Some(text) = text {
                set.insert(slot_path(slot)?, text.as_str().into());
            }
        }
        let scope = self.scope_to_begin_in(None)?;
        let data = OpData { set, ..OpData::default() };
        let draft = Draft { record: None, scope, kind: kind::SITE_ADDED.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        let record = self.store.record(&draft, at, seed)?.record();
        self.site_view(&code_of(record))
    }
}

/// The op by which somebody who leads confirmed a site under the name it has: anybody's op may be of the
/// kind, and a name that was put in its place since is confirmed by nobody. Of several the highest id, on
/// every device.
fn confirmed_by(row: &RecordRow, people: &People) -> Option<OpId> {
    let current = |slot: &str| {
        let path = slot_path(slot).ok();
        let values = path.and_then(|path| row.doc.slots.get(&path)).map(Vec::as_slice);
        values.unwrap_or_default().iter().map(|it| it.op)
    };
    let leads = |op: &OpId| {
        let by = row.doc.ops.get(op).and_then(|cited| people.get(&cited.by));
        by.is_some_and(|it| CONFIRMERS.contains(&it.role.as_str()))
    };
    current("confirmed").filter(|op| current("name").any(|it| it == *op)).filter(leads).max()
}

/// What a site is called and what it is.
fn named(name: &str, kind: &str) -> Result<BTreeMap<SlotPath, Value>, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 128 {
        return Err(AppError::invalid("name", "give the site's name, at most 128 characters"));
    }
    Ok(BTreeMap::from([(slot_path("name")?, name.into()), (slot_path("kind")?, kind.into())]))
}

/// The code of a site that was added: the same on every device.
fn code_of(record: RecordId) -> String {
    let short: String = record.to_string().chars().take(8).collect();
    format!("NEW-{}", short.to_ascii_uppercase())
}
