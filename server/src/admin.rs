//! Managing users, teams, devices and codes: on the ledger itself, also beside a running server.

mod lists;
mod quarantine;
mod scopes;
mod writes;

#[cfg(test)]
mod tests;

use anyhow::{Context as _, bail};
use spotcheck_domain::{UserId, WorkspaceId};

use crate::config::{
    AdminCommand, CodeArgs, Config, DeviceCommand, OrganisationCommand, QuarantineCommand,
    RegisterCommand, ScopeCommand, TeamCommand, UserCommand, WorkspaceCommand,
};
use crate::data_dir::{DataDir, HostedService};
use crate::ledger::Ledger as _;

/// Carries out one command and gives what to print.
///
/// # Errors
/// When there is no such thing, it exists already, or the ledger fails.
pub fn run(
    config: &Config,
    workspace: Option<&str>,
    json: bool,
    command: &AdminCommand,
) -> anyhow::Result<String> {
    let dir = DataDir::open(&config.data)?;
    let service = dir.open_service(0)?;
    let admin = Admin { service, dir, workspace: workspace.map(str::to_owned), json };
    pollster::block_on(admin.run(config, command))
}

struct Admin {
    service: HostedService,
    dir: DataDir,
    workspace: Option<String>,
    json: bool,
}

impl Admin {
    async fn run(&self, config: &Config, command: &AdminCommand) -> anyhow::Result<String> {
        match command {
            AdminCommand::Workspace(WorkspaceCommand::Add { name }) => {
                self.add_workspace(name).await
            }
            AdminCommand::Workspace(WorkspaceCommand::List) => self.list_workspaces().await,
            AdminCommand::User(UserCommand::Add { code, role, org, names }) => {
                self.add_user(code, *role, org.clone(), names).await
            }
            AdminCommand::User(UserCommand::List) => self.list_users().await,
            AdminCommand::Team(TeamCommand::Add { code, names, members }) => {
                self.add_team(code, names, members).await
            }
            AdminCommand::Team(TeamCommand::Member { team, user, role, remove }) => {
                self.set_member(team, user, *role, *remove).await
            }
            AdminCommand::Organisation(OrganisationCommand::Add { code, parent, names }) => {
                self.add_organisation(code, parent.clone(), names).await
            }
            AdminCommand::Scope(ScopeCommand::Add { code, names, access }) => {
                self.add_scope(code, names, access).await
            }
            AdminCommand::Scope(ScopeCommand::Change { code, access }) => {
                self.change_scope(code, access).await
            }
            AdminCommand::Scope(ScopeCommand::List) => self.list_scopes().await,
            AdminCommand::Register(RegisterCommand::Import { file, name }) => {
                self.import_register(file, name).await
            }
            AdminCommand::Device(DeviceCommand::List) => self.list_devices().await,
            AdminCommand::Device(DeviceCommand::Revoke { log, reason }) => {
                self.revoke(log, reason).await
            }
            AdminCommand::Quarantine(QuarantineCommand::List { limit }) => {
                self.list_quarantine(usize::from(*limit)).await
            }
            AdminCommand::Quarantine(QuarantineCommand::Release { ops, record, reason }) => {
                self.release(ops, record.as_deref(), reason).await
            }
            AdminCommand::Code(CodeArgs { user }) => {
                let noted = self.dir.noted_url().filter(|_| config.public_url.is_none());
                self.code(user, &noted.unwrap_or_else(|| config.link_url(&config.listen))).await
            }
        }
    }

    /// The workspace that was named, or the only one.
    async fn workspace(&self) -> anyhow::Result<WorkspaceId> {
        let known = self.service.ledger().list_workspaces().await?;
        match (&self.workspace, known.as_slice()) {
            (Some(asked), known) => {
                let mut found =
                    known.iter().filter(|(ws, name)| name == asked || ws.to_string() == *asked);
                let first = found
                    .next()
                    .with_context(|| format!("--workspace: there is no workspace {asked:?}"))?;
                if found.next().is_some() {
                    bail!("--workspace: several are called {asked:?}; give the id instead");
                }
                Ok(first.0)
            }
            (None, [(ws, _)]) => Ok(*ws),
            (None, []) => {
                bail!("there is no workspace yet: add one with `admin workspace add NAME`")
            }
            (None, _) => bail!("there are several workspaces: say which with --workspace NAME"),
        }
    }

    async fn user(&self, ws: WorkspaceId, code: &str) -> anyhow::Result<(UserId, String)> {
        let user = self.service.ledger().find_user_by_code(ws, code).await?;
        let user =
            user.with_context(|| format!("there is no user {code:?}; see `admin user list`"))?;
        Ok((user.user, user.role))
    }

    /// A result as one line for people, or as JSON.
    fn show(&self, line: String, json: serde_json::Value) -> String {
        if self.json { json.to_string() } else { line }
    }
}
