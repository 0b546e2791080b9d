//! Readings in order, their interval, and what is missing between them.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_rules::Bilingual;

use crate::error::ErrorCode;
use crate::limits::MAX_READINGS;
use crate::{Interval, IntervalSource, Notice, ReadError, Reading};

/// A stretch longer than twice the interval without a value: unknown, not in range (rules §1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The last known time before it, in seconds since 1970-01-01T00:00:00Z.
    pub from_s: i64,
    /// The first known time after it.
    pub to_s: i64,
}

/// Appends a reading, up to the most a log may have.
pub(crate) fn push(readings: &mut Vec<Reading>, reading: Reading) -> Result<(), ReadError> {
    if readings.len() >= MAX_READINGS {
        let what = Bilingual { zh: "读数".to_owned(), en: "readings".to_owned() };
        return Err(ReadError::too_many(reading.line, &what, MAX_READINGS));
    }
    readings.push(reading);
    Ok(())
}

/// Turns a log that is written newest first, and refuses one that is in no order.
pub(crate) fn put_in_order(
    readings: &mut [Reading],
    notices: &mut Vec<Notice>,
) -> Result<(), ReadError> {
    let newest_first = match (readings.first(), readings.last()) {
        (Some(first), Some(last)) => first.at.at_s > last.at.at_s,
        _ => false,
    };
    if newest_first {
        readings.reverse();
        notices.push(Notice::whole(
            "文件按时间倒序写成；已按正序读入",
            "the file has the newest reading first; it was read in time order",
        ));
    }
    let pairs = readings.windows(2).filter_map(|pair| pair.first().zip(pair.last()));
    for (before, after) in pairs {
        if after.at.at_s <= before.at.at_s {
            let (wrong, other) = if newest_first { (before, after) } else { (after, before) };
            return Err(out_of_order(wrong, other));
        }
    }
    Ok(())
}

fn out_of_order(wrong: &Reading, other: &Reading) -> ReadError {
    let (time, line) = (wrong.at, other.line);
    ReadError::at(
        wrong.line,
        ErrorCode::Order,
        format!(
            "{time} 与第 {line} 行的时间重复或次序颠倒；请删除重复行、核对日期顺序，或按不含夏令时的时间重新导出"
        ),
        format!(
            "{time} repeats or goes against the time of line {line}; drop repeated lines, check the order of day and month, or export without daylight saving time"
        ),
    )
}

/// The interval: as stated or answered, else as measured.
pub(crate) fn interval_of(
    stated_s: Option<u32>,
    answered_s: Option<u32>,
    readings: &[Reading],
) -> Option<Interval> {
    let of = |source| move |seconds| Interval { seconds, source };
    let positive = |seconds: &u32| *seconds > 0;
    stated_s
        .filter(positive)
        .map(of(IntervalSource::Stated))
        .or_else(|| answered_s.filter(positive).map(of(IntervalSource::Answered)))
        .or_else(|| measured(readings).map(of(IntervalSource::Measured)))
}

/// The most frequent distance; of equally frequent ones the shortest, which shows more gaps.
fn measured(readings: &[Reading]) -> Option<u32> {
    let mut counts = BTreeMap::<u32, u32>::new();
    for (before, after) in readings.iter().zip(readings.iter().skip(1)) {
        let distance = after.at.at_s.abs_diff(before.at.at_s);
        *counts.entry(u32::try_from(distance).unwrap_or(u32::MAX)).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find_map(|(distance, count)| (count == most).then_some(distance))
}

/// Every gap of readings in order, as [`spotcheck_rules::summarise`] finds them.
pub(crate) fn gaps_of(readings: &[Reading], interval_s: u32) -> Vec<Gap> {
    let longest = 2 * u64::from(interval_s);
    let mut gaps = Vec::new();
    let mut known_s: Option<i64> = None;
    let mut close = |from: Option<i64>, to_s: i64| {
        if let Some(from_s) = from.filter(|from_s| to_s.abs_diff(*from_s) > longest) {
            gaps.push(Gap { from_s, to_s });
        }
    };
    for reading in readings {
        let at_s = reading.at.at_s;
        if reading.value.is_some() {
            close(known_s, at_s);
            known_s = Some(at_s);
        } else {
            known_s = known_s.or(Some(at_s));
        }
    }
    if let Some(last) = readings.last() {
        close(known_s, last.at.at_s);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    fn log(lines: &[(i64, &str)]) -> Vec<Reading> {
        let reading = |(line, &(minute, value)): (u32, &(i64, &str))| Reading {
            at: Moment { at_s: minute * 60, offset_min: 0 },
            value: (value != "--.-").then(|| value.into()),
            marked: false,
            line,
        };
        (1..).zip(lines).map(reading).collect()
    }

    #[test]
    fn section_4b_gap_test_40_minutes_unknown() {
        let readings = log(&[(0, "5"), (10, "5"), (50, "6"), (60, "4")]);
        let interval = interval_of(None, None, &readings).unwrap();
        assert_eq!(interval, Interval { seconds: 600, source: IntervalSource::Measured });
        assert_eq!(gaps_of(&readings, 600), [Gap { from_s: 600, to_s: 3000 }]);
    }

    #[test]
    fn a_log_without_a_probe_is_unknown_from_end_to_end() {
        let readings = log(&[(0, "--.-"), (10, "--.-"), (20, "--.-"), (30, "--.-")]);
        assert_eq!(gaps_of(&readings, 600), [Gap { from_s: 0, to_s: 1800 }]);
        assert_eq!(gaps_of(&log(&[(0, "5"), (20, "5")]), 600), [], "twice the interval is no gap");
    }

    #[test]
    fn newest_first_is_turned_and_disorder_is_located() {
        let mut notices = Vec::new();
        let mut readings = log(&[(30, "3"), (20, "2"), (10, "1")]);
        put_in_order(&mut readings, &mut notices).unwrap();
        assert_eq!((readings[0].line, notices.len()), (3, 1));
        let mut twice = log(&[(0, "1"), (10, "1"), (10, "1")]);
        let error = put_in_order(&mut twice, &mut notices).unwrap_err();
        assert_eq!((error.code, error.line), (ErrorCode::Order, Some(3)));
    }
}
