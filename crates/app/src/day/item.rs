//! One slot of the merge: what the values of all checks come to.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use spotcheck_checklists::{Checklist, Conditions, Item, Merge, judge_reading, worst_rank};
use spotcheck_domain::projection::{Current, RecordDoc};
use spotcheck_domain::{BlobHash, OpId, RecordId, SlotPath, Value};
use spotcheck_rules::Pack;
use spotcheck_store::{BlobStore, RecordRow};

use super::{Decided, MergedItem, MergedStatus, MergedValue, contradiction_id};
use crate::inspection::{Stand, checklist_of, evidence_path, is_aside, pack_of};
use crate::instruments::trust_of;
use crate::query::text;
use crate::share::is_share;
use crate::{AppError, Device, Host, Library};

/// Slots that are no items: head, completion, signatures.
const HEAD: [&str; 25] = [
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
    "in_charge",
    "address",
    "left_at",
    "handling",
    "badges",
    "completed",
    "voided",
    "signature",
    "note",
];

/// How a merged checklist stands.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Standing {
    /// Items that wait for a person.
    pub open: u32,
    /// Items that a person decided.
    pub decided: u32,
    /// Items united silently.
    pub auto: u32,
}

impl Standing {
    pub(super) fn add(&mut self, item: &MergedItem) {
        self.open += u32::from(item.waits());
        self.decided += u32::from(item.status == MergedStatus::Decided);
        self.auto += u32::from(item.is_quiet());
    }
}

impl MergedItem {
    /// Whether a person must decide.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.status, MergedStatus::Contradiction | MergedStatus::Reopened)
    }

    /// Whether there is nothing to look at: equal values, and no lead had to say anything.
    pub(crate) fn is_quiet(&self) -> bool {
        self.status == MergedStatus::Agreed && self.decisions.is_empty()
    }

    pub(super) fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0].value != pair[1].value)
    }
}

/// Checks that are void, and those that count.
pub(super) fn void_and_valid(rows: Vec<RecordRow>) -> (Vec<RecordRow>, Vec<RecordRow>) {
    rows.into_iter().partition(|row| row.doc.agreed("voided") == Some(&Value::Bool(true)))
}

/// What a day's checks are merged by: the rules of the first of them.
pub(super) struct MergeRules<'a> {
    checklist: Option<&'a Checklist>,
    conditions: Option<&'a Conditions>,
    items: BTreeMap<&'a str, &'a Item>,
    pack: Option<&'a Pack>,
    day: Option<NaiveDate>,
}

impl<'a> MergeRules<'a> {
    pub(super) fn of(library: &'a Library, first: Option<&RecordRow>) -> Self {
        let said = |slot: &str| first.map(|row| text(&row.doc, slot)).unwrap_or_default();
        let hash = first.and_then(|row| checklist_of(&row.doc, library));
        let checklist = hash.and_then(|hash| library.find_checklist(hash));
        let items = checklist.iter().flat_map(|list| &list.items);
        Self {
            items: items.map(|item| (item.code.as_str(), item)).collect(),
            checklist,
            conditions: hash.and_then(|hash| library.conditions(hash)),
            pack: first
                .and_then(|row| pack_of(&row.doc, library))
                .and_then(|hash| library.find_pack(hash)),
            day: spotcheck_rules::parse_date(said("day")).ok(),
        }
    }

