//! Our own columns: `spotcheck::…`. ODK and Kobo pass over them.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use spotcheck_checklists::{CountRole, Evidence, Kind, Merge, Repeat};
use spotcheck_rules::{Severity, Verdict};

use super::table::Record;
use crate::problem::{Code, Place, Problem, nearest, shortened};
use crate::problems::Problems;

/// What a row of `survey` says in our columns. Empty cells are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Additions {
    /// `spotcheck::kind`: how the item is answered, where the type alone does not say.
    pub kind: Option<Kind>,
    /// `spotcheck::unit`.
    pub unit: Option<String>,
    /// `spotcheck::limit`: the key of a limit of the rule pack.
    pub limit: Option<String>,
    /// `spotcheck::label_limit`: the goods' label may declare the maximum.
    pub label_limit: bool,
    /// `spotcheck::severity`.
    pub severity: Option<Severity>,
    /// `spotcheck::evidence`: separated by spaces; `none` for an empty list.
    pub evidence: Option<Vec<Evidence>>,
    /// `spotcheck::merge`.
    pub merge: Option<Merge>,
    /// `spotcheck::repeat`: what a repeat is filled for.
    pub repeat: Option<Repeat>,
    /// `spotcheck::role`: a count's part in the share that is judged.
    pub role: Option<CountRole>,
    /// `spotcheck::reference`: the source of the rule, and how to check.
    pub reference: Option<String>,
    /// `spotcheck::score`: points, as `spotcheck::scoring` of the settings adds them up.
    pub score: Option<u32>,
}

/// The columns of `survey`.
pub(super) const SURVEY: &[&str] = &[
    "spotcheck::kind",
    "spotcheck::unit",
    "spotcheck::limit",
    "spotcheck::label_limit",
    "spotcheck::severity",
    "spotcheck::evidence",
    "spotcheck::merge",
    "spotcheck::repeat",
    "spotcheck::role",
    "spotcheck::reference",
    "spotcheck::score",
];

impl Additions {
    pub(super) fn read(record: &Record, problems: &mut Problems) -> Self {
        let text = |column: &str| record.get(column).map(str::to_owned);
        let mut cells = Cells { record, problems };
        Self {
            kind: cells.word("spotcheck::kind"),
            unit: text("spotcheck::unit"),
            limit: text("spotcheck::limit"),
            label_limit: cells.yes("spotcheck::label_limit"),
            severity: cells.word("spotcheck::severity"),
            evidence: cells.evidence(),
            merge: cells.word("spotcheck::merge"),
            repeat: cells.word("spotcheck::repeat"),
            role: cells.word("spotcheck::role"),
            reference: text("spotcheck::reference"),
            score: cells.points(),
        }
    }

    /// Whether any of our columns is filled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `spotcheck::verdict` of a choice: what choosing it means.
pub(super) fn verdict(record: &Record, problems: &mut Problems) -> Option<Verdict> {
    Cells { record, problems }.word("spotcheck::verdict")
}

struct Cells<'a, 'b> {
    record: &'a Record<'b>,
    problems: &'a mut Problems,
}

impl Cells<'_, '_> {
    fn word<T: DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let cell = self.record.get(column)?;
        match parse(cell) {
            Ok(word) => Some(word),
            Err(known) => {
                self.problems.push(no_such_word(self.record.place_of(column), cell, &known));
                None
            }
        }
    }

    fn evidence(&mut self) -> Option<Vec<Evidence>> {
        let column = "spotcheck::evidence";
        let cell = self.record.get(column)?;
        let mut evidence = Vec::new();
        for word in cell.split([' ', ',', ';']).filter(|word| !word.is_empty() && *word != "none") {
            match parse(word) {
                Ok(word) => evidence.push(word),
                Err(known) => {
                    self.problems.push(no_such_word(self.record.place_of(column), word, &known));
                }
            }
        }
        Some(evidence)
    }

    fn points(&mut self) -> Option<u32> {
        let column = "spotcheck::score";
        let cell = self.record.get(column)?;
        let points = cell.trim().parse().ok();
        if points.is_none() {
            let known = ["0, 1, 2 …".to_owned()];
            self.problems.push(no_such_word(self.record.place_of(column), cell, &known));
        }
        points
    }

    fn yes(&mut self, column: &str) -> bool {
        let Some(cell) = self.record.get(column) else { return false };
        yes_or_no(cell).unwrap_or_else(|| {
            let known = ["yes".to_owned(), "no".to_owned()];
            self.problems.push(no_such_word(self.record.place_of(column), cell, &known));
            false
        })
    }
}

/// As `serde` spells it; else what is spelt so.
fn parse<T: DeserializeOwned>(word: &str) -> Result<T, Vec<String>> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    serde_json::from_value(Value::String(word)).map_err(|cause| {
        // `serde` names what it knows between backticks: "expected one of `a`, `b`".
        let text = cause.to_string();
        let known = text.split_once("expected").map_or("", |(_, rest)| rest);
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    })
}

fn no_such_word(place: Place, word: &str, known: &[String]) -> Problem {
    let word = shortened(word);
    let said = (
        &*format!("“{word}”不是可用的值"),
        &*format!("\"{word}\" is none of the values of this column"),
    );
    let all = known.join(", ");
    let near = nearest(&word, known.iter().map(String::as_str)).unwrap_or(&all);
    let remedy = (&*format!("可用：{near}"), &*format!("use {near}"));
    Problem::error(Code::BadValue, place, said, remedy)
}

/// `yes`, `TRUE`, `true()` and their opposites.
pub(crate) fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.trim().to_lowercase().as_str() {
        "yes" | "true" | "true()" | "1" | "是" => Some(true),
        "no" | "false" | "false()" | "0" | "否" => Some(false),
        _ => None,
    }
}
