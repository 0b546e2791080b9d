//! Reads temperature loggers' files; no I/O.
//!
//! [`sniff`] says what a file is and what it leaves open: unit, order of day and month, and time
//! zone are asked, never guessed. [`read`] takes the bytes and the [`Answers`] and gives the whole
//! [`LoggerFile`] or a located [`ReadError`], never a part of a file. What a device wrote beside
//! its readings (set points, counters, days) is kept beside them; lines nobody understood are
//! kept and listed. The caller keeps the original bytes and their hash.

mod answers;
mod berlinger;
mod counters;
mod error;
mod file;
mod gaps;
mod limits;
mod reading_log;
mod set_points;
mod stamp;
mod table;
mod text;
mod value;
mod wizard;

pub use answers::{Answers, DateOrder, DecimalMark, Encoding, Separator, Unit};
pub use counters::{CounterCheck, check_counters};
pub use error::{ErrorCode, ReadError};
pub use file::{
    AlarmMode, DayCounter, DaySummary, Device, Episode, Fact, FileKind, Interval, IntervalSource,
    KeptLine, LoggerFile, Moment, Notice, Reading, RunSummary, SetPoint, Side,
};
pub use gaps::Gap;
pub use limits::{MAX_FILE_BYTES, MAX_KEPT_LINES, MAX_LINE_BYTES, MAX_READINGS};
pub use reading_log::{ReadingLog, to_reading_log};
pub use set_points::{ExpectedAlarm, ExpectedSetup, Misconfigured, Setting, find_misconfigured};
pub use wizard::{
    Candidate, Column, ExampleLine, Question, Sniffed, Topic, read, sniff, sniff_with,
};
