//! Calculations of the rules document as questions in JSON: one object in, one object out.
//!
//! Every answer carries the `rule` it used, the `pack` of data the rule came from (null where none
//! is involved) and its `source`. Readings and limits are decimal text and compared exactly; what a
//! formula yields (a mean kinetic temperature, minutes, a probability) is a JSON number rounded
//! half to even. `docs/CALC.md` has the fields of each.
//!
//! *Absent here:* a clock, a file, a network. "Today" and "now" are fields of the question.

mod answer;
mod cooling;
mod credential;
mod crossing;
mod data;
mod draw;
mod error;
mod excursion;
mod input;
mod ledger;
mod mkt;
mod publication;
mod retention;
mod sample;
mod series;
mod verdict;

use serde_json::Value;

pub use error::CalcError;
pub use excursion::{Excursion, excursions};

/// The most bytes a question may have: room for a year of readings at one-minute interval.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

type Calculation = fn(&str) -> Result<Value, CalcError>;

const CALCULATIONS: [(&str, Calculation); 10] = [
    ("verdict", verdict::answer),
    ("mkt", mkt::answer),
    ("excursion", excursion::answer),
    ("cooling", cooling::answer),
    ("sample", sample::answer),
    ("draw", draw::answer),
    ("retention", retention::answer),
    ("publication", publication::answer),
    ("ledger", ledger::answer),
    ("credential", credential::answer),
];

/// Answers one question. `name` is one of [`calc_names`]; `json_text` is an object whose fields
/// `docs/CALC.md` lists. The same question has the same answer on every device.
///
/// # Errors
/// [`CalcError`] for an unknown name, a question that is too long or not readable, and a field
/// that no rule can use; it names the field and what to write.
pub fn calc(name: &str, json_text: &str) -> Result<Value, CalcError> {
    if json_text.len() > MOST_BYTES {
        return Err(CalcError::TooLong { bytes: json_text.len(), most: MOST_BYTES });
    }
    match CALCULATIONS.iter().find(|(known, _)| *known == name) {
        Some((_, calculation)) => calculation(json_text),
        None => Err(CalcError::UnknownName { name: name.to_owned(), known: calc_names() }),
    }
}

/// The names [`calc`] knows.
#[must_use]
pub fn calc_names() -> Vec<&'static str> {
    CALCULATIONS.iter().map(|(name, _)| *name).collect()
}
