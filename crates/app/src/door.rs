//! The one door of the screens: a request in, an answer out, both JSON.
//!
//! A host passes text through and knows no call by name, so a new call cannot be forgotten in one
//! host. The types here are written out for the screens (`app-ui/src/lib/core/types`); a test fails
//! when what is in the tree is not what these say. What waits for the network (enrolling, a round of
//! sync, a lead's questions in [`TeamCall`]) and what carries bytes (photos) are calls of the hosts
//! themselves.

mod answer;
mod cards;
mod check;
mod desk;
mod dispatch;
mod documents;
mod excursions;
mod finding;
mod instruments;
mod logger;
mod logs;
mod nearby;
mod people;
mod photos;
mod qr;
mod request;
mod sites;
mod start;
mod sync;
mod team;

pub use answer::{Answer, Outcome, Topic};
pub use cards::{CheckCard, SentState, Today};
pub use check::{
    AnswerView, CheckView, ItemView, LimitLine, LimitView, NewerList, OldAnswer, SectionView,
    SignatureView, ValueThen, ValueView,
};
pub use desk::{
    AlikeView, BoardRow, BoardView, Cell, CellState, Column, CoverageBy, CoverageGroup,
    CoverageView, DayCount, DecisionView, DeskSite, FindingHit, FindingPage, InboxGroup, InboxView,
    ItemHit, MergeSignature, MergedItemView, MergedView, SamenessView, SearchView, SideView,
    SiteAge, SiteAges, SuspicionView, Tally, TeamDevice, TeamMember, TeamView, TimelineEvent,
    TimelineView,
};
pub use documents::{LibraryDocument, LibraryView, PreviewView, UnreadDocument};
pub use excursions::{ActionView, ExcursionCall, ExcursionView, ExcursionsView, LogBound};
pub use finding::FindingView;
pub use instruments::{InstrumentCall, InstrumentView};
pub use logger::{LoggerDay, LoggerFileView, LoggerView, WantedAlarm};
pub use logs::{LogPoint, LogView};
pub use nearby::NearbySite;
pub use people::Person;
pub use photos::{LoosePhoto, PhotoFacts};
pub use qr::QrPicture;
pub use request::Call;
pub use sites::{AddedSite, NewSite, SiteView};
pub use start::{ChecklistBrief, StartOptions, Suggested};
pub use sync::{Enrolled, PhotoWaiting, StatusView, SyncRow, SyncView};
pub use team::{DeviceNow, DevicesNow, Invitation, Revocation, TeamAnswer, TeamAsk, TeamCall};
