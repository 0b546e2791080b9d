//! The places at which items of a repeat are answered: gates, stops, cold rooms.

use spotcheck_checklists::Repeat;
use spotcheck_domain::SlotPath;
use spotcheck_domain::projection::RecordDoc;

use super::is_aside;

/// The places of a repeat: those that were named, and those that only answers name.
pub(crate) fn places_of(doc: &RecordDoc, repeat: Repeat) -> Vec<[String; 2]> {
    let mut named: Vec<(i64, [String; 2])> = vec![];
    for (path, values) in &doc.slots {
        let (Some(current), Some(id)) = (values.first(), place_in(path, repeat)) else {
            continue;
        };
        let at = doc.ops.get(&current.op).map_or(0, |cited| cited.at.0);
        let label = current.value.as_text().filter(|_| is_aside(path)).map(str::to_owned);
        match named.iter_mut().find(|(_, [known, _])| known == id) {
            Some((first, [_, shown])) => {
                *first = (*first).min(at);
                if let Some(label) = label {
                    *shown = label;
                }
            }
            None => named.push((at, [id.to_owned(), label.unwrap_or_else(|| id.to_owned())])),
        }
    }
    named.sort();
    named.into_iter().map(|(_, instance)| instance).collect()
}

/// The place a slot is about: `room/R1/CCS-03`, or its name at `instances/room.R1/label`.
pub(super) fn place_in(path: &SlotPath, repeat: Repeat) -> Option<&str> {
    let mut parts = path.as_str().split('/');
    match (parts.next()?, parts.next()?) {
        ("instances", place) => place.strip_prefix(repeat.as_str())?.strip_prefix('.'),
        (kind, id) if kind == repeat.as_str() => Some(id),
        _ => None,
    }
}
