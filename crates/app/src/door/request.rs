//! What a screen may ask for.

use serde::Deserialize;
use spotcheck_loggers::Answers as LoggerAnswers;
use ts_rs::TS;

use super::{CoverageBy, ExcursionCall, InstrumentCall, MergeSignature, NewSite, WantedAlarm};
use crate::record::{LoggerSource, ReadingLog};
use crate::{FindingDraft, Fixed, Head, Particulars, Shot, SignatureDraft};

/// A request. Photos are named by SHA-256 in hex: their bytes were handed in before.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "call", rename_all = "snake_case", deny_unknown_fields)]
pub enum Call {
    /// Whether the device is enrolled, for whom, and what waits. Answers also before enrolment.
    Status {},
    /// The home screen.
    Today {},
    /// Sites by Chinese text, pinyin initials, code or English, while typing.
    FindSites {
        /// As typed.
        typed: String,
        /// At most so many, 1 to 200.
        limit: u32,
    },
    /// Sites of one's last checks, the latest first.
    RecentSites {},
    /// A site no register lists.
    AddSite {
        /// What is known of it.
        site: NewSite,
    },
    /// Sites that were added and that no lead has confirmed yet, the latest first.
    AddedSites {},
    /// A lead says that there is such a site, and what it is called.
    ConfirmSite {
        /// Its code, as [`super::SiteView`] has it.
        code: String,
        /// Its name, as on the door.
        name: String,
        /// `market`, `cold_store`, `bus_stop` …
        kind: String,
    },
    /// What a check can be started with.
    StartOptions {
        /// The site's code, where it is chosen already.
        site: Option<String>,
    },
    /// Starts a check.
    StartCheck {
        /// What it is about.
        head: Head,
    },
    /// A check with its whole checklist.
    Check {
        /// The inspection.
        id: String,
    },
    /// Answers an item. Photos are all that back the answer, earlier ones included.
    Answer {
        /// The inspection.
        id: String,
        /// The slot, such as `room/R1/CCS-03`.
        path: String,
        /// The answer, in the shape of the item's kind.
        #[ts(type = "unknown")]
        answer: serde_json::Value,
        /// Photos that back it.
        #[serde(default)]
        photos: Vec<String>,
        /// Why it is corrected.
        why: Option<String>,
    },
    /// Goes on with a draft by the newest version of its checklist.
    MoveToNewest {
        /// The inspection.
        id: String,
    },
    /// Adds a place of a repeat, such as a gate or a cold room.
    AddInstance {
        /// The inspection.
        id: String,
        /// `gate`, `room` …
        repeat: String,
        /// What people call it.
        label: String,
    },
    /// Raises a finding.
    Raise {
        /// The inspection.
        id: String,
        /// What is wrong; photos by SHA-256.
        finding: FindingDraft,
    },
    /// Says that a finding was cured before the inspectors left.
    Fix {
        /// The finding.
        finding: String,
        /// What was done; photos by SHA-256.
        fixed: Fixed,
    },
    /// Corrects what a finding says, or adds photos to it.
    EditFinding {
        /// The finding.
        finding: String,
        /// The whole of it, as it should be.
        draft: FindingDraft,
    },
    /// Says what the site record needs and no item asks for; what is not given stays as it is.
    Describe {
        /// The inspection.
        id: String,
        /// What is given; an empty text takes back what was said.
        particulars: Particulars,
    },
    /// Signs, or records a refusal.
    Sign {
        /// The inspection.
        id: String,
        /// Who, and the drawn signature by SHA-256.
        signature: SignatureDraft,
    },
    /// Says that the work is done.
    Complete {
        /// The inspection.
        id: String,
    },
    /// Takes one's own op back.
    Undo {
        /// The op.
        op: String,
    },
    /// Voids a record: it stays, with the reason.
    Void {
        /// The record.
        id: String,
        /// Why.
        why: String,
    },
    /// What a slot said over time, the latest first.
    History {
        /// The record.
        id: String,
        /// The slot.
        path: String,
    },
    /// Keeps a photo whose item is picked later.
    KeepLoose {
        /// The photo.
        sha256: String,
    },
    /// Says how a photo came to be. Said again, the last counts, until an op names the photo.
    PhotoTaken {
        /// The photo.
        sha256: String,
        /// Its origin, when and where.
        shot: Shot,
    },
    /// Says what a loose photo was for.
    PlaceLoose {
        /// The record of the photo.
        evidence: String,
        /// The check or finding it went into; none: it was not needed.
        record: Option<String>,
    },
    /// A photo's facts: who, when, how large, whether the server holds it.
    Photo {
        /// The photo.
        sha256: String,
    },
    /// Asks for another's photo, also on a metered network. `true` when there is anything to fetch.
    AskPhoto {
        /// The photo.
        sha256: String,
    },
    /// What waits to be sent, in words.
    SyncState {},
    /// Keeps something for this screen alone, on this device alone. Empty: forgets it.
    Remember {
        /// Which thing, at most 200 letters.
        key: String,
        /// What, at most 16 KiB.
        value: String,
    },
    /// What was kept.
    Recall {
        /// Which thing.
        key: String,
    },
    /// All that was kept whose key begins so: what a screen has begun and not yet saved.
    RecallUnder {
        /// The beginning of the keys, at most 200 letters.
        prefix: String,
    },
    /// Says that a photo is a copy of another, made on this device.
    DerivePhoto {
        /// The photo it was made from.
        original: String,
        /// The copy, whose bytes were handed in.
        derived: String,
        /// How: `marked`.
        how: String,
    },
    /// Answers an item with a logger's readings: they are kept as one document.
    AnswerLog {
        /// The inspection.
        id: String,
        /// The slot.
        path: String,
        /// The readings.
        log: ReadingLog,
        /// Why it is corrected.
        why: Option<String>,
    },
    /// What a logger's file says, or what must be answered before it can be read.
    ReadLogger {
        /// The file, whose bytes were handed in.
        sha256: String,
        /// What was answered so far.
        answers: LoggerAnswers,
        /// The alarms it should have had.
        #[serde(default)]
        wanted: Vec<WantedAlarm>,
    },
    /// Answers an item with a logger's file, which is kept beside what was read from it.
    AnswerLogger {
        /// The inspection.
        id: String,
        /// The slot.
        path: String,
        /// The file, whose bytes were handed in.
        sha256: String,
        /// Its name, and all answers it is read with.
        source: LoggerSource,
        /// What is wrong with how the logger was set: recorded with the answer, or neither is.
        finding: Option<FindingDraft>,
        /// Why it is corrected.
        why: Option<String>,
    },
    /// A reading log: its line to draw, and a page of its readings.
    ReadLog {
        /// The document.
        sha256: String,
        /// The first reading of the page of rows.
        from: u32,
        /// Rows, at most 500.
        limit: u32,
    },
    /// When a reading log was out of range, one by one, and what was done about each time.
    Excursions {
        /// The inspection.
        id: String,
        /// The slot that the log answers.
        path: String,
        /// What is asked of it, or said.
        asked: ExcursionCall,
    },
    /// Sites of earlier checks near a position, the nearest first.
    NearbySites {
        /// Latitude, WGS-84, decimal text.
        lat: String,
        /// Longitude, WGS-84, decimal text.
        lon: String,
        /// At most so many, 1 to 50.
        limit: u32,
    },
    /// The day's board. Without a day: the latest with checks.
    Board {
        /// `YYYY-MM-DD`.
        day: Option<String>,
        /// How many rows, from the first; none: all. Everything else is of the whole day.
        first: Option<u32>,
    },
    /// The register in groups: which sites have a check in a period.
    Coverage {
        /// First day, `YYYY-MM-DD`.
        from: String,
        /// Last day, included.
        to: String,
        /// How to group.
        by: CoverageBy,
    },
    /// A page of the sites of a group that have, or have not, a check in a period.
    CoverageSites {
        /// First day, `YYYY-MM-DD`.
        from: String,
        /// Last day, included.
        to: String,
        /// How it is grouped.
        by: CoverageBy,
        /// Which group.
        key: String,
        /// Those that have one, or those that have not.
        done: bool,
        /// How many were shown so far.
        #[serde(default)]
        after: u32,
    },
    /// Checks of one checklist at one site and day, as the board's cell counts them.
    CellChecks {
        /// The site's code.
        site: String,
        /// `YYYY-MM-DD`.
        day: String,
        /// The checklist's code; none: of all.
        checklist: Option<String>,
    },
    /// Findings, the latest first, in pages.
    Findings {
        /// Of this day of visit alone.
        day: Option<String>,
        /// Of this severity alone.
        severity: Option<String>,
        /// About the item of this code alone, at whatever gate or room.
        item: Option<String>,
        /// The finding the last page ended with.
        after: Option<String>,
    },
    /// A page of what the day's merge could not do alone.
    Inbox {
        /// `YYYY-MM-DD`.
        day: String,
        /// How many merged checklists were shown so far.
        #[serde(default)]
        after: u32,
    },
    /// A merged checklist, all of it.
    Merged {
        /// The site's code.
        site: String,
        /// `YYYY-MM-DD`.
        day: String,
        /// The checklist's code.
        checklist: String,
    },
    /// Decides an item that waits: one of its values stands, or another value. Leads and reviewers.
    Decide {
        /// The site's code.
        site: String,
        /// `YYYY-MM-DD`.
        day: String,
        /// The item's `id` in the inbox.
        id: String,
        /// The op whose value stands.
        keep: Option<String>,
        /// Another value, in the shape of the item's kind.
        #[ts(type = "unknown")]
        value: Option<serde_json::Value>,
        /// The ops of the values in view. When others have come, nothing is decided.
        #[serde(default)]
        seen: Vec<String>,
        /// Why.
        why: String,
    },
    /// Says of findings of one merge that they are one thing, or not; edits none. Leads and reviewers.
    Unite {
        /// Two and more findings.
        findings: Vec<String>,
        /// The one that stands for all; none: they are different things.
        main: Option<String>,
        /// Why; may be empty.
        #[serde(default)]
        why: String,
    },
    /// Signs a merged checklist. Leads and reviewers.
    SignMerge {
        /// Which, and by whom.
        asked: MergeSignature,
    },
    /// The register of instruments, and what is said of one.
    Instruments {
        /// What.
        asked: InstrumentCall,
    },
    /// People and their devices.
    Team {},
    /// The checklists and packs of this device, every version.
    Library {},
    /// A checklist as an inspector meets it.
    Preview {
        /// The hash of its bytes.
        sha256: String,
    },
    /// Publishes a checklist or pack, in JSON, to everybody who sees one's work. Leads and reviewers.
    Publish {
        /// The file's bytes, handed in before.
        sha256: String,
    },
    /// Search over sites, people, checks and words in findings.
    Search {
        /// As typed.
        typed: String,
    },
    /// A check and its findings, op by op.
    Timeline {
        /// The inspection.
        id: String,
    },
}
