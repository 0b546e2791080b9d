//! Whole forms: pyxform's own, broken ones, random ones, and our checklists.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod answers;
mod any_checklist;
mod broken;
mod conformance;
mod corpus;
mod hostile;
mod imports;
mod properties;
mod round_trip;
mod workbooks;

use spotcheck_xlsform::{Form, Problem, Reading, read};

/// A form of Markdown tables; lines begin with `|`.
pub(crate) fn markdown(text: &str) -> Reading {
    Form::read(&read(text.as_bytes(), "form.md").unwrap())
}

pub(crate) fn form(text: &str) -> Form {
    let reading = markdown(text);
    let problems: Vec<_> = reading.errors().map(ToString::to_string).collect();
    reading.form.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// Code, row and column of each problem.
pub(crate) fn located(problems: &[Problem]) -> Vec<String> {
    let place = |it: &Problem| {
        let row = it.place.row.map(|row| row.to_string()).unwrap_or_default();
        format!(
            "{:?} {}:{row}:{}",
            it.code,
            it.place.sheet,
            it.place.column.clone().unwrap_or_default()
        )
    };
    problems.iter().map(place).collect()
}
