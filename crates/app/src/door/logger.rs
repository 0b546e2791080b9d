//! A logger's file on a screen: what it leaves open, and what it says once that is answered.

use std::io::Cursor;

use serde::{Deserialize, Serialize};
use spotcheck_domain::RecordId;
use spotcheck_loggers::{
    Answers, CounterCheck, ErrorCode, ExpectedAlarm, ExpectedSetup, FileKind, KeptLine, LoggerFile,
    Misconfigured, Notice, ReadError, SetPoint, Side, Sniffed, Unit, check_counters,
    find_misconfigured, read, sniff_with, to_reading_log,
};
use spotcheck_rules::{Bilingual, Quantity};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::logs::{LogView, view_of};
use super::photos::photo_hash;
use crate::record::{Line, LoggerSource};
use crate::{AppError, Device, FindingDraft, Host};

/// Days, notices, lines and differences that a screen lists at most: the latest days, the first others.
const LISTED: usize = 100;

/// What became of a logger's file.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum LoggerView {
    /// Something must be answered first.
    Asks(Sniffed),
    /// It is no log that can be read, or an answer cannot be.
    Refused(ReadError),
    /// It was read.
    Read(Box<LoggerFileView>),
}

/// A logger's file, read.
#[derive(Debug, Serialize, TS)]
pub struct LoggerFileView {
    /// What wrote it.
    pub kind: FileKind,
    /// The logger's model and number.
    pub device: Option<String>,
    /// Its readings.
    pub log: Option<LogView>,
    /// Why it has none that could answer an item.
    pub no_log: Option<Bilingual>,
    /// The alarms as the logger was set.
    pub set_points: Vec<SetPoint>,
    /// Whether there was an alarm in the logger's unit to compare those with.
    pub compared: bool,
    /// How it was set otherwise than it should be.
    pub misconfigured: Vec<Misconfigured>,
    /// Days on which the logger's own minutes and those of its readings differ.
    pub differing: Vec<CounterCheck>,
    /// The logger's own days, the latest first.
    pub days: Vec<LoggerDay>,
    /// What to know about how it was read.
    pub notices: Vec<Notice>,
    /// Lines that nobody understood: how many, and the first of them.
    pub unknown: (u32, Vec<KeptLine>),
    /// All answers it was read with.
    pub answers: Answers,
}

/// An alarm that the logger should have.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WantedAlarm {
    /// The unit of the limit; loggers set to another one are not compared with it.
    pub unit: Unit,
    /// The side it watches.
    pub side: Side,
    /// The set point, decimal text.
    pub limit: String,
    /// Which limit asks for it.
    pub source: String,
}

impl WantedAlarm {
    fn alarm(&self) -> Result<ExpectedAlarm, AppError> {
        let limit =
            Quantity::parse(&self.limit).map_err(|e| AppError::invalid("wanted.limit", e))?;
        Ok(ExpectedAlarm { side: self.side, limit, minutes: None, source: self.source.clone() })
    }
}

/// A day as the logger sums it up.
#[derive(Debug, Serialize, TS)]
pub struct LoggerDay {
    /// `YYYY-MM-DD` of the logger's clock.
    pub date: String,
    /// The lowest value, decimal text.
    pub min: Option<String>,
    /// The highest value, decimal text.
    pub max: Option<String>,
    /// Minutes beyond each set point: its name, and the count.
    pub beyond_min: Vec<(String, u32)>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn logger_view(
        &self,
        sha256: &str,
        answers: &Answers,
        wanted: &[WantedAlarm],
    ) -> Result<LoggerView, AppError> {
        let bytes = self.document_bytes(photo_hash(sha256)?)?;
        let file = match read(&bytes, answers) {
            Ok(file) => file,
            Err(error) if error.code == ErrorCode::Unanswered => {
                return Ok(
                    sniff_with(&bytes, answers).map_or_else(LoggerView::Refused, LoggerView::Asks)
                );
            }
            Err(error) => return Ok(LoggerView::Refused(error)),
        };
        drop(bytes);
        let alarms = wanted.iter().filter(|it| it.unit == file.unit);
        let alarms = alarms.map(WantedAlarm::alarm).collect::<Result<_, _>>()?;
        let expected = ExpectedSetup { alarms, ..ExpectedSetup::default() };
        Ok(LoggerView::Read(Box::new(file_view(&file, &expected)?)))
    }

    /// Answers an item with a logger's file, through the same path as a line of a record file.
    pub(super) fn answer_logger(
        &mut self,
        id: RecordId,
        path: &str,
        sha256: &str,
        (source, finding): (LoggerSource, Option<FindingDraft>),
        why: Option<String>,
    ) -> Result<(), AppError> {
        let mut bytes = Some(self.document_bytes(photo_hash(sha256)?)?);
        let line = Line {
            inspection: Some(id.to_string()),
            logger_files: [(path.to_owned(), source)].into(),
            findings: finding.into_iter().collect(),
            why,
            ..Line::default()
        };
        self.record_parsed(line, &mut |_| {
            let bytes = bytes.take().ok_or(std::io::ErrorKind::NotFound)?;
            Ok(Box::new(Cursor::new(bytes)))
        })?;
        Ok(())
    }
}

fn file_view(file: &LoggerFile, expected: &ExpectedSetup) -> Result<LoggerFileView, AppError> {
    let (log, no_log) = match to_reading_log(file) {
        Ok(log) if log.readings.iter().all(|(_, value)| value.is_none()) => {
            let (zh, en) = ("所有读数都没有数值", "none of its readings has a value");
            (None, Some(Bilingual { zh: zh.to_owned(), en: en.to_owned() }))
        }
        Ok(log) => (Some(view_of(log.into(), 0, 0)?), None),
        Err(error) => (None, Some(error.said)),
    };
    let names = [file.device.model.as_deref(), file.device.serial.as_deref()];
    let names: Vec<_> = names.into_iter().flatten().collect();
    let days = file.days.iter().rev().take(LISTED).map(|day| LoggerDay {
        date: day.date.to_string(),
        min: day.min.clone(),
        max: day.max.clone(),
        beyond_min: day
            .counters
            .iter()
            .filter_map(|it| Some((it.alarm.clone(), it.minutes?)))
            .collect(),
    });
    let differing = check_counters(file).into_iter().filter(|it| !it.agrees).take(LISTED);
    // A table states no alarms: that it has none says nothing about how its logger was set.
    let states_alarms = file.kind != FileKind::Table;
    let misconfigured = if states_alarms { find_misconfigured(file, expected) } else { vec![] };
    let unknown = u32::try_from(file.unknown.len()).unwrap_or(u32::MAX);
    Ok(LoggerFileView {
        kind: file.kind,
        device: (!names.is_empty()).then(|| names.join(" ")),
        log,
        no_log,
        set_points: file.set_points.clone(),
        compared: !expected.alarms.is_empty(),
        misconfigured,
        differing: differing.collect(),
        days: days.collect(),
        notices: file.notices.iter().take(LISTED).cloned().collect(),
        unknown: (unknown, file.unknown.iter().take(LISTED).cloned().collect()),
        answers: file.answers.clone(),
    })
}
