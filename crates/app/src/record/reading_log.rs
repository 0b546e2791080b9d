//! A logger's readings: kept as one document beside the photos, answered by its summary.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, SlotPath, Value};
use spotcheck_loggers::MAX_READINGS;
use spotcheck_rules::{LogReading, LogSummary, summarise};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::logger_file::Original;
use super::{Line, OpenFile};
use crate::{AppError, Device, Host};

/// Longer files are no reading logs of at most that many readings.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Readings as a logger gives them. Texts are kept exactly as given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadingLog {
    /// The unit of every reading, such as `°C`.
    pub unit: String,
    /// The interval that the logger was set to, in minutes.
    pub interval_min: u32,
    /// The logger, by number or name.
    #[serde(default)]
    pub instrument: Option<String>,
    /// Its probe.
    #[serde(default)]
    pub probe: Option<String>,
    /// Where the probe hung.
    #[serde(default)]
    pub place: Option<String>,
    /// RFC 3339 time with zone, and decimal text; null where the logger shows no value.
    pub readings: Vec<(String, Option<String>)>,
}

/// Where a line has its readings: in itself, or in a file of the same shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogSource {
    /// A file's name.
    File(String),
    /// The readings.
    Here(ReadingLog),
}

/// A log whose document is durable on this device.
pub(super) struct KeptLog {
    pub(super) blob: BlobRef,
    /// The logger's own file, where it was read from one.
    pub(super) original: Option<BlobRef>,
    pub(super) answer: Value,
}

/// The logs of a line by the slot they answer.
pub(super) type KeptLogs = BTreeMap<SlotPath, KeptLog>;

impl KeptLog {
    /// All that its op names.
    pub(super) fn blobs(&self) -> impl Iterator<Item = BlobRef> {
        [Some(self.blob), self.original].into_iter().flatten()
    }
}

/// The document as it is hashed and kept: members in alphabetical order, no whitespace.
#[derive(Serialize)]
struct Document<'a> {
    /// Stretches without a value, by the readings around them.
    gaps: Vec<(&'a str, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instrument: Option<&'a str>,
    interval_min: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a Original>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<&'a str>,
    readings: &'a [(String, Option<String>)],
    unit: &'a str,
    v: u32,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Keeps the documents of a line's reading logs. Bytes before op.
    pub(super) fn keep_reading_logs(
        &mut self,
        line: &Line,
        open: OpenFile<'_>,
    ) -> Result<KeptLogs, AppError> {
        let mut kept = KeptLogs::new();
        for (code, source) in &line.reading_logs {
            let field = format!("reading_logs.{code}");
            let log = match source {
                LogSource::Here(log) => log.clone(),
                LogSource::File(name) => read_file(&field, name, open)?,
            };
            let path = line.log_path(code, &field)?;
            kept.insert(path, self.keep_log(&field, &log)?);
        }
        for (code, source) in &line.logger_files {
            let field = format!("logger_files.{code}");
            let path = line.log_path(code, &field)?;
            if kept.contains_key(&path) {
                return Err(AppError::invalid(field, "the item has readings already; give one"));
            }
            kept.insert(path, self.keep_logger_file(&field, source, open)?);
        }
        Ok(kept)
    }

    fn keep_log(&mut self, field: &str, log: &ReadingLog) -> Result<KeptLog, AppError> {
        let ready = ReadyLog::of(field, log, None)?;
        let blob = self.keep_photo(&mut ready.document.as_slice())?;
        Ok(KeptLog { blob, original: None, answer: ready.answer })
    }
}

/// A log that is a right answer, and of which nothing is kept yet.
pub(super) struct ReadyLog {
    pub(super) document: Vec<u8>,
    pub(super) answer: Value,
}

impl ReadyLog {
    pub(super) fn of(
        field: &str,
        log: &ReadingLog,
        original: Option<&Original>,
    ) -> Result<Self, AppError> {
        let (document, summary) = log.document(field, original)?;
        let sha256 = BlobHash(Sha256::digest(&document).into());
        let answer = answer(field, &log.unit, sha256, &summary)?;
        Ok(Self { document, answer })
    }
}

fn read_file(field: &str, name: &str, open: OpenFile<'_>) -> Result<ReadingLog, AppError> {
    let located = |said: String| AppError::invalid(field, format!("file {name:?}: {said}"));
    let file = open(name).map_err(|e| located(e.to_string()))?;
    let mut text = String::new();
    let read = file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(|e| located(e.to_string()))?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(located("longer than 64 MiB; split the log".to_owned()));
    }
    serde_json::from_str(&text).map_err(|e| located(e.to_string()))
}

/// A document read back. What newer versions add to it does not hinder.
#[derive(Deserialize)]
struct Stored {
    unit: String,
    interval_min: u32,
    instrument: Option<String>,
    probe: Option<String>,
    place: Option<String>,
    original: Option<serde_json::Value>,
    readings: Vec<(String, Option<String>)>,
}

impl ReadingLog {
    /// Reads a document that this or another device made, and the file it was read from.
    pub(crate) fn of_document(bytes: &[u8]) -> Result<(Self, Option<Original>), AppError> {
        let stored = serde_json::from_slice(bytes).map_err(|e| AppError::invalid("log", e))?;
        let Stored { unit, interval_min, instrument, probe, place, original, readings } = stored;
        // A newer version may have asked what this one does not know: the readings stand all the same.
        let original = original.and_then(|it| serde_json::from_value(it).ok());
        Ok((Self { unit, interval_min, instrument, probe, place, readings }, original))
    }

