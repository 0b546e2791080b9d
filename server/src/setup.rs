//! The demo workspace in a server's ledger, from [`crate::demo`].

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use spotcheck_domain::{UserId, WorkspaceId};
use spotcheck_protocol::access::{May, Party};

use crate::data_dir::{DataDir, HostedService};
use crate::demo::{self, Demo, Role, Team};
use crate::keys::write_durably;
use crate::ledger::Ledger as _;
use crate::service::{NewOrganisation, NewScope, NewTeam, NewUser};
use crate::{qr, register};

/// What the demo workspace is called.
pub const NAME: &str = "demo";
/// Who gets a link at each start.
pub const TRY: [&str; 3] = ["insp.produce1", "insp.produce2", "lead.produce"];

/// Makes the demo workspace unless it is there. A start that was interrupted half-way is completed
/// by the next: people and teams are looked up first, and a file marks the end.
///
/// # Errors
/// When the ledger or the folder fails.
pub async fn demo_workspace(service: &HostedService, dir: &DataDir) -> anyhow::Result<WorkspaceId> {
    let marker = dir.root().join("demo.done");
    let known = service.ledger().list_workspaces().await?;
    let known = known.into_iter().find(|(_, name)| name == NAME).map(|(ws, _)| ws);
    match known {
        Some(ws) if is_done(&marker, ws) => return Ok(ws),
        _ => {}
    }
    let ws = match known {
        Some(ws) => ws,
        None => service.add_workspace(NAME).await?,
    };
    let demo = demo::demo()?;
    organisations(service, ws, &demo).await?;
    let users = people(service, ws, &demo).await?;
    for team in &demo.teams {
        if service.ledger().find_team(ws, &team.code).await?.is_none() {
            service.add_team(ws, &with_members(team, &demo, &users)).await?;
        }
    }
    joint(service, ws).await?;
    service.publish_register(ws, register::DEFAULT, &register::pages(&demo.sites)).await?;
    write_durably(&marker, ws.to_string().as_bytes()).context("cannot mark the demo as made")?;
    tracing::info!(users = users.len(), sites = demo.sites.len(), "the demo workspace is made");
    Ok(ws)
}

fn is_done(marker: &Path, ws: WorkspaceId) -> bool {
    std::fs::read_to_string(marker).is_ok_and(|text| text == ws.to_string())
}

/// All in one transaction, each after the one above it.
async fn organisations(
    service: &HostedService,
    ws: WorkspaceId,
    demo: &Demo,
) -> anyhow::Result<()> {
    let Some(first) = demo.organisations.first() else { return Ok(()) };
    if service.ledger().has_organisation(ws, &first.code).await? {
        return Ok(());
    }
    let new = demo.organisations.iter().map(|it| NewOrganisation {
        code: it.code.clone(),
        zh: it.zh.clone(),
        en: it.en.clone(),
        parent: it.parent.clone(),
    });
    Ok(service.add_organisations(ws, &new.collect::<Vec<_>>()).await?)
}

async fn people(
    service: &HostedService,
    ws: WorkspaceId,
    demo: &Demo,
) -> anyhow::Result<BTreeMap<String, UserId>> {
    let mut users = BTreeMap::new();
    for user in &demo.users {
        let id = match service.ledger().find_user_by_code(ws, &user.code).await? {
            Some(known) => known.user,
            None => {
                let (code, zh, en) = (user.code.clone(), user.zh.clone(), user.en.clone());
                let role = role(user.role).to_owned();
                let org = Some(user.organisation.clone());
                service.add_user(ws, &NewUser { code, zh, en, role, org }).await?
            }
        };
        users.insert(user.code.clone(), id);
    }
    Ok(users)
}

/// What the produce and the port team visit together.
const JOINT: (&str, &str, &str) = ("COLD", "冷链联合检查", "Joint cold-chain checks");

