//! The shape of an answer, per kind of item.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck_rules::NaiveDate;

use crate::{Item, Kind};
use fields::Fields;

/// What is wrong with an answer, where, and what to enter instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}; {remedy}")]
pub struct AnswerError {
    /// The field, such as `counts.checked`; `answer` for the whole.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to enter.
    pub remedy: String,
}

/// The result of a pass/fail item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
}

/// How the written result was acknowledged. Refusing is lawful and recorded (Order 49, art. 34).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Signed by someone in this role.
    Signed {
        /// The role of who signed, such as `unit_manager`.
        by_role: String,
    },
    /// Not signed.
    Refused {
        /// Why, as stated.
        reason: String,
        /// Who saw it.
        witness: String,
    },
}

/// An answer of known shape. Numbers are exact: whole, or decimal text as entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The item does not apply here. Open to every kind, and never without a reason (§2.5).
    NotApplicable {
        /// Why not.
        reason: String,
    },
    /// For [`Kind::PassFail`].
    PassFail {
        /// The result.
        result: Outcome,
        /// A remark.
        reason: Option<String>,
    },
    /// For [`Kind::Measured`].
    Measured {
        /// Decimal text exactly as entered.
        value: String,
        /// The unit as read.
        unit: String,
        /// The id of the instrument.
        instrument: Option<String>,
        /// The maximum on the label, decimal text in the same unit.
        label: Option<String>,
        /// The item's further counts.
        counts: BTreeMap<String, u64>,
    },
    /// For [`Kind::Tally`].
    Tally {
        /// Every count the item declares.
        counts: BTreeMap<String, u64>,
    },
    /// For [`Kind::TimedCount`].
    TimedCount {
        /// How many.
        count: u64,
        /// In how many seconds, at least 1.
        seconds: u64,
        /// Through how many lanes, at least 1; 1 when not given.
        lanes: u64,
        /// The item's further counts.
        counts: BTreeMap<String, u64>,
    },
    /// For [`Kind::Choice`].
    Choice {
        /// The code of the choice.
        choice: String,
    },
    /// For [`Kind::Steps`]: together all steps of the item.
    Steps {
        /// Codes of the steps done.
        done: BTreeSet<String>,
        /// Codes of the steps not done.
        missing: BTreeSet<String>,
    },
    /// For [`Kind::Text`].
    Text {
        /// Not empty.
        text: String,
    },
    /// For [`Kind::Date`].
    Date {
        /// The day.
        date: NaiveDate,
    },
    /// For [`Kind::DocumentSet`]: together all documents of the item.
    DocumentSet {
        /// Codes of the documents or fields present.
        present: BTreeSet<String>,
        /// Codes of the others.
        missing: BTreeSet<String>,
    },
    /// For [`Kind::Photo`].
    Photo {
        /// SHA-256 of each photo, 64 small hexadecimal digits; at least one.
        photos: Vec<String>,
    },
    /// For [`Kind::ReadingLog`]: the summary of the log document.
    ReadingLog {
        /// SHA-256 of the log document.
        log: String,
        /// Readings with a value.
        count: u64,
        /// Readings that should be there and are not; unknown when not given.
        missing: Option<u64>,
        /// The lowest value, decimal text.
        min: String,
        /// The highest value, decimal text.
        max: String,
        /// The unit of both.
        unit: String,
    },
    /// For [`Kind::People`].
    People {
        /// How many.
        count: u64,
    },
    /// For [`Kind::Signature`].
    Signature(Signature),
}

/// Checks the shape of an answer before it is recorded. Every kind also takes
/// `{"result":"na","reason":".."}`. Numbers are whole and at most 2⁵³, never floats:
///
/// | kind | answer |
/// |---|---|
/// | pass_fail | `{"result":"pass"\|"fail","reason"?}` |
/// | measured | `{"value":"-18.5","unit":"°C","instrument"?,"label"?,"counts"?}` |
/// | tally | `{"counts":{"observed":20,"checked":18,…}}`: all that the item declares, nothing else |
/// | timed_count | `{"count":n,"seconds":n,"lanes"?,"counts"?}` |
/// | choice | `{"choice":"code"}` |
/// | steps | `{"done":["code"],"missing":["code"]}`: every step in one of the two |
/// | text | `{"text":".."}` |
/// | date | `{"date":"YYYY-MM-DD"}` |
/// | document_set | `{"present":["code"],"missing":["code"]}`: every document in one of the two |
/// | photo | `{"photos":["sha256",…]}` |
/// | reading_log | `{"log":"sha256","count":n,"missing"?,"min":"..","max":"..","unit":".."}` |
/// | people | `{"count":n}` |
/// | signature | `{"signed":true,"by_role":".."}` or `{"signed":false,"refused_reason":"..","witness":".."}` |
///
/// # Errors
/// [`AnswerError`] names the field and what to enter.
pub fn check_answer(item: &Item, value: &Value) -> Result<(), AnswerError> {
    parse_answer(item, value).map(|_| ())
}

