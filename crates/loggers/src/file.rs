//! What a logger's file holds, device by device in one shape.

mod day;
mod device;
mod run;

use serde::{Serialize, Serializer};
use spotcheck_rules::Bilingual;
use ts_rs::TS;

use crate::{Answers, Gap, Unit};

pub use day::{DayCounter, DaySummary};
pub use device::{AlarmMode, Device, Interval, IntervalSource, SetPoint, Side};
pub use run::{Episode, RunSummary};

/// What wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerFileKind")]
pub enum FileKind {
    /// Berlinger Fridge-tag 2: days, no readings.
    FridgeTag2,
    /// Berlinger Fridge-tag 2 E.
    FridgeTag2E,
    /// Berlinger Fridge-tag 2 L: days and readings.
    FridgeTag2L,
    /// Berlinger Fridge-tag Ultra Low.
    FridgeTagUltraLow,
    /// Berlinger Q-tag: one transport and its readings.
    QTag,
    /// Keyed lines as Berlinger writes them, of a device unknown to this version.
    OtherBerlinger,
    /// A LogTag program's table.
    LogTag,
    /// Any other table.
    Table,
}

/// A whole file, read. Times are whole seconds; values are decimal text as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggerFile {
    /// What wrote it.
    pub kind: FileKind,
    /// The logger.
    pub device: Device,
    /// The unit of every value and set point.
    pub unit: Unit,
    /// The time between two readings; none where there are none and the file does not say.
    pub interval: Option<Interval>,
    /// When the file was written, by the logger's clock.
    pub reported_at: Option<Moment>,
    /// The alarms as the device was set.
    pub set_points: Vec<SetPoint>,
    /// The device's own days, earliest first.
    pub days: Vec<DaySummary>,
    /// The device's own summary of a transport.
    pub run: Option<RunSummary>,
    /// The readings in time order.
    pub readings: Vec<Reading>,
    /// Stretches without a value.
    pub gaps: Vec<Gap>,
    /// Lines that say something about the device and have no other place here.
    pub facts: Vec<Fact>,
    /// Lines that nobody understood.
    pub unknown: Vec<KeptLine>,
    /// What a person should know about how it was read.
    pub notices: Vec<Notice>,
    /// All answers it was read with, those the file gave itself among them.
    pub answers: Answers,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// When.
    pub at: Moment,
    /// Decimal text, digits as written; none where the logger shows no value.
    pub value: Option<Box<str>>,
    /// Whether the logger marked it as out of its own limits.
    pub marked: bool,
    /// The line, counted from 1.
    pub line: u32,
}

/// A time on a logger's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at_s: i64,
    /// The clock's offset from UTC in minutes, as stated or answered.
    pub offset_min: i16,
}

impl Moment {
    /// The moment a clock with this offset showed `clock_s` seconds since 1970.
    pub(crate) fn of_clock(clock_s: i64, offset_min: i16) -> Self {
        Self { at_s: clock_s - i64::from(offset_min) * 60, offset_min }
    }
}

impl Moment {
    /// RFC 3339: `2022-06-08T10:14:00+08:00`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let clock_s = self.at_s.saturating_add(i64::from(self.offset_min) * 60);
        let date = chrono::DateTime::from_timestamp(clock_s, 0).unwrap_or_default().date_naive();
        let second = u32::try_from(clock_s.rem_euclid(86_400)).unwrap_or_default();
        let offset = u32::from(self.offset_min.unsigned_abs());
        let mut text = *b"0000-00-00T00:00:00+00:00";
        // Digit by digit: pattern formatting takes ten times as long, half a million times a file.
        put(&mut text, 0, 4, u32::try_from(chrono::Datelike::year(&date)).unwrap_or_default());
        put(&mut text, 5, 2, chrono::Datelike::month(&date));
        put(&mut text, 8, 2, chrono::Datelike::day(&date));
        put(&mut text, 11, 2, second / 3600);
        put(&mut text, 14, 2, second / 60 % 60);
        put(&mut text, 17, 2, second % 60);
        put(&mut text, 20, 2, offset / 60);
        put(&mut text, 23, 2, offset % 60);
        if let Some(sign) = text.get_mut(19).filter(|_| self.offset_min < 0) {
            *sign = b'-';
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// Writes a number's last digits at a place.
fn put(text: &mut [u8], at: usize, width: usize, mut number: u32) {
    let places = text.get_mut(at..at + width).unwrap_or_default();
    for place in places.iter_mut().rev() {
        *place = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A key and its value, as the file has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The line, counted from 1.
    pub line: u32,
    /// Sections and key with `/` between: `Conf/Lot`.
    pub key: String,
    /// The value; may be empty.
    pub value: String,
}

/// A line kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerKeptLine")]
pub struct KeptLine {
    /// The line, counted from 1.
    pub line: u32,
    /// Its text.
    pub text: String,
}

/// Something to know about a file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "LoggerNotice")]
pub struct Notice {
    /// The line, counted from 1; none where the file is meant.
    pub line: Option<u32>,
    /// What it is.
    pub said: Bilingual,
}

impl Notice {
    pub(crate) fn whole(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line: None, said: Bilingual { zh: zh.into(), en: en.into() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_with_their_offset() {
        let text = |clock_s, offset_min| Moment::of_clock(clock_s, offset_min).to_string();
        assert_eq!(text(1_654_683_240, 480), "2022-06-08T10:14:00+08:00");
        assert_eq!(text(1_654_683_240, -570), "2022-06-08T10:14:00-09:30");
        assert_eq!(text(0, 0), "1970-01-01T00:00:00+00:00");
        assert_eq!(Moment::of_clock(1_654_683_240, 480).at_s, 1_654_683_240 - 28_800);
    }
}
