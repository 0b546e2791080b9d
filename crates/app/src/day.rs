//! The day's merge: all inspections and authors of one site, checklist and date, item by item.
//!
//! Computed the same from any order of arrival. Inspectors' records are never edited by it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_domain::id::derive;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, OpId, RecordId, SlotPath, Value};
use spotcheck_rules::Trust;
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

mod alike;
mod item;
mod sameness;

pub(crate) use item::{Standing, is_item};
pub use sameness::{Alike, Sameness};
pub(crate) use sameness::{known_by, slots_of, speaks_of_finding};

use self::item::{MergeRules, void_and_valid};
use crate::query::text;
use crate::{AppError, Contradiction, Device, Host};

/// A merged checklist of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The merge's derived id: the same on every device.
    pub merge: RecordId,
    /// The site's code.
    pub site: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The checklist's code.
    pub checklist: String,
    /// The inspections it unites, voided ones left out, by id.
    pub inspections: Vec<RecordId>,
    /// Voided inspections, shown and not counted.
    pub voided: Vec<RecordId>,
    /// Who took part, by user id.
    pub authors: Vec<String>,
    /// Slot by slot.
    pub items: BTreeMap<String, MergedItem>,
    /// Required items nobody answered.
    pub missing: Vec<String>,
    /// Findings of all of them, by id.
    pub findings: Vec<RecordId>,
    /// Findings that may be the same thing seen twice, in groups: offered to the lead as one.
    pub alike: Vec<Alike>,
    /// What leads said of findings that look alike, as far as it holds.
    pub sameness: Vec<Sameness>,
    /// Photos and documents of all of them, by hash.
    pub photos: Vec<BlobHash>,
    /// How many items wait for a decision.
    pub open: usize,
}

/// How one item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergedItem {
    /// See [`MergedStatus`].
    pub status: MergedStatus,
    /// The merged value; absent while it waits for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Every current value, with its author and time: always in view.
    pub values: Vec<MergedValue>,
    /// Decisions that nothing replaced, also those that late data has reopened. More than one where
    /// two leads decided without seeing each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decided>,
    /// What to decide it by, where the values differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contradiction: Option<String>,
}

/// What the merge did with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergedStatus {
    /// One value, or several equal ones; or none, where nothing is left of what was decided on.
    Agreed,
    /// Different values; the item's policy takes the worst. Both stay in view.
    WorstTaken,
    /// Different values; the item's policy keeps them all.
    BothKept,
    /// Different values; a person must decide.
    Contradiction,
    /// A person decided, over exactly these values.
    Decided,
    /// A person decided, but other values have come since, or what is left says something else.
    Reopened,
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergedValue {
    /// The op that set it.
    pub op: OpId,
    /// The inspection.
    pub inspection: RecordId,
    /// The author's user id.
    pub by: String,
    /// When, as claimed: ms since 1970 UTC, and minutes east.
    pub at: (i64, i32),
    /// The value.
    pub value: Value,
    /// Photos that back it, by hash.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<BlobHash>,
    /// What was known of the instrument it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
}

/// A lead's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The op.
    pub op: OpId,
    /// The lead's user id.
    pub by: String,
    /// The value decided on.
    pub value: Value,
    /// The ops it was made over.
    pub settles: Vec<OpId>,
    /// The reason given.
    pub why: Option<String>,
}

