//! Values: decimal text exactly as written, or missing. Never a float.

use crate::limits::MAX_VALUE_CHARS;
use crate::{DecimalMark, Unit};

/// What stands for a value that a logger could not measure.
const MISSING: &[&str] =
    &["", "-", "--", "---", "--.-", "--.--", "---.-", "—", "N/A", "NULL", "NC"];

/// Spellings of units behind a value or in a heading. Longer ones come first.
const UNITS: &[(&str, Unit)] = &[
    ("°C", Unit::Celsius),
    ("º C", Unit::Celsius),
    ("° C", Unit::Celsius),
    ("ºC", Unit::Celsius),
    ("℃", Unit::Celsius),
    ("°F", Unit::Fahrenheit),
    ("° F", Unit::Fahrenheit),
    ("ºF", Unit::Fahrenheit),
    ("℉", Unit::Fahrenheit),
    ("%RH", Unit::Humidity),
    ("% RH", Unit::Humidity),
    ("RH%", Unit::Humidity),
];

/// Spellings that are units only as a word of their own.
const WORDS: &[(&str, Unit)] = &[
    ("C", Unit::Celsius),
    ("DEGC", Unit::Celsius),
    ("CELSIUS", Unit::Celsius),
    ("摄氏度", Unit::Celsius),
    ("F", Unit::Fahrenheit),
    ("DEGF", Unit::Fahrenheit),
    ("FAHRENHEIT", Unit::Fahrenheit),
    ("华氏度", Unit::Fahrenheit),
    ("RH", Unit::Humidity),
];

/// A cell of the value column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell<'a> {
    /// The number's text; empty where missing.
    pub(crate) number: &'a str,
    /// The unit behind it.
    pub(crate) unit: Option<Unit>,
}

impl<'a> Cell<'a> {
    /// Takes a unit off the end.
    pub(crate) fn of(text: &'a str) -> Self {
        let text = text.trim();
        let bare = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        // The usual cell ends in a digit, and what stands for a missing value has none.
        if bare.len() == text.len() {
            return Self { number: text, unit: None };
        }
        if bare.is_empty() {
            return Self { number: if is_missing(text) { "" } else { text }, unit: None };
        }
        let unit = text.get(bare.len()..).map(str::trim).and_then(unit_named);
        if unit.is_some() { Self { number: bare, unit } } else { Self { number: text, unit: None } }
    }

    pub(crate) fn is_missing(self) -> bool {
        self.number.is_empty()
    }

    /// The decimal text with `.`; `None` where it is no number under this mark.
    pub(crate) fn decimal(self, mark: DecimalMark) -> Option<Box<str>> {
        decimal(self.number, mark)
    }

    /// Whether it is a number under any mark.
    pub(crate) fn is_number(self) -> bool {
        [DecimalMark::Point, DecimalMark::Comma].iter().any(|mark| self.fits(*mark))
    }

    pub(crate) fn fits(self, mark: DecimalMark) -> bool {
        Parts::of(self.number, mark).is_some()
    }
}

/// Whether the text stands for no value.
pub(crate) fn is_missing(text: &str) -> bool {
    MISSING.iter().any(|missing| missing.eq_ignore_ascii_case(text))
}

/// Digits as written, with `.` before the decimals and `-` as the sign; grouping is taken out.
pub(crate) fn decimal(text: &str, mark: DecimalMark) -> Option<Box<str>> {
    let parts = Parts::of(text, mark)?;
    // Almost every value: taken over as it stands.
    if parts.is_grouped || mark == DecimalMark::Comma || text.starts_with('\u{2212}') {
        return Some(parts.join());
    }
    Some(text.into())
}

