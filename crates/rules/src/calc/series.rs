//! Temperatures over time: strictly ascending, in one unit, with what is missing kept as missing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CalcError;
use super::answer::minutes;
use super::input::{Sensed, Stamp};

const MINUTE_MS: i64 = 60_000;
/// A longer logging interval than a day watches nothing.
const MOST_INTERVAL_MIN: i64 = 1_440;
const MOST_MINUTE: u64 = 100_000_000;

/// One reading of a question: `at` or `minute`, and `c` or `f`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    at: Option<Stamp>,
    minute: Option<i64>,
    c: Option<Sensed>,
    f: Option<Sensed>,
}

/// One line of a log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) at: Stamp,
    pub(super) value: Option<Decimal>,
}

/// A stretch between two known values that is short enough to be joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) from: Stamp,
    pub(super) to: Stamp,
    pub(super) first: Decimal,
    pub(super) last: Decimal,
}

impl Segment {
    pub(super) fn ms(&self) -> i64 {
        self.to.ms.saturating_sub(self.from.ms)
    }
}

/// A stretch without a value that is longer than twice the interval (rules §1.5).
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub(super) from: Stamp,
    pub(super) to: Stamp,
}

/// The readings of a question, checked.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) points: Vec<Point>,
    /// `°C` or `°F`, as read.
    pub(super) unit: &'static str,
    /// Times were given as minutes from an unnamed start.
    relative: bool,
}

impl Series {
    pub(super) fn read(readings: &[Reading]) -> Result<Self, CalcError> {
        if readings.is_empty() {
            let en = "there is no reading; give at least one";
            return Err(CalcError::field("readings", en, "没有读数，请至少给一个"));
        }
        let is_f = readings.iter().any(|reading| reading.f.is_some());
        let relative = readings.iter().any(|reading| reading.minute.is_some());
        let mut points: Vec<Point> = Vec::with_capacity(readings.len());
        for (index, reading) in readings.iter().enumerate() {
            let path = |field: &str| format!("readings[{index}]{field}");
            let at = time(reading, relative).ok_or_else(|| {
                let en = "give each reading `at` (RFC 3339), or each `minute`, not both";
                CalcError::field(path(""), en, "每条读数都给 at，或都给 minute，不可混用")
            })?;
            if points.last().is_some_and(|last| last.at.ms >= at.ms) {
                let en = "it is not later than the reading before; sort by time, drop repetitions";
                return Err(CalcError::field(path(""), en, "不晚于上一条，请按时间排序并去重"));
            }
            if is_f && reading.c.is_some() {
                let en = "°C and °F are mixed; give every reading in the unit it was read in";
                return Err(CalcError::field(path(".c"), en, "°C 与 °F 混用，请统一为所读单位"));
            }
            let value = if is_f { reading.f } else { reading.c };
            let value = value.and_then(|sensed| sensed.0).map(crate::Quantity::decimal);
            if value.is_some_and(|value| !is_plausible(value)) {
                let en = "it is no temperature; give -1000 to 1000 with at most 6 decimals";
                return Err(CalcError::field(
                    path(""),
                    en,
                    "不是温度，应在 ±1000 内、最多 6 位小数",
                ));
            }
            points.push(Point { at, value });
        }
        Ok(Self { points, unit: if is_f { "°F" } else { "°C" }, relative })
    }

    /// Readings that were checked elsewhere: in time order, in one unit.
    pub(super) fn of(points: Vec<Point>) -> Self {
        Self { points, unit: "", relative: false }
    }

    /// A time as the question wrote it.
    pub(super) fn label(&self, at: Stamp) -> Value {
        if self.relative { minutes(Decimal::from(at.ms)) } else { Value::from(at.text()) }
    }

    /// From the first line to the last.
    pub(super) fn elapsed_ms(&self) -> i64 {
        match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) => last.at.ms.saturating_sub(first.at.ms),
            _ => 0,
        }
    }

    /// The values there are, with their times.
    pub(super) fn known(&self) -> impl Iterator<Item = (Stamp, Decimal)> + '_ {
        self.points.iter().filter_map(|point| Some((point.at, point.value?)))
    }

    /// The most frequent distance of two lines in ms; of several the longest. `None` for one line.
    pub(super) fn usual_interval_ms(&self) -> Option<i64> {
        let mut counts = BTreeMap::new();
        for (a, b) in self.points.iter().zip(self.points.iter().skip(1)) {
            *counts.entry(b.at.ms.saturating_sub(a.at.ms)).or_insert(0_u64) += 1;
        }
        let usual = counts.into_iter().max_by_key(|(interval, count)| (*count, *interval));
        usual.map(|(interval, _)| interval.min(MOST_INTERVAL_MIN * MINUTE_MS))
    }

    /// What can be joined and what is unknown, in time order. Without an interval all is joined.
    pub(super) fn split(&self, interval_ms: Option<i64>) -> (Vec<Segment>, Vec<Gap>) {
        let (mut segments, mut gaps) = (Vec::new(), Vec::new());
        let is_gap = |from: Stamp, to: Stamp| {
            interval_ms.is_some_and(|interval| to.ms.saturating_sub(from.ms) > 2 * interval)
        };
        let mut last: Option<(Stamp, Option<Decimal>)> = None;
        for point in &self.points {
            let Some(value) = point.value else {
                last = last.or(Some((point.at, None)));
                continue;
            };
            match last {
                Some((from, _)) if is_gap(from, point.at) => gaps.push(Gap { from, to: point.at }),
                Some((from, Some(first))) => {
                    segments.push(Segment { from, to: point.at, first, last: value });
                }
                _ => {}
            }
            last = Some((point.at, Some(value)));
        }
        if let (Some((from, _)), Some(end)) = (last, self.points.last())
            && is_gap(from, end.at)
        {
            gaps.push(Gap { from, to: end.at });
        }
        (segments, gaps)
    }

    /// Gaps as an answer lists them.
    pub(super) fn describe_gaps(&self, gaps: &[Gap]) -> Vec<Value> {
        let describe = |gap: &Gap| {
            json!({
                "from": self.label(gap.from),
                "to": self.label(gap.to),
                "minutes": minutes(Decimal::from(gap.to.ms.saturating_sub(gap.from.ms))),
            })
        };
        gaps.iter().map(describe).collect()
    }
}

/// The interval of a question in ms.
pub(super) fn interval_ms(interval_min: Option<i64>) -> Result<Option<i64>, CalcError> {
    match interval_min {
        Some(interval) if !(1..=MOST_INTERVAL_MIN).contains(&interval) => {
            let en = "the logging interval must be 1 to 1440 minutes";
            Err(CalcError::field("interval_min", en, "记录间隔应为 1–1440 分钟"))
        }
        interval => Ok(interval.map(|interval| interval * MINUTE_MS)),
    }
}

fn time(reading: &Reading, relative: bool) -> Option<Stamp> {
    match (reading.at, reading.minute) {
        (Some(at), None) if !relative => Some(at),
        (None, Some(minute)) if minute.unsigned_abs() <= MOST_MINUTE => {
            Some(Stamp { ms: minute * MINUTE_MS, offset_s: 0 })
        }
        _ => None,
    }
}

fn is_plausible(value: Decimal) -> bool {
    value.abs() <= Decimal::from(1_000) && value.scale() <= 6
}
