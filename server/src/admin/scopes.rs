//! Organisations, and scopes with their access lists.

use anyhow::{Context as _, bail};
use serde_json::json;
use spotcheck_domain::WorkspaceId;
use spotcheck_protocol::access::{May, Party};

use super::Admin;
use crate::config::{AccessArgs, NameArgs, PartyName};
use crate::ledger::Ledger as _;
use crate::service::{NewOrganisation, NewScope};

impl Admin {
    pub(super) async fn add_organisation(
        &self,
        code: &str,
        parent: Option<String>,
        names: &NameArgs,
    ) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let (zh, en) = names.or_code(code);
        let new = NewOrganisation { code: code.to_owned(), zh, en, parent };
        self.service.add_organisations(ws, &[new]).await?;
        Ok(self.show(format!("organisation {code} added"), json!({ "code": code })))
    }

    pub(super) async fn add_scope(
        &self,
        code: &str,
        names: &NameArgs,
        access: &AccessArgs,
    ) -> anyhow::Result<String> {
        if !access.close.is_empty() {
            bail!("--close: a new scope is open to nobody yet; name who reads or writes it");
        }
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let changes = self.changes(ws, access).await?;
        let access = changes.into_iter().filter_map(|(party, may)| Some((party, may?))).collect();
        let (zh, en) = names.or_code(code);
        let new = NewScope { code: code.to_owned(), zh, en, access };
        let id = self.service.add_scope(ws, &new).await?.to_string();
        Ok(self.show(format!("scope {code} added: {id}"), json!({ "code": code, "scope": id })))
    }

    pub(super) async fn change_scope(
        &self,
        code: &str,
        access: &AccessArgs,
    ) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let changes = self.changes(ws, access).await?;
        if changes.is_empty() {
            bail!("say with --read, --write or --close what changes");
        }
        self.service.change_access(ws, code, &changes).await?;
        let line = format!("scope {code} changed; devices follow at their next exchange");
        Ok(self.show(line, json!({ "code": code, "changed": changes.len() })))
    }

    pub(super) async fn list_scopes(&self) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let mut lines = vec![];
        let mut rows = vec![];
        for scope in self.service.ledger().list_scopes(ws).await? {
            let mut access = vec![];
            for (party, may) in &scope.access {
                access.push(format!("{} {}", may.as_str(), self.party_name(ws, party).await?));
            }
            lines.push(format!("{:<20} {}  {}", scope.code, scope.scope, access.join(", ")));
            rows.push(json!({
                "code": scope.code, "scope": scope.scope.to_string(), "access": access,
            }));
        }
        Ok(self.list(lines, rows, "no scope beside the teams' own"))
    }

    async fn changes(
        &self,
        ws: WorkspaceId,
        access: &AccessArgs,
    ) -> anyhow::Result<Vec<(Party, Option<May>)>> {
        let mut changes = vec![];
        let asked = [
            ("--read", &access.read, Some(May::Read)),
            ("--write", &access.write, Some(May::Write)),
            ("--close", &access.close, None),
        ];
        for (flag, names, may) in asked {
            for name in names {
                let party = self.party(ws, flag, name).await?;
                if changes.iter().any(|(known, _)| *known == party) {
                    bail!("{flag}: the same party is named twice");
                }
                changes.push((party, may));
            }
        }
        Ok(changes)
    }

    async fn party(&self, ws: WorkspaceId, flag: &str, name: &PartyName) -> anyhow::Result<Party> {
        Ok(match name {
            PartyName::Team(code) => {
                let team = self.service.ledger().find_team(ws, code).await?;
                Party::Team(team.with_context(|| format!("{flag}: there is no team {code:?}"))?)
            }
            PartyName::Organisation(code) => Party::Organisation(code.clone()),
            PartyName::Role(role) => Party::Role(role.as_str().to_owned()),
        })
    }

    /// As it is written on the command line, where it can be.
    async fn party_name(&self, ws: WorkspaceId, party: &Party) -> anyhow::Result<String> {
        Ok(match party {
            Party::Team(team) => {
                let code = self.service.ledger().team_code(ws, *team).await?;
                format!("team:{}", code.unwrap_or_else(|| team.to_string()))
            }
            Party::Organisation(code) => format!("org:{code}"),
            Party::Role(role) => format!("role:{role}"),
        })
    }
}
