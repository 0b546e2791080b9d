//! Questions with their candidate answers, each showing what it would make of the file.

use serde::Serialize;
use spotcheck_rules::Bilingual;
use ts_rs::TS;

use crate::error::shortened;
use crate::{Answers, DateOrder, DecimalMark, Encoding, Separator, Unit};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerTopic")]
pub enum Topic {
    /// How bytes become text.
    Encoding,
    /// What stands between columns.
    Separator,
    /// Which columns are the time.
    TimeColumns,
    /// Which column is the value.
    ValueColumn,
    /// What stands before the decimals.
    DecimalMark,
    /// What the values are measured in.
    Unit,
    /// The order of day and month.
    DateOrder,
    /// The offset of the logger's clock from UTC.
    TimeZone,
    /// The interval the logger was set to.
    Interval,
    /// Whether to read a file that has not the signature it should end with.
    Signature,
}

impl Topic {
    /// What it is called, in Chinese and English.
    pub(crate) fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Encoding => ("编码", "encoding"),
            Self::Separator => ("分隔符", "separator"),
            Self::TimeColumns => ("时间列", "columns of the time"),
            Self::ValueColumn => ("数值列", "column of the values"),
            Self::DecimalMark => ("小数点", "decimal mark"),
            Self::Unit => ("单位", "unit"),
            Self::DateOrder => ("日期顺序", "order of day and month"),
            Self::TimeZone => ("时区", "time zone"),
            Self::Interval => ("记录间隔", "interval"),
            Self::Signature => ("文件末尾的签名", "signature at the end"),
        }
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerQuestion")]
pub struct Question {
    /// What it is about.
    pub topic: Topic,
    /// The question as a person reads it.
    pub text: Bilingual,
    /// Possible answers; another one may be given where the topic is an open number.
    pub candidates: Vec<Candidate>,
    /// Lines of the file that it is about.
    pub lines: Vec<ExampleLine>,
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerCandidate")]
pub struct Candidate {
    /// The one member to take over: `answers.and(candidate.answers)`.
    pub answers: Answers,
    /// The answer as a person reads it.
    pub text: Bilingual,
    /// What the example lines would be read as.
    pub reads_as: Vec<String>,
}

/// A line of the file, shortened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerExampleLine")]
pub struct ExampleLine {
    /// The line, counted from 1.
    pub line: u32,
    /// Its text.
    pub text: String,
}

impl ExampleLine {
    pub(crate) fn of(line: u32, text: &str) -> Self {
        Self { line, text: shortened(text) }
    }
}

fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

fn question(topic: Topic, zh: &str, en: &str, candidates: Vec<Candidate>) -> Question {
    Question { topic, text: both(zh, en), candidates, lines: Vec::new() }
}

impl Question {
    pub(crate) fn about(self, lines: &[ExampleLine]) -> Self {
        Self { lines: lines.to_vec(), ..self }
    }
}

pub(crate) fn ask_encoding(seen: &[(Encoding, Vec<String>)]) -> Question {
    let candidate = |(encoding, reads_as): &(Encoding, Vec<String>)| Candidate {
        answers: Answers { encoding: Some(*encoding), ..Answers::default() },
        text: match encoding {
            Encoding::Gbk => both("中文（GBK）", "Chinese (GBK)"),
            Encoding::Windows1252 => both("西文（Windows-1252）", "Western (Windows-1252)"),
            Encoding::Utf8 => both("UTF-8", "UTF-8"),
            Encoding::Utf16Le => both("UTF-16 小端", "UTF-16, little-endian"),
            Encoding::Utf16Be => both("UTF-16 大端", "UTF-16, big-endian"),
        },
        reads_as: reads_as.clone(),
    };
    question(
        Topic::Encoding,
        "以下哪一种显示正常？",
        "Which of these reads well?",
        seen.iter().map(candidate).collect(),
    )
}

pub(crate) fn ask_separator(found: &[Separator]) -> Question {
    let candidate = |separator: &Separator| Candidate {
        answers: Answers { separator: Some(*separator), ..Answers::default() },
        text: match separator {
            Separator::Comma => both("逗号", "comma"),
            Separator::Semicolon => both("分号", "semicolon"),
            Separator::Tab => both("制表符", "tab"),
            Separator::Bar => both("竖线", "bar"),
            Separator::Spaces => both("空格", "spaces"),
        },
        reads_as: Vec::new(),
    };
    let candidates = found.iter().map(candidate).collect();
    question(
        Topic::Separator,
        "各列之间用什么分隔？",
        "What stands between the columns?",
        candidates,
    )
}

pub(crate) fn ask_time_columns(found: &[(Vec<u32>, Vec<String>)]) -> Question {
    let candidate = |(columns, reads_as): &(Vec<u32>, Vec<String>)| {
        let names: Vec<_> = columns.iter().map(u32::to_string).collect();
        Candidate {
            answers: Answers { time_columns: Some(columns.clone()), ..Answers::default() },
            text: both(
                format!("第 {} 列", names.join("、")),
                format!("column {}", names.join(" and ")),
            ),
            reads_as: reads_as.clone(),
        }
    };
    let candidates = found.iter().map(candidate).collect();
    question(
        Topic::TimeColumns,
        "哪一列是读数的时间？",
        "Which column is the time of the reading?",
        candidates,
    )
}

pub(crate) fn ask_value_column(found: &[(u32, String, Vec<String>)]) -> Question {
    let candidate = |(column, heading, reads_as): &(u32, String, Vec<String>)| Candidate {
        answers: Answers { value_column: Some(*column), ..Answers::default() },
        text: both(format!("第 {column} 列 {heading}"), format!("column {column} {heading}")),
        reads_as: reads_as.clone(),
    };
    let candidates = found.iter().map(candidate).collect();
    question(
        Topic::ValueColumn,
        "要读取哪一列的数值？",
        "Which column holds the values?",
        candidates,
    )
}

pub(crate) fn ask_decimal_mark(reads_as: &[(DecimalMark, Vec<String>)]) -> Question {
    let candidate = |(mark, reads_as): &(DecimalMark, Vec<String>)| Candidate {
        answers: Answers { decimal_mark: Some(*mark), ..Answers::default() },
        text: match mark {
            DecimalMark::Point => both("逗号是千分位", "the comma groups thousands"),
            DecimalMark::Comma => both("逗号是小数点", "the comma is the decimal mark"),
        },
        reads_as: reads_as.clone(),
    };
    let candidates = reads_as.iter().map(candidate).collect();
    question(
        Topic::DecimalMark,
        "数值中的逗号表示什么？",
        "What is the comma in the values?",
        candidates,
    )
}

pub(crate) fn ask_unit(among: &[Unit]) -> Question {
    let candidate = |unit: &Unit| Candidate {
        answers: Answers { unit: Some(*unit), ..Answers::default() },
        text: match unit {
            Unit::Celsius => both("摄氏度 °C", "degrees Celsius, °C"),
            Unit::Fahrenheit => both("华氏度 °F", "degrees Fahrenheit, °F"),
            Unit::Humidity => both("相对湿度 %RH", "relative humidity, %RH"),
        },
        reads_as: Vec::new(),
    };
    let candidates = among.iter().map(candidate).collect();
    question(
        Topic::Unit,
        "数值的单位是什么？请看仪器屏幕或说明书，文件没有写明。",
        "What unit are the values in? See the logger's screen or manual: the file does not say.",
        candidates,
    )
}

pub(crate) fn order_question(found: &[(DateOrder, Vec<String>)]) -> Question {
    let candidate = |(order, reads_as): &(DateOrder, Vec<String>)| Candidate {
        answers: Answers { date_order: Some(*order), ..Answers::default() },
        text: match order {
            DateOrder::YearMonthDay => both("年-月-日", "year, month, day"),
            DateOrder::DayMonthYear => both("日-月-年", "day, month, year"),
            DateOrder::MonthDayYear => both("月-日-年", "month, day, year"),
        },
        reads_as: reads_as.clone(),
    };
    let candidates = found.iter().map(candidate).collect();
    question(
        Topic::DateOrder,
        "日期按什么顺序书写？",
        "In which order are dates written?",
        candidates,
    )
}

/// The offsets of the world's clocks, in minutes.
const OFFSETS: [i16; 38] = [
    -720, -660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -150, -120, -60, 0, 60,
    120, 180, 210, 240, 270, 300, 330, 345, 360, 390, 420, 480, 525, 540, 570, 600, 630, 660, 720,
    765, 780,
];

pub(crate) fn ask_zone() -> Question {
    let candidate = |offset_min: i16| {
        let minutes = offset_min.unsigned_abs();
        let sign = if offset_min < 0 { '-' } else { '+' };
        let name = format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        Candidate {
            answers: Answers { offset_min: Some(offset_min), ..Answers::default() },
            text: if offset_min == 480 {
                both(format!("{name}（中国）"), format!("{name} (China)"))
            } else {
                both(name.clone(), name)
            },
            reads_as: Vec::new(),
        }
    };
    question(
        Topic::TimeZone,
        "记录仪的时钟是哪个时区？文件没有写明。",
        "Which time zone does the logger's clock show? The file does not say.",
        OFFSETS.into_iter().map(candidate).collect(),
    )
}

pub(crate) fn ask_interval() -> Question {
    question(
        Topic::Interval,
        "记录仪设定的记录间隔是多少秒？文件没有写明，也无法由读数得出。",
        "What interval was the logger set to, in seconds? Neither file nor readings say.",
        Vec::new(),
    )
}

pub(crate) fn ask_signature() -> Question {
    let candidate = Candidate {
        answers: Answers { without_signature: Some(true), ..Answers::default() },
        text: both("仍然读入，并记下这一点", "read it all the same, and keep this in mind"),
        reads_as: Vec::new(),
    };
    question(
        Topic::Signature,
        "文件末尾没有签名，可能被截断。最好从记录仪重新复制。是否仍然读入？",
        "The file does not end with its signature and may be cut off. Better copy it again from the logger. Read it all the same?",
        vec![candidate],
    )
}
