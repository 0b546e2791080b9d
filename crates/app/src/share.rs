//! Letting another team, or who reads a scope, see an inspection.

use std::collections::BTreeMap;

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{OpId, RecordId, SlotPath};
use spotcheck_protocol::sharing;
use spotcheck_store::BlobStore;

use crate::{AppError, Device, Host};

/// Whether a slot says with whom a record is shared.
pub(crate) fn is_share(path: &SlotPath) -> bool {
    path.as_str().starts_with("shared/")
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Opens an inspection, its findings, and all that follows, to a team's members or to who reads a
    /// further scope, for reading. What was shared was read: there is no taking it back.
    ///
    /// # Errors
    /// When this user is no lead or reviewer, or there is no such team, scope or inspection.
    pub fn share(&mut self, inspection: RecordId, team: &str) -> Result<OpId, AppError> {
        self.leads_only("only a lead or a reviewer shares; ask yours")?;
        let row = self.store.find_record(inspection)?;
        if row.is_none_or(|row| row.doc.kind != "inspection") {
            let what = format!("no inspection {inspection} on this device");
            return Err(AppError::NotFound(what));
        }
        let scope = self.scope_of_code(team)?;
        if self.writable_scope_of(inspection)? == scope {
            let remedy = format!("{team} reads it already: it is its own");
            return Err(AppError::invalid("team", remedy));
        }
        let path = sharing::slot(scope).map_err(|e| AppError::invalid("team", e))?;
        let data = OpData { set: BTreeMap::from([(path, true.into())]), ..OpData::default() };
        self.record_on(inspection, kind::INSPECTION_SHARED, data)
    }
}
