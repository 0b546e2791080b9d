//! A newer version of a draft's checklist, and answers that the present one does not ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_checklists::{Checklist, Item};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{SlotPath, Value};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::look::photos_of;
use crate::day::is_item;
use crate::inspection::{Rules, answers_item, instance_path};
use crate::query::text;
use crate::{AppError, Device, Host};

/// A version above that of the check.
#[derive(Debug, Serialize, TS)]
pub struct NewerList {
    /// Its version.
    pub version: String,
    /// Codes of items that it asks and the present one does not.
    pub added: Vec<String>,
    /// Codes of items that it does not ask any more.
    pub gone: Vec<String>,
    /// Of those, how many are answered.
    pub answered: u32,
}

/// An answer to an item that the version of the check does not have.
#[derive(Debug, Serialize, TS)]
pub struct OldAnswer {
    /// The slot.
    pub path: String,
    /// The item of the version that asked it, where that is here.
    pub item: Option<Item>,
    /// What people call its place, where it has one.
    pub place: Option<String>,
    /// What was said.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Photos that back it.
    pub photos: Vec<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn newer_view(&self, rules: &Rules<'_>, doc: &RecordDoc) -> Option<NewerList> {
        let (_, newest) = self.newer_list(doc)?;
        let codes = |list: &Checklist| -> BTreeSet<String> {
            list.items.iter().map(|item| item.code.clone()).collect()
        };
        let (own, theirs) = (codes(rules.checklist), codes(newest));
        // Asked otherwise, once instead of for each room, is another item, too.
        let otherwise =
            rules.checklist.items.iter().filter(|item| {
                newest.find_item(&item.code).is_some_and(|it| it.repeat != item.repeat)
            });
        let otherwise = otherwise.map(|item| item.code.clone());
        let gone: BTreeSet<String> = own.difference(&theirs).cloned().chain(otherwise).collect();
        let gone: Vec<String> = gone.into_iter().collect();
        let answered: BTreeSet<&str> = doc.slots.keys().map(|path| path.item()).collect();
        let lost = gone.iter().filter(|code| answered.contains(code.as_str())).count();
        Some(NewerList {
            version: newest.version.clone(),
            added: theirs.difference(&own).cloned().collect(),
            answered: u32::try_from(lost).unwrap_or(u32::MAX),
            gone,
        })
    }

    pub(super) fn old_answers(
        &self,
        rules: &Rules<'_>,
        doc: &RecordDoc,
    ) -> Result<Vec<OldAnswer>, AppError> {
        let known: BTreeMap<&str, &Item> =
            rules.checklist.items.iter().map(|item| (item.code.as_str(), item)).collect();
        let mut old = vec![];
        for (path, values) in &doc.slots {
            let asked = known.get(path.item()).is_some_and(|item| answers_item(item, path));
            if asked || !is_item(path) {
                continue;
            }
            let versions = self.library.checklists();
            let of_code = versions.filter(|(_, list, _)| list.code == rules.checklist.code);
            let mut asking = of_code.filter_map(|(_, list, _)| list.find_item(path.item()));
            let item = asking.find(|item| answers_item(item, path));
            let photos = photos_of(doc, path)?;
            let place = path.as_str().split('/').nth(1).map(|id| place_name(doc, path, id));
            old.extend(values.iter().map(|current| OldAnswer {
                path: path.to_string(),
                item: item.cloned(),
                place: place.clone(),
                value: current.value.clone(),
                photos: photos.clone(),
            }));
        }
        Ok(old)
    }
}

/// What people call a place, whichever version asks for it.
fn place_name(doc: &RecordDoc, path: &SlotPath, id: &str) -> String {
    let repeat = path.as_str().split('/').next().unwrap_or_default();
    let label = instance_path(repeat, id).map(|slot| text(doc, slot.as_str()).to_owned());
    label.ok().filter(|label| !label.is_empty()).unwrap_or_else(|| id.to_owned())
}
