//! The day's merge: all inspections and authors of one site, checklist and date, item by item.
//!
//! Computed the same from any order of arrival. Inspectors' records are never edited by it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_checklists::{Item, Merge, judge_answer, worst_rank};
use spotcheck_domain::id::derive;
use spotcheck_domain::projection::{Current, RecordDoc};
use spotcheck_domain::{BlobHash, OpId, RecordId, SlotPath, Value};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

mod alike;
mod sameness;

pub use sameness::{Alike, Sameness};
pub(crate) use sameness::{known_by, slots_of, speaks_of_finding};

use crate::inspection::{evidence_path, is_aside};
use crate::query::text;
use crate::share::is_share;
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
    /// One value, or several equal ones.
    Agreed,
    /// Different values; the item's policy takes the worst. Both stay in view.
    WorstTaken,
    /// Different values; the item's policy keeps them all.
    BothKept,
    /// Different values; a person must decide.
    Contradiction,
    /// A person decided, over exactly these values.
    Decided,
    /// A person decided, but other values have come since.
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

/// Slots that are no items: head, completion, signatures.
const HEAD: [&str; 20] = [
    "site",
    "day",
    "checklist",
    "checklist_sha256",
    "pack_sha256",
    "visit",
    "unannounced",
    "planned",
    "programmes",
    "inspectors",
    "bodies",
    "batch",
    "action",
    "arrived_at",
    "outside",
    "place",
    "completed",
    "voided",
    "signature",
    "note",
];

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The merged checklists of a site and day, by checklist code.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn day(&self, site: &str, day: &str) -> Result<Vec<Day>, AppError> {
        let mut by_checklist: BTreeMap<String, Vec<RecordRow>> = BTreeMap::new();
        for row in self.store.records_at(site, day)? {
            if row.doc.kind == "inspection" {
                by_checklist.entry(text(&row.doc, "checklist").to_owned()).or_default().push(row);
            }
        }
        by_checklist
            .into_iter()
            .map(|(checklist, rows)| self.merge(site, day, checklist, rows))
            .collect()
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
                for (path, item) in merged.items {
                    if !matches!(item.status, MergedStatus::Contradiction | MergedStatus::Reopened)
                    {
                        continue;
                    }
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
        let ws = self.identity()?.ws;
        let merge = RecordId::of_merge(ws, "", RecordId::of_site(ws, site), day, &checklist);
        let decisions = self.store.find_record(merge)?.map(|row| row.doc).unwrap_or_default();
        let (voided, rows): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.doc.agreed("voided") == Some(&Value::Bool(true)));
        let mut slots: BTreeMap<SlotPath, Vec<MergedValue>> = BTreeMap::new();
        let mut authors = BTreeSet::new();
        let (mut findings, mut photos) = (BTreeMap::new(), BTreeSet::new());
        for row in &rows {
            for (path, values) in &row.doc.slots {
                let values = values.iter().map(|current| merged_value(row, path, current));
                slots.entry(path.clone()).or_default().extend(values);
            }
            for op in self.store.ops_of(row.record)? {
                authors.insert(op.op.header.by.to_string());
                photos.extend(op.op.data().unwrap_or_default().blobs.iter().map(|b| b.sha256));
            }
            for child in self.store.children(row.record)? {
                for op in self.store.ops_of(child.record)? {
                    photos.extend(op.op.data().unwrap_or_default().blobs.iter().map(|b| b.sha256));
                }
                findings.insert(child.record, child.doc);
            }
        }
        let mut items = BTreeMap::new();
        for (path, mut values) in slots {
            // Photos are united, not compared: they are in view beside the values they back.
            if HEAD.contains(&path.item()) || is_aside(&path) || is_share(&path) {
                continue;
            }
            values.sort_by_key(|value| value.op);
            let item = self.item_of(&rows, &path);
            let id = contradiction_id(merge, &path);
            let decided = self.decisions_on(&decisions, &path)?;
            items.insert(path.to_string(), self.merge_item(&rows, item, values, decided, id));
        }
        let answered: BTreeSet<&str> =
            items.keys().filter_map(|path| path.rsplit('/').next()).collect();
        let missing = match rows.first() {
            Some(row) => self
                .required(row)
                .into_iter()
                .filter(|code| !answered.contains(code.as_str()))
                .collect(),
            None => vec![],
        };
        let waits = |item: &&MergedItem| {
            matches!(item.status, MergedStatus::Contradiction | MergedStatus::Reopened)
        };
        let open = items.values().filter(waits).count();
        let (alike, sameness) = self.sameness(&decisions, &findings)?;
        Ok(Day {
            merge,
            site: site.to_owned(),
            day: day.to_owned(),
            checklist,
            inspections: rows.iter().map(|row| row.record).collect(),
            voided: voided.iter().map(|row| row.record).collect(),
            authors: authors.into_iter().collect(),
            missing,
            alike,
            sameness,
            findings: findings.into_keys().collect(),
            photos: photos.into_iter().collect(),
            open,
            items,
        })
    }

    fn merge_item(
        &self,
        rows: &[RecordRow],
        item: Option<&Item>,
        values: Vec<MergedValue>,
        decisions: Vec<Decided>,
        id: String,
    ) -> MergedItem {
        let agreed = values.windows(2).all(|pair| pair[0].value == pair[1].value);
        let ops: Vec<OpId> = values.iter().map(|value| value.op).collect();
        let policy = item.map_or(Merge::AskLead, |item| item.merge);
        let contradiction = (!agreed || !decisions.is_empty()).then_some(id);
        let (status, value) = match decisions.iter().find(|it| it.settles == ops) {
            Some(decision) if decisions.iter().all(|it| it.value == decision.value) => {
                (MergedStatus::Decided, Some(decision.value.clone()))
            }
            _ if !agreed && !decisions.is_empty() => (MergedStatus::Reopened, None),
            _ if agreed => (MergedStatus::Agreed, values.first().map(|v| v.value.clone())),
            _ => match (policy, item) {
                (Merge::KeepBoth, _) => {
                    let all: BTreeSet<Value> = values.iter().map(|v| v.value.clone()).collect();
                    (MergedStatus::BothKept, Some(Value::List(all.into_iter().collect())))
                }
                (Merge::WorstWins, Some(item)) => match self.worst(rows, item, &values) {
                    Some(worst) => (MergedStatus::WorstTaken, Some(worst)),
                    None => (MergedStatus::Contradiction, None),
                },
                _ => (MergedStatus::Contradiction, None),
            },
        };
        MergedItem { status, value, values, decisions, contradiction }
    }

    /// The worst of several values, where they can be ordered at all.
    fn worst(&self, rows: &[RecordRow], item: &Item, values: &[MergedValue]) -> Option<Value> {
        let row = rows.first()?;
        let pack = self.library.find_pack(text(&row.doc, "pack_sha256").parse().ok()?)?;
        let day = spotcheck_rules::parse_date(text(&row.doc, "day")).ok()?;
        let mut ranked = vec![];
        for value in values {
            let json = serde_json::from_str(&value.value.to_string()).ok()?;
            let judgement = judge_answer(item, &json, pack, day).ok()?;
            ranked.push((worst_rank(judgement.as_ref()), value));
        }
        let mut ranked = ranked.into_iter();
        let (mut worst, mut at) = ranked.next()?;
        for (rank, value) in ranked {
            match rank.partial_cmp(&worst)? {
                std::cmp::Ordering::Greater => (worst, at) = (rank, value),
                // Equally bad and yet different: a person must say which.
                std::cmp::Ordering::Equal if value.value != at.value => return None,
                _ => {}
            }
        }
        Some(at.value.clone())
    }

    /// Decisions on a slot that no other replaced, by op. Two leads deciding alike agree; deciding
    /// differently they reopen the item, with both in view.
    fn decisions_on(
        &self,
        decisions: &RecordDoc,
        path: &SlotPath,
    ) -> Result<Vec<Decided>, AppError> {
        let current = decisions.slots.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut decided = vec![];
        for Current { op, value } in current {
            let Some(written) = self.store.find_op(*op)? else { continue };
            let data = written.data().unwrap_or_default();
            let mut settles = data.settles;
            settles.sort();
            let by = written.header.by.to_string();
            decided.push(Decided { op: *op, by, value: value.clone(), settles, why: data.why });
        }
        decided.sort_by_key(|it| it.op);
        Ok(decided)
    }

    fn item_of(&self, rows: &[RecordRow], path: &SlotPath) -> Option<&Item> {
        let hash = text(&rows.first()?.doc, "checklist_sha256").parse().ok()?;
        self.library.find_checklist(hash)?.find_item(path.item())
    }

    fn required(&self, row: &RecordRow) -> Vec<String> {
        let hash = text(&row.doc, "checklist_sha256").parse().ok();
        let list = hash.and_then(|hash| self.library.find_checklist(hash));
        let items = list.map(|list| list.items.as_slice()).unwrap_or_default();
        items.iter().filter(|item| item.required).map(|item| item.code.clone()).collect()
    }
}

