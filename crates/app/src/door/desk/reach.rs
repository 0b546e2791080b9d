//! Whom a user looks after, as the directory says: who is offered on a screen. The server decides, by
//! the same rule (`reach` in `server/src/service/auth.rs`).

use std::collections::BTreeSet;

use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{SlotPath, UserId};
use spotcheck_store::BlobStore;

use crate::door::people::People;
use crate::query::latest;
use crate::{AppError, Device, Host};

/// Teams looked through.
const TEAMS: usize = 10_000;

impl<H: Host, B: BlobStore> Device<H, B> {
    /// An administrator looks after everybody, a lead after the inspectors and leads of the teams they
    /// lead, nobody else after anybody.
    pub(super) fn reach(&self, people: &People) -> Result<BTreeSet<UserId>, AppError> {
        let me = self.identity()?;
        match me.role.as_str() {
            "administrator" => return Ok(people.keys().copied().collect()),
            "lead" => {}
            _ => return Ok(BTreeSet::new()),
        }
        let mut reach = BTreeSet::new();
        for row in self.store.list_records("team", None, TEAMS)? {
            let members = members(&row.doc);
            if members.iter().any(|(user, role)| *user == me.user && role == "lead") {
                reach.extend(members.into_iter().map(|(user, _)| user));
            }
        }
        let below = |user: &UserId| {
            people.get(user).is_some_and(|it| matches!(it.role.as_str(), "inspector" | "lead"))
        };
        reach.retain(below);
        Ok(reach)
    }
}

/// A team's members and their roles in it.
fn members(doc: &RecordDoc) -> Vec<(UserId, String)> {
    let member = |path: &SlotPath| {
        let user = path.as_str().strip_prefix("members/")?.strip_suffix("/role")?;
        Some((user.parse().ok()?, latest(doc, path)?.as_text()?.to_owned()))
    };
    doc.slots.keys().filter_map(member).collect()
}
