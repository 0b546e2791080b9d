//! A row of the sheet `survey`.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_checklists::expression::NameId;

use super::{Additions, Kind, Media, Text};
use crate::problem::Place;

/// A default answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Default {
    /// As it stands.
    Fixed(String),
    /// Computed once, when the form or the instance of its repeat is begun.
    Computed(String),
}

/// A question, a group or a repeat. Expressions are texts here; the form's
/// [`Logic`](spotcheck_checklists::expression::Logic) has them compiled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Unique in its group.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Which of the form's questions holds it; none: the form itself.
    pub parent: Option<usize>,
    /// What people read.
    pub label: Text,
    /// Help below the label.
    pub hint: Text,
    /// Help for training, not shown while filling.
    pub guidance: Text,
    /// Pictures and sounds beside the label.
    pub media: Media,
    /// How it is shown, word by word.
    pub appearance: Vec<String>,
    /// `key=value` of the column `parameters`.
    pub parameters: BTreeMap<String, String>,
    /// Whether it must be answered: an expression, `true()` for `yes`.
    pub required: Option<String>,
    /// What is said where an answer is missing.
    pub required_message: Text,
    /// Whether it is asked.
    pub relevant: Option<String>,
    /// Whether its answer is allowed.
    pub constraint: Option<String>,
    /// What is said where it is not.
    pub constraint_message: Text,
    /// Its answer.
    pub calculation: Option<String>,
    /// Whether it may not be changed by hand.
    pub read_only: Option<String>,
    /// What it is answered with at first.
    pub default: Option<Default>,
    /// The questions whose change makes its calculation run.
    pub triggers: Vec<String>,
    /// Which choices are offered.
    pub choice_filter: Option<String>,
    /// How many instances a repeat has.
    pub repeat_count: Option<String>,
    /// Whether `other` is offered too; the question for its text follows.
    pub or_other: bool,
    /// Whether this row was made by `or_other` and is on no sheet.
    pub is_made: bool,
    /// Our own columns.
    pub additions: Additions,
    /// All other cells, by heading: `bind::…`, `body::…`, `instance::…`, and unknown ones.
    pub others: BTreeMap<String, String>,
    /// Where it is.
    pub place: Place,
    /// Its name in the form's outline.
    #[serde(skip)]
    pub id: Option<NameId>,
}

impl Question {
    /// The texts that people read, with the columns they stand in.
    pub(crate) fn texts(&self) -> [(&'static str, &Text); 5] {
        [
            ("label", &self.label),
            ("hint", &self.hint),
            ("guidance_hint", &self.guidance),
            ("constraint_message", &self.constraint_message),
            ("required_message", &self.required_message),
        ]
    }
}
