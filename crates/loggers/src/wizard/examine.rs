//! One look at the whole file: what it is, what it says, what it leaves open.

use crate::berlinger;
use crate::error::ErrorCode;
use crate::table::Table;
use crate::text::{self, Found, Text};
use crate::wizard::question::{Question, ask_encoding};
use crate::wizard::{Sniffed, first_lines};
use crate::{Answers, Encoding, LoggerFile, ReadError};

/// A file looked at.
pub(crate) struct Examined<'a> {
    pub(crate) sniffed: Sniffed,
    /// None while the encoding is open.
    pub(crate) content: Option<Content<'a>>,
}

/// What there is to read.
pub(crate) enum Content<'a> {
    Keyed(Box<LoggerFile>),
    Table(Text<'a>, Table),
    /// A table of which something is open.
    Open,
}

impl Content<'_> {
    pub(crate) fn read(self, answers: Answers) -> Result<LoggerFile, ReadError> {
        match self {
            Self::Keyed(file) => Ok(LoggerFile { answers, ..*file }),
            Self::Table(text, table) => table.read(&text, answers),
            Self::Open => Err(ReadError::unanswered(Vec::new())),
        }
    }
}

pub(crate) fn examine<'a>(bytes: &'a [u8], answers: &Answers) -> Result<Examined<'a>, ReadError> {
    text::check_bytes(bytes)?;
    let encoding = match (answers.encoding, text::find_encoding(bytes)) {
        (Some(encoding), _) | (None, Found::Only(encoding)) => encoding,
        (None, Found::OneOf(candidates)) => return encoding_open(bytes, &candidates, answers),
    };
    let text = text::decode(bytes, encoding)?;
    text::check_lines(&text)?;
    if text.trim().is_empty() {
        return Err(text::empty());
    }
    let known = Answers { encoding: Some(encoding), ..answers.clone() };
    if berlinger::is_keyed(&text) {
        let (file, sniffed) = berlinger::examine(&text, known)?;
        return Ok(Examined { sniffed, content: Some(Content::Keyed(Box::new(file))) });
    }
    let (table, sniffed) = Table::examine(&text, known)?;
    let content = table.map_or(Content::Open, |table| Content::Table(text, table));
    Ok(Examined { sniffed, content: Some(content) })
}

/// Shows the lines that differ between the encodings.
fn encoding_open<'a>(
    bytes: &[u8],
    candidates: &[Encoding],
    answers: &Answers,
) -> Result<Examined<'a>, ReadError> {
    let mut seen = Vec::new();
    for encoding in candidates {
        let text = text::decode(bytes, *encoding)?;
        text::check_lines(&text)?;
        let strange = text::lines(&text).filter(|(_, line)| !line.is_ascii()).take(3);
        let shown: Vec<_> = strange.map(|(_, line)| crate::error::shortened(line)).collect();
        seen.push((*encoding, shown));
    }
    if seen.is_empty() {
        return Err(ReadError::whole(
            ErrorCode::NotText,
            "不是文本文件；请从记录仪软件导出 CSV 或 TXT",
            "this is no text; export CSV or TXT from the logger's program",
        ));
    }
    let question: Question = ask_encoding(&seen);
    let sniffed = Sniffed {
        kind: None,
        device: None,
        known: answers.clone(),
        columns: Vec::new(),
        questions: vec![question],
    };
    Ok(Examined { sniffed, content: None })
}

/// The error for a text in which no reading was found: it quotes how it begins.
pub(crate) fn no_readings(text: &str) -> ReadError {
    let first = first_lines(text, 1).into_iter().next().map(|line| line.text).unwrap_or_default();
    let first = crate::error::shortened(&first);
    ReadError::whole(
        ErrorCode::NoReadings,
        format!("没有一行同时含有时间和数值（开头为“{first}”）；请从记录仪软件导出 CSV 或 TXT"),
        format!(
            "no line has a time and a number (it begins \"{first}\"); export CSV or TXT from the logger's program"
        ),
    )
}
