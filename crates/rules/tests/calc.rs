//! The calculations: the vectors of the rules document, each test named for its row; what must hold
//! for any question; what a wrong question is told; and the examples of docs/CALC.md.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "calc/a_mkt.rs"]
mod a_mkt;
#[path = "calc/b_minutes.rs"]
mod b_minutes;
#[path = "calc/c_cooling.rs"]
mod c_cooling;
#[path = "calc/d_sampling.rs"]
mod d_sampling;
#[path = "calc/documents.rs"]
mod documents;
#[path = "calc/e_numbers.rs"]
mod e_numbers;
#[path = "calc/f_dates.rs"]
mod f_dates;
#[path = "calc/properties.rs"]
mod properties;
#[path = "calc/refusals.rs"]
mod refusals;

use serde_json::{Value, json};

/// Asks one question.
fn ask(name: &str, question: &Value) -> Value {
    spotcheck_rules::calc(name, &question.to_string()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Readings by the minute, in °C.
fn by_minute(readings: &[(i64, &str)]) -> Value {
    readings.iter().map(|(minute, c)| json!({"minute": minute, "c": c})).collect()
}

/// One value every `step` minutes from 0, in °C.
fn every(step: i64, values: &[&str]) -> Value {
    let minutes = (0_i64..).map(|n| n * step);
    by_minute(&minutes.zip(values.iter().copied()).collect::<Vec<_>>())
}
