//! What a slot must show, said once more in the plainest way.

use std::collections::BTreeMap;

use spotcheck_domain::op::OpData;
use spotcheck_domain::{Op, OpId, SlotPath};

/// The ops of one record, each with what it does.
pub(super) struct Record(BTreeMap<OpId, OpData>);

impl Record {
    pub(super) fn new<'a>(ops: impl Iterator<Item = &'a Op>) -> Self {
        // Data of another shape does nothing.
        Self(ops.map(|op| (op.hash.id(), op.data().unwrap_or_default())).collect())
    }

    /// Every slot and op whose value must be visible: the op is active, and no active op of that slot
    /// replaces it.
    pub(super) fn visible(&self) -> Vec<(String, OpId)> {
        let mut visible = vec![];
        for (id, data) in self.0.iter().filter(|(id, _)| self.is_active(**id)) {
            let replaced = |path: &&SlotPath| {
                self.0.iter().any(|(other, theirs)| {
                    theirs.replaces.contains(id)
                        && theirs.set.contains_key(*path)
                        && self.is_active(*other)
                })
            };
            let shown = data.set.keys().filter(|path| !replaced(path));
            visible.extend(shown.map(|path| (path.to_string(), *id)));
        }
        visible.sort();
        visible
    }

    fn is_active(&self, id: OpId) -> bool {
        let mut retractors = self.0.iter().filter(|(_, data)| data.retracts.contains(&id));
        !retractors.any(|(other, _)| self.is_active(*other))
    }
}
