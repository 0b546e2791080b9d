//! `Hist`: the days as the device sums them up.

use super::{Walk, keep, keep_few};
use crate::berlinger::fields::{clock, date, decimal, whole, whole_if_any};
use crate::{DayCounter, DaySummary, ReadError};

impl<'a> Walk<'a> {
    pub(super) fn open_counter(&mut self, line: u32, name: &str) -> Result<(), ReadError> {
        let Some(day) = self.file.days.last_mut() else { return Ok(()) };
        let counter = DayCounter { alarm: name.to_owned(), ..DayCounter::default() };
        keep_few(&mut day.counters, line, counter)
    }

    pub(super) fn history(
        &mut self,
        line: u32,
        rest: &[&'a str],
        key: &'a str,
        value: &'a str,
    ) -> Result<bool, ReadError> {
        match (rest, key) {
            (["", ..], "TS Report Creation") => self.file.reported_at = self.moment(line, value)?,
            ([number, "", ""], "Date") if !number.is_empty() => {
                let day = day(line, value)?;
                keep(&mut self.file.days, line, day)?;
            }
            ([_, "", ""], _) => return self.day(line, key, value),
            ([_, "Alarm", _], _) => return self.counter(line, key, value),
            ([_, sensor @ ("Int Sensor timeout" | "Ext Sensor timeout"), ""], "t AccST") => {
                let minutes = whole(line, value)?;
                let Some(day) = self.file.days.last_mut() else { return Ok(false) };
                let sensor = sensor.trim_end_matches(" timeout").to_owned();
                keep_few(&mut day.without_probe_min, line, (sensor, minutes))?;
            }
            ([_, "Checked", ""], "TS AM" | "TS PM") => {
                let at = clock(line, value)?;
                let Some(day) = self.file.days.last_mut() else { return Ok(false) };
                if let Some(at) = at {
                    keep_few(&mut day.checked, line, (key.to_owned(), at))?;
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn day(&mut self, line: u32, key: &str, value: &str) -> Result<bool, ReadError> {
        let Some(day) = self.file.days.last_mut() else { return Ok(false) };
        match key {
            "Min T" => day.min = decimal(line, value)?,
            "TS Min T" => day.min_at = clock(line, value)?,
            "Max T" => day.max = decimal(line, value)?,
            "TS Max T" => day.max_at = clock(line, value)?,
            "Avrg T" => day.average = decimal(line, value)?,
            "Events" => day.events = whole_if_any(line, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn counter(&mut self, line: u32, key: &str, value: &str) -> Result<bool, ReadError> {
        let day = self.file.days.last_mut();
        let Some(counter) = day.and_then(|day| day.counters.last_mut()) else { return Ok(false) };
        match key {
            "t Acc" => counter.minutes = whole_if_any(line, value)?,
            "TS A" => counter.rang_at = clock(line, value)?,
            "C A" => counter.acknowledged = whole_if_any(line, value)?,
            "T Amb" => counter.ambient = decimal(line, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn day(line: u32, value: &str) -> Result<DaySummary, ReadError> {
    Ok(DaySummary {
        date: date(line, value)?,
        min: None,
        min_at: None,
        max: None,
        max_at: None,
        average: None,
        counters: Vec::new(),
        without_probe_min: Vec::new(),
        checked: Vec::new(),
        events: None,
        line,
    })
}
