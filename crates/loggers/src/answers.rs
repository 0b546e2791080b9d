//! What a person answered, or what a file says itself: kept with the readings it led to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LoggerEncoding")]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, the lower byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the higher byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// GBK, read with its superset GB 18030.
    #[serde(rename = "gbk")]
    Gbk,
    /// Windows-1252, as western Windows programs write.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerSeparator")]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Bar,
    /// One or more spaces: date and clock are columns of their own.
    Spaces,
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerDecimalMark")]
pub enum DecimalMark {
    /// `.`; a comma then groups thousands.
    Point,
    /// `,`
    Comma,
}

/// What the values are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LoggerUnit")]
pub enum Unit {
    /// Degrees Celsius.
    #[serde(rename = "°C")]
    Celsius,
    /// Degrees Fahrenheit.
    #[serde(rename = "°F")]
    Fahrenheit,
    /// Relative humidity.
    #[serde(rename = "%RH")]
    Humidity,
}

impl Unit {
    /// As limits write it: `°C`, `°F`, `%RH`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Celsius => "°C",
            Self::Fahrenheit => "°F",
            Self::Humidity => "%RH",
        }
    }
}

/// The order of a date's three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerDateOrder")]
pub enum DateOrder {
    /// 2021-06-24.
    YearMonthDay,
    /// 24/06/2021.
    DayMonthYear,
    /// 06/24/2021.
    MonthDayYear,
}

/// Everything that can be asked about a file. A missing member is not answered (yet).
///
/// As JSON this is what an importer stores beside the original bytes: with both, anybody reads
/// the same readings again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
#[ts(rename = "LoggerAnswers")]
pub struct Answers {
    /// How bytes become text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// What stands between columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<Separator>,
    /// The column, or the neighbouring columns, that make up the time; counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_columns: Option<Vec<u32>>,
    /// The column of the values, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_column: Option<u32>,
    /// What stands before the decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_mark: Option<DecimalMark>,
    /// What the values are measured in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// The order of a date's numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// The offset of the logger's clock from UTC in minutes: 480 in China. One for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_min: Option<i16>,
    /// The interval the logger was set to, in seconds; only where neither file nor readings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_s: Option<u32>,
    /// Read although the signature that ends such a file is missing: the file may be cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_signature: Option<bool>,
}

impl Answers {
    /// These answers, and the other's where the other has one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            encoding: other.encoding.or(self.encoding),
            separator: other.separator.or(self.separator),
            time_columns: other.time_columns.or(self.time_columns),
            value_column: other.value_column.or(self.value_column),
            decimal_mark: other.decimal_mark.or(self.decimal_mark),
            unit: other.unit.or(self.unit),
            date_order: other.date_order.or(self.date_order),
            offset_min: other.offset_min.or(self.offset_min),
            interval_s: other.interval_s.or(self.interval_s),
            without_signature: other.without_signature.or(self.without_signature),
        }
    }
}
