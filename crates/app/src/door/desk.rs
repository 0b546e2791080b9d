//! The lead's desk: the day on one board, the merge, coverage, people, and search over all of it.
//!
//! Everything here is computed from what this device has; a lead works offline like anybody else.

mod board;
mod coverage;
mod findings;
mod inbox;
mod reach;
mod sameness;
mod search;
mod sign;
mod suspicious;
mod team;
mod timeline;

pub use board::{BoardRow, BoardView, Cell, CellState, Column, DayCount, DeskSite, Tally};
pub use coverage::{CoverageBy, CoverageGroup, CoverageView, SiteAge, SiteAges};
pub(super) use findings::FindingFilter;
pub use findings::{FindingHit, FindingPage};
pub use inbox::{
    DecisionView, InboxGroup, InboxView, MergedItemView, MergedView, SideView, SuspicionView,
};
pub use sameness::{AlikeView, SamenessView};
pub use search::{ItemHit, SearchView};
pub use sign::MergeSignature;
pub use team::{TeamDevice, TeamMember, TeamView};
pub use timeline::{TimelineEvent, TimelineView};
