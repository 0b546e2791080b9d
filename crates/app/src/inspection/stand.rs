//! Which items of an inspection are asked and must be answered, by the answers it has.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::{
    Checklist, Conditions, Item, Moment, Repeat, Said, Standing, Standings,
};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, SlotPath, Value};

use super::places::place_in;
use super::places_of;
use crate::query::text;

/// How the items of one inspection stand. The same answers give the same on every device and at any
/// time: today is the day of the check, and what is left to chance follows from its id.
pub(crate) struct Stand<'a> {
    list: &'a Checklist,
    /// None where nothing in the checklist depends on answers.
    standings: Option<Standings>,
}

impl<'a> Stand<'a> {
    pub(crate) fn of(
        list: &'a Checklist,
        conditions: Option<&Conditions>,
        record: RecordId,
        doc: &RecordDoc,
    ) -> Self {
        let standings = conditions.map(|conditions| stand(list, conditions, record, doc));
        Self { list, standings }
    }

    /// How an item stands, at a place of its repeat.
    pub(crate) fn at(&self, item: &Item, place: Option<&str>) -> Standing {
        match &self.standings {
            Some(standings) => standings.of(&item.code, item.repeat.zip(place)),
            None => Standing::plain(item.required),
        }
    }

    /// Codes of the items that must be answered, at one place at least, in the checklist's order.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'a str> {
        let required = |item: &&'a Item| self.is_required(item);
        self.list.items.iter().filter(required).map(|item| item.code.as_str())
    }

    fn must(&self, item: &Item, place: Option<&str>) -> bool {
        match &self.standings {
            Some(standings) => standings.required(&item.code, item.repeat.zip(place)),
            None => item.required,
        }
    }

    fn is_required(&self, item: &Item) -> bool {
        let Some((standings, repeat)) = self.standings.as_ref().zip(item.repeat) else {
            return self.must(item, None);
        };
        let mut places = standings.places(repeat).peekable();
        match places.peek() {
            None => self.must(item, None),
            Some(_) => places.any(|place| self.must(item, Some(place))),
        }
    }
}

/// Whether a slot answers an item as its checklist asks it: once, or once for each place of its repeat.
pub(crate) fn answers_item(item: &Item, path: &SlotPath) -> bool {
    let parts: Vec<&str> = path.as_str().split('/').collect();
    match (item.repeat, parts.as_slice()) {
        (None, [code]) => item.code == *code,
        (Some(repeat), [at, _, code]) => repeat.as_str() == *at && item.code == *code,
        _ => false,
    }
}

/// Codes of the items of a checklist that have an answer, at one place at least.
pub(crate) fn answered<'a>(list: &'a Checklist, doc: &RecordDoc) -> BTreeSet<&'a str> {
    let items: BTreeMap<&str, &Item> =
        list.items.iter().map(|item| (item.code.as_str(), item)).collect();
    let asked = doc
        .slots
        .keys()
        .filter_map(|path| items.get(path.item()).copied().filter(|item| answers_item(item, path)));
    asked.map(|item| item.code.as_str()).collect()
}

fn stand(
    list: &Checklist,
    conditions: &Conditions,
    record: RecordId,
    doc: &RecordDoc,
) -> Standings {
    let items: BTreeMap<&str, &Item> =
        list.items.iter().map(|item| (item.code.as_str(), item)).collect();
    let answers: Vec<(&str, Option<&str>, serde_json::Value)> = doc
        .slots
        .iter()
        .filter_map(|(path, values)| {
            let item = items.get(path.item())?;
            // Whatever else ends in the item's code is no answer of it.
            let depth = path.as_str().split('/').count();
            if depth != if item.repeat.is_some() { 3 } else { 1 } {
                return None;
            }
            // Of a contradiction nobody has settled, the one with the lowest id counts on every device.
            let value = doc.agreed(path.as_str()).or_else(|| Some(&values.first()?.value))?;
            let place = item.repeat.and_then(|repeat| place_in(path, repeat));
            if item.repeat.is_some() && place.is_none() {
                return None;
            }
            Some((item.code.as_str(), place, as_json(value)?))
        })
        .collect();
    let said: Vec<Said<'_>> =
        answers.iter().map(|(item, place, answer)| Said { item, place: *place, answer }).collect();
    let mut repeats: Vec<Repeat> = list.items.iter().filter_map(|item| item.repeat).collect();
    repeats.sort();
    repeats.dedup();
    let named: Vec<(Repeat, String)> = repeats
        .into_iter()
        .flat_map(|repeat| places_of(doc, repeat).into_iter().map(move |[id, _]| (repeat, id)))
        .collect();
    let places: Vec<(Repeat, &str)> = named.iter().map(|(repeat, id)| (*repeat, &**id)).collect();
    conditions.stand(list, &said, &places, (moment(doc), seed(record)))
}

/// Noon of the day of the check, so that `today()` is that day.
fn moment(doc: &RecordDoc) -> Moment {
    let day = spotcheck_rules::parse_date(text(doc, "day")).ok();
    let noon = day.and_then(|day| day.and_hms_opt(12, 0, 0));
    let millis = noon.map_or(0, |noon| noon.and_utc().timestamp_millis());
    Moment { millis, offset_minutes: 0 }
}

fn seed(record: RecordId) -> [u8; 32] {
    let mut seed = [0; 32];
    for (to, from) in seed.iter_mut().zip(record.0) {
        *to = from;
    }
    seed
}

fn as_json(value: &Value) -> Option<serde_json::Value> {
    serde_json::from_str(&value.to_string()).ok()
}
