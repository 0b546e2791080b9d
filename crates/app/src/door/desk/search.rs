//! Search over everything on this device: sites, people, checks, words in findings.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_rules::Bilingual;
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::{DeskSite, FindingHit};
use crate::door::{CheckCard, Person};
use crate::{AppError, Device, Host};

/// Hits of each sort.
const HITS: usize = 30;
/// Checks and findings looked through, the latest first: a year of a team.
const LOOKED_THROUGH: usize = 20_000;

/// What was found, each sort by itself.
#[derive(Debug, Serialize, TS)]
pub struct SearchView {
    /// Sites by Chinese text, pinyin initials, code or English.
    pub sites: Vec<DeskSite>,
    /// People by name or code.
    pub people: Vec<Person>,
    /// Items of checklists by code or text: what is asked.
    pub items: Vec<ItemHit>,
    /// Findings with the words in note or item.
    pub findings: Vec<FindingHit>,
    /// Checks with the words in an answer, a note, the checklist or the site's name.
    pub checks: Vec<CheckCard>,
}

/// An item of a checklist.
#[derive(Debug, Serialize, TS)]
pub struct ItemHit {
    /// Its code: findings can be asked by it.
    pub code: String,
    /// What is asked.
    pub text: Bilingual,
    /// The checklists that ask it.
    pub checklists: Vec<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn search(&self, typed: &str) -> Result<SearchView, AppError> {
        let typed = typed.trim();
        let people = self.people()?;
        let mut found = SearchView {
            sites: vec![],
            people: vec![],
            items: vec![],
            findings: vec![],
            checks: vec![],
        };
        if typed.is_empty() {
            return Ok(found);
        }
        for row in self.store.find_sites(typed, HITS)? {
            found.sites.push(DeskSite::from(row));
        }
        let lower = typed.to_lowercase();
        let names = |it: &&Person| {
            [&it.code, &it.zh, &it.en].iter().any(|name| name.to_lowercase().contains(&lower))
        };
        found.people = people.values().filter(names).take(HITS).cloned().collect();
        found.items = self.items_saying(&lower);
        for row in self.store.records_saying("finding", typed, LOOKED_THROUGH, HITS)? {
            found.findings.extend(self.finding_hit(&row, &people)?);
        }
        for row in self.store.records_saying("inspection", typed, LOOKED_THROUGH, HITS)? {
            found.checks.push(self.card(row, &people)?);
        }
        // Checks of a site whose name fits, also where the check itself says only its code.
        for site in found.sites.iter().take(5) {
            for (_, day) in self.store.places(Some(&site.code), None)?.into_iter().rev().take(5) {
                for row in self.store.records_at(&site.code, &day)? {
                    let known = found.checks.iter().any(|it| it.id == row.record.to_string());
                    if !known && row.doc.kind == "inspection" && found.checks.len() < HITS {
                        found.checks.push(self.card(row, &people)?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Items of the newest checklists with these words, in lowercase, in code or text.
    fn items_saying(&self, lower: &str) -> Vec<ItemHit> {
        let mut items: BTreeMap<&str, ItemHit> = BTreeMap::new();
        for list in self.library.newest() {
            for item in &list.items {
                let said = [&item.code, &item.text.zh, &item.text.en];
                if !said.iter().any(|text| text.to_lowercase().contains(lower)) {
                    continue;
                }
                let hit = items.entry(&item.code).or_insert_with(|| ItemHit {
                    code: item.code.clone(),
                    text: item.text.clone(),
                    checklists: vec![],
                });
                hit.checklists.push(list.code.clone());
            }
        }
        items.into_values().take(HITS).collect()
    }
}
