//! A day as the device itself sums it up.

use serde::Serialize;
use spotcheck_rules::NaiveDate;

/// One day of the device's clock. Values are decimal text as written; clocks are `HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DaySummary {
    /// Which day.
    pub date: NaiveDate,
    /// The lowest value; none where no probe answered.
    pub min: Option<String>,
    /// When it was first reached.
    pub min_at: Option<String>,
    /// The highest value.
    pub max: Option<String>,
    /// When it was first reached.
    pub max_at: Option<String>,
    /// The mean, from finer samples than the readings and cut off, not rounded (rules §2.4).
    pub average: Option<String>,
    /// What each alarm counted.
    pub counters: Vec<DayCounter>,
    /// Minutes without a probe: the sensor's name and the count.
    pub without_probe_min: Vec<(String, u32)>,
    /// Clocks at which somebody pressed the button to have read it, as the file names them.
    pub checked: Vec<(String, String)>,
    /// The file's number of events; what it counts is not documented.
    pub events: Option<u32>,
    /// The line its date is in, counted from 1.
    pub line: u32,
}

/// What an alarm counted on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DayCounter {
    /// The alarm, as [`crate::SetPoint::name`].
    pub alarm: String,
    /// Minutes beyond the set point (`t Acc`).
    pub minutes: Option<u32>,
    /// The clock at which it rang (`TS A`).
    pub rang_at: Option<String>,
    /// What the file says of acknowledgement (`C A`).
    pub acknowledged: Option<u32>,
    /// The ambient temperature when it rang (`T Amb`).
    pub ambient: Option<String>,
}
