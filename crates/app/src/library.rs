//! Checklists and rule packs by content hash.

use std::collections::BTreeMap;

use spotcheck_checklists::Checklist;
use spotcheck_domain::BlobHash;
use spotcheck_rules::Pack;

use crate::AppError;

/// The documents that say what to check and where the limits are.
#[derive(Debug)]
pub struct Library {
    checklists: BTreeMap<BlobHash, Checklist>,
    packs: BTreeMap<BlobHash, Pack>,
}

impl Library {
    /// What ships with this version.
    ///
    /// # Errors
    /// Never with a build that passed its tests.
    pub fn shipped() -> Result<Self, AppError> {
        let mut library = Self { checklists: BTreeMap::new(), packs: BTreeMap::new() };
        for shipped in spotcheck_checklists::shipped() {
            let parsed =
                Checklist::parse(shipped.bytes).map_err(|e| AppError::invalid("checklist", e))?;
            library.checklists.insert(BlobHash::of(shipped.bytes), parsed);
        }
        for shipped in spotcheck_rules::shipped() {
            let parsed = Pack::parse(shipped.bytes).map_err(|e| AppError::invalid("pack", e))?;
            library.packs.insert(BlobHash::of(shipped.bytes), parsed);
        }
        Ok(library)
    }

    /// The newest checklist of a code, and its hash.
    ///
    /// # Errors
    /// When there is none; says which there are.
    pub fn checklist(&self, code: &str) -> Result<(BlobHash, &Checklist), AppError> {
        let found = self.checklists.iter().filter(|(_, list)| list.code == code);
        found.max_by_key(|(_, list)| &list.version).map(|(hash, list)| (*hash, list)).ok_or_else(
            || {
                let known: Vec<&str> =
                    self.checklists.values().map(|list| list.code.as_str()).collect();
                AppError::invalid(
                    "checklist",
                    format!("no checklist {code:?}; use one of {}", known.join(", ")),
                )
            },
        )
    }

    /// The newest version of every checklist, by code.
    pub fn newest(&self) -> impl Iterator<Item = &Checklist> {
        let mut newest: BTreeMap<&str, &Checklist> = BTreeMap::new();
        for list in self.checklists.values() {
            let known = newest.entry(&list.code).or_insert(list);
            if known.version < list.version {
                *known = list;
            }
        }
        newest.into_values()
    }

    /// A checklist by hash: the one an inspection was filled with.
    pub fn find_checklist(&self, hash: BlobHash) -> Option<&Checklist> {
        self.checklists.get(&hash)
    }

    /// A pack by code, and its hash.
    ///
    /// # Errors
    /// When there is none.
    pub fn pack(&self, code: &str) -> Result<(BlobHash, &Pack), AppError> {
        let found = self.packs.iter().find(|(_, pack)| pack.code == code);
        found
            .map(|(hash, pack)| (*hash, pack))
            .ok_or_else(|| AppError::NotFound(format!("no rule pack {code:?} on this device")))
    }

    /// A pack by hash.
    pub fn find_pack(&self, hash: BlobHash) -> Option<&Pack> {
        self.packs.get(&hash)
    }
}
