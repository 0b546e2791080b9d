//! A logger's own file: kept as it is, and read with what people answered about it.

use std::io::Read;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use spotcheck_domain::BlobHash;
use spotcheck_loggers::{Answers, MAX_FILE_BYTES, read, to_reading_log};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::reading_log::{KeptLog, ReadyLog};
use super::{OpenFile, ReadingLog};
use crate::{AppError, Device, Host};

/// A logger's file that answers an item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LoggerSource {
    /// The file's name.
    pub file: String,
    /// What the file leaves open, as `spotcheck logger` asks for it.
    #[serde(default)]
    pub answers: Answers,
    /// The logger's probe, where it has several.
    #[serde(default)]
    pub probe: Option<String>,
    /// Where the probe hung.
    #[serde(default)]
    pub place: Option<String>,
}

/// The file that a log was read from: with its answers anybody reads the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Original {
    /// What was answered about it, and what it said itself.
    pub answers: Answers,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Its name on the device that read it.
    pub name: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Reads the file and keeps it, durably, with the log. Of one that is no right answer nothing is
    /// kept.
    pub(super) fn keep_logger_file(
        &mut self,
        field: &str,
        source: &LoggerSource,
        open: OpenFile<'_>,
    ) -> Result<KeptLog, AppError> {
        let name = &source.file;
        let located =
            |said: String| AppError::invalid(format!("{field}.file"), format!("{name:?}: {said}"));
        let mut bytes = vec![];
        let file = open(name).map_err(|e| located(e.to_string()))?;
        let read_whole = file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes);
        read_whole.map_err(|e| located(e.to_string()))?;
        let file = read(&bytes, &source.answers).map_err(|e| located(e.to_string()))?;
        let log = to_reading_log(&file).map_err(|e| located(e.to_string()))?;
        let original = Original {
            answers: file.answers,
            bytes: bytes.len() as u64,
            name: name.clone(),
            sha256: BlobHash(Sha256::digest(&bytes).into()).to_string(),
        };
        // Half a million readings are there twice by now.
        drop(file.readings);
        let (probe, place) = (source.probe.clone(), source.place.clone());
        let log = ReadingLog { probe, place, ..log.into() };
        let ready = ReadyLog::of(field, &log, Some(&original))?;
        drop(log);
        let original = self.keep_photo(&mut bytes.as_slice())?;
        let blob = self.keep_photo(&mut ready.document.as_slice())?;
        Ok(KeptLog { blob, original: Some(original), answer: ready.answer })
    }
}

impl From<spotcheck_loggers::ReadingLog> for ReadingLog {
    fn from(log: spotcheck_loggers::ReadingLog) -> Self {
        let spotcheck_loggers::ReadingLog {
            unit,
            interval_min,
            instrument,
            probe,
            place,
            readings,
        } = log;
        Self { unit, interval_min, instrument, probe, place, readings }
    }
}
