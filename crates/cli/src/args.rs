//! The command line as people type it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::author::Author;

/// Record checks, send them, and look at what came of them.
#[derive(Debug, Parser)]
#[command(name = "spotcheck", version, arg_required_else_help = true)]
pub(crate) struct Args {
    /// This device's folder; else the platform's folder for data.
    #[arg(long, global = true, env = "SPOTCHECK_HOME", value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// A certificate authority (PEM) to trust beside the public ones, for a server with https.
    #[arg(long, global = true, env = "SPOTCHECK_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Answer in JSON, errors too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make this device yours, with the link your administrator gave you.
    Enrol {
        /// The whole link, `https://…/#enrol=…`.
        link: String,
        /// What the administrator sees this device as.
        #[arg(long, value_name = "DEVICE", default_value = "command line")]
        name: String,
    },
    /// Look up sites.
    #[command(subcommand)]
    Site(Site),
    /// Record inspections from a file of JSON lines, or from standard input with `-`.
    Record {
        /// The file; photos are found relative to it.
        file: PathBuf,
    },
    /// Send what is recorded and fetch what is new.
    Sync {
        /// A metered network: send the photos that fit into so many bytes, and fetch none; the rest waits
        #[arg(long, value_name = "N")]
        photo_bytes: Option<u64>,
    },
    /// What this device holds, act by act.
    Log {
        /// Compute everything anew and compare.
        #[arg(long, conflicts_with_all = ["limit", "after"])]
        verify: bool,
        #[command(flatten)]
        page: Page,
    },
    /// How this device stands.
    Status,
    /// Inspections.
    #[command(subcommand)]
    Inspection(Records),
    /// Findings.
    #[command(subcommand)]
    Finding(Records),
    /// All that was checked at a site on a day, by everybody, item by item.
    Day {
        /// The site's code.
        #[arg(long, value_name = "CODE")]
        site: String,
        /// The day, YYYY-MM-DD.
        #[arg(long, value_name = "DAY", value_parser = day)]
        date: String,
    },
    /// Answers that differ and wait for a decision.
    #[command(subcommand)]
    Contradiction(Contradictions),
    /// Settle a contradiction.
    Decide(Decide),
    /// Say of findings that they are one thing seen twice, or different things.
    Unite(Unite),
    /// Your people's devices, asked of the server: for leads and administrators.
    #[command(subcommand)]
    Team(Team),
    #[command(flatten)]
    Author(Author),
    /// Let your team use a checklist or a rule pack: a new one, or a new version of one.
    Publish {
        /// A checklist or pack in JSON, or an XLSForm workbook.
        file: std::path::PathBuf,
        /// The rule pack, where a workbook names none.
        #[arg(long, value_name = "CODE", default_value = "")]
        pack: String,
    },
    /// The checklists and rule packs on this device, every version.
    Library,
    /// Let another team read an inspection, its findings, and all that follows.
    Share {
        /// The inspection's id, or the first digits of it.
        id: String,
        /// The team's code.
        #[arg(long, value_name = "CODE")]
        team: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Site {
    /// By Chinese text, pinyin initials, English or code.
    Find {
        /// What you would type; several words narrow it down.
        #[arg(required = true)]
        query: Vec<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = limit)]
        limit: usize,
        /// Only what comes after this code: the last of the page before.
        #[arg(long, value_name = "CODE")]
        after: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Team {
    /// How each device stands: its last contact, and what it still has to send.
    Devices,
    /// A link to enrol one device of a colleague's, within 24 hours.
    Invite {
        /// The colleague's code.
        user: String,
    },
    /// Revoke a device: what it sends from then on is kept for review.
    Revoke {
        /// The device, as `team devices` lists it.
        device: String,
        /// Why, for who reads it in a year.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Records {
    /// Newest first.
    List {
        #[command(flatten)]
        page: Page,
    },
    /// One, with its values and its history.
    Show {
        /// Its id, or the first digits of it.
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Contradictions {
    /// Those that wait, by site and day.
    List {
        /// Only at this site.
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Only of this day, YYYY-MM-DD.
        #[arg(long, value_name = "DAY", value_parser = day)]
        date: Option<String>,
        #[command(flatten)]
        page: Page,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Decide {
    /// The contradiction's id.
    pub(crate) id: String,
    /// Keep the value of this op, or the first digits of it.
    #[arg(long, value_name = "OP", required_unless_present = "value")]
    pub(crate) keep: Option<String>,
    /// Set another value, as JSON.
    #[arg(long, value_name = "JSON", conflicts_with = "keep")]
    pub(crate) value: Option<String>,
    /// Why, for who reads it in a year.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Unite {
    /// The findings' ids, or the first digits of them.
    #[arg(required = true, num_args = 2..)]
    pub(crate) findings: Vec<String>,
    /// The one that stands for all; without it the first.
    #[arg(long, value_name = "FINDING", conflicts_with = "different")]
    pub(crate) main: Option<String>,
    /// They are different things.
    #[arg(long)]
    pub(crate) different: bool,
    /// Why.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

/// Which part of a list.
#[derive(Debug, ClapArgs)]
pub(crate) struct Page {
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = limit)]
    pub(crate) limit: usize,
    /// Go on after this one, the last of the page before.
    #[arg(long, value_name = "LAST")]
    pub(crate) after: Option<String>,
}

fn limit(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=10_000).contains(n));
    number.ok_or_else(|| "give a number from 1 to 10000".to_owned())
}

fn day(text: &str) -> Result<String, String> {
    let fine = text.len() == 10 && chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    if fine { Ok(text.to_owned()) } else { Err("give the day as 2021-06-24".to_owned()) }
}
