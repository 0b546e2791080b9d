//! A transport as the device itself sums it up.

use serde::Serialize;

use super::Moment;

/// One run of a transport logger. Values are decimal text as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// When it began.
    pub started_at: Option<Moment>,
    /// When it was stopped.
    pub stopped_at: Option<Moment>,
    /// The lowest value.
    pub min: Option<String>,
    /// When.
    pub min_at: Option<Moment>,
    /// The highest value.
    pub max: Option<String>,
    /// When.
    pub max_at: Option<Moment>,
    /// The mean; cut off, not rounded.
    pub average: Option<String>,
    /// The mean kinetic temperature by [`Self::mkt_energy`]; cut off, not rounded.
    pub mkt: Option<String>,
    /// The activation energy it was reckoned with, in kJ/mol: 83.0, where rules §2.3 has 83.144.
    pub mkt_energy: Option<String>,
    /// Every stretch an alarm saw.
    pub episodes: Vec<Episode>,
}

/// A stretch beyond a set point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Episode {
    /// The alarm, as [`crate::SetPoint::name`].
    pub alarm: String,
    /// When it began.
    pub from: Option<Moment>,
    /// When it ended; none while it lasts.
    pub until: Option<Moment>,
    /// Minutes (`t A`); of a cumulative alarm, all of them.
    pub minutes: Option<u32>,
    /// When the alarm rang.
    pub rang_at: Option<Moment>,
    /// The value farthest out.
    pub extreme: Option<String>,
    /// When.
    pub extreme_at: Option<Moment>,
    /// The line, counted from 1.
    pub line: u32,
}
