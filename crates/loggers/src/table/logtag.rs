//! The lines above a table, and what a LogTag program says in them: two columns, key and value.

use super::cells::split;
use super::shape::Shape;
use crate::limits::MAX_KEPT_LINES;
use crate::value::{Cell, unit_in};
use crate::{
    AlarmMode, DecimalMark, Device, Fact, KeptLine, ReadError, SetPoint, Side, Unit, text,
};
use spotcheck_rules::Bilingual;

/// What stands above the table.
#[derive(Debug, Default)]
pub(super) struct Preamble {
    pub(super) is_logtag: bool,
    pub(super) device: Device,
    pub(super) unit: Option<Unit>,
    pub(super) interval_s: Option<u32>,
    pub(super) set_points: Vec<SetPoint>,
    pub(super) facts: Vec<Fact>,
    /// Lines nobody understood.
    pub(super) unknown: Vec<KeptLine>,
}

/// Reads what stands above the first row. Of a file that is no LogTag's nothing is understood
/// there but the headings, so its lines are kept as they are.
pub(super) fn preamble(text: &str, shape: &Shape) -> Result<Preamble, ReadError> {
    let mut found = Preamble::default();
    let mut pairs = Vec::new();
    let mut cells = Vec::new();
    for (line, content) in text::lines(text).take_while(|(line, _)| *line < shape.first_row) {
        if content.trim().is_empty() {
            continue;
        }
        if pairs.len() + found.unknown.len() >= MAX_KEPT_LINES {
            let zh = "表格以上的行".to_owned();
            let what = Bilingual { zh, en: "lines above the table".to_owned() };
            return Err(ReadError::too_many(line, &what, MAX_KEPT_LINES));
        }
        if shape.heading_line == Some(line) {
            let (key, value) = ("Headings".to_owned(), content.to_owned());
            found.facts.push(Fact { line, key, value });
            continue;
        }
        split(content, shape.separator, &mut cells);
        while cells.len() > 2 && cells.last() == Some(&"") {
            cells.pop();
        }
        match cells.as_slice() {
            [key, value] if !key.is_empty() => {
                let (key, value) = ((*key).to_owned(), (*value).to_owned());
                pairs.push((content, Fact { line, key, value }));
            }
            _ => found.unknown.push(KeptLine { line, text: content.to_owned() }),
        }
    }
    let has = |name: &str| pairs.iter().any(|(_, fact)| is(fact, name));
    found.is_logtag = has("Serial #") && has("Reading interval");
    if found.is_logtag {
        found.facts.extend(pairs.into_iter().map(|(_, fact)| fact));
        found.facts.sort_by_key(|fact| fact.line);
        found.understand();
    } else {
        let kept = |(text, fact): (&str, Fact)| KeptLine { line: fact.line, text: text.to_owned() };
        found.unknown.extend(pairs.into_iter().map(kept));
        found.unknown.sort_by_key(|kept| kept.line);
    }
    Ok(found)
}

fn is(fact: &Fact, name: &str) -> bool {
    fact.key.trim_end_matches(':').eq_ignore_ascii_case(name)
}

impl Preamble {
    fn understand(&mut self) {
        for fact in &self.facts {
            let value = Some(fact.value.clone()).filter(|value| !value.is_empty());
            if is(fact, "Serial #") {
                self.device.serial = value;
            } else if is(fact, "Model") || is(fact, "Product") {
                self.device.model = value;
            } else if is(fact, "Firmware version") || is(fact, "Firmware") {
                self.device.firmware = value;
            } else if is(fact, "Reading interval") {
                self.interval_s = seconds_of(&fact.value);
            } else if is(fact, "Non alert range") {
                self.unit = unit_in(&fact.value);
                self.set_points = range_of(fact);
            }
        }
    }
}

/// `10 minutes`
fn seconds_of(text: &str) -> Option<u32> {
    let (count, unit) = text.trim().split_once(char::is_whitespace)?;
    let count: u32 = count.parse().ok()?;
    let each = match unit.trim().to_ascii_lowercase().as_str() {
        "second" | "seconds" | "sec" | "s" => 1,
        "minute" | "minutes" | "min" | "mins" => 60,
        "hour" | "hours" | "hr" | "hrs" | "h" => 3600,
        _ => return None,
    };
    count.checked_mul(each)
}

/// `2.0  to  8.0 °C`: a cold and a hot set point. After how long they ring is not in the file.
fn range_of(fact: &Fact) -> Vec<SetPoint> {
    let Some((cold, hot)) = fact.value.split_once(" to ") else { return Vec::new() };
    let limit = |text: &str| {
        let cell = Cell::of(text);
        [DecimalMark::Point, DecimalMark::Comma].iter().find_map(|mark| cell.decimal(*mark))
    };
    let point = |(name, side, text): (&str, Side, &str)| {
        Some(SetPoint {
            name: name.to_owned(),
            side: Some(side),
            mode: None::<AlarmMode>,
            limit: Some(limit(text)?.into()),
            minutes: None,
            line: fact.line,
        })
    };
    let sides = [("cold", Side::Cold, cold), ("hot", Side::Hot, hot)];
    sides.into_iter().filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_and_ranges_are_read_or_left() {
        assert_eq!(seconds_of("10 minutes"), Some(600));
        assert_eq!(seconds_of("30 seconds"), Some(30));
        assert_eq!(seconds_of("often"), None);
        assert_eq!(seconds_of("4294967295 hours"), None);
        let fact = |value: &str| Fact { line: 1, key: String::new(), value: value.to_owned() };
        let limits: Vec<_> = range_of(&fact("2.0  to  8.0 °C"));
        let limits: Vec<_> = limits.iter().map(|point| point.limit.as_deref().unwrap()).collect();
        assert_eq!(limits, ["2.0", "8.0"]);
        assert!(range_of(&fact("none")).is_empty());
    }
}
