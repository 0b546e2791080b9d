//! Letting another team read an inspection.

use std::collections::BTreeMap;

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{OpId, RecordId, ScopeId, SlotPath, Value};
use spotcheck_protocol::sharing;
use spotcheck_store::BlobStore;

use crate::{AppError, Device, Host};

/// Teams looked through for a code.
const TEAMS: usize = 10_000;

/// Whether a slot says with whom a record is shared.
pub(crate) fn is_share(path: &SlotPath) -> bool {
    path.as_str().starts_with("shared/")
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Opens an inspection, its findings, and all that follows, to a team's members, for reading.
    /// What was shared was read: there is no taking it back.
    ///
    /// # Errors
    /// When this user is no lead or reviewer, or there is no such team or inspection.
    pub fn share(&mut self, inspection: RecordId, team: &str) -> Result<OpId, AppError> {
        self.leads_only("only a lead or a reviewer shares; ask yours")?;
        let row = self.store.find_record(inspection)?;
        if row.is_none_or(|row| row.doc.kind != "inspection") {
            let what = format!("no inspection {inspection} on this device");
            return Err(AppError::NotFound(what));
        }
        let scope = self.team_scope(team)?;
        if self.writable_scope_of(inspection)? == scope {
            let remedy = format!("{team} reads it already: it is that team's own");
            return Err(AppError::invalid("team", remedy));
        }
        let path = sharing::slot(scope).map_err(|e| AppError::invalid("team", e))?;
        let data = OpData { set: BTreeMap::from([(path, true.into())]), ..OpData::default() };
        self.record_on(inspection, kind::INSPECTION_SHARED, data)
    }

    fn team_scope(&self, code: &str) -> Result<ScopeId, AppError> {
        let teams = self.store.list_records("team", None, TEAMS)?;
        let text = |row: &spotcheck_store::RecordRow, slot: &str| {
            row.doc.agreed(slot).and_then(Value::as_text).map(str::to_owned)
        };
        let found = teams.iter().find(|row| text(row, "code").as_deref() == Some(code));
        let scope = found.and_then(|row| text(row, "scope")?.parse().ok());
        scope.ok_or_else(|| {
            let mut known: Vec<_> = teams.iter().filter_map(|row| text(row, "code")).collect();
            known.sort();
            let remedy = format!("there is no team {code:?} here; there is {}", known.join(", "));
            AppError::invalid("team", remedy)
        })
    }
}
