//! Why a question has no answer: where, what, and what to write instead, in both languages.

use crate::{Bilingual, RuleError};

/// Why [`super::calc`] gave no answer. `Display` is English; [`CalcError::message`] is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalcError {
    /// No calculation has this name.
    #[error("there is no calculation \"{name}\"; use one of: {}", known.join(", "))]
    UnknownName {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// The question is longer than [`super::MOST_BYTES`].
    #[error("the question has {bytes} bytes; send at most {most}, for example one year at a time")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The most it may have.
        most: usize,
    },
    /// Not JSON, or not the fields of this calculation.
    #[error("{path} (line {line}, column {column}): {problem}; docs/CALC.md lists the fields")]
    Json {
        /// The field, such as `readings[3].c`.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What the JSON reader met.
        problem: String,
    },
    /// A field that no rule can use.
    #[error("{path}: {}", message.en)]
    Field {
        /// The field, such as `readings[3].at`.
        path: String,
        /// What is wrong and what to write.
        message: Bilingual,
    },
    /// The product's own data does not parse. A test keeps this from being shipped.
    #[error("shipped data {name} cannot be read: {problem}; install Spotcheck again")]
    Data {
        /// Which data file.
        name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl CalcError {
    /// A fault of one field; each text says what is wrong and what to write.
    pub(super) fn field(
        path: impl Into<String>,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        Self::Field { path: path.into(), message: Bilingual { zh: zh.into(), en: en.into() } }
    }

    /// A field without which this question has no meaning.
    pub(super) fn missing(path: &str) -> Self {
        Self::field(path, "it is missing; give it", "缺少此项，请填写")
    }

    /// A field that must be one of a few words.
    pub(super) fn unknown_word(path: &str, word: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        Self::field(
            path,
            format!("\"{word}\" is not known; use one of: {known}"),
            format!("不认识“{word}”，可用：{known}"),
        )
    }

    /// A limit that could not judge.
    pub(super) fn rule(path: &str, error: &RuleError) -> Self {
        let zh = match error {
            RuleError::UnknownKey { pack, key } => {
                format!("规则包 {pack} 没有限值 {key}，请换规则包或改键名")
            }
            RuleError::NotInForce { pack, key, on } => {
                format!("规则包 {pack} 的限值 {key} 在 {on} 未生效，无从判定")
            }
            RuleError::UnknownUnit { key, unit, accepted } => {
                format!("限值 {key} 不接受单位“{unit}”，请用：{accepted}")
            }
            RuleError::Value(_) => "不是十进制数，请写成 -18.5 这样".to_owned(),
            RuleError::NegativeUncertainty(_) => "不确定度不能为负，请写宽度，如 0.5".to_owned(),
            RuleError::MorePassedThanObserved { .. } => "合格数多于观察数，请核对".to_owned(),
            RuleError::TooLarge { .. } => "数字过大，无法精确比较，请缩短".to_owned(),
        };
        Self::field(path, error.to_string(), zh)
    }

    /// The field at fault, if the fault is in one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Json { path, .. } | Self::Field { path, .. } => Some(path),
            _ => None,
        }
    }

    /// What is wrong and what to do, for people.
    #[must_use]
    pub fn message(&self) -> Bilingual {
        let zh = match self {
            Self::UnknownName { name, known } => {
                format!("没有名为“{name}”的计算，可用：{}", known.join("、"))
            }
            Self::TooLong { bytes, most } => {
                format!("输入有 {bytes} 字节，最多 {most}；请分段，例如一次一年")
            }
            Self::Json { path, line, column, problem } => format!(
                "{path}（第 {line} 行第 {column} 列）无法读取：{problem}；各字段见 docs/CALC.md"
            ),
            Self::Field { path, message } => format!("{path}：{}", message.zh),
            Self::Data { name, .. } => format!("内置数据 {name} 无法读取，请重新安装"),
        };
        Bilingual { zh, en: self.to_string() }
    }
}
