//! Walks the sections of a file and puts every line where it belongs.

mod conf;
mod data;
mod history;
mod run;
mod words;

use spotcheck_rules::Bilingual;

use super::entries::pairs;
use super::fields::moment;
use words::{FACTS, SECTIONS};

use crate::limits::MAX_KEPT_LINES;
use crate::{
    Answers, DateOrder, Device, Fact, FileKind, KeptLine, LoggerFile, Moment, ReadError, Unit, text,
};

/// The deepest sections: `Hist`, a day's number, `Alarm`, the alarm's number.
const DEPTH: usize = 4;

/// The longest name of a section; the known ones have half as many letters.
const MOST_LETTERS: usize = 40;

/// Entries of one sort in one day, or of the device; real files have two.
const MOST_ENTRIES: usize = 32;

/// The names of the open sections; empty where there are fewer.
type Path<'a> = [&'a str; DEPTH];

pub(super) struct Walk<'a> {
    pub(super) file: LoggerFile,
    pub(super) unit: Option<Unit>,
    pub(super) interval_s: Option<u32>,
    pub(super) is_signed: bool,
    offset_min: i16,
    path: Vec<&'a str>,
    /// The order that the heading of the readings states.
    order: Option<DateOrder>,
}

impl<'a> Walk<'a> {
    /// Walks through the whole text. Times are of a clock with this offset.
    pub(super) fn through(
        text: &'a str,
        kind: FileKind,
        offset_min: i16,
    ) -> Result<Self, ReadError> {
        let mut walk = Self {
            file: empty(kind),
            unit: None,
            interval_s: None,
            is_signed: false,
            offset_min,
            path: Vec::new(),
            order: None,
        };
        for (line, content) in text::lines(text) {
            match content.strip_prefix('\t') {
                Some(row) => walk.row(line, content, row)?,
                None if content.trim().is_empty() => {}
                None => walk.keyed(line, content)?,
            }
        }
        walk.file.set_points.retain(|point| point.limit.is_some() || point.minutes.is_some());
        Ok(walk)
    }

    fn keyed(&mut self, line: u32, content: &'a str) -> Result<(), ReadError> {
        // Only the last line is a signature: what follows it is not covered.
        self.is_signed = false;
        let trimmed = content.trim_start_matches(' ');
        let depth = content.len() - trimmed.len();
        let pairs = pairs(trimmed.trim_end());
        if depth > self.path.len() || pairs.is_empty() {
            return self.keep(line, content);
        }
        self.path.truncate(depth);
        if let [(section, "")] = pairs.as_slice() {
            return self.section(line, content, section);
        }
        let mut known = true;
        for (key, value) in pairs {
            known &= self.pair(line, key, value)?;
        }
        if known { Ok(()) } else { self.keep(line, content) }
    }

    /// A key without a value: a section, or a value that the device left empty.
    fn section(&mut self, line: u32, content: &str, name: &'a str) -> Result<(), ReadError> {
        let numbered = name.bytes().all(|byte| byte.is_ascii_digit());
        if numbered || SECTIONS.contains(&name) {
            self.open(line, name)?;
        } else if FACTS.contains(&name) {
            self.fact(line, name, "")?;
        } else {
            self.keep(line, content)?;
        }
        // Keys of facts name their sections, so deep or long names would multiply.
        if name.len() <= MOST_LETTERS && self.path.len() < DEPTH {
            self.path.push(name);
        }
        Ok(())
    }

    fn path(&self) -> Path<'a> {
        let mut path = [""; DEPTH];
        for (slot, name) in path.iter_mut().zip(&self.path) {
            *slot = name;
        }
        path
    }

    fn open(&mut self, line: u32, name: &'a str) -> Result<(), ReadError> {
        match self.path() {
            ["Conf", "Alarm", "", ""] => self.open_set_point(line, name),
            ["Hist", day, "Alarm", ""] if !day.is_empty() => self.open_counter(line, name),
            _ => Ok(()),
        }
    }

    /// Whether the key has a place.
    fn pair(&mut self, line: u32, key: &'a str, value: &'a str) -> Result<bool, ReadError> {
        let taken = match self.path() {
            ["", ..] => self.head(line, key, value)?,
            ["Conf", rest @ ..] => self.conf(line, &rest, key, value)?,
            ["Hist", rest @ ..] => self.history(line, &rest, key, value)?,
            ["Res", rest @ ..] => self.run(line, &rest, key, value)?,
            ["Cert" | "Errors", ..] => false,
            _ => return Ok(false),
        };
        if taken {
            return Ok(true);
        }
        if !FACTS.contains(&key) {
            return Ok(false);
        }
        self.fact(line, key, value)?;
        Ok(true)
    }

    fn head(&mut self, line: u32, key: &str, value: &str) -> Result<bool, ReadError> {
        match key {
            "Device" => self.file.device.model = some(value),
            "Fw Vers" => self.file.device.firmware = some(value),
            "Sig" => {
                self.is_signed = is_signature(value);
                self.fact(line, key, value)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn fact(&mut self, line: u32, key: &str, value: &str) -> Result<(), ReadError> {
        let key = self.path.iter().copied().chain([key]).collect::<Vec<_>>().join("/");
        keep(&mut self.file.facts, line, Fact { line, key, value: value.to_owned() })
    }

    fn keep(&mut self, line: u32, content: &str) -> Result<(), ReadError> {
        keep(&mut self.file.unknown, line, KeptLine { line, text: content.to_owned() })
    }

    fn moment(&self, line: u32, value: &str) -> Result<Option<Moment>, ReadError> {
        if crate::value::is_missing(value) {
            return Ok(None);
        }
        moment(line, value, DateOrder::YearMonthDay, self.offset_min).map(Some)
    }
}

/// 64 bytes in hex.
fn is_signature(value: &str) -> bool {
    value.len() == 128 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// Appends what a file may have many of.
fn keep<T>(list: &mut Vec<T>, line: u32, item: T) -> Result<(), ReadError> {
    keep_up_to(MAX_KEPT_LINES, list, line, item)
}

/// Appends what a day or a device has few of.
fn keep_few<T>(list: &mut Vec<T>, line: u32, item: T) -> Result<(), ReadError> {
    keep_up_to(MOST_ENTRIES, list, line, item)
}

fn keep_up_to<T>(most: usize, list: &mut Vec<T>, line: u32, item: T) -> Result<(), ReadError> {
    if list.len() >= most {
        let zh = "同类的行".to_owned();
        return Err(ReadError::too_many(
            line,
            &Bilingual { zh, en: "lines of one sort".to_owned() },
            most,
        ));
    }
    list.push(item);
    Ok(())
}

fn empty(kind: FileKind) -> LoggerFile {
    LoggerFile {
        kind,
        device: Device::default(),
        unit: Unit::Celsius,
        interval: None,
        reported_at: None,
        set_points: Vec::new(),
        days: Vec::new(),
        run: None,
        readings: Vec::new(),
        gaps: Vec::new(),
        facts: Vec::new(),
        unknown: Vec::new(),
        notices: Vec::new(),
        answers: Answers::default(),
    }
}
