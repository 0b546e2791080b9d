//! `Conf`: how the device was set.

use super::{Walk, keep, keep_few, some};
use crate::berlinger::fields::{bad_line, decimal, whole, whole_if_any};
use crate::{AlarmMode, FileKind, ReadError, SetPoint, Side, Unit};

impl<'a> Walk<'a> {
    pub(super) fn conf(
        &mut self,
        line: u32,
        rest: &[&'a str],
        key: &'a str,
        value: &'a str,
    ) -> Result<bool, ReadError> {
        match (rest, key) {
            (["", ..], "Serial") => self.file.device.serial = some(value),
            (["", ..], "Temp unit") => self.unit = Some(unit_of(line, value)?),
            (["", ..], "Logging Interval") => {
                self.interval_s = whole(line, value)?.checked_mul(60);
            }
            (["", ..], "MKT Energy") => {
                self.file.run.get_or_insert_default().mkt_energy = decimal(line, value)?;
            }
            (["", ..], "Temp Offset") => self.user_offset(line, "Temp", value)?,
            ([sensor @ ("Int Sensor" | "Ext Sensor"), ..], "Offset") => {
                self.user_offset(line, sensor, value)?;
            }
            (["Alarm", _, ""], "T AL" | "t AL" | "Type") => {
                return self.set_point(line, key, value);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn user_offset(&mut self, line: u32, sensor: &str, value: &str) -> Result<(), ReadError> {
        let Some(value) = decimal(line, value)? else { return Ok(()) };
        keep_few(&mut self.file.device.user_offsets, line, (sensor.to_owned(), value))
    }

    /// Fridge-tags number their two alarms and count by the day; Q-tags say the type of each.
    pub(super) fn open_set_point(&mut self, line: u32, name: &str) -> Result<(), ReadError> {
        let fridge = !matches!(self.file.kind, FileKind::QTag | FileKind::OtherBerlinger);
        let (side, mode) = match name {
            "0" if fridge => (Some(Side::Cold), Some(AlarmMode::CumulativePerDay)),
            "1" if fridge => (Some(Side::Hot), Some(AlarmMode::CumulativePerDay)),
            _ => (None, None),
        };
        let name = name.to_owned();
        let point = SetPoint { name, side, mode, limit: None, minutes: None, line };
        keep(&mut self.file.set_points, line, point)
    }

    fn set_point(&mut self, line: u32, key: &str, value: &str) -> Result<bool, ReadError> {
        let Some(point) = self.file.set_points.last_mut() else { return Ok(false) };
        match key {
            "T AL" => (point.limit, point.line) = (decimal(line, value)?, line),
            "t AL" => point.minutes = whole_if_any(line, value)?,
            _ => match value {
                // Not in use: kept as a fact.
                "0" => return Ok(false),
                "1" => (point.side, point.mode) = (Some(Side::Cold), Some(AlarmMode::Single)),
                "2" => (point.side, point.mode) = (Some(Side::Hot), Some(AlarmMode::Single)),
                "3" => (point.side, point.mode) = (Some(Side::Cold), Some(AlarmMode::Cumulative)),
                "4" => (point.side, point.mode) = (Some(Side::Hot), Some(AlarmMode::Cumulative)),
                _ => return Ok(false),
            },
        }
        Ok(true)
    }
}

fn unit_of(line: u32, value: &str) -> Result<Unit, ReadError> {
    match value {
        "C" => Ok(Unit::Celsius),
        "F" => Ok(Unit::Fahrenheit),
        _ => Err(bad_line(line, value)),
    }
}
