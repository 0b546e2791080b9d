//! The document: items, how each is answered, judged, proven and merged.

mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_rules::{Bilingual, Pack, Severity, Status, Verdict, json_path_at};
use ts_rs::TS;

use crate::conditions::{Computed, ItemLogic};
use crate::score::Scoring;

/// A published checklist. The bytes are the truth; this is a reading of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// What people and files call it, such as `ENT`.
    pub code: String,
    /// Grows with each publication of the code, such as `1`.
    pub version: String,
    /// What people read.
    pub title: Bilingual,
    /// The code of the rule pack whose limits the items name.
    pub pack: String,
    /// Whether an expert has looked at it; absent in those published before this was said: not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who reviewed it and when; absent for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<String>,
    /// How the points of its items are added up; absent: no points are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Scoring>,
    /// Values that expressions of the items read and nobody is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computed: Vec<Computed>,
    /// In the order in which they are shown.
    pub items: Vec<Item>,
}

/// One thing to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique in the checklist and part of slot paths: capitals, digits and `-`.
    pub code: String,
    /// What to check.
    pub text: Bilingual,
    /// How to go about it, for whoever is new to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
    /// More about it, for training; shown to whoever asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<Bilingual>,
    /// How it is answered.
    pub kind: Kind,
    /// The unit offered first; an answer may use any unit the limit has a value for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The key of the limit that judges the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The goods' label may declare a maximum; given in the answer, it judges instead of `limit`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub label_limit: bool,
    /// How grave a failure is; equal to the limit's where there is one.
    pub severity: Severity,
    /// What must back an answer that does not pass.
    pub evidence: Vec<Evidence>,
    /// What becomes of two contradicting answers of one day.
    pub merge: Merge,
    /// The item is answered once for each of these; null: once.
    pub repeat: Option<Repeat>,
    /// For [`Kind::Choice`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// For [`Kind::Tally`]; and beside the main value of a timed count or a measured value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Count>,
    /// For [`Kind::Steps`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Named>,
    /// For [`Kind::DocumentSet`]: papers, or the fields of a record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Named>,
    /// Whether the inspection is incomplete without an answer ("not applicable" is one).
    pub required: bool,
    /// What is said where its answer is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Bilingual>,
    /// Its points, as the checklist's [`Scoring`] adds them up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// The source of the rule, and how to check.
    pub reference: String,
    /// What of it depends on other answers.
    #[serde(default, skip_serializing_if = "ItemLogic::is_empty")]
    pub logic: ItemLogic,
}

/// How an item is answered. [`crate::check_answer`] has the shape of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Pass, fail or not applicable.
    PassFail,
    /// A decimal value read from an instrument, in a unit.
    Measured,
    /// Whole numbers, of which one is a share of another. Counts people, never collects them.
    Tally,
    /// A count over a time, judged per lane and minute.
    TimedCount,
    /// One of the item's choices.
    Choice,
    /// Which of the item's steps were done.
    Steps,
    /// Free text; never judged, because text alone cannot make a finding.
    Text,
    /// A calendar date, judged by its age in days.
    Date,
    /// Which of the item's documents or fields are present.
    DocumentSet,
    /// Photos alone.
    Photo,
    /// A logger's file, by hash and summary.
    ReadingLog,
    /// A number of people.
    People,
    /// Signed, or refused with a reason and a witness.
    Signature,
}

/// What may back an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A photo of the place or thing.
    Photo,
    /// A photo of a paper.
    Document,
    /// A reading that names its instrument.
    Reading,
    /// A logger's file.
    Log,
    /// Counted numbers.
    Count,
    /// A signature.
    Signature,
    /// Closes only on re-inspection with new evidence.
    Reinspection,
}

/// How contradicting answers of one day are merged. Both originals stay in view either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    /// The worst by [`crate::worst_rank`] stands.
    WorstWins,
    /// Both stand.
    KeepBoth,
    /// A person decides.
    AskLead,
}

/// What a repeated item is answered for, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// An entrance.
    Gate,
    /// A stop of a route.
    Stop,
    /// A lot of goods.
    Lot,
    /// A vehicle.
    Vehicle,
    /// A cold room.
    Room,
}

impl Repeat {
    /// As slot paths and files spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Stop => "stop",
            Self::Lot => "lot",
            Self::Vehicle => "vehicle",
            Self::Room => "room",
        }
    }
}

/// A step, a document or a field that an answer lists by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Unique in its list: small letters, digits and `_`.
    pub code: String,
    /// What people read.
    pub text: Bilingual,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Unique in its list: small letters, digits and `_`.
    pub code: String,
    /// What people read.
    pub text: Bilingual,
    /// What choosing it means; null: nothing is judged.
    pub verdict: Option<Verdict>,
    /// Further cells by column, which the item's [`ItemLogic::offers`] reads.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

/// A named count of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Unique in its list: small letters, digits and `_`.
    pub code: String,
    /// What people read.
    pub text: Bilingual,
    /// Its part in the share that is judged; null: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<CountRole>,
    /// What is counted, as the count's own limit names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The key of a limit that judges this count by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
}

/// The two ends of a share: `checked / observed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CountRole {
    /// All that were watched.
    Observed,
    /// Those of them that were treated as the rule demands.
    Checked,
}

/// Why a checklist cannot be used: where, what, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ChecklistError {
    /// Not JSON, or not the fields of a checklist. The source names line and column.
    #[error("{path}: {source}; correct this place, every field is documented with Checklist")]
    Json {
        /// The field, such as `items[3].kind`.
        path: String,
        /// What the JSON reader met.
        #[source]
        source: serde_json::Error,
    },
    /// The fields are there but contradict each other, or the rule pack.
    #[error("{path}: {problem}; {remedy}")]
    Invalid {
        /// The field, such as `items[3] (ENT-04).unit`.
        path: String,
        /// What is wrong with it.
        problem: String,
        /// What its author should do.
        remedy: &'static str,
    },
}

impl Checklist {
    /// Reads a checklist and checks that every item can be answered.
    ///
    /// # Errors
    /// [`ChecklistError`] for unknown, missing and repeated fields, repeated codes, and items whose
    /// lists do not fit their kind.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChecklistError> {
        let checklist = read(bytes)?;
        check::check(&checklist)?;
        Ok(checklist)
    }

    /// Checks that every limit the items name exists in the pack, in the item's unit and with its
    /// severity, so that no answer will meet a missing rule in the field.
    ///
    /// # Errors
    /// [`ChecklistError::Invalid`] for the first item that does not fit.
    pub fn check_against(&self, pack: &Pack) -> Result<(), ChecklistError> {
        check::check_against(self, pack)
    }

    /// The item with that code.
    #[must_use]
    pub fn find_item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}

/// Reads the shape alone; a source to be composed is not yet a whole checklist.
pub(crate) fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, ChecklistError> {
    serde_json::from_slice(bytes).map_err(|source| ChecklistError::Json {
        path: json_path_at(bytes, source.line(), source.column()),
        source,
    })
}

fn is_false(flag: &bool) -> bool {
    !flag
}
