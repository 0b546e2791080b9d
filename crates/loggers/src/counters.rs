//! A device's own minutes beside the minutes its readings give: both are shown, none is preferred.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_rules::{NaiveDate, Quantity};
use ts_rs::TS;

use crate::{FileKind, LoggerFile, Reading, Side};

/// One alarm on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CounterCheck {
    /// The day of the device's clock.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// The alarm, as [`crate::SetPoint::name`].
    pub alarm: String,
    /// What the device counted, in minutes, from finer samples than it wrote down.
    pub device_min: u32,
    /// Readings beyond the set point, times the interval, in minutes.
    pub counted_min: u32,
    /// How many stretches those readings make.
    pub episodes: u32,
    /// Whether both differ by at most one interval for each stretch (rules §4.B), one at least.
    pub agrees: bool,
}

/// Compares the counters of every day that has readings from its first interval to its last.
/// Days that are only partly in the readings, such as the first and the one of the report, and
/// files without readings have nothing to compare: the device knows more than the file.
#[must_use]
pub fn check_counters(file: &LoggerFile) -> Vec<CounterCheck> {
    let Some(interval) = file.interval else { return Vec::new() };
    let points = file.set_points.iter().filter_map(|point| {
        let limit = Quantity::parse(point.limit.as_deref()?).ok()?;
        Some((point.name.as_str(), point.side?, limit))
    });
    let points: Vec<_> = points.collect();
    let by_day = by_day(&file.readings);
    let whole = |readings: &&[Reading]| is_whole(readings, interval.seconds);
    let mut checks = Vec::new();
    for day in &file.days {
        let Some(readings) = by_day.get(&day.date).copied().filter(whole) else { continue };
        for counter in &day.counters {
            let point = points.iter().find(|(name, ..)| *name == counter.alarm);
            let (Some((_, side, limit)), Some(device_min)) = (point, counter.minutes) else {
                continue;
            };
            let beyond = readings.iter().map(|it| is_beyond(file.kind, it, *side, *limit));
            let (count, episodes) = count(beyond);
            let seconds = u64::from(count) * u64::from(interval.seconds);
            let counted_min = u32::try_from(seconds / 60).unwrap_or(u32::MAX);
            let tolerance = u64::from(episodes.max(1)) * u64::from(interval.seconds);
            let apart = u64::from(device_min.abs_diff(counted_min)) * 60;
            checks.push(CounterCheck {
                date: day.date,
                alarm: counter.alarm.clone(),
                device_min,
                counted_min,
                episodes,
                agrees: apart <= tolerance,
            });
        }
    }
    checks
}

/// The readings of each day, which stand together because they are in order.
fn by_day(readings: &[Reading]) -> BTreeMap<NaiveDate, &[Reading]> {
    let same = |a: &Reading, b: &Reading| day_of(a) == day_of(b);
    readings.chunk_by(same).filter_map(|day| Some((day_of(day.first()?)?, day))).collect()
}

fn day_of(reading: &Reading) -> Option<NaiveDate> {
    let clock_s = reading.at.at_s + i64::from(reading.at.offset_min) * 60;
    Some(chrono::DateTime::from_timestamp(clock_s, 0)?.date_naive())
}

fn is_whole(readings: &[Reading], interval_s: u32) -> bool {
    let expected = 86_400u64.div_ceil(u64::from(interval_s.max(1)));
    // A drifting clock may put one reading on the other side of midnight.
    readings.len() as u64 + 1 >= expected
}

/// Hot alarms leave out the set point. Fridge-tags' cold alarms include it (rules §1.4); Q-tags
/// do not mark a reading at it.
fn is_beyond(kind: FileKind, reading: &Reading, side: Side, limit: Quantity) -> bool {
    let value = reading.value.as_deref().and_then(|text| Quantity::parse(text).ok());
    value.is_some_and(|value| match side {
        Side::Hot => value > limit,
        Side::Cold if kind == FileKind::QTag => value < limit,
        Side::Cold => value <= limit,
    })
}

fn count(beyond: impl Iterator<Item = bool>) -> (u32, u32) {
    let (mut count, mut episodes, mut before) = (0, 0, false);
    for beyond in beyond {
        count += u32::from(beyond);
        episodes += u32::from(beyond && !before);
        before = beyond;
    }
    (count, episodes)
}
