//! What the command line takes.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Field inspection without a screen: record offline, sync when there is a network.
#[derive(Debug, Parser)]
#[command(name = "spotcheck", version)]
pub struct Args {
    /// The device's folder; the platform's data folder when not given.
    #[arg(long, global = true, env = "SPOTCHECK_HOME")]
    pub home: Option<PathBuf>,
    /// JSON for programs instead of text for people.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A page of a list.
#[derive(Debug, clap::Args)]
pub struct PageArgs {
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// Go on after this one.
    #[arg(long)]
    pub after: Option<String>,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Binds this device to a user with a one-time link.
    Enrol {
        /// The link, from an administrator.
        code: String,
        /// What the device calls itself.
        #[arg(long, default_value = "spotcheck cli")]
        name: String,
    },
    /// Sites of the registers.
    #[command(subcommand)]
    Site(SiteCommand),
    /// Records inspections from JSON lines.
    Record {
        /// The file; `-` for standard input.
        file: PathBuf,
    },
    /// Sends what is new, and gets what is new.
    Sync,
    /// How this device stands.
    Status,
    /// The ops on this device, in order of arrival.
    Log {
        /// Which.
        #[command(flatten)]
        page: PageArgs,
        /// Checks links and projections instead.
        #[arg(long)]
        verify: bool,
    },
    /// Inspections.
    #[command(subcommand)]
    Inspection(RecordCommand),
    /// Findings.
    #[command(subcommand)]
    Finding(RecordCommand),
    /// The merged view of a site and day.
    Day {
        /// The site's code.
        #[arg(long)]
        site: String,
        /// The day, YYYY-MM-DD.
        #[arg(long)]
        date: String,
    },
    /// Contradictions that wait for a decision.
    #[command(subcommand)]
    Contradiction(ContradictionCommand),
    /// Settles a contradiction.
    Decide {
        /// Its id, as `contradiction list` shows it.
        id: String,
        /// The value of this op stands.
        #[arg(long, conflicts_with = "value", required_unless_present = "value")]
        keep: Option<String>,
        /// This value stands: an answer as JSON.
        #[arg(long)]
        value: Option<String>,
        /// Why, for who reads this in a year.
        #[arg(long)]
        reason: String,
    },
}

/// What to do with sites.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Finds sites by Chinese text, pinyin initials, code or English.
    Find {
        /// What to look for.
        query: String,
        /// How many at most.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
}

/// What to do with records.
#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// Lists them, newest first.
    List {
        /// Which.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Shows one with its history.
    Show {
        /// Its id, or the first digits of it.
        id: String,
    },
}

/// What to do with contradictions.
#[derive(Debug, Subcommand)]
pub enum ContradictionCommand {
    /// Lists them.
    List {
        /// Only of this site.
        #[arg(long)]
        site: Option<String>,
        /// Only of this day.
        #[arg(long)]
        date: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Go on after this one.
        #[arg(long)]
        after: Option<String>,
    },
}
