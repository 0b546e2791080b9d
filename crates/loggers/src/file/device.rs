//! The logger itself and how it was set.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The logger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Device {
    /// As it names itself.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its firmware's version.
    pub firmware: Option<String>,
    /// Offsets a user set on a sensor: the sensor's name, and decimal text in the file's unit.
    /// Any other than zero is against Drug GSP App. 3 (rules §2.3).
    pub user_offsets: Vec<(String, String)>,
}

/// The time between two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// In seconds, above zero.
    pub seconds: u32,
    /// Who says so.
    pub source: IntervalSource,
}

/// Who says what the interval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalSource {
    /// The file.
    Stated,
    /// The readings: their most frequent distance.
    Measured,
    /// A person.
    Answered,
}

/// Which side of a limit an alarm watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LoggerSide")]
pub enum Side {
    /// Too cold.
    Cold,
    /// Too hot.
    Hot,
}

/// How an alarm counts its minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlarmMode {
    /// In one stretch.
    Single,
    /// All stretches together.
    Cumulative,
    /// All stretches of one day together; starts anew at midnight.
    CumulativePerDay,
}

/// An alarm as the device was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SetPoint {
    /// What the file calls it: `0`, `1` …
    pub name: String,
    /// Which side it watches; none where the file does not say.
    pub side: Option<Side>,
    /// How it counts; none where the file does not say.
    pub mode: Option<AlarmMode>,
    /// The limit, decimal text as written.
    pub limit: Option<String>,
    /// After how many minutes it rings; none where the file does not say.
    pub minutes: Option<u32>,
    /// The line, counted from 1.
    pub line: u32,
}
