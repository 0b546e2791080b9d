//! The reading log that Spotcheck keeps: the same members, the same texts.

use serde::Serialize;

use crate::error::ErrorCode;
use crate::{LoggerFile, ReadError};

/// As JSON, exactly what an inspection's `reading_logs` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingLog {
    /// The unit of every reading, such as `°C`.
    pub unit: String,
    /// The interval in whole minutes; a shorter or uneven one is rounded up, so that gaps are
    /// longer than twice of it and never shorter.
    pub interval_min: u32,
    /// The logger: its model and serial number.
    pub instrument: Option<String>,
    /// Its probe; files name none.
    pub probe: Option<String>,
    /// Where the probe hung; files name none.
    pub place: Option<String>,
    /// RFC 3339 time with the clock's offset, and decimal text; none where no value was shown.
    pub readings: Vec<(String, Option<String>)>,
}

/// Turns a file into a reading log: every reading, in time order, with nothing rounded.
///
/// # Errors
/// [`ErrorCode::NoReadings`] for a file of days only, such as a Fridge-tag 2's: what happened
/// between a day's lowest and highest value is not in it, so no readings are made up.
pub fn to_reading_log(file: &LoggerFile) -> Result<ReadingLog, ReadError> {
    let Some(interval) = file.interval.filter(|_| !file.readings.is_empty()) else {
        return Err(ReadError::whole(
            ErrorCode::NoReadings,
            "该文件只有每日汇总，没有逐条读数；请手工填写每日最低、最高值，并保留原文件",
            "the file has days and no readings; enter the days' lowest and highest values by hand and keep the file",
        ));
    };
    let names = [file.device.model.as_deref(), file.device.serial.as_deref()];
    let names: Vec<_> = names.into_iter().flatten().collect();
    let reading = |reading: &crate::Reading| {
        (reading.at.to_rfc3339(), reading.value.as_deref().map(str::to_owned))
    };
    Ok(ReadingLog {
        unit: file.unit.as_str().to_owned(),
        interval_min: interval.seconds.div_ceil(60),
        instrument: (!names.is_empty()).then(|| names.join(" ")),
        probe: None,
        place: None,
        readings: file.readings.iter().map(reading).collect(),
    })
}
