//! The organisation tree, and the scopes beside the teams' own with their access lists.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::{OpData, ScopeId, SlotPath, Value, WorkspaceId};
use spotcheck_protocol::access::{self, May, Party};
use spotcheck_protocol::directory as kinds;

use super::directory::data_of;
use super::{Failure, Service};
use crate::blobs::Blobs;
use crate::ledger::{Ledger, ScopeRow};

/// An organisation to add to the tree.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Unique in the workspace.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The code of the one above it.
    pub parent: Option<String>,
}

/// A scope to add, for what several bodies do together or may see.
#[derive(Debug, Clone)]
pub struct NewScope {
    /// Unique in the workspace, also among teams.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Who reads and writes it.
    pub access: Vec<(Party, May)>,
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Adds organisations, each after the one above it: all of them, or none.
    ///
    /// # Errors
    /// When one is there already, names a parent that is nowhere, or the ledger fails.
    pub async fn add_organisations(
        &self,
        ws: WorkspaceId,
        organisations: &[NewOrganisation],
    ) -> Result<(), Failure> {
        let mut ops = vec![];
        let mut fresh = BTreeSet::new();
        for it in organisations {
            // Its code is a part of a slot's path wherever it is given access.
            let path = access::slot(&Party::Organisation(it.code.clone()));
            if it.code.is_empty() || it.code.contains('/') || path.is_err() {
                let detail = "code: use A-Z a-z 0-9 . _ - and at most 60 of them";
                return Err(Failure::bad_body(detail));
            }
            if fresh.contains(&it.code) || self.ledger.has_organisation(ws, &it.code).await? {
                let detail = format!("code: an organisation {:?} exists; choose another", it.code);
                return Err(Failure::problem(409, "organisation_exists", detail));
            }
            let mut set = vec![
                ("code", it.code.as_str().into()),
                ("zh", it.zh.as_str().into()),
                ("en", it.en.as_str().into()),
            ];
            if let Some(parent) = &it.parent {
                if !fresh.contains(parent) {
                    self.check_organisation(ws, parent, "parent").await?;
                }
                set.push(("parent", parent.as_str().into()));
            }
            fresh.insert(&it.code);
            ops.push((kinds::ORGANISATION_ADDED, None, data_of(&set)?));
        }
        self.publish_all(ws, ops, None).await?;
        Ok(())
    }

    pub(super) async fn check_organisation(
        &self,
        ws: WorkspaceId,
        code: &str,
        field: &str,
    ) -> Result<(), Failure> {
        if self.ledger.has_organisation(ws, code).await? {
            return Ok(());
        }
        let detail = format!("{field}: there is no organisation {code:?}; add it first");
        Err(Failure::problem(404, "no_such_organisation", detail))
    }

    /// Adds a scope with its access list.
    ///
    /// # Errors
    /// When the code is taken or the ledger fails.
    pub async fn add_scope(&self, ws: WorkspaceId, scope: &NewScope) -> Result<ScopeId, Failure> {
        let taken = self.ledger.find_team(ws, &scope.code).await?.is_some()
            || self.ledger.list_scopes(ws).await?.iter().any(|it| it.code == scope.code);
        if taken {
            let detail = format!("code: a team or scope {:?} exists; choose another", scope.code);
            return Err(Failure::problem(409, "scope_exists", detail));
        }
        let id = ScopeId(self.fresh());
        let set = [
            ("code", scope.code.as_str().into()),
            ("zh", scope.zh.as_str().into()),
            ("en", scope.en.as_str().into()),
            ("scope", id.to_string().into()),
        ];
        let mut data = data_of(&set)?;
        let may = scope.access.iter().map(|(party, may)| (party, Some(*may)));
        data.set.extend(self.access_slots(ws, may).await?);
        self.publish_data(ws, kinds::SCOPE_ADDED, None, data, None).await?;
        Ok(id)
    }

    /// Opens a scope to parties, or closes it to them. What a device has read it has read: a device
    /// that loses a scope drops others' data of it at its next contact.
    ///
    /// # Errors
    /// When there is no such scope, or the ledger fails.
    pub async fn change_access(
        &self,
        ws: WorkspaceId,
        scope: &str,
        access: &[(Party, Option<May>)],
    ) -> Result<(), Failure> {
        let all = self.ledger.list_scopes(ws).await?.into_iter();
        // A restore may have brought two of one code: what is closed is closed in both.
        let found: Vec<ScopeRow> = all.filter(|it| it.code == scope).collect();
        if found.is_empty() {
            let detail = format!("scope: there is no scope {scope:?}");
            return Err(Failure::problem(404, "no_such_scope", detail));
        }
        let may = access.iter().map(|(party, may)| (party, *may));
        let set = self.access_slots(ws, may).await?;
        let ops = found.into_iter().map(|it| {
            let data = OpData { set: set.clone(), ..OpData::default() };
            (kinds::SCOPE_CHANGED, Some(it.record), data)
        });
        self.publish_all(ws, ops.collect(), None).await?;
        Ok(())
    }

    async fn access_slots(
        &self,
        ws: WorkspaceId,
        list: impl Iterator<Item = (&Party, Option<May>)>,
    ) -> Result<BTreeMap<SlotPath, Value>, Failure> {
        let mut set = BTreeMap::new();
        for (party, may) in list {
            if let Party::Organisation(code) = party {
                self.check_organisation(ws, code, "access").await?;
            }
            let path = access::slot(party).map_err(Failure::bad_body)?;
            set.insert(path, may.map_or(Value::Null, |may| may.as_str().into()));
        }
        Ok(set)
    }
}