    /// Codes of the items that one of the checks at least must answer, in the checklist's order.
    pub(super) fn required(&self, rows: &[RecordRow]) -> Vec<&'a str> {
        let Some(list) = self.checklist else { return vec![] };
        let mut required = BTreeSet::new();
        for row in rows {
            required.extend(Stand::of(list, self.conditions, row.record, &row.doc).required());
        }
        let codes = list.items.iter().map(|item| item.code.as_str());
        codes.filter(|code| required.contains(code)).collect()
    }

    /// What some values of a slot, and what leads said of them, come to.
    fn merge(
        &self,
        path: &SlotPath,
        mut values: Vec<MergedValue>,
        decisions: Vec<Decided>,
    ) -> MergedItem {
        values.sort_by_key(|value| value.op);
        let ops: Vec<OpId> = values.iter().map(|value| value.op).collect();
        let mut merged = MergedItem {
            status: MergedStatus::Agreed,
            value: None,
            values,
            decisions,
            contradiction: None,
        };
        (merged.status, merged.value) = self.outcome(path, &merged, &ops);
        merged
    }

    fn outcome(
        &self,
        path: &SlotPath,
        merged: &MergedItem,
        ops: &[OpId],
    ) -> (MergedStatus, Option<Value>) {
        let MergedItem { values, decisions, .. } = merged;
        // All that was decided on is void or was taken back: the decision stays in view.
        let Some(first) = values.first().map(|it| &it.value) else {
            return (MergedStatus::Agreed, None);
        };
        let over_these = decisions.iter().find(|it| it.settles == ops);
        if let Some(decision) = over_these
            && decisions.iter().all(|it| it.value == decision.value)
        {
            return (MergedStatus::Decided, Some(decision.value.clone()));
        }
        let differs = merged.differs();
        // Also where what is left agrees: on something else than a person had decided.
        if decisions.iter().any(|it| differs || it.value != *first) {
            return (MergedStatus::Reopened, None);
        }
        if !differs {
            return (MergedStatus::Agreed, Some(first.clone()));
        }
        let item = self.items.get(path.item());
        match (item.map_or(Merge::AskLead, |item| item.merge), item) {
            (Merge::KeepBoth, _) => {
                let all: BTreeSet<Value> = values.iter().map(|it| it.value.clone()).collect();
                (MergedStatus::BothKept, Some(Value::List(all.into_iter().collect())))
            }
            (Merge::WorstWins, Some(item)) => match self.worst(item, values) {
                Some(worst) => (MergedStatus::WorstTaken, Some(worst)),
                None => (MergedStatus::Contradiction, None),
            },
            _ => (MergedStatus::Contradiction, None),
        }
    }

    /// The worst of several values, where they can be ordered at all and one alone is the worst.
    fn worst(&self, item: &Item, values: &[MergedValue]) -> Option<Value> {
        let mut ranked = vec![];
        for value in values {
            let json = serde_json::from_str(&value.value.to_string()).ok()?;
            let trust = value.trust.as_ref();
            let judgement = judge_reading(item, &json, self.pack?, self.day?, trust).ok()?;
            ranked.push((worst_rank(judgement.as_ref()), &value.value));
        }
        let mut worst = ranked.first()?;
        for one in &ranked {
            if one.0.partial_cmp(&worst.0)? == Ordering::Greater {
                worst = one;
            }
        }
        // Equally bad and yet different: a person must say which.
        let alone = ranked.iter().all(|(rank, value)| *rank != worst.0 || *value == worst.1);
        alone.then(|| worst.1.clone())
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The slots of some checks, merged, and those that only a decision is left of.
    pub(super) fn items(
        &self,
        rows: &[RecordRow],
        rules: &MergeRules<'_>,
        (merge, said): (RecordId, &RecordDoc),
    ) -> Result<BTreeMap<String, MergedItem>, AppError> {
        let mut slots: BTreeMap<&SlotPath, Vec<MergedValue>> = BTreeMap::new();
        for row in rows {
            for (path, values) in row.doc.slots.iter().filter(|(path, _)| is_item(path)) {
                let values = values.iter().map(|current| merged_value(row, path, current));
                slots.entry(path).or_default().extend(values);
            }
        }
        for path in said.slots.keys().filter(|path| rules.items.contains_key(path.item())) {
            slots.entry(path).or_default();
        }
        let mut items = BTreeMap::new();
        for (path, values) in slots {
            let mut item = rules.merge(path, values, self.decisions_on(said, path)?);
            let spoken_of = item.differs() || !item.decisions.is_empty();
            item.contradiction = spoken_of.then(|| contradiction_id(merge, path));
            items.insert(path.to_string(), item);
        }
        Ok(items)
    }

    /// Decisions on a slot that no other replaced, by op. Two leads deciding alike agree; deciding
    /// differently they reopen the item, with both in view.
    fn decisions_on(&self, said: &RecordDoc, path: &SlotPath) -> Result<Vec<Decided>, AppError> {
        let current = said.slots.get(path).map(Vec::as_slice).unwrap_or_default();
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
}

/// Photos are united, not compared: they are in view beside the values they back.
pub(crate) fn is_item(path: &SlotPath) -> bool {
    !HEAD.contains(&path.item()) && !is_aside(path) && !is_share(path)
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
        trust: trust_of(&row.doc, path, current.op),
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
