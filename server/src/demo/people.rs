//! Teams and the people in them. Every name is invented: 示例, 范本, 演练 are "sample", "template", "drill".

use serde::Serialize;

use super::table::{self, DemoError};

/// A special team with members from several organisations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Its code.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The bodies that lead it; two make its visits joint inspections.
    pub led_by: Vec<String>,
}

/// Someone with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// The name to sign in and enrol by.
    pub code: String,
    /// Their name in Chinese.
    pub zh: String,
    /// Their name in Latin letters, family name first.
    pub en: String,
    /// The organisation they come from.
    pub organisation: String,
    /// The teams they work in, each with its own task list.
    pub teams: Vec<String>,
    /// What they may do.
    pub role: Role,
}

/// What a person may do in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Carries out inspections.
    Inspector,
    /// Leads a team: merges its day, follows rectification.
    Lead,
    /// Approves what someone else wrote.
    Reviewer,
    /// Manages users, teams and registers.
    Administrator,
    /// Reads everything and writes nothing.
    Auditor,
}

impl Role {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "inspector" => Self::Inspector,
            "lead" => Self::Lead,
            "reviewer" => Self::Reviewer,
            "administrator" => Self::Administrator,
            "auditor" => Self::Auditor,
            _ => return None,
        })
    }
}

pub(super) fn load_teams() -> Result<Vec<Team>, DemoError> {
    table::read("teams.csv", include_str!("../../demo/teams.csv"), |row| {
        Ok(Team {
            code: row.text("code")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            led_by: row.list("led_by")?,
        })
    })
}

pub(super) fn load_users() -> Result<Vec<User>, DemoError> {
    table::read("users.csv", include_str!("../../demo/users.csv"), |row| {
        let role = row.text("role")?;
        Ok(User {
            code: row.text("code")?,
            zh: row.text("zh")?,
            en: row.text("en")?,
            organisation: row.text("organisation")?,
            teams: row.list("teams")?,
            role: Role::find(&role).ok_or_else(|| row.unknown("role", &role))?,
        })
    })
}
