//! What changes the directory. Each waits for its turn on the server's own log.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::json;
use spotcheck_domain::LogId;
use spotcheck_protocol::access::UNIT;

use super::Admin;
use crate::config::{NameArgs, Role};
use crate::ledger::Ledger as _;
use crate::register;
use crate::service::{NewTeam, NewUser};

impl Admin {
    pub(super) async fn add_workspace(&self, name: &str) -> anyhow::Result<String> {
        let _turn = self.dir.own_log_turn()?;
        if self.service.ledger().list_workspaces().await?.iter().any(|(_, known)| known == name) {
            bail!("a workspace {name:?} exists; choose another name");
        }
        let id = self.service.add_workspace(name).await?.to_string();
        Ok(self.show(format!("workspace {name} added: {id}"), json!({ "id": id, "name": name })))
    }

    pub(super) async fn add_user(
        &self,
        code: &str,
        role: Role,
        org: Option<String>,
        names: &NameArgs,
    ) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let (zh, en) = names.or_code(code);
        let user = NewUser { code: code.to_owned(), zh, en, role: role.as_str().to_owned(), org };
        let id = self.service.add_user(ws, &user).await?.to_string();
        Ok(self.show(format!("user {code} added: {id}"), json!({ "id": id, "code": code })))
    }

    pub(super) async fn add_team(
        &self,
        code: &str,
        names: &NameArgs,
        members: &[String],
    ) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        if self.service.ledger().find_team(ws, code).await?.is_some() {
            bail!("a team {code:?} exists; change it with `admin team member`");
        }
        if self.service.ledger().list_scopes(ws).await?.iter().any(|it| it.code == code) {
            bail!("a scope {code:?} exists; choose another code");
        }
        let mut found = vec![];
        for member in members {
            let (user, role) =
                member.split_once(':').map_or((member.as_str(), None), |(u, r)| (u, Some(r)));
            let (user, own) = self.user(ws, user).await?;
            let role = match role {
                Some(role) => <Role as clap::ValueEnum>::from_str(role, false)
                    .map_err(|_| anyhow::anyhow!("--member: there is no role {role:?}"))?
                    .as_str()
                    .to_owned(),
                None => own,
            };
            if role == UNIT {
                bail!(
                    "--member: an inspected unit is in no team; open a scope to its organisation"
                );
            }
            found.push((user, role));
        }
        let (zh, en) = names.or_code(code);
        let team = NewTeam { code: code.to_owned(), zh, en, members: found };
        let scope = self.service.add_team(ws, &team).await?.to_string();
        Ok(self.show(
            format!("team {code} added, scope {scope}"),
            json!({ "code": code, "scope": scope }),
        ))
    }

    pub(super) async fn import_register(&self, file: &Path, name: &str) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let path = file.display();
        let open = || -> std::io::Result<Vec<u8>> {
            let mut bytes = vec![];
            File::open(file)?.take(register::MOST_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = open().with_context(|| format!("{path}: cannot be read"))?;
        if bytes.len() as u64 > register::MOST_BYTES {
            bail!("{path}: larger than {} MiB: no register", register::MOST_BYTES >> 20);
        }
        let sites = register::read(&bytes)
            .map_err(|unreadable| anyhow::anyhow!("{path}: nothing was taken\n{unreadable}"))?;
        let pages = register::pages(&sites);
        let _turn = self.dir.own_log_turn()?;
        self.service.publish_register(ws, name, &pages).await?;
        let (sites, pages) = (sites.len(), pages.len());
        let line = format!("register {name}: {sites} sites; devices follow at their next exchange");
        Ok(self.show(line, json!({ "register": name, "sites": sites, "pages": pages })))
    }

    pub(super) async fn set_member(
        &self,
        team: &str,
        user: &str,
        role: Option<Role>,
        remove: bool,
    ) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let (id, own) = self.user(ws, user).await?;
        let role = (!remove).then(|| role.map_or(own.as_str(), |role| role.as_str()));
        if role == Some(UNIT) || (own == UNIT && !remove) {
            bail!("an inspected unit is in no team; open a scope to its organisation");
        }
        self.service.set_member(ws, team, id, role).await?;
        let line = match role {
            Some(role) => format!("{user} is in team {team} as {role}"),
            None => format!("{user} is no longer in team {team}"),
        };
        Ok(self.show(line, json!({ "team": team, "user": user, "role": role })))
    }

    pub(super) async fn revoke(&self, log: &str, reason: &str) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let id: LogId = log.parse().ok().context("LOG: 32 hex digits from `admin device list`")?;
        let device = self.service.ledger().find_device(id).await?.filter(|device| device.ws == ws);
        let device = device.with_context(|| format!("there is no device with log {log}"))?;
        if device.revoked.is_some() {
            bail!("the device is revoked already");
        }
        self.service.revoke(ws, id, reason).await?;
        let line = format!("device {log} is revoked; from its next request on it is told so");
        Ok(self.show(line, json!({ "log": log, "revoked": reason })))
    }

    pub(super) async fn code(&self, user: &str, url: &str) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let (id, _) = self.user(ws, user).await?;
        let code = self.service.add_code(ws, id, url).await?;
        let link = code.link.to_string();
        Ok(self.show(
            link.clone(),
            json!({ "user": user, "link": link, "expires_ms": code.expires_ms }),
        ))
    }
}