    /// Checks the readings and gives them with what they say as a whole.
    pub(crate) fn summary(&self, field: &str) -> Result<(Vec<LogReading>, LogSummary), AppError> {
        if self.readings.len() > MAX_READINGS {
            let remedy = format!("at most {MAX_READINGS} readings in one log; split it");
            return Err(AppError::invalid(format!("{field}.readings"), remedy));
        }
        let readings = self.readings.iter().enumerate().map(|(index, (time, value))| {
            let at = chrono::DateTime::parse_from_rfc3339(time).map_err(|_| {
                let remedy = format!("{time:?}: write the time as 2021-06-01T00:00:00+08:00");
                AppError::invalid(format!("{field}.readings[{index}]"), remedy)
            })?;
            Ok(LogReading { at: at.timestamp_millis(), value: value.clone() })
        });
        let readings = readings.collect::<Result<Vec<_>, AppError>>()?;
        let summary = summarise(&readings, &self.unit, self.interval_min, None)
            .map_err(|e| AppError::invalid(format!("{field}.readings"), e))?;
        Ok((readings, summary))
    }

    /// Checks the readings and gives the document's bytes with the summary.
    fn document(
        &self,
        field: &str,
        original: Option<&Original>,
    ) -> Result<(Vec<u8>, LogSummary), AppError> {
        let (readings, summary) = self.summary(field)?;
        // A gap begins and ends at a reading: name it by the text that the logger gave.
        let text_at = |ms: i64| {
            let index = readings.binary_search_by_key(&ms, |reading| reading.at).ok()?;
            self.readings.get(index).map(|(time, _)| time.as_str())
        };
        let gaps = summary.gaps.iter().filter_map(|gap| text_at(gap.from).zip(text_at(gap.to)));
        let document = Document {
            gaps: gaps.collect(),
            instrument: self.instrument.as_deref(),
            interval_min: self.interval_min,
            kind: "reading_log",
            original,
            place: self.place.as_deref(),
            probe: self.probe.as_deref(),
            readings: &self.readings,
            unit: &self.unit,
            v: 1,
        };
        let bytes = serde_json::to_vec(&document).map_err(|e| AppError::invalid(field, e))?;
        Ok((bytes, summary))
    }
}

/// The summary in the shape of a reading log's answer.
fn answer(field: &str, unit: &str, log: BlobHash, summary: &LogSummary) -> Result<Value, AppError> {
    let (Some(min), Some(max)) = (summary.min, summary.max) else {
        let remedy = "no reading has a value; answer \"na\" with the reason";
        return Err(AppError::invalid(format!("{field}.readings"), remedy));
    };
    let count = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(Value::from([
        ("log", Value::from(log.to_string())),
        ("count", count(summary.count)),
        ("missing", count(summary.missing)),
        ("min", min.to_string().into()),
        ("max", max.to_string().into()),
        ("unit", unit.into()),
    ]))
}

impl<'de> Deserialize<'de> for LogSource {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NameOrLog)
    }
}

/// Told apart by hand: an untagged enum would hide which field of the log is wrong.
struct NameOrLog;

impl<'de> Visitor<'de> for NameOrLog {
    type Value = LogSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file name, or an object with unit, interval_min and readings")
    }

    fn visit_str<E>(self, name: &str) -> Result<LogSource, E> {
        Ok(LogSource::File(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<LogSource, A::Error> {
        ReadingLog::deserialize(MapAccessDeserializer::new(members)).map(LogSource::Here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(readings: &[(&str, Option<&str>)]) -> ReadingLog {
        ReadingLog {
            unit: "°C".to_owned(),
            interval_min: 30,
            instrument: Some("L-7".to_owned()),
            probe: None,
            place: None,
            readings: readings
                .iter()
                .map(|(at, value)| ((*at).to_owned(), value.map(str::to_owned)))
                .collect(),
        }
    }

    #[test]
    fn a_log_is_one_document_that_names_its_gaps_and_a_summary() {
        let log = log(&[
            ("2021-06-01T00:00:00+08:00", Some("-18.40")),
            ("2021-06-01T00:30:00+08:00", None),
            ("2021-06-01T02:30:00+08:00", Some("-17.9")),
        ]);
        let (document, summary) = log.document("reading_logs.CCS-06", None).unwrap();
        assert_eq!(
            String::from_utf8(document).unwrap(),
            r#"{"gaps":[["2021-06-01T00:00:00+08:00","2021-06-01T02:30:00+08:00"]],"instrument":"L-7","interval_min":30,"kind":"reading_log","readings":[["2021-06-01T00:00:00+08:00","-18.40"],["2021-06-01T00:30:00+08:00",null],["2021-06-01T02:30:00+08:00","-17.9"]],"unit":"°C","v":1}"#
        );
        let answer = answer("f", "°C", BlobHash([7; 32]), &summary).unwrap();
        assert_eq!(answer.get("min").and_then(Value::as_text), Some("-18.40"));
        assert_eq!(answer.get("missing"), Some(&Value::Int(4)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let said = |readings: &[(&str, Option<&str>)]| {
            log(readings).document("reading_logs.CCS-06", None).unwrap_err().to_string()
        };
        let at = "2021-06-01T00:00:00+08:00";
        assert!(said(&[(at, None), ("2021-06-01 01:00", None)]).contains("readings[1]"));
        assert!(said(&[(at, Some("-18,5"))]).contains("reading 1"), "a comma");
        assert!(said(&[(at, None), (at, None)]).contains("reading 2 is not later"));
        let source: Result<LogSource, _> = serde_json::from_str(r#"{"unit":"°C","interval":30}"#);
        assert!(source.unwrap_err().to_string().contains("unknown field `interval`"));
    }
}
