//! What is wrong with a workbook, where, and what to do about it.

use std::fmt;

use serde::Serialize;
use spotcheck_rules::Bilingual;
use ts_rs::TS;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FormLevel")]
pub enum Level {
    /// The form cannot be used until this is corrected.
    Error,
    /// Something the author wrote is not taken over, and this says why.
    NotHeld,
    /// Probably a mistake; the form is used as it stands.
    Warning,
}

/// What kind of problem, for programs and tests. Codes stay; texts may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FormCode")]
pub enum Code {
    /// Too many bytes, rows, columns, cells, groups.
    TooLarge,
    /// Not a workbook of a kind that is read, or damaged.
    Unreadable,
    /// A sheet that is needed is missing or empty.
    MissingSheet,
    /// A column that is needed is missing.
    MissingColumn,
    /// Two columns mean the same.
    DuplicateColumn,
    /// A column nobody knows; its cells are kept.
    UnknownColumn,
    /// A sheet whose name is nearly one that is read.
    MisspeltSheet,
    /// A cell that is needed is empty.
    MissingCell,
    /// A name that is no XML name, or reserved.
    BadName,
    /// A name that its group or list has already.
    DuplicateName,
    /// A type of question nobody knows.
    UnknownType,
    /// Known, and deliberately not taken.
    Unsupported,
    /// A choice list that is not on the sheet `choices`.
    MissingList,
    /// Groups or repeats that do not close as they opened.
    Unbalanced,
    /// A cell whose text is none of those allowed there.
    BadValue,
    /// A parameter nobody knows, or a wrong value of one.
    BadParameter,
    /// An expression that is wrong; the engine's own words say how.
    Expression,
    /// Expressions that need each other.
    Circular,
    /// `${name}` of something that is not in the form.
    UnknownName,
    /// An appearance nobody knows; kept.
    UnknownAppearance,
    /// A translation that is missing for some language.
    MissingTranslation,
    /// A row that is passed over.
    Skipped,
    /// What today's checklist format has no place for.
    NoPlace,
    /// What had to be chosen because the workbook does not say.
    Chosen,
}

/// Where in a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(rename = "FormPlace")]
pub struct Place {
    /// The sheet's name; empty where the file as a whole is meant.
    pub sheet: String,
    /// The row as spreadsheet programs number it, from 1; in text files the line.
    pub row: Option<u32>,
    /// The column's heading, or its letters where it has none.
    pub column: Option<String>,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn file() -> Self {
        Self::default()
    }

    /// A sheet as a whole.
    #[must_use]
    pub fn sheet(name: &str) -> Self {
        Self { sheet: name.to_owned(), ..Self::default() }
    }

    /// A row of a sheet.
    #[must_use]
    pub fn row(sheet: &str, row: u32) -> Self {
        Self { row: Some(row), ..Self::sheet(sheet) }
    }

    /// The same row or sheet at a column.
    #[must_use]
    pub fn at(&self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (!self.sheet.is_empty()).then(|| format!("sheet {}", self.sheet)),
            self.row.map(|row| format!("row {row}")),
            self.column.as_ref().map(|column| format!("column {column}")),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// A located problem in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "FormProblem")]
pub struct Problem {
    /// How much it matters.
    pub level: Level,
    /// What kind it is.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub said: Bilingual,
    /// What to do about it.
    pub remedy: Bilingual,
}

/// A problem that stops everything. Boxed where it travels, for it is rare and large.
pub type Stop = Box<Problem>;

/// Chinese and English.
pub(crate) type Both<'a> = (&'a str, &'a str);

impl Problem {
    pub(crate) fn new(level: Level, code: Code, place: Place, said: Both, remedy: Both) -> Self {
        let both = |(zh, en): Both| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        Self { level, code, place, said: both(said), remedy: both(remedy) }
    }

    pub(crate) fn error(code: Code, place: Place, said: Both, remedy: Both) -> Self {
        Self::new(Level::Error, code, place, said, remedy)
    }

    pub(crate) fn warning(code: Code, place: Place, said: Both, remedy: Both) -> Self {
        Self::new(Level::Warning, code, place, said, remedy)
    }

    pub(crate) fn not_held(code: Code, place: Place, said: Both, remedy: Both) -> Self {
        Self::new(Level::NotHeld, code, place, said, remedy)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.to_string();
        let colon = if place.is_empty() { "" } else { ": " };
        write!(f, "{place}{colon}{}; {}", self.said.en, self.remedy.en)
    }
}

impl std::error::Error for Problem {}

/// What a message quotes of a cell: enough to find it.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The one of `known` that is spelt most alike, if any is near.
pub(crate) fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of the lengths: nothing as long as that is a misspelling.
    if text.len() > 100 {
        return None;
    }
    let text = text.to_lowercase();
    let near = known
        .into_iter()
        .filter(|known| known.len() <= 100)
        .map(|known| (strsim::damerau_levenshtein(&text, &known.to_lowercase()), known));
    let (distance, near) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + near.len() / 5).then_some(near)
}
