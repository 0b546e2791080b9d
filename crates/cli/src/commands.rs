//! One file a command.

mod contradictions;
mod day;
mod exchange;
mod library;
mod log;
mod publish;
mod record;
mod records;
mod share;
mod site;
mod status;
mod team;
mod unite;

use crate::args::{Args, Command, Contradictions, Records, Site};
use crate::author;
use crate::failure::Failure;
use crate::home;
use crate::out::Out;

/// Does what was typed.
pub(crate) fn run(args: &Args, out: &mut Out) -> Result<(), Failure> {
    if let Command::Author(asked) = &args.command {
        return author::run(asked, out);
    }
    let home = home::folder(args.home.as_deref())?;
    if let Command::Enrol { link, name } = &args.command {
        return exchange::enrol(&home, link, name, args.ca.as_deref(), out);
    }
    let mut device = home::open_enrolled(&home)?;
    match &args.command {
        Command::Enrol { .. } | Command::Author(_) => Ok(()),
        Command::Site(Site::Find { query, limit, after }) => {
            site::find(&device, query, after.as_deref(), *limit, out)
        }
        Command::Record { file } => record::run(&mut device, file, out),
        Command::Sync { photo_bytes } => {
            exchange::sync(&mut device, args.ca.as_deref(), *photo_bytes, out)
        }
        Command::Log { verify: true, .. } => log::verify(&device, out),
        Command::Log { page, .. } => log::list(&device, page, out),
        Command::Status => status::run(&device, out),
        Command::Inspection(Records::List { page }) => records::inspections(&device, page, out),
        Command::Inspection(Records::Show { id }) => records::show(&device, "inspection", id, out),
        Command::Finding(Records::List { page }) => records::findings(&device, page, out),
        Command::Finding(Records::Show { id }) => records::show(&device, "finding", id, out),
        Command::Day { site, date } => day::run(&device, site, date, out),
        Command::Contradiction(Contradictions::List { site, date, page }) => {
            contradictions::list(&device, site.as_deref(), date.as_deref(), page, out)
        }
        Command::Decide(decide) => contradictions::decide(&mut device, decide, out),
        Command::Unite(unite) => unite::run(&mut device, unite, out),
        Command::Publish { file, pack } => publish::run(&mut device, file, pack, out),
        Command::Library => library::run(&device, out),
        Command::Team(asked) => team::run(&device, asked, args.ca.as_deref(), out),
        Command::Share { id, team } => share::run(&mut device, id, team, out),
    }
}
