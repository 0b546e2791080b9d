//! What leads say of findings that look alike: one thing seen twice, or two things.
//!
//! Said in the merge, one slot a finding: `finding/ID/same` names the finding that stands for it.
//! Nobody's finding is edited. What was said holds while the findings are as they were then.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};
use spotcheck_store::BlobStore;

use super::alike;
use crate::{AppError, Device, Host};

/// Slots of a finding by which it is seen to be what it was.
const KNOWN_BY: [&str; 4] = ["item", "note", "photos", "voided"];

/// Findings that may be one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alike {
    /// Two and more, by id.
    pub findings: Vec<RecordId>,
    /// What leads said of some of them that does not settle this: findings came or changed since, or
    /// two leads said different things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Sameness>,
}

/// A lead's word on findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sameness {
    /// The op.
    pub op: OpId,
    /// The lead's user id.
    pub by: String,
    /// The findings, by id.
    pub findings: Vec<RecordId>,
    /// The one that stands for all; none where they are different things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<RecordId>,
    /// Why, where a reason was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Findings that still wait for a word, and the words that hold.
    pub(super) fn sameness(
        &self,
        merge: &RecordDoc,
        findings: &BTreeMap<RecordId, RecordDoc>,
    ) -> Result<(Vec<Alike>, Vec<Sameness>), AppError> {
        let (mut holds, mut lapsed) = (vec![], vec![]);
        let said = merge.slots.iter().filter(|(path, _)| speaks_of_finding(path));
        let ops: BTreeSet<OpId> = said.flat_map(|(_, values)| values).map(|it| it.op).collect();
        for op in ops {
            let Some(written) = self.store.find_op(op)? else { continue };
            let data = written.data().unwrap_or_default();
            let Some(main) = standing_for(&data.set) else { continue };
            let mut settles = data.settles;
            settles.sort();
            let stands = data.set.iter().all(|(path, value)| {
                let current = merge.slots.get(path).map(Vec::as_slice).unwrap_or_default();
                current.iter().any(|it| it.op == op) && current.iter().all(|it| it.value == *value)
            });
            let said = Sameness {
                op,
                by: written.header.by.to_string(),
                findings: data.set.keys().filter_map(finding_of).collect(),
                main,
                why: data.why,
            };
            let as_then =
                settles == known_by(said.findings.iter().filter_map(|id| findings.get(id)));
            if stands && as_then { &mut holds } else { &mut lapsed }.push(said);
        }
        // Two leads who say the same thing said one thing.
        let mut seen = BTreeSet::new();
        holds.retain(|it: &Sameness| seen.insert((it.findings.clone(), it.main)));
        let waiting = alike::groups(findings).into_iter().filter_map(|group| {
            let all = |it: &&Sameness| group.iter().all(|id| it.findings.contains(id));
            let some = |it: &&Sameness| group.iter().any(|id| it.findings.contains(id));
            if holds.iter().any(|it| all(&it)) {
                return None;
            }
            let before = holds.iter().chain(&lapsed).filter(some).cloned().collect();
            Some(Alike { findings: group, before })
        });
        Ok((waiting.collect(), holds))
    }
}

/// The ops that make findings what they are, in order: what a word on them rests on.
pub(crate) fn known_by<'a>(findings: impl Iterator<Item = &'a RecordDoc>) -> Vec<OpId> {
    let slots = findings.flat_map(|doc| &doc.slots);
    let known = slots.filter(|(path, _)| KNOWN_BY.contains(&path.as_str()));
    let ops: BTreeSet<OpId> = known.flat_map(|(_, values)| values).map(|it| it.op).collect();
    ops.into_iter().collect()
}

/// The slots of a word: each finding names the one that stands for it, itself where it stands alone.
///
/// # Errors
/// Never for the ids of records; the path is checked like any other.
pub(crate) fn slots_of(
    findings: &[RecordId],
    main: Option<RecordId>,
) -> Result<BTreeMap<SlotPath, Value>, AppError> {
    let slot = |id: &RecordId| {
        let path = SlotPath::new(&format!("finding/{id}/same"));
        let path = path.map_err(|e| AppError::invalid("findings", e))?;
        Ok((path, main.unwrap_or(*id).to_string().into()))
    };
    findings.iter().map(slot).collect()
}

/// Whether a slot of a merge is a word on a finding.
pub(crate) fn speaks_of_finding(path: &SlotPath) -> bool {
    finding_of(path).is_some()
}

/// The finding a slot of the merge speaks of.
fn finding_of(path: &SlotPath) -> Option<RecordId> {
    path.as_str().strip_prefix("finding/")?.strip_suffix("/same")?.parse().ok()
}

/// What an op says: `Some(None)` that its findings are different things, `None` when it is no word
/// on findings that this version understands.
#[allow(clippy::option_option, reason = "a word for apart is not the absence of a word")]
fn standing_for(set: &BTreeMap<SlotPath, Value>) -> Option<Option<RecordId>> {
    let named = set
        .iter()
        .map(|(path, value)| Some((finding_of(path)?, value.as_text()?.parse::<RecordId>().ok()?)));
    let named: Vec<(RecordId, RecordId)> = named.collect::<Option<_>>()?;
    let mains: BTreeSet<RecordId> = named.iter().map(|(_, main)| *main).collect();
    match (named.len(), mains.len()) {
        (2.., 1) => {
            let main = mains.into_iter().next()?;
            named.iter().any(|(id, _)| *id == main).then_some(Some(main))
        }
        (2.., _) if named.iter().all(|(id, main)| id == main) => Some(None),
        _ => None,
    }
}
