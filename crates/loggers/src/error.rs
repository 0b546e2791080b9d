//! Why a file is not read: the line, what is wrong with it, and what to do.

use serde::Serialize;
use spotcheck_rules::Bilingual;
use ts_rs::TS;

use crate::Topic;

/// What went wrong, for programs. Codes stay; texts may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerErrorCode")]
pub enum ErrorCode {
    /// No bytes, or only blank lines.
    Empty,
    /// Longer than a file, a line or a log may be.
    TooLarge,
    /// A PDF, a workbook, a picture: not text.
    NotText,
    /// Bytes that are no text in the encoding.
    Encoding,
    /// No line with a time and a number.
    NoReadings,
    /// A question is open.
    Unanswered,
    /// An answer that the file itself contradicts.
    Contradicted,
    /// A date or a clock that does not exist.
    Time,
    /// A value that is no number.
    Value,
    /// A line that is not later than the one before it.
    Order,
    /// The file ends before its end.
    CutOff,
    /// A line that its format does not allow.
    Line,
}

/// A located error in both languages. Nothing of the file was taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, TS)]
#[error("{}{}", place(*line), said.en)]
#[ts(rename = "LoggerReadError")]
pub struct ReadError {
    /// What went wrong.
    pub code: ErrorCode,
    /// The line, counted from 1; none where the file as a whole is meant.
    pub line: Option<u32>,
    /// What is wrong and what to do.
    pub said: Bilingual,
    /// The open questions of [`ErrorCode::Unanswered`].
    pub open: Vec<Topic>,
}

fn place(line: Option<u32>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

impl ReadError {
    pub(crate) fn whole(code: ErrorCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let said = Bilingual { zh: zh.into(), en: en.into() };
        Self { code, line: None, said, open: Vec::new() }
    }

    pub(crate) fn at(
        line: u32,
        code: ErrorCode,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let mut error = Self::whole(code, zh, en);
        error.said.zh = format!("第 {line} 行：{}", error.said.zh);
        Self { line: Some(line), ..error }
    }

    pub(crate) fn unanswered(open: Vec<Topic>) -> Self {
        let names = open.iter().map(|topic| topic.name());
        let (zh, en): (Vec<_>, Vec<_>) = names.unzip();
        let mut error = Self::whole(
            ErrorCode::Unanswered,
            format!("文件没有写明：{}；请先回答", zh.join("、")),
            format!("the file does not say: {}; answer first", en.join(", ")),
        );
        error.open = open;
        error
    }

    pub(crate) fn time(line: u32, text: &str) -> Self {
        let text = shortened(text);
        Self::at(
            line,
            ErrorCode::Time,
            format!("“{text}”不是存在的日期时间；请核对日期顺序，或重新导出文件"),
            format!(
                "\"{text}\" is no date and time that exists; check the order of day and month, or export the file again"
            ),
        )
    }

    pub(crate) fn value(line: u32, text: &str) -> Self {
        let text = shortened(text);
        Self::at(
            line,
            ErrorCode::Value,
            format!("“{text}”不是数值；缺测应留空或写作 --.-，请核对小数点或重新导出"),
            format!(
                "\"{text}\" is no number; a missing value is empty or --.-; check the decimal mark, or export again"
            ),
        )
    }

    pub(crate) fn too_many(line: u32, what: &Bilingual, most: usize) -> Self {
        Self::at(
            line,
            ErrorCode::TooLarge,
            format!("{}超过 {most}；请分段导出", what.zh),
            format!("more than {most} {}; export the log in parts", what.en),
        )
    }
}

/// What a message quotes of a line: enough to find it.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
