//! Reading logs on a screen: a line to draw and a page of rows, however long the log is.

use serde::Serialize;
use spotcheck_domain::{BlobHash, RecordId};
use spotcheck_rules::Quantity;
use spotcheck_store::BlobStore;
use ts_rs::TS;

use crate::record::{Line, LogSource, Original, ReadingLog};
use crate::{AppError, Device, Host};

/// Points of a line at most: more than a phone has columns to draw them in.
const POINTS: usize = 400;
/// Rows of a page at most.
const ROWS: usize = 500;
/// Documents are read in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;

/// A reading log.
#[derive(Debug, Serialize, TS)]
pub struct LogView {
    /// The unit of every value.
    pub unit: String,
    /// The interval that the logger was set to, in minutes.
    pub interval_min: u32,
    /// The logger, by number or name.
    pub instrument: Option<String>,
    /// Its probe.
    pub probe: Option<String>,
    /// Where the probe hung.
    pub place: Option<String>,
    /// The times of the first and the last reading, as the logger gave them.
    pub span: Option<(String, String)>,
    /// Readings with a value.
    pub count: u32,
    /// Readings in all.
    pub total: u32,
    /// Values that should be there and are not.
    pub missing: u32,
    /// The lowest value, decimal text.
    pub min: Option<String>,
    /// The highest value, decimal text.
    pub max: Option<String>,
    /// Stretches without a value, from and to: ms since 1970 UTC.
    #[ts(type = "Array<[number, number]>")]
    pub gaps: Vec<[i64; 2]>,
    /// The line, at most 400 points.
    pub line: Vec<LogPoint>,
    /// The page of rows: time and value as the logger gave them.
    pub rows: Vec<(String, Option<String>)>,
    /// The logger's own file, where it was read from one.
    pub original: Option<Original>,
}

/// A point of the line: one reading, or the extremes of several.
#[derive(Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogPoint {
    /// The first reading's time: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The lowest value, decimal text; none where no value was shown.
    pub min: Option<String>,
    /// The highest value, decimal text.
    pub max: Option<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Answers an item with readings, through the same path as a line of a record file.
    pub(super) fn answer_log(
        &mut self,
        id: RecordId,
        path: &str,
        log: ReadingLog,
        why: Option<String>,
    ) -> Result<(), AppError> {
        let line = Line {
            inspection: Some(id.to_string()),
            reading_logs: [(path.to_owned(), LogSource::Here(log))].into(),
            why,
            ..Line::default()
        };
        self.record_parsed(line, &mut |_| Err(std::io::ErrorKind::NotFound.into()))?;
        Ok(())
    }

    pub(super) fn log_view(
        &self,
        sha256: &str,
        from: usize,
        limit: usize,
    ) -> Result<LogView, AppError> {
        let hash: BlobHash =
            sha256.parse().map_err(|_| AppError::invalid("sha256", "not a SHA-256 in hex"))?;
        let (log, original) = ReadingLog::of_document(&self.document_bytes(hash)?)?;
        Ok(LogView { original, ..view_of(log, from, limit)? })
    }

    pub(super) fn document_bytes(&self, hash: BlobHash) -> Result<Vec<u8>, AppError> {
        let mut bytes = vec![];
        loop {
            let piece = self.read_photo(hash, bytes.len() as u64, PIECE_BYTES)?;
            bytes.extend_from_slice(&piece);
            if piece.len() < PIECE_BYTES {
                return Ok(bytes);
            }
        }
    }
}

/// What a screen shows of a log, with a page of its rows.
pub(super) fn view_of(log: ReadingLog, from: usize, limit: usize) -> Result<LogView, AppError> {
    let (readings, summary) = log.summary("log")?;
    let points: Vec<(i64, Option<Quantity>)> = readings
        .iter()
        // A document that was summarised has numbers only.
        .map(|it| (it.at, it.value.as_deref().and_then(|text| Quantity::parse(text).ok())))
        .collect();
    let clamp = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let ends = log.readings.first().zip(log.readings.last());
    Ok(LogView {
        span: ends.map(|((first, _), (last, _))| (first.clone(), last.clone())),
        count: clamp(summary.count),
        total: clamp(log.readings.len() as u64),
        missing: clamp(summary.missing),
        min: summary.min.map(|it| it.to_string()),
        max: summary.max.map(|it| it.to_string()),
        gaps: summary.gaps.iter().map(|gap| [gap.from, gap.to]).collect(),
        line: line_of(&points),
        rows: log.readings.into_iter().skip(from).take(limit.min(ROWS)).collect(),
        unit: log.unit,
        interval_min: log.interval_min,
        instrument: log.instrument,
        probe: log.probe,
        place: log.place,
        original: None,
    })
}

/// Neighbours share a point where there are more readings than points; extremes are never lost.
fn line_of(readings: &[(i64, Option<Quantity>)]) -> Vec<LogPoint> {
    let share = readings.len().div_ceil(POINTS).max(1);
    let point = |part: &[(i64, Option<Quantity>)]| {
        let values = || part.iter().filter_map(|(_, value)| *value);
        LogPoint {
            at_ms: part.first().map_or(0, |(at, _)| *at),
            min: values().min().map(|it| it.to_string()),
            max: values().max().map(|it| it.to_string()),
        }
    };
    readings.chunks(share).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_drawn_in_few_points_and_keeps_its_extremes() {
        let readings: Vec<_> = (0..525_600_i64)
            .map(|minute| {
                let text = if minute == 300_001 { "-3.25" } else { "-18.5" };
                (minute * 60_000, Quantity::parse(text).ok())
            })
            .collect();
        let line = line_of(&readings);
        assert!(line.len() <= POINTS, "{} points", line.len());
        assert!(line.iter().any(|it| it.max.as_deref() == Some("-3.25")), "the peak is drawn");
    }

    #[test]
    fn a_reading_without_a_value_breaks_the_line() {
        let line = line_of(&[(0, Quantity::parse("1.0").ok()), (60_000, None)]);
        assert_eq!(line[1], LogPoint { at_ms: 60_000, min: None, max: None });
    }
}