fn merged_value(row: &RecordRow, path: &SlotPath, current: &Current) -> MergedValue {
    let cited = row.doc.ops.get(&current.op);
    MergedValue {
        op: current.op,
        inspection: row.record,
        by: cited.map(|cited| cited.by.to_string()).unwrap_or_default(),
        at: cited.map(|cited| cited.at).unwrap_or_default(),
        value: current.value.clone(),
        photos: backing(row, path, current.op),
    }
}

/// The photos that the op which gave an answer put beside it.
fn backing(row: &RecordRow, path: &SlotPath, op: OpId) -> Vec<BlobHash> {
    let slot = evidence_path(path).ok().and_then(|slot| row.doc.slots.get(&slot));
    let named = slot.into_iter().flatten().filter(|current| current.op == op);
    let hashes = named.filter_map(|current| match &current.value {
        Value::List(hashes) => Some(hashes),
        _ => None,
    });
    hashes.flatten().filter_map(|hash| hash.as_text()?.parse().ok()).collect()
}

/// What a contradiction is decided by: derived, so that every device calls it the same.
pub(crate) fn contradiction_id(merge: RecordId, path: &SlotPath) -> String {
    let id = derive("spotcheck contradiction 1", &[&merge.0, path.as_str().as_bytes()]);
    RecordId(id).to_string()[..16].to_owned()
}