async fn joint(service: &HostedService, ws: WorkspaceId) -> anyhow::Result<()> {
    let [code, zh, en] = [JOINT.0, JOINT.1, JOINT.2].map(str::to_owned);
    if service.ledger().list_scopes(ws).await?.iter().any(|it| it.code == code) {
        return Ok(());
    }
    let mut access = vec![];
    for team in ["PRODUCE", "PORT"] {
        if let Some(team) = service.ledger().find_team(ws, team).await? {
            access.push((Party::Team(team), May::Write));
        }
    }
    service.add_scope(ws, &NewScope { code, zh, en, access }).await?;
    Ok(())
}

fn with_members(team: &Team, demo: &Demo, users: &BTreeMap<String, UserId>) -> NewTeam {
    let members = demo.users.iter().filter(|user| user.teams.contains(&team.code));
    let members = members
        .filter_map(|user| Some((*users.get(&user.code)?, role(user.role).to_owned())))
        .collect();
    NewTeam { code: team.code.clone(), zh: team.zh.clone(), en: team.en.clone(), members }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Inspector => "inspector",
        Role::Lead => "lead",
        Role::Reviewer => "reviewer",
        Role::Administrator => "administrator",
        Role::Auditor => "auditor",
    }
}

/// Fresh enrolment links for the people to try the demo with, as (user, link).
///
/// # Errors
/// When the ledger fails.
pub async fn demo_links(
    service: &HostedService,
    ws: WorkspaceId,
    url: &str,
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut links = vec![];
    for code in TRY {
        let user = service.ledger().find_user_by_code(ws, code).await?;
        let user = user.with_context(|| format!("the demo workspace has no user {code}"))?;
        links.push((code, service.add_code(ws, user.user, url).await?.link.to_string()));
    }
    Ok(links)
}

/// Where the links of the demo can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// No web app is served.
    Terminal,
    /// In a browser on this machine.
    Browser,
    /// Also on phones that reach and trust this machine.
    Phones,
}

/// What a person reads who starts the demo.
pub fn welcome(links: &[(&str, String)], tried: Tried) -> String {
    let mut text = String::from("\nFresh enrolment links, each for one device within 24 hours:\n");
    for (user, link) in links {
        text.push_str(&format!("  {user:<14} {link}\n"));
    }
    let first = links.first().map_or("LINK", |(_, link)| link.as_str());
    match tried {
        Tried::Terminal => {}
        Tried::Browser => {
            text.push_str("\nTry it: open one of these links in a browser on this machine.\n");
        }
        Tried::Phones => {
            text.push_str("\nTry it: open one of these links in a browser, or scan the first.\n");
            text.extend(qr::picture(first));
            text.push('\n');
        }
    }
    text.push_str(&format!(
        "\nOr in another terminal:\n  \
         spotcheck --home ./inspector enrol '{first}'\n  \
         spotcheck --home ./inspector sync\n  \
         spotcheck --home ./inspector site find 南山\n"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_made_once_and_completed_after_an_interruption() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path()).unwrap();
        let service = data.open_service(1).unwrap();
        pollster::block_on(async {
            let ws = demo_workspace(&service, &data).await.unwrap();
            let size = service.ledger().checkpoint(ws).await.unwrap().size;
            assert_eq!(demo_workspace(&service, &data).await.unwrap(), ws);
            assert_eq!(service.ledger().checkpoint(ws).await.unwrap().size, size);

            std::fs::remove_file(dir.path().join("demo.done")).unwrap();
            assert_eq!(demo_workspace(&service, &data).await.unwrap(), ws);
            let users = service.ledger().list_users(ws).await.unwrap();
            assert_eq!(users.len(), demo::demo().unwrap().users.len());
            let links = demo_links(&service, ws, "http://127.0.0.1:8080").await.unwrap();
            assert!(links.iter().all(|(_, link)| {
                spotcheck_protocol::enrolment::EnrolmentLink::parse(link).is_some()
            }));
            let lead = users.iter().find(|user| user.code == "lead.produce").unwrap();
            assert!(lead.home_scope.is_some());
        });
    }
}
