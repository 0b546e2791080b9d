//! The wizard: what a file is, what it leaves open, and the whole of it once that is answered.

mod examine;
mod question;

use serde::Serialize;
use ts_rs::TS;

use crate::{Answers, FileKind, KeptLine, LoggerFile, ReadError};

pub use question::{Candidate, ExampleLine, Question, Topic};

pub(crate) use examine::{Examined, examine, no_readings};
pub(crate) use question::{
    ask_decimal_mark, ask_interval, ask_separator, ask_signature, ask_time_columns, ask_unit,
    ask_value_column, ask_zone, order_question,
};

/// What a file is and what it leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Sniffed {
    /// What wrote it; none while the encoding is open.
    pub kind: Option<FileKind>,
    /// How the device names itself, if it does.
    pub device: Option<String>,
    /// What the file says itself, with what was answered already.
    pub known: Answers,
    /// The columns of a table, for whoever wants another one than [`Self::known`] names.
    pub columns: Vec<Column>,
    /// What must be answered before it can be read. More may follow from an answer: ask again
    /// with [`sniff_with`] until none is left.
    pub questions: Vec<Question>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerColumn")]
pub struct Column {
    /// Its place, from 1.
    pub column: u32,
    /// Its heading; empty where there is none.
    pub heading: String,
    /// Its first cells.
    pub examples: Vec<String>,
}

/// Says what a file is and what must be asked about it. Reads at most the whole file once.
///
/// # Errors
/// [`ReadError`] where no answer could make it a log: no text, too large, no readings.
pub fn sniff(bytes: &[u8]) -> Result<Sniffed, ReadError> {
    sniff_with(bytes, &Answers::default())
}

/// [`sniff`] with what was answered so far.
///
/// # Errors
/// As [`sniff`], and where an answer cannot be: a column that is not there, another unit than
/// the file states.
pub fn sniff_with(bytes: &[u8], answers: &Answers) -> Result<Sniffed, ReadError> {
    examine(bytes, answers).map(|examined| examined.sniffed)
}

/// Reads the whole file, or nothing of it.
///
/// # Errors
/// [`ReadError`] names the line; [`crate::ErrorCode::Unanswered`] lists what is still open.
pub fn read(bytes: &[u8], answers: &Answers) -> Result<LoggerFile, ReadError> {
    let Examined { sniffed, content } = examine(bytes, answers)?;
    let open: Vec<_> = sniffed.questions.iter().map(|question| question.topic).collect();
    match content {
        Some(content) if open.is_empty() => content.read(sniffed.known),
        _ => Err(ReadError::unanswered(open)),
    }
}

/// The first lines of a text, to show where a file is not understood.
pub(crate) fn first_lines(text: &str, most: usize) -> Vec<KeptLine> {
    crate::text::lines(text)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(line, text)| KeptLine { line, text: text.to_owned() })
        .take(most)
        .collect()
}
