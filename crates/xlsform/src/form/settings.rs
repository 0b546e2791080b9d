//! The sheet `settings`: one row for the form as a whole.

use std::collections::BTreeMap;

use serde::Serialize;

use super::additions::yes_or_no;
use super::heading::Of;
use super::table::Table;
use crate::Workbook;
use crate::problem::{Code, Place, Problem};
use crate::problems::Problems;

/// What the form says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// What people call it.
    pub title: Option<String>,
    /// What programs call it; else the file's name.
    pub id: Option<String>,
    /// Grows with each publication.
    pub version: Option<String>,
    /// The language shown first.
    pub default_language: Option<String>,
    /// An expression that names a filled form.
    pub instance_name: Option<String>,
    /// `pages`, `theme-grid` …
    pub style: Option<String>,
    /// Whether two choices of a list may have one name.
    pub allow_choice_duplicates: bool,
    /// All other cells of the row, ours among them, by heading.
    pub others: BTreeMap<String, String>,
    /// Where the row is.
    pub place: Place,
}

const FIELDS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "instance_name",
    "style",
    "allow_choice_duplicates",
];

impl Settings {
    pub(super) fn read(workbook: &Workbook, problems: &mut Problems) -> Self {
        let Some(sheet) = workbook.find_sheet("settings") else { return Self::default() };
        let table = Table::read(sheet, Of::Settings, problems);
        let mut records = table.records();
        let Some(record) = records.next() else { return Self::default() };
        if let Some(second) = records.next() {
            let said = ("settings 只有第一行起作用", "only the first row of settings counts");
            let remedy = ("删去其余的行", "remove the others");
            problems.push(Problem::warning(Code::Skipped, second.place(), said, remedy));
        }
        let text = |column: &str| record.get(column).map(str::to_owned);
        Self {
            title: text("form_title"),
            id: text("form_id"),
            version: text("version"),
            default_language: text("default_language"),
            instance_name: text("instance_name"),
            style: text("style"),
            allow_choice_duplicates: record
                .get("allow_choice_duplicates")
                .is_some_and(|cell| yes_or_no(cell) == Some(true)),
            others: record.others(FIELDS),
            place: record.place(),
        }
    }

    /// A cell of ours, such as `spotcheck::pack`.
    #[must_use]
    pub fn other(&self, heading: &str) -> Option<&str> {
        self.others.get(heading).map(String::as_str)
    }
}
