//! Names of questions and choices become codes of items and entries.

use std::collections::{BTreeMap, BTreeSet};

/// The codes given so far.
#[derive(Debug, Default)]
pub(super) struct Codes {
    given: BTreeSet<String>,
    /// The last number behind a code that was taken, so that none is tried twice.
    numbers: BTreeMap<String, usize>,
}

impl Codes {
    /// A code of its own for a name: capitals, digits and `-`.
    pub(super) fn item(&mut self, name: &str, row: u32) -> String {
        let code = item_code(name).unwrap_or_else(|| format!("Q-{row}"));
        self.own(code, '-')
    }

    /// A code of its own for a name: small letters, digits and `_`.
    pub(super) fn entry(&mut self, name: &str) -> String {
        let code = entry_code(name).unwrap_or_else(|| format!("c{}", self.given.len() + 1));
        self.own(code, '_')
    }

    fn own(&mut self, code: String, mark: char) -> String {
        let mut own = code.clone();
        while !self.given.insert(own.clone()) {
            let number = self.numbers.entry(code.clone()).or_insert(1);
            *number += 1;
            own = format!("{code}{mark}{number}");
        }
        own
    }
}

fn item_code(name: &str) -> Option<String> {
    // A name cannot begin with a digit; ours put `_` before a code that does.
    let name = name.strip_prefix('_').unwrap_or(name);
    code(name, '-', |c| c.to_ascii_uppercase())
}

fn entry_code(name: &str) -> Option<String> {
    code(name, '_', |c| c.to_ascii_lowercase())
}

/// `None` if nothing of the name is left.
fn code(name: &str, mark: char, cased: impl Fn(char) -> char) -> Option<String> {
    let code: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { cased(c) } else { mark }).collect();
    code.chars().any(|c| c != mark).then_some(code)
}

/// The name under which an item is written into a workbook.
pub(super) fn item_name(code: &str) -> String {
    if code.starts_with(|c: char| c.is_ascii_alphabetic()) {
        code.to_owned()
    } else {
        format!("_{code}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kept_and_names_become_codes() {
        let mut codes = Codes::default();
        assert_eq!(codes.item("ENT-01", 2), "ENT-01");
        assert_eq!(codes.item("room_temp.1", 3), "ROOM-TEMP-1");
        assert_eq!(codes.item("Room-Temp-1", 4), "ROOM-TEMP-1-2");
        assert_eq!(codes.item("温度", 5), "Q-5");
        assert_eq!(codes.item(&item_name("7-A"), 6), "7-A");
        let mut entries = Codes::default();
        assert_eq!(entries.entry("Not OK"), "not_ok");
        assert_eq!(entries.entry("not_ok"), "not_ok_2");
        assert_eq!(entries.entry("是"), "c3");
    }
}
