//! What a screen is told.

use serde::Serialize;
use ts_rs::TS;

use super::{
    AddedSite, BoardView, CheckCard, CheckView, CoverageView, ExcursionsView, FindingPage,
    FindingView, InboxView, InstrumentView, LibraryView, LogView, LoggerView, LoosePhoto,
    MergedView, NearbySite, PhotoFacts, PreviewView, SearchView, SiteAges, SiteView, StartOptions,
    StatusView, SyncView, TeamView, TimelineView, Today, ValueThen,
};

/// The answer to a call: `is` has the call's name.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Answer {
    /// See [`super::Call::Status`].
    Status(StatusView),
    /// See [`super::Call::Today`].
    Today(Today),
    /// See [`super::Call::FindSites`].
    FindSites(Vec<SiteView>),
    /// See [`super::Call::RecentSites`].
    RecentSites(Vec<SiteView>),
    /// See [`super::Call::AddSite`].
    AddSite(SiteView),
    /// See [`super::Call::AddedSites`].
    AddedSites(Vec<AddedSite>),
    /// See [`super::Call::ConfirmSite`].
    ConfirmSite(SiteView),
    /// See [`super::Call::StartOptions`].
    StartOptions(StartOptions),
    /// The new inspection's id.
    StartCheck(String),
    /// See [`super::Call::Check`].
    Check(CheckView),
    /// The answered item as it now stands.
    Answer(super::AnswerView),
    /// See [`super::Call::MoveToNewest`]: the op.
    MoveToNewest(String),
    /// The id of the place added, to be used in slots.
    AddInstance(String),
    /// See [`super::Call::Raise`].
    Raise(FindingView),
    /// See [`super::Call::Fix`].
    Fix(FindingView),
    /// See [`super::Call::EditFinding`].
    EditFinding(FindingView),
    /// Nothing more to say.
    Describe(()),
    /// The op.
    Sign(String),
    /// Items that are required and have no answer.
    Complete(Vec<String>),
    /// The op that takes back, itself to be taken back by `undo`.
    Undo(String),
    /// The op.
    Void(String),
    /// See [`super::Call::History`].
    History(Vec<ValueThen>),
    /// See [`super::Call::KeepLoose`].
    KeepLoose(LoosePhoto),
    /// Nothing more to say.
    PlaceLoose(()),
    /// See [`super::Call::Photo`].
    Photo(PhotoFacts),
    /// See [`super::Call::PhotoTaken`].
    PhotoTaken(()),
    /// See [`super::Call::AskPhoto`].
    AskPhoto(bool),
    /// See [`super::Call::SyncState`].
    SyncState(SyncView),
    /// Nothing more to say.
    Remember(()),
    /// What was kept, if anything.
    Recall(Option<String>),
    /// Key and what was kept of each.
    RecallUnder(std::collections::BTreeMap<String, String>),
    /// Nothing more to say.
    DerivePhoto(()),
    /// The answered item as it now stands.
    AnswerLog(super::AnswerView),
    /// See [`super::Call::ReadLogger`].
    ReadLogger(LoggerView),
    /// The answered item as it now stands.
    AnswerLogger(super::AnswerView),
    /// See [`super::Call::ReadLog`].
    ReadLog(LogView),
    /// See [`super::Call::Excursions`]: nothing where something was said.
    Excursions(Option<ExcursionsView>),
    /// See [`super::Call::NearbySites`].
    NearbySites(Vec<NearbySite>),
    /// See [`super::Call::Board`].
    Board(BoardView),
    /// See [`super::Call::Coverage`].
    Coverage(CoverageView),
    /// See [`super::Call::CoverageSites`].
    CoverageSites(SiteAges),
    /// See [`super::Call::CellChecks`].
    CellChecks(Vec<CheckCard>),
    /// See [`super::Call::Findings`].
    Findings(FindingPage),
    /// See [`super::Call::Inbox`].
    Inbox(InboxView),
    /// See [`super::Call::Merged`].
    Merged(MergedView),
    /// The op: what `undo` takes.
    Decide(String),
    /// See [`super::Call::Unite`]: the op.
    Unite(String),
    /// See [`super::Call::Library`].
    Library(LibraryView),
    /// See [`super::Call::Preview`].
    Preview(PreviewView),
    /// See [`super::Call::Publish`]: the hash.
    Publish(String),
    /// The op.
    SignMerge(String),
    /// See [`super::Call::Instruments`]: all of them, as they now stand.
    Instruments(Vec<InstrumentView>),
    /// See [`super::Call::Team`].
    Team(TeamView),
    /// See [`super::Call::Search`].
    Search(SearchView),
    /// See [`super::Call::Timeline`].
    Timeline(TimelineView),
}

/// What a call touched: screens that show it read again, and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Lists of checks.
    Checks,
    /// One check, its answers and findings.
    Check,
    /// Sites.
    Sites,
    /// The register of instruments.
    Instruments,
    /// The day's merge: decisions and signatures.
    Merge,
    /// Photos that wait for an item.
    Loose,
    /// What waits to be sent, and who this device is.
    Sync,
}

/// An answer, with the topics it touched.
#[derive(Debug, Serialize, TS)]
pub struct Outcome {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// See [`Topic`].
    pub topics: Vec<Topic>,
}
