//! Which numbers are dates: only their format says so.

use std::collections::BTreeMap;

use super::record::Record;
use super::strings::long;

const FORMAT: u16 = 0x041E;
const EXTENDED: u16 = 0x00E0;

/// The formats of a workbook.
#[derive(Debug, Default)]
pub(super) struct Formats {
    /// Whether a format of the workbook's own is that of a date.
    own: BTreeMap<u16, bool>,
    /// Formats of the styles that cells name by number.
    styles: Vec<u16>,
}

impl Formats {
    pub(super) fn note(&mut self, record: &Record) {
        match record.kind {
            FORMAT => {
                let text = record.data.get(2..).and_then(long).unwrap_or_default();
                self.own.extend(record.u16(0).map(|number| (number, is_of_date(&text))));
            }
            EXTENDED => self.styles.push(record.u16(2).unwrap_or_default()),
            _ => {}
        }
    }

    /// Whether cells of the style are dates.
    pub(super) fn is_date(&self, style: u16) -> bool {
        let Some(format) = self.styles.get(usize::from(style)) else { return false };
        let built_in = matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58);
        self.own.get(format).copied().unwrap_or(built_in)
    }
}

/// Letters of dates and times, outside of quotes and brackets.
fn is_of_date(format: &str) -> bool {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        let until = match c {
            '"' => '"',
            '[' => ']',
            '\\' | '_' | '*' => {
                chars.next();
                continue;
            }
            _ => {
                if matches!(c.to_ascii_lowercase(), 'd' | 'm' | 'y' | 'h' | 's') {
                    return true;
                }
                continue;
            }
        };
        let _ = chars.by_ref().find(|c| *c == until);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_of_date;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for format in ["yyyy-mm-dd", "[$-409]h:mm AM/PM", "m/d/yy\\ h:mm"] {
            assert!(is_of_date(format), "{format}");
        }
        for format in ["General", "0.00", "#,##0\\ \"days\"", "[Red]0", "0_d"] {
            assert!(!is_of_date(format), "{format}");
        }
    }
}
