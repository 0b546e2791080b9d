//! The head of a check and what its record says beside answers.

use std::collections::BTreeMap;

use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{SlotPath, Value};

use crate::Particulars;
use crate::inspection::slot_path;

/// Slots of one part: the head.
pub(super) fn head_of(doc: &RecordDoc) -> BTreeMap<String, Value> {
    let single = doc.slots.keys().map(SlotPath::as_str).filter(|path| !path.contains('/'));
    let lower = single.filter(|path| path.bytes().next().is_some_and(|b| b.is_ascii_lowercase()));
    lower.filter_map(|path| Some((path.to_owned(), doc.agreed(path)?.clone()))).collect()
}

/// What was said of each; what only one of several said is not left out for that.
pub(super) fn particulars_of(doc: &RecordDoc) -> Particulars {
    let values = |slot: &str| {
        let current = slot_path(slot).ok().and_then(|path| doc.slots.get(&path));
        current.map(Vec::as_slice).unwrap_or_default().iter().map(|it| &it.value)
    };
    let text = |slot: &str| {
        let mut said: Vec<&str> = vec![];
        for one in values(slot).filter_map(Value::as_text) {
            if !one.is_empty() && !said.contains(&one) {
                said.push(one);
            }
        }
        Some(said.join(" / ")).filter(|it| !it.is_empty())
    };
    // Of several times the last: nobody had left before it.
    let times = values("left_at").filter_map(Value::as_text).filter(|it| !it.is_empty());
    let left_at = times.max_by_key(|it| chrono::DateTime::parse_from_rfc3339(it).ok());
    let mut badges = BTreeMap::new();
    for value in values("badges") {
        let Value::Map(map) = value else { continue };
        let numbers =
            map.iter().filter_map(|(who, it)| Some((who.clone(), it.as_text()?.to_owned())));
        badges.extend(numbers.filter(|(_, number)| !number.is_empty()));
    }
    Particulars {
        in_charge: text("in_charge"),
        address: text("address"),
        left_at: left_at.map(str::to_owned),
        handling: text("handling"),
        badges: Some(badges).filter(|it| !it.is_empty()),
    }
}

pub(in crate::door) fn list_of(doc: &RecordDoc, slot: &str) -> Vec<String> {
    let Some(Value::List(list)) = doc.agreed(slot) else { return vec![] };
    list.iter().filter_map(Value::as_text).map(str::to_owned).collect()
}
