//! A check with its whole checklist: what the inspector has in hand.

mod head;
mod look;
mod score;
mod signatures;
mod version;

use std::collections::BTreeSet;

use serde::Serialize;
use spotcheck_checklists::{Item, Repeat, Score};
use spotcheck_domain::Value;
use spotcheck_rules::{Bilingual, Judgement};
use ts_rs::TS;

pub(super) use head::list_of;
pub(super) use look::limit_of;
pub use version::{NewerList, OldAnswer};

use super::{CheckCard, FindingView, Person};
use crate::{HeadPart, Particulars};

/// A check.
#[derive(Debug, Serialize, TS)]
pub struct CheckView {
    /// Where it stands, as in lists.
    pub card: CheckCard,
    /// The head as recorded: slot → value; contradicting values are in `history`.
    #[ts(type = "Record<string, unknown>")]
    pub head: std::collections::BTreeMap<String, Value>,
    /// The inspectors, in the order in which they were named.
    pub inspectors: Vec<Person>,
    /// What the site record says beside answers. Where people said different things at once, all of
    /// them, with ` / ` between; of several times of leaving the last.
    pub particulars: Particulars,
    /// Begun by this device's user, or shared for joint work: answers may be given.
    pub may_write: bool,
    /// Voided, with the reason given.
    pub voided: Option<String>,
    /// The checklist in the order to be walked.
    pub sections: Vec<SectionView>,
    /// Findings, the earliest first.
    pub findings: Vec<FindingView>,
    /// Signatures and refusals.
    pub signatures: Vec<SignatureView>,
    /// Slots of required items that have no answer, in the order to be walked. An item of a repeat
    /// nobody added a place to is missing as its bare code.
    pub missing: Vec<String>,
    /// Slots whose answer breaks what its item demands, in the order to be walked.
    pub misfits: Vec<String>,
    /// A version above its own, where it is a draft that may move to it.
    pub newer: Option<NewerList>,
    /// Answers to items of another version, by slot.
    pub old: Vec<OldAnswer>,
    /// Its points, where the checklist counts any.
    pub score: Option<Score>,
    /// What the head lacks.
    pub head_lacks: Vec<HeadPart>,
}

/// A part of a checklist: the common items, those of the place, and one for each repeat.
#[derive(Debug, Serialize, TS)]
pub struct SectionView {
    /// `common`, `place`, or the repeat: `gate`, `room` …
    pub key: String,
    /// Set where the section's items are answered once for each place of a repeat.
    pub repeat: Option<Repeat>,
    /// The places of the repeat, in the order in which they were added: id and what people call it.
    pub instances: Vec<[String; 2]>,
    /// The items.
    pub items: Vec<ItemView>,
}

/// An item with its answers.
#[derive(Debug, Serialize, TS)]
pub struct ItemView {
    /// The item as published.
    pub item: Item,
    /// The limit that judges it on the day of the check.
    pub limit: Option<LimitView>,
    /// It must be answered, and nobody has added a place to its repeat yet.
    pub required: bool,
    /// One for an item answered once; one for each place of a repeat.
    pub answers: Vec<AnswerView>,
}

/// A limit in every unit an instrument may be read in.
#[derive(Debug, Serialize, TS)]
pub struct LimitView {
    /// Its key in the pack.
    pub key: String,
    /// What people read.
    pub title: Bilingual,
    /// One for each unit.
    pub units: Vec<LimitLine>,
    /// Where it is written.
    pub source: String,
}

/// A limit in one unit. Decimal text, as the pack has it.
#[derive(Debug, Serialize, TS)]
pub struct LimitLine {
    /// The unit.
    pub unit: String,
    /// The whole as people read it, such as `<= -18.0 °C`.
    pub text: String,
    /// What the reading is compared with.
    pub value: Option<String>,
    /// The lowest passing reading.
    pub min: Option<String>,
    /// The highest passing reading.
    pub max: Option<String>,
}

/// What a slot says.
#[derive(Debug, Serialize, TS)]
pub struct AnswerView {
    /// The slot.
    pub path: String,
    /// The place of the repeat.
    pub instance: Option<String>,
    /// The item is asked here: its condition holds, or it has none.
    pub asked: bool,
    /// It must be answered here.
    pub required: bool,
    /// The answer breaks what the item demands: what its author says of that.
    pub misfit: Option<Bilingual>,
    /// Codes of the choices that are offered here; none: all of the item's.
    pub offered: Option<BTreeSet<String>>,
    /// What is proposed as the answer, until somebody gives one.
    #[ts(type = "unknown")]
    pub proposed: Option<serde_json::Value>,
    /// The value, where it is computed from other answers and nobody is asked for it.
    pub computed: Option<ComputedView>,
    /// Current values. More than one with different values is a contradiction for the lead.
    pub values: Vec<ValueView>,
    /// Photos that back it.
    pub photos: Vec<String>,
    /// What the answer asks for and has not got: `note`, `photo`, `severity`.
    pub asks: Vec<String>,
    /// The finding raised from it.
    pub finding: Option<String>,
    /// What the same item said at this site the last time, on this device.
    #[ts(type = "unknown")]
    pub last: Option<Value>,
}

/// A value that follows from other answers.
#[derive(Debug, Serialize, TS)]
pub struct ComputedView {
    /// As text; empty while what it needs is not answered.
    pub text: String,
    /// What it means by the rules of the day.
    pub judgement: Option<Judgement>,
}

/// A current value.
#[derive(Debug, Serialize, TS)]
pub struct ValueView {
    /// The op that set it: what `undo` takes.
    pub op: String,
    /// The value.
    #[ts(type = "unknown")]
    pub value: Value,
    /// What it means by the rules of the day.
    pub judgement: Option<Judgement>,
    /// Who.
    pub by: Person,
    /// By this device's user.
    pub mine: bool,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A value with its place in time.
#[derive(Debug, Serialize, TS)]
pub struct ValueThen {
    /// The op.
    pub op: String,
    /// What was done.
    pub kind: String,
    /// The value it set; none for an op that took one back.
    #[ts(type = "unknown")]
    pub value: Option<Value>,
    /// Why, where a reason was given.
    pub why: Option<String>,
    /// Still counts.
    pub current: bool,
    /// Who.
    pub by: Person,
    /// By this device's user.
    pub mine: bool,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A signature, or its refusal.
#[derive(Debug, Serialize, TS)]
pub struct SignatureView {
    /// Its slot: what `history` takes. A signature made anew replaces the earlier one there.
    pub path: String,
    /// In which role.
    pub role: String,
    /// Which of several in that role: the code as the head names them. None where the role alone
    /// was recorded.
    pub who: Option<String>,
    /// The signer's name.
    pub name: Option<String>,
    /// Why it was refused.
    pub refused: Option<String>,
    /// Who saw the refusal.
    pub witness: Option<String>,
    /// The drawn signature, by SHA-256.
    pub drawn: Option<String>,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Whether anything was recorded about the check since.
    pub after: bool,
}