/// A number's text taken apart.
struct Parts<'a> {
    sign: &'static str,
    whole: &'a str,
    decimals: Option<&'a str>,
    is_grouped: bool,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, mark: DecimalMark) -> Option<Self> {
        if text.len() > MAX_VALUE_CHARS {
            return None;
        }
        let signs = [("-", "-"), ("+", "+"), ("\u{2212}", "-")];
        let signed = signs.iter().find_map(|(from, to)| Some((*to, text.strip_prefix(from)?)));
        let (sign, digits) = signed.unwrap_or(("", text));
        let decimal_mark = if mark == DecimalMark::Point { '.' } else { ',' };
        let (whole, decimals) = match digits.split_once(decimal_mark) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let is_grouped = mark == DecimalMark::Point && whole.contains(',');
        let fits = if is_grouped { in_groups(whole) } else { plain(whole) };
        (fits && decimals.is_none_or(plain)).then_some(Self { sign, whole, decimals, is_grouped })
    }

    fn join(&self) -> Box<str> {
        let (sign, whole) = (self.sign, self.whole.replace(',', ""));
        match self.decimals {
            Some(decimals) => format!("{sign}{whole}.{decimals}").into(),
            None => format!("{sign}{whole}").into(),
        }
    }
}

fn plain(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// 1,234,567
fn in_groups(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| group.len() <= 3 && plain(group));
    first && groups.all(|group| group.len() == 3 && plain(group))
}

/// The unit a heading states: `Temperature(°C)`, `温度/℃`, `T [F]`. None where it states none, or
/// more than one.
pub(crate) fn unit_in(heading: &str) -> Option<Unit> {
    let upper = heading.to_uppercase();
    let signs = UNITS.iter().filter(|(name, _)| upper.contains(name)).map(|(_, unit)| *unit);
    // "Sensor C" names a sensor, "Temp (C)" a unit.
    let of_temperature = ["TEMP", "温", "T(", "T (", "T[", "T ["];
    let letters = of_temperature.iter().any(|word| upper.contains(word));
    let words = upper.split(|c: char| !c.is_alphanumeric());
    let named = words.filter(|word| letters || word.len() > 1).filter_map(unit_named);
    let mut units = signs.chain(named);
    let first = units.next()?;
    units.all(|unit| unit == first).then_some(first)
}

fn unit_named(text: &str) -> Option<Unit> {
    let named = |(name, _): &&(&str, Unit)| name.eq_ignore_ascii_case(text);
    UNITS.iter().chain(WORDS).find(named).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalMark::{Comma, Point};

    #[test]
    fn digits_stay_as_they_were_written() {
        for text in ["-18.50", "+8.0", "0", "007.10", "5"] {
            assert_eq!(decimal(text, Point).as_deref(), Some(text));
        }
        assert_eq!(decimal("-18,50", Comma).as_deref(), Some("-18.50"));
        assert_eq!(decimal("\u{2212}18.5", Point).as_deref(), Some("-18.5"));
        assert_eq!(decimal("1,234.5", Point).as_deref(), Some("1234.5"));
        assert_eq!(decimal("1,234", Comma).as_deref(), Some("1.234"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "NaN", "inf", "1e3", "5.", ".5", "1.2.3", "5,5", "1,23,456", "1,2345", "", "-", "+-1",
            "５",
        ] {
            assert_eq!(decimal(text, Point), None, "{text}");
        }
        assert_eq!(decimal("1.234,5", Comma), None, "grouping by points");
        assert_eq!(decimal(&"9".repeat(25), Point), None);
    }

    #[test]
    fn units_are_taken_off_and_nothing_else_is() {
        assert_eq!(Cell::of(" 5.0 °C"), Cell { number: "5.0", unit: Some(Unit::Celsius) });
        assert_eq!(Cell::of("41.0F").unit, Some(Unit::Fahrenheit));
        assert_eq!(Cell::of("5.0x").number, "5.0x");
        assert!(Cell::of(" --.- ").is_missing() && Cell::of("n/a").is_missing());
        assert!(!Cell::of("NaN").is_missing() && !Cell::of("NaN").is_number());
    }

    #[test]
    fn headings_state_units() {
        assert_eq!(unit_in("Temperature(°C)"), Some(Unit::Celsius));
        assert_eq!(unit_in("温度℃"), Some(Unit::Celsius));
        assert_eq!(unit_in("Temp, F"), Some(Unit::Fahrenheit));
        assert_eq!(unit_in("Humidity(%RH)"), Some(Unit::Humidity));
        assert_eq!(unit_in("T [F]"), Some(Unit::Fahrenheit));
        assert_eq!(unit_in("Channel 1"), None);
        assert_eq!(unit_in("Sensor C"), None);
        assert_eq!(unit_in("°C or °F"), None);
    }
}
