//! `admin organisation` and `admin scope`.

use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum as _};

use super::{NameArgs, Role};

/// On organisations.
#[derive(Debug, Subcommand)]
pub enum OrganisationCommand {
    /// Add a body
    Add {
        /// Unique in the workspace, such as SN-DI.
        code: String,
        /// The one above it, by code
        #[arg(long)]
        parent: Option<String>,
        /// What it is called.
        #[command(flatten)]
        names: NameArgs,
    },
}

/// On scopes.
#[derive(Debug, Subcommand)]
pub enum ScopeCommand {
    /// Add a scope, such as a joint visit's
    Add {
        /// Unique in the workspace, also among teams.
        code: String,
        /// What it is called.
        #[command(flatten)]
        names: NameArgs,
        /// Who reads and writes it.
        #[command(flatten)]
        access: AccessArgs,
    },
    /// Open it to others, or close it to them
    Change {
        /// The scope's code.
        code: String,
        /// What changes; others keep what they have.
        #[command(flatten)]
        access: AccessArgs,
    },
    /// List all, with who reads and writes them
    List,
}

/// Entries of an access list.
#[derive(Debug, Args)]
pub struct AccessArgs {
    /// Who reads it: team:CODE, org:CODE (with all below it) or role:ROLE; may be repeated
    #[arg(long, value_name = "PARTY")]
    pub read: Vec<PartyName>,
    /// Who reads and writes it; may be repeated
    #[arg(long, value_name = "PARTY")]
    pub write: Vec<PartyName>,
    /// To whom it is closed again; may be repeated
    #[arg(long, value_name = "PARTY")]
    pub close: Vec<PartyName>,
}

/// A party as an administrator writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyName {
    /// A team's members.
    Team(String),
    /// An organisation, and all below it.
    Organisation(String),
    /// Everybody with a role.
    Role(Role),
}

impl FromStr for PartyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("team", code)) => Ok(Self::Team(code.to_owned())),
            Some(("org", code)) => Ok(Self::Organisation(code.to_owned())),
            Some(("role", role)) => Role::from_str(role, false)
                .map(Self::Role)
                .map_err(|_| format!("there is no role {role:?}; see `admin user add --help`")),
            _ => Err("write team:CODE, org:CODE or role:ROLE".to_owned()),
        }
    }
}
