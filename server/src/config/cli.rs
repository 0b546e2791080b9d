//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{OrganisationCommand, ScopeCommand, Settings};

/// The Spotcheck sync server.
///
/// Settings come from flags, else from SPOTCHECK_… variables, else from the --config file. Exit
/// status: 0 done, 1 failed with a reason, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "spotcheck-server", version)]
pub struct Cli {
    /// A TOML file with any of the settings below, with _ for -
    #[arg(long, global = true, value_name = "FILE", env = "SPOTCHECK_CONFIG")]
    pub config: Option<PathBuf>,
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server until Ctrl-C or SIGTERM
    Serve {
        /// Make the demo workspace on the first start, and print fresh enrolment links
        #[arg(long, env = "SPOTCHECK_DEMO", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
        demo: Option<bool>,
    },
    /// Make a certificate for a local network, of an authority for private addresses alone
    ///
    /// The authority (ca.crt, ca.key) is made once, the server's certificate (server.crt,
    /// server.key) each time, for 90 days.
    LanCa {
        /// The folder to keep them in
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The private address that phones reach this machine at
        #[arg(long, value_name = "IP")]
        host: IpAddr,
    },
    /// Manage users, teams, devices and enrolment, also beside a running server
    Admin {
        /// The workspace, by name or id; may be left out when there is only one
        #[arg(long, global = true, value_name = "NAME")]
        workspace: Option<String>,
        /// Print JSON
        #[arg(long, global = true)]
        json: bool,
        /// What to manage.
        #[command(subcommand)]
        command: AdminCommand,
    },
}

/// What to manage.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Tenants
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// People
    #[command(subcommand)]
    User(UserCommand),
    /// Teams and who is in them
    #[command(subcommand)]
    Team(TeamCommand),
    /// Bodies, as a tree
    #[command(subcommand)]
    Organisation(OrganisationCommand),
    /// Scopes beside the teams' own, and who reads and writes them
    #[command(subcommand)]
    Scope(ScopeCommand),
    /// Sites that can be inspected
    #[command(subcommand)]
    Register(RegisterCommand),
    /// Enrolled devices
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Records that were kept but not admitted
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Make a one-time enrolment link for a user, good for 24 hours
    Code(CodeArgs),
}

/// On tenants.
#[derive(Debug, Subcommand)]
pub enum WorkspaceCommand {
    /// Create one
    Add {
        /// Its name.
        name: String,
    },
    /// List all
    List,
}

/// On registers.
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Take a register from a table: sites it does not list any more leave it
    Import {
        /// CSV in UTF-8; a header line with code, zh and, as far as known, en, kind, district,
        /// parent, org.
        file: PathBuf,
        /// Which one, where there are several
        #[arg(long, default_value = crate::register::DEFAULT)]
        name: String,
    },
}

/// What something with a code is called.
#[derive(Debug, Args)]
pub struct NameArgs {
    /// Name in Chinese [default: CODE]
    #[arg(long)]
    zh: Option<String>,
    /// Name in English [default: CODE]
    #[arg(long)]
    en: Option<String>,
}

impl NameArgs {
    /// In Chinese and in English: what was not named is called by its code.
    pub fn or_code(&self, code: &str) -> (String, String) {
        let [zh, en] = [&self.zh, &self.en].map(|name| name.as_deref().unwrap_or(code).to_owned());
        (zh, en)
    }
}

/// On people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person
    Add {
        /// Unique in the workspace, such as insp.produce1.
        code: String,
        /// What they may do
        #[arg(long)]
        role: Role,
        /// The organisation they belong to, by code
        #[arg(long)]
        org: Option<String>,
        /// What it is called.
        #[command(flatten)]
        names: NameArgs,
    },
    /// List all
    List,
}

/// On teams.
#[derive(Debug, Subcommand)]
pub enum TeamCommand {
    /// Add a team
    Add {
        /// Unique in the workspace, such as PRODUCE.
        code: String,
        /// What it is called.
        #[command(flatten)]
        names: NameArgs,
        /// A member, as USER or USER:ROLE; may be repeated
        #[arg(long = "member", value_name = "USER[:ROLE]")]
        members: Vec<String>,
    },
    /// Put a person into a team, or take them out
    Member {
        /// The team's code.
        team: String,
        /// The person's code.
        user: String,
        /// Their role in the team [default: their own]
        #[arg(long, conflicts_with = "remove")]
        role: Option<Role>,
        /// Take them out
        #[arg(long)]
        remove: bool,
    },
}

/// On devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// List all
    List,
    /// Make a device's key count no more, from its next request on
    Revoke {
        /// The device's log, from `device list`.
        log: String,
        /// Why; devices are told
        #[arg(long)]
        reason: String,
    },
}

/// On what was kept but not admitted.
#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// What waits, the oldest first
    List {
        /// At most so many.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
        limit: u16,
    },
    /// Admit it after all: it is delivered like any other record
    Release {
        /// Ops, from `quarantine list`.
        #[arg(required_unless_present = "record", conflicts_with = "record")]
        ops: Vec<String>,
        /// A record, with all that belongs to it
        #[arg(long, value_name = "ID")]
        record: Option<String>,
        /// Why, for who reads it in a year
        #[arg(long)]
        reason: String,
    },
}

/// For whom.
#[derive(Debug, Args)]
pub struct CodeArgs {
    /// The person's code.
    pub user: String,
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Carries out inspections
    Inspector,
    /// Leads a team and merges its day
    Lead,
    /// Approves what someone else wrote
    Reviewer,
    /// Manages users, teams and registers
    Administrator,
    /// Reads everything and writes nothing
    Auditor,
    /// An inspected unit: in no team; sees what is shared with its organisation
    Unit,
}

impl Role {
    /// As the directory spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Lead => "lead",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Unit => "unit",
        }
    }
}
