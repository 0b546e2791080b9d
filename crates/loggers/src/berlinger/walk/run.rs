//! `Res`: a transport as the device sums it up.

use super::{Walk, keep};
use crate::berlinger::fields::{decimal, whole_if_any};
use crate::{Episode, ReadError};

impl<'a> Walk<'a> {
    pub(super) fn run(
        &mut self,
        line: u32,
        rest: &[&'a str],
        key: &'a str,
        value: &'a str,
    ) -> Result<bool, ReadError> {
        match rest {
            ["", ..] => self.summary(line, key, value),
            ["Alarm", alarm, ""] if !alarm.is_empty() => self.episode(line, alarm, key, value),
            _ => Ok(false),
        }
    }

    fn summary(&mut self, line: u32, key: &str, value: &str) -> Result<bool, ReadError> {
        // Read first: a moment needs the offset of the walk.
        let at = if key.starts_with("TS ") { self.moment(line, value)? } else { None };
        if key == "TS Stop" {
            self.file.reported_at = at;
        }
        let run = self.file.run.get_or_insert_default();
        match key {
            "TS Start" => run.started_at = at,
            "TS Stop" => run.stopped_at = at,
            "TS Min T" => run.min_at = at,
            "TS Max T" => run.max_at = at,
            "Min T" => run.min = decimal(line, value)?,
            "Max T" => run.max = decimal(line, value)?,
            "Avrg T" => run.average = decimal(line, value)?,
            "MKT" => run.mkt = decimal(line, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn episode(
        &mut self,
        line: u32,
        alarm: &str,
        key: &str,
        value: &str,
    ) -> Result<bool, ReadError> {
        let at = if key.starts_with("TS ") { self.moment(line, value)? } else { None };
        let episodes = &mut self.file.run.get_or_insert_default().episodes;
        if key == "TS S" {
            let alarm = alarm.to_owned();
            keep(episodes, line, Episode { alarm, from: at, line, ..Episode::default() })?;
            return Ok(true);
        }
        let of_this_line = |episode: &&mut Episode| episode.line == line;
        let Some(episode) = episodes.last_mut().filter(of_this_line) else { return Ok(false) };
        match key {
            "t A" => episode.minutes = whole_if_any(line, value)?,
            "TS A" => episode.rang_at = at,
            "TS E" => episode.until = at,
            "T M" => episode.extreme = decimal(line, value)?,
            "TS M" => episode.extreme_at = at,
            _ => return Ok(false),
        }
        Ok(true)
    }
}
