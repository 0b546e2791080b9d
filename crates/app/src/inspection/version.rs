//! Which version of its checklist an inspection is filled by, and a draft's move to a newer one.

use std::collections::BTreeMap;

use spotcheck_checklists::Checklist;
use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{BlobHash, OpId, RecordId, Value};
use spotcheck_store::BlobStore;

use super::slot_path;
use crate::library::{Library, is_newer};
use crate::query::text;
use crate::{AppError, Device, Host};

/// The checklist that an inspection names. Where several people moved it at once, the newest of those here.
pub(crate) fn checklist_of(doc: &RecordDoc, library: &Library) -> Option<BlobHash> {
    let newest = |a: BlobHash, b: BlobHash| {
        let version = |hash| library.find_checklist(hash).map(|list| list.version.as_str());
        newer_of((a, version(a)), (b, version(b)))
    };
    named(doc, "checklist_sha256").reduce(newest)
}

/// The rule pack that an inspection names, in the same way: of those that its checklist goes by.
pub(crate) fn pack_of(doc: &RecordDoc, library: &Library) -> Option<BlobHash> {
    let list = checklist_of(doc, library).and_then(|hash| library.find_checklist(hash));
    let fits = |hash: &BlobHash| {
        let pack = library.find_pack(*hash);
        list.zip(pack).is_none_or(|(list, pack)| list.pack == pack.code)
    };
    let newest = |a: BlobHash, b: BlobHash| {
        let version = |hash| library.find_pack(hash).map(|pack| pack.version.as_str());
        newer_of((a, version(a)), (b, version(b)))
    };
    let mut fitting = named(doc, "pack_sha256").filter(fits).peekable();
    match fitting.peek() {
        Some(_) => fitting.reduce(newest),
        None => named(doc, "pack_sha256").reduce(newest),
    }
}

fn named(doc: &RecordDoc, slot: &str) -> impl Iterator<Item = BlobHash> {
    let path = slot_path(slot).ok();
    let values = path.and_then(|path| doc.slots.get(&path)).map(Vec::as_slice).unwrap_or_default();
    values.iter().filter_map(|current| current.value.as_text()?.parse().ok())
}

/// What is here is above what is not; of one version the higher hash, on every device.
fn newer_of(a: (BlobHash, Option<&str>), b: (BlobHash, Option<&str>)) -> BlobHash {
    match (a.1, b.1) {
        (Some(x), Some(y)) if is_newer(x, y) => a.0,
        (Some(x), Some(y)) if is_newer(y, x) => b.0,
        (Some(_), None) => a.0,
        (None, Some(_)) => b.0,
        _ => a.0.max(b.0),
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The newest version of the checklist of a check that is still a draft, where it is above its own.
    pub(crate) fn newer_list(&self, doc: &RecordDoc) -> Option<(BlobHash, &Checklist)> {
        let yes = |slot| doc.agreed(slot) == Some(&Value::Bool(true));
        if yes("completed") || yes("voided") {
            return None;
        }
        let own = self.library.find_checklist(checklist_of(doc, &self.library)?)?;
        let newest = self.library.checklist(&own.code).ok()?;
        is_newer(&newest.1.version, &own.version).then_some(newest)
    }

    /// Goes on with a draft by the newest version of its checklist, and of the pack that names. Answers that
    /// it does not ask for stay, and are shown as such.
    ///
    /// # Errors
    /// When there is no newer version here, the check is complete, or may not be written.
    pub fn move_to_newest(&mut self, inspection: RecordId) -> Result<OpId, AppError> {
        let row = self.store.find_record(inspection)?.filter(|row| row.doc.kind == "inspection");
        let missing = || AppError::NotFound(format!("no inspection {inspection} on this device"));
        let doc = row.ok_or_else(missing)?.doc;
        let (hash, list) = self.newer_list(&doc).ok_or_else(|| {
            let code = text(&doc, "checklist");
            let remedy = format!("no newer version of {code} is here, or the check is complete");
            AppError::invalid("checklist", remedy)
        })?;
        let (pack, _) = self.library.pack(&list.pack)?;
        let mut set = BTreeMap::new();
        for (slot, hash) in [("checklist_sha256", hash), ("pack_sha256", pack)] {
            set.insert(slot_path(slot)?, Value::from(hash.to_string()));
        }
        let replaces = self.current_ops(inspection, set.keys())?;
        let data = OpData { set, replaces, ..OpData::default() };
        self.record_on(inspection, kind::INSPECTION_ANSWERED, data)
    }
}
