//! Finding the site one stands at.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_domain::Value;
use spotcheck_domain::op::{OpData, kind};
use spotcheck_store::{BlobStore, Draft, SiteRow};
use ts_rs::TS;

use super::NewSite;
use crate::inspection::slot_path;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Own checks looked through for recent sites.
const RECENT_CHECKS: usize = 100;
/// Recent sites shown.
const RECENT_SITES: usize = 12;

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
        for row in self.store.list_records("site", None, RECENT_CHECKS)? {
            let name = text(&row.doc, "name");
            if !typed.trim().is_empty() && name.contains(typed.trim()) && views.len() < limit {
                views.push(self.site_view(&format!("NEW-{}", short(&row.record.to_string())))?);
            }
        }
        Ok(views)
    }

    pub(super) fn recent_sites(&self) -> Result<Vec<SiteView>, AppError> {
        let mut codes: Vec<String> = vec![];
        for row in self.store.list_records("inspection", None, RECENT_CHECKS)? {
            let code = text(&row.doc, "site");
            if self.is_own(&row)? && !code.is_empty() && !codes.iter().any(|known| known == code) {
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
        let mut view = SiteView {
            code: code.to_owned(),
            kind: "unknown".to_owned(),
            zh: code.to_owned(),
            en: code.to_owned(),
            district: None,
            parent: None,
            parent_name: None,
            unconfirmed: true,
        };
        let added = code.strip_prefix("NEW-").unwrap_or_default().to_ascii_lowercase();
        let found = if added.len() == 8 { self.store.find_by_prefix(&added)? } else { vec![] };
        if let [record] = found.as_slice()
            && let Some(row) = self.store.find_record(*record)?
            && row.doc.kind == "site"
        {
            view.kind = text(&row.doc, "kind").to_owned();
            view.zh = text(&row.doc, "name").to_owned();
            view.en = view.zh.clone();
            let filled = |slot| Some(text(&row.doc, slot).to_owned()).filter(|it| !it.is_empty());
            view.district = filled("district");
            view.parent = filled("parent");
        }
        Ok(view)
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
        })
    }

    /// Records a site that no register lists. Its code says so, and is the same on every device.
    pub(super) fn add_site(&mut self, site: &NewSite) -> Result<SiteView, AppError> {
        let name = site.name.trim();
        if name.is_empty() || name.chars().count() > 128 {
            return Err(AppError::invalid("name", "give the site's name, at most 128 characters"));
        }
        let mut set = BTreeMap::from([
            (slot_path("name")?, Value::from(name)),
            (slot_path("kind")?, site.kind.as_str().into()),
        ]);
        for (slot, text) in [("parent", &site.parent), ("district", &site.district)] {
            if let Some(text) = text {
                set.insert(slot_path(slot)?, text.as_str().into());
            }
        }
        let scope = self.scope_to_begin_in(None)?;
        let data = OpData { set, ..OpData::default() };
        let draft = Draft { record: None, scope, kind: kind::SITE_ADDED.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        let record = self.store.record(&draft, at, seed)?.record();
        self.site_view(&format!("NEW-{}", short(&record.to_string())))
    }
}

fn short(id: &str) -> String {
    id.chars().take(8).collect::<String>().to_ascii_uppercase()
}