impl Day {
    /// Whether another finding stands for this one.
    pub fn is_part_of_another(&self, finding: RecordId) -> bool {
        let united = |it: &Sameness| it.main.is_some_and(|main| main != finding);
        self.sameness.iter().any(|it| united(it) && it.findings.contains(&finding))
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The merged checklists of a site and day, by checklist code.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn day(&self, site: &str, day: &str) -> Result<Vec<Day>, AppError> {
        let by_checklist = self.checks_at(site, day)?.into_iter();
        by_checklist.map(|(checklist, rows)| self.merge(site, day, checklist, rows)).collect()
    }

    /// One of them; none where there is no check by this checklist.
    pub(crate) fn day_of(
        &self,
        site: &str,
        day: &str,
        checklist: &str,
    ) -> Result<Option<Day>, AppError> {
        let rows = self.checks_at(site, day)?.remove(checklist);
        rows.map(|rows| self.merge(site, day, checklist.to_owned(), rows)).transpose()
    }

    /// How the merged checklists of a site and day stand, by code, without what is shown of them.
    pub(crate) fn standings(
        &self,
        site: &str,
        day: &str,
    ) -> Result<BTreeMap<String, Standing>, AppError> {
        let mut standings = BTreeMap::new();
        for (checklist, rows) in self.checks_at(site, day)? {
            let (merge, decisions) = self.said_at(site, day, &checklist)?;
            let (_, rows) = void_and_valid(rows);
            let rules = MergeRules::of(&self.library, rows.first());
            let mut standing = Standing::default();
            for item in self.items(&rows, &rules, (merge, &decisions))?.values() {
                standing.add(item);
            }
            standings.insert(checklist, standing);
        }
        Ok(standings)
    }

    /// The checks of a site and day, void ones too, by their checklist's code.
    fn checks_at(
        &self,
        site: &str,
        day: &str,
    ) -> Result<BTreeMap<String, Vec<RecordRow>>, AppError> {
        let mut by_checklist: BTreeMap<String, Vec<RecordRow>> = BTreeMap::new();
        for row in self.store.records_at(site, day)? {
            if row.doc.kind == "inspection" {
                by_checklist.entry(text(&row.doc, "checklist").to_owned()).or_default().push(row);
            }
        }
        Ok(by_checklist)
    }

    /// A merge's derived id, and what leads said in it.
    fn said_at(
        &self,
        site: &str,
        day: &str,
        checklist: &str,
    ) -> Result<(RecordId, RecordDoc), AppError> {
        let ws = self.identity()?.ws;
        let merge = RecordId::of_merge(ws, "", RecordId::of_site(ws, site), day, checklist);
        let said = self.store.find_record(merge)?.map(|row| row.doc).unwrap_or_default();
        Ok((merge, said))
    }

    /// Every contradiction that waits for a decision, of one site and day or of all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn contradictions(
        &self,
        site: Option<&str>,
        day: Option<&str>,
    ) -> Result<Vec<Contradiction>, AppError> {
        let mut found = vec![];
        for (at, on) in self.store.places(site, day)? {
            for merged in self.day(&at, &on)? {
                for (path, item) in merged.items.into_iter().filter(|(_, item)| item.waits()) {
                    found.push(Contradiction {
                        id: item.contradiction.unwrap_or_default(),
                        site: at.clone(),
                        day: on.clone(),
                        checklist: merged.checklist.clone(),
                        path: SlotPath::new(&path).map_err(|e| AppError::invalid("slot", e))?,
                        values: item.values,
                    });
                }
            }
        }
        Ok(found)
    }

    fn merge(
        &self,
        site: &str,
        day: &str,
        checklist: String,
        rows: Vec<RecordRow>,
    ) -> Result<Day, AppError> {
        let (merge, decisions) = self.said_at(site, day, &checklist)?;
        let (voided, rows) = void_and_valid(rows);
        let rules = MergeRules::of(&self.library, rows.first().or(voided.first()));
        let items = self.items(&rows, &rules, (merge, &decisions))?;
        let mut authors = BTreeSet::new();
        let (mut findings, mut photos) = (BTreeMap::new(), BTreeSet::new());
        for row in &rows {
            authors.extend(self.store.authors_of(row.record)?);
            photos.extend(self.store.blobs_named_by(row.record)?);
            for child in self.store.children(row.record)? {
                photos.extend(self.store.blobs_named_by(child.record)?);
                findings.insert(child.record, child.doc);
            }
        }
        let answered: BTreeSet<&str> = items
            .iter()
            .filter(|(_, item)| !item.values.is_empty())
            .filter_map(|(path, _)| path.rsplit('/').next())
            .collect();
        let required = rules.required(&rows).into_iter();
        let missing = required.filter(|code| !answered.contains(code)).map(str::to_owned).collect();
        let open = items.values().filter(|item| item.waits()).count();
        let (alike, sameness) = self.sameness(&decisions, &findings)?;
        Ok(Day {
            merge,
            site: site.to_owned(),
            day: day.to_owned(),
            checklist,
            inspections: rows.iter().map(|row| row.record).collect(),
            voided: voided.iter().map(|row| row.record).collect(),
            authors: authors.iter().map(ToString::to_string).collect(),
            missing,
            alike,
            sameness,
            findings: findings.into_keys().collect(),
            photos: photos.into_iter().collect(),
            open,
            items,
        })
    }
}

/// What a contradiction is decided by: derived, so that every device calls it the same.
pub(crate) fn contradiction_id(merge: RecordId, path: &SlotPath) -> String {
    let id = derive("spotcheck contradiction 1", &[&merge.0, path.as_str().as_bytes()]);
    RecordId(id).to_string()[..16].to_owned()
}
