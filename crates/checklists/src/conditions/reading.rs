//! What an answer reads as in an expression.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Answer, CountRole, Item, Kind, Outcome, Signature, parse_answer};

/// An answer as texts.
pub(super) struct Reading {
    pub(super) value: String,
    pub(super) counts: BTreeMap<String, String>,
}

/// `pass`, `fail`; a measured value without its unit; the code of a choice; codes of steps done and
/// documents present, with a space between; a date as `YYYY-MM-DD`; a number, of a tally how many were
/// observed; how many photos; `signed` or `refused`; the readings of a log. Not applicable reads as `na` of a pass or fail, else as
/// unanswered, like an answer that this version cannot read.
pub(super) fn reading_of(item: &Item, answer: &Value) -> Reading {
    let Ok(answer) = parse_answer(item, answer) else {
        return Reading { value: String::new(), counts: BTreeMap::new() };
    };
    let counted = |counts: BTreeMap<String, u64>| {
        counts.into_iter().map(|(code, count)| (code, count.to_string())).collect()
    };
    let (value, counts) = match answer {
        Answer::NotApplicable { .. } if item.kind == Kind::PassFail => ("na".to_owned(), None),
        Answer::NotApplicable { .. } => (String::new(), None),
        Answer::PassFail { result: Outcome::Pass, .. } => ("pass".to_owned(), None),
        Answer::PassFail { result: Outcome::Fail, .. } => ("fail".to_owned(), None),
        Answer::Measured { value, counts, .. } => (value, Some(counts)),
        Answer::Tally { counts } => {
            let observed = item.counts.iter().find(|it| it.role == Some(CountRole::Observed));
            let observed = observed.and_then(|it| counts.get(&it.code));
            (observed.map_or_else(String::new, u64::to_string), Some(counts))
        }
        Answer::TimedCount { count, counts, .. } => (count.to_string(), Some(counts)),
        Answer::Choice { choice } => (choice, None),
        Answer::Steps { done, .. } => (joined(&done), None),
        Answer::Text { text } => (text, None),
        Answer::Date { date } => (date.to_string(), None),
        Answer::DocumentSet { present, .. } => (joined(&present), None),
        Answer::Photo { photos } => (photos.len().to_string(), None),
        Answer::ReadingLog { count, .. } | Answer::People { count } => (count.to_string(), None),
        Answer::Signature(Signature::Signed { .. }) => ("signed".to_owned(), None),
        Answer::Signature(Signature::Refused { .. }) => ("refused".to_owned(), None),
    };
    Reading { value, counts: counts.map(counted).unwrap_or_default() }
}

fn joined(codes: &BTreeSet<String>) -> String {
    codes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
