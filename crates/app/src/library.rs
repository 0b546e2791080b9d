//! Checklists and rule packs by content hash.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use spotcheck_checklists::{Checklist, Conditions};
use spotcheck_domain::{BlobHash, UserId};
use spotcheck_rules::Pack;

use crate::AppError;

/// The documents that say what to check and where the limits are: what ships with this version, and
/// what was published to this device.
#[derive(Debug, Clone)]
pub struct Library {
    checklists: BTreeMap<BlobHash, (Arc<Checklist>, Source)>,
    /// Of the checklists in which anything depends on answers.
    conditions: BTreeMap<BlobHash, Arc<Conditions>>,
    packs: BTreeMap<BlobHash, (Arc<Pack>, Source)>,
}

/// Where a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It ships with this version.
    Shipped,
    /// Somebody published it.
    Published {
        /// Who.
        by: Option<UserId>,
        /// When, as claimed: ms since 1970 UTC.
        at_ms: i64,
    },
}

/// Whether a version is above another: number by number where they are numbers, such as `2.10` above
/// `2.9`.
pub(crate) fn is_newer(version: &str, than: &str) -> bool {
    order(version) > order(than)
}

fn order(version: &str) -> Vec<(u64, &str)> {
    version.split('.').map(|part| part.parse().map_or((0, part), |number| (number, ""))).collect()
}

impl Library {
    /// What ships with this version. Read and checked once a process, whoever asks.
    ///
    /// # Errors
    /// Never with a build that passed its tests.
    pub fn shipped() -> Result<Self, AppError> {
        static SHIPPED: OnceLock<Library> = OnceLock::new();
        if let Some(library) = SHIPPED.get() {
            return Ok(library.clone());
        }
        let library = Self::read_shipped()?;
        Ok(SHIPPED.get_or_init(|| library).clone())
    }

    fn read_shipped() -> Result<Self, AppError> {
        let mut library = Self {
            checklists: BTreeMap::new(),
            conditions: BTreeMap::new(),
            packs: BTreeMap::new(),
        };
        for shipped in spotcheck_checklists::shipped() {
            let parsed =
                Checklist::parse(shipped.bytes).map_err(|e| AppError::invalid("checklist", e))?;
            library.add_checklist(BlobHash::of(shipped.bytes), parsed, Source::Shipped);
        }
        for shipped in spotcheck_rules::shipped() {
            let parsed = Pack::parse(shipped.bytes).map_err(|e| AppError::invalid("pack", e))?;
            library.add_pack(BlobHash::of(shipped.bytes), parsed, Source::Shipped);
        }
        Ok(library)
    }

    /// Takes a checklist up. `false` when it was there.
    pub(crate) fn add_checklist(&mut self, hash: BlobHash, list: Checklist, from: Source) -> bool {
        // It compiled when it was read.
        if let Ok(Some(conditions)) = Conditions::of(&list) {
            self.conditions.insert(hash, Arc::new(conditions));
        }
        self.checklists.insert(hash, (Arc::new(list), from)).is_none()
    }

    /// Takes a pack up. `false` when it was there.
    pub(crate) fn add_pack(&mut self, hash: BlobHash, pack: Pack, from: Source) -> bool {
        self.packs.insert(hash, (Arc::new(pack), from)).is_none()
    }

    /// Whether a document is here, by the hash of its bytes.
    pub(crate) fn knows(&self, hash: BlobHash) -> bool {
        self.checklists.contains_key(&hash) || self.packs.contains_key(&hash)
    }

    /// The newest checklist of a code, and its hash. Of two that claim one version the one with the
    /// higher hash: the same on every device.
    ///
    /// # Errors
    /// When there is none; says which there are.
    pub fn checklist(&self, code: &str) -> Result<(BlobHash, &Checklist), AppError> {
        let found = self.checklists().filter(|(_, list, _)| list.code == code);
        let newest = found.max_by_key(|(hash, list, _)| (order(&list.version), *hash));
        newest.map(|(hash, list, _)| (hash, list)).ok_or_else(|| {
            let known: Vec<&str> = self.newest().map(|list| list.code.as_str()).collect();
            let known = known.join(", ");
            AppError::invalid("checklist", format!("no checklist {code:?}; use one of {known}"))
        })
    }

    /// The newest version of every checklist, by code.
    pub fn newest(&self) -> impl Iterator<Item = &Checklist> {
        let mut newest: BTreeMap<&str, (BlobHash, &Checklist)> = BTreeMap::new();
        for (hash, list, _) in self.checklists() {
            let known = newest.entry(&list.code).or_insert((hash, list));
            if (order(&known.1.version), known.0) < (order(&list.version), hash) {
                *known = (hash, list);
            }
        }
        newest.into_values().map(|(_, list)| list)
    }

    /// Every version of every checklist, with its hash and where it comes from.
    pub fn checklists(&self) -> impl Iterator<Item = (BlobHash, &Checklist, Source)> {
        self.checklists.iter().map(|(hash, (list, from))| (*hash, &**list, *from))
    }

    /// Every version of every pack, with its hash and where it comes from.
    pub fn packs(&self) -> impl Iterator<Item = (BlobHash, &Pack, Source)> {
        self.packs.iter().map(|(hash, (pack, from))| (*hash, &**pack, *from))
    }

    /// A checklist by hash: the one an inspection was filled with.
    pub fn find_checklist(&self, hash: BlobHash) -> Option<&Checklist> {
        self.checklists.get(&hash).map(|(list, _)| &**list)
    }

    /// What of a checklist depends on answers; `None` where nothing does.
    pub(crate) fn conditions(&self, hash: BlobHash) -> Option<&Conditions> {
        self.conditions.get(&hash).map(|it| &**it)
    }

    /// The newest pack of a code, and its hash.
    ///
    /// # Errors
    /// When there is none.
    pub fn pack(&self, code: &str) -> Result<(BlobHash, &Pack), AppError> {
        let found = self.packs().filter(|(_, pack, _)| pack.code == code);
        let newest = found.max_by_key(|(hash, pack, _)| (order(&pack.version), *hash));
        newest
            .map(|(hash, pack, _)| (hash, pack))
            .ok_or_else(|| AppError::NotFound(format!("no rule pack {code:?} on this device")))
    }

    /// A pack by hash.
    pub fn find_pack(&self, hash: BlobHash) -> Option<&Pack> {
        self.packs.get(&hash).map(|(pack, _)| &**pack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        for (newer, older) in
            [("2", "1"), ("10", "9"), ("2.10", "2.9"), ("1.1", "1"), ("2021b", "2021a")]
        {
            assert!(is_newer(newer, older), "{newer} above {older}");
            assert!(!is_newer(older, newer), "{older} not above {newer}");
        }
        assert!(!is_newer("3", "3"));
    }
}
