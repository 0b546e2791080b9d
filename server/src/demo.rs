//! The demo workspace: the press article the product starts from, as data.
//!
//! Everything is built from the text tables in `server/demo/`, which are compiled in, so a demo needs
//! no network and no files, and two servers offer the same bytes. What the article counts is here in
//! its number (`tests.rs` holds the list); people, plates and route numbers are invented.

mod bus;
mod organisations;
mod people;
mod programmes;
mod sites;
mod table;

#[cfg(test)]
mod tests;

pub use organisations::Organisation;
pub use people::{Role, Team, User};
pub use programmes::{Action, Batch, Occasion, Programme};
pub use table::{DemoError, FieldProblem};

use serde::Serialize;

use crate::register::Site;

/// Everything the demo workspace starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Demo {
    /// Who takes part, as a tree with the commission at its root.
    pub organisations: Vec<Organisation>,
    /// What made the programmes necessary.
    pub occasions: Vec<Occasion>,
    /// The campaigns.
    pub programmes: Vec<Programme>,
    /// The waves inside a programme.
    pub batches: Vec<Batch>,
    /// The dated operations of a programme.
    pub actions: Vec<Action>,
    /// The special teams, which cut across organisations.
    pub teams: Vec<Team>,
    /// The people, each in one organisation and any number of teams.
    pub users: Vec<User>,
    /// The site register, sorted by code.
    pub sites: Vec<Site>,
}

/// Builds the demo workspace. An error names the file, line and field to mend.
pub fn demo() -> Result<Demo, DemoError> {
    let units = bus::units()?;
    Ok(Demo {
        organisations: organisations::load(&units)?,
        occasions: programmes::load_occasions()?,
        programmes: programmes::load()?,
        batches: programmes::load_batches()?,
        actions: programmes::load_actions()?,
        teams: people::load_teams()?,
        users: people::load_users()?,
        sites: sites::load(&units)?,
    })
}
