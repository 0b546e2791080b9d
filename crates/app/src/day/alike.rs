//! Findings that may be the same thing, seen by two people.
//!
//! Offered, never united by itself: two gates may lack the same log.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, Value};

use crate::query::text;

/// Notes of which this share of characters is the same, in the same order (Levenshtein), say the
/// same.
const SAME: f64 = 0.75;
/// Characters of a note that are compared.
const COMPARED_CHARS: usize = 120;
/// Beyond so many findings of one item, only equal notes and shared photos are looked for: comparing
/// each with each would be quadratic.
const COMPARED: usize = 100;

/// Groups of two and more, each by id, the groups by their first.
pub(super) fn groups(findings: &BTreeMap<RecordId, RecordDoc>) -> Vec<Vec<RecordId>> {
    let mut by_item: BTreeMap<&str, Vec<Finding<'_>>> = BTreeMap::new();
    for (id, doc) in findings {
        if doc.agreed("voided") != Some(&Value::Bool(true)) {
            by_item.entry(text(doc, "item")).or_default().push(Finding::of(*id, doc));
        }
    }
    let mut groups: Vec<Vec<RecordId>> = by_item.values().flat_map(|some| united(some)).collect();
    groups.sort();
    groups
}

struct Finding<'a> {
    id: RecordId,
    /// What it belongs to: one inspection's two findings are two findings.
    inspection: Option<RecordId>,
    note: String,
    photos: BTreeSet<&'a str>,
}

impl<'a> Finding<'a> {
    fn of(id: RecordId, doc: &'a RecordDoc) -> Self {
        let photos = doc.slots.iter().filter(|(path, _)| path.as_str() == "photos");
        let photos =
            photos.flat_map(|(_, values)| values).filter_map(|current| match &current.value {
                Value::List(hashes) => Some(hashes),
                _ => None,
            });
        // Case, spaces and punctuation make no difference.
        let note = text(doc, "note").chars().filter(|c| c.is_alphanumeric());
        Self {
            id,
            inspection: doc.parent,
            note: note.flat_map(char::to_lowercase).take(COMPARED_CHARS).collect(),
            photos: photos.flatten().filter_map(Value::as_text).collect(),
        }
    }

    fn is_like(&self, other: &Self, loosely: bool) -> bool {
        if self.inspection == other.inspection {
            return false;
        }
        let same_note = !self.note.is_empty() && self.note == other.note;
        same_note
            || !self.photos.is_disjoint(&other.photos)
            || (loosely
                && !self.note.is_empty()
                && strsim::normalized_levenshtein(&self.note, &other.note) >= SAME)
    }
}

/// What is alike by way of others is one group.
fn united(findings: &[Finding<'_>]) -> Vec<Vec<RecordId>> {
    let loosely = findings.len() <= COMPARED;
    let mut group: Vec<usize> = (0..findings.len()).collect();
    let mut unite = |a: usize, b: usize| {
        let (a, b) = (root(&group, a), root(&group, b));
        group[a.max(b)] = a.min(b);
    };
    if loosely {
        for (b, later) in findings.iter().enumerate() {
            for (a, earlier) in findings[..b].iter().enumerate() {
                if later.is_like(earlier, true) {
                    unite(a, b);
                }
            }
        }
    } else {
        // Two of different inspections are enough: whoever is alike is alike to one of them.
        let mut seen: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (b, later) in findings.iter().enumerate() {
            for key in later.photos.iter().copied().chain([later.note.as_str()]) {
                let earlier = seen.entry(key).or_default();
                for a in earlier.iter().filter(|a| findings[**a].is_like(later, false)) {
                    unite(*a, b);
                }
                let known = |a: &usize| findings[*a].inspection == later.inspection;
                if earlier.len() < 2 && !earlier.iter().any(known) {
                    earlier.push(b);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<RecordId>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        groups.entry(root(&group, index)).or_default().push(finding.id);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The first of a group, by way of earlier ones.
fn root(group: &[usize], mut index: usize) -> usize {
    while group[index] != index {
        index = group[index];
    }
    index
}

#[cfg(test)]
mod tests {
    use spotcheck_domain::op::{OpData, Seed};
    use spotcheck_domain::projection::project;
    use spotcheck_domain::{Header, LogId, Op, ScopeId, SlotPath, Timestamp, UserId, WorkspaceId};

    use super::*;

    /// A finding of an inspection: item, note, photos.
    fn finding(inspection: u8, item: &str, note: &str, photos: &[&str]) -> (RecordId, RecordDoc) {
        let photos = photos.iter().map(|photo| Value::from(*photo)).collect();
        let set = [("item", item.into()), ("note", note.into()), ("photos", Value::List(photos))];
        let set = set.into_iter().map(|(path, value)| (SlotPath::new(path).unwrap(), value));
        let parent = Some(RecordId([inspection; 16]));
        let data = OpData { parent, set: set.collect(), ..OpData::default() };
        let header = Header {
            log: LogId([inspection; 16]),
            seq: 1,
            ws: WorkspaceId([1; 16]),
            scope: ScopeId([1; 16]),
            by: UserId([inspection; 16]),
            record: None,
            kind: "finding.raised".to_owned(),
            at: Timestamp::default(),
            data_sha256: [0; 32],
        };
        let op = Op::write(header, &data, &Seed([inspection; 16])).unwrap();
        (op.record(), project(op.record(), [&op]))
    }

    fn grouped(findings: &[(RecordId, RecordDoc)]) -> Vec<Vec<RecordId>> {
        groups(&findings.iter().cloned().collect())
    }

    #[test]
    fn one_thing_seen_by_two_people_is_offered_as_one() {
        let first = finding(1, "ENT-05", "入口测温不到位，未复测", &["a"]);
        let alike = [
            finding(2, "ENT-05", "入口测温不到位 未复测。", &[]),
            finding(3, "ENT-05", "入口测温不到位，没有复测", &[]),
            finding(4, "ENT-05", "other words", &["a"]),
        ];
        for other in alike {
            let mut pair = vec![first.0, other.0];
            pair.sort();
            let note = text(&other.1, "note").to_owned();
            assert_eq!(grouped(&[first.clone(), other]), [pair], "{note}");
        }
    }

    #[test]
    fn what_differs_in_item_words_or_comes_from_one_visit_stays_apart() {
        let first = finding(1, "ENT-05", "入口测温不到位，未复测", &["a"]);
        for other in [
            finding(2, "ENT-09", "入口测温不到位，未复测", &["b"]),
            finding(2, "ENT-05", "健康码未查验", &["b"]),
            finding(1, "ENT-05", "入口测温不到位，未复测！", &["a"]),
            finding(2, "ENT-05", "", &[]),
        ] {
            assert_eq!(grouped(&[first.clone(), other]), Vec::<Vec<RecordId>>::new());
        }
    }

    #[test]
    fn ten_thousand_are_grouped_by_equal_words_and_shared_photos() {
        let note = |n: u32| format!("finding number {}", n % 4000);
        let findings: Vec<_> =
            (0..10_000_u32).map(|n| finding((n % 251) as u8, "X", &note(n), &[])).collect();
        let groups = grouped(&findings);
        assert!(!groups.is_empty());
        assert!(groups.iter().all(|group| group.len() >= 2));
    }
}