/// Reads an answer into its shape; [`check_answer`] describes each.
///
/// # Errors
/// [`AnswerError`] names the field and what to enter.
pub fn parse_answer(item: &Item, value: &Value) -> Result<Answer, AnswerError> {
    let fields = Fields::of(value)?;
    if fields.is_text("result", "na") {
        fields.only(&["result", "reason"])?;
        return Ok(Answer::NotApplicable { reason: fields.text("reason")? });
    }
    match item.kind {
        Kind::PassFail => parse_pass_fail(&fields),
        Kind::Measured => parse_measured(item, &fields),
        Kind::Tally => {
            fields.only(&["counts"])?;
            Ok(Answer::Tally { counts: fields.counts(item)? })
        }
        Kind::TimedCount => parse_timed_count(item, &fields),
        Kind::Choice => {
            fields.only(&["choice"])?;
            let codes: Vec<_> = item.choices.iter().map(|choice| &*choice.code).collect();
            Ok(Answer::Choice { choice: fields.one_of("choice", &codes)? })
        }
        Kind::Steps => {
            let codes: Vec<_> = item.steps.iter().map(|step| &*step.code).collect();
            let (done, missing) = fields.split("done", "missing", &codes)?;
            Ok(Answer::Steps { done, missing })
        }
        Kind::DocumentSet => {
            let codes: Vec<_> = item.documents.iter().map(|paper| &*paper.code).collect();
            let (present, missing) = fields.split("present", "missing", &codes)?;
            Ok(Answer::DocumentSet { present, missing })
        }
        Kind::Text => {
            fields.only(&["text"])?;
            Ok(Answer::Text { text: fields.text("text")? })
        }
        Kind::Date => {
            fields.only(&["date"])?;
            Ok(Answer::Date { date: fields.date("date")? })
        }
        Kind::Photo => {
            fields.only(&["photos"])?;
            Ok(Answer::Photo { photos: fields.hashes("photos")? })
        }
        Kind::ReadingLog => parse_reading_log(&fields),
        Kind::People => {
            fields.only(&["count"])?;
            Ok(Answer::People { count: fields.whole("count")? })
        }
        Kind::Signature => parse_signature(&fields),
    }
}

fn parse_pass_fail(fields: &Fields) -> Result<Answer, AnswerError> {
    fields.only(&["result", "reason"])?;
    let result = match fields.one_of("result", &["pass", "fail", "na"])?.as_str() {
        "pass" => Outcome::Pass,
        _ => Outcome::Fail, // "na" was taken before, for every kind.
    };
    Ok(Answer::PassFail { result, reason: fields.optional_text("reason")? })
}

fn parse_measured(item: &Item, fields: &Fields) -> Result<Answer, AnswerError> {
    let mut known = vec!["value", "unit", "instrument"];
    known.extend(item.label_limit.then_some("label"));
    known.extend((!item.counts.is_empty()).then_some("counts"));
    fields.only(&known)?;
    Ok(Answer::Measured {
        value: fields.decimal("value")?,
        unit: fields.text("unit")?,
        instrument: fields.optional_text("instrument")?,
        label: fields.has("label").then(|| fields.decimal("label")).transpose()?,
        counts: fields.counts(item)?,
    })
}

fn parse_timed_count(item: &Item, fields: &Fields) -> Result<Answer, AnswerError> {
    let mut known = vec!["count", "seconds", "lanes"];
    known.extend((!item.counts.is_empty()).then_some("counts"));
    fields.only(&known)?;
    Ok(Answer::TimedCount {
        count: fields.whole("count")?,
        seconds: fields.at_least_one("seconds")?,
        lanes: if fields.has("lanes") { fields.at_least_one("lanes")? } else { 1 },
        counts: fields.counts(item)?,
    })
}

fn parse_reading_log(fields: &Fields) -> Result<Answer, AnswerError> {
    fields.only(&["log", "count", "missing", "min", "max", "unit"])?;
    Ok(Answer::ReadingLog {
        log: fields.hash("log")?,
        count: fields.whole("count")?,
        missing: fields.has("missing").then(|| fields.whole("missing")).transpose()?,
        min: fields.decimal("min")?,
        max: fields.decimal("max")?,
        unit: fields.text("unit")?,
    })
}

fn parse_signature(fields: &Fields) -> Result<Answer, AnswerError> {
    if fields.flag("signed")? {
        fields.only(&["signed", "by_role"])?;
        return Ok(Answer::Signature(Signature::Signed { by_role: fields.text("by_role")? }));
    }
    fields.only(&["signed", "refused_reason", "witness"])?;
    Ok(Answer::Signature(Signature::Refused {
        reason: fields.text("refused_reason")?,
        witness: fields.text("witness")?,
    }))
}
