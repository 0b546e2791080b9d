//! The master tables of ISO 2859-1 as data: code letters, sizes, acceptance numbers, arrows.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Quantity;
use crate::calc::CalcError;
use crate::calc::data::Head;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) head: Head,
    pub(super) source: String,
    /// The largest lot of each row; null: no end.
    lot_up_to: Vec<Option<u32>>,
    /// One letter for each row of lot sizes.
    levels: BTreeMap<String, String>,
    sizes: BTreeMap<char, u32>,
    aql: Vec<Quantity>,
    /// One word for each AQL: an acceptance number, or an arrow `v` (down) or `^` (up).
    normal: BTreeMap<char, String>,
    tightened: BTreeMap<char, String>,
}

/// One plan, after following an arrow if there was one.
pub(super) struct Plan {
    pub(super) letter: char,
    pub(super) size: u32,
    pub(super) accept: u32,
    /// `up` or `down`: with it, the sample size is that of the plan and not of the code letter.
    pub(super) arrow: Option<&'static str>,
}

impl Table {
    pub(super) fn letter(&self, lot_size: u32, level: &str) -> Result<char, CalcError> {
        let known: Vec<_> = self.levels.keys().map(String::as_str).collect();
        let letters = self.levels.get(level);
        let letters = letters.ok_or_else(|| CalcError::unknown_word("level", level, &known))?;
        let row = self.lot_up_to.iter().position(|most| most.is_none_or(|most| lot_size <= most));
        row.and_then(|row| letters.chars().nth(row)).ok_or_else(|| broken("levels"))
    }

    pub(super) fn size(&self, letter: char) -> u32 {
        self.sizes.get(&letter).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn plan(
        &self,
        letter: char,
        aql: Quantity,
        inspection: &str,
    ) -> Result<Plan, CalcError> {
        let rows = match inspection {
            "normal" => &self.normal,
            "tightened" => &self.tightened,
            other => {
                let known = ["normal", "tightened"];
                return Err(CalcError::unknown_word("inspection", other, &known));
            }
        };
        let Some(column) = self.aql.iter().position(|known| *known == aql) else {
            let known: Vec<_> = self.aql.iter().map(ToString::to_string).collect();
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(CalcError::unknown_word("aql", &aql.to_string(), &known));
        };
        let cells: Vec<(char, &str)> = rows
            .iter()
            .filter_map(|(letter, row)| Some((*letter, row.split(' ').nth(column)?)))
            .collect();
        let at = cells.iter().position(|(known, _)| *known == letter);
        let at = at.ok_or_else(|| broken("letters"))?;
        let cell = cells.get(at).map(|(_, cell)| *cell);
        let number = |(letter, cell): &(char, &str)| Some((*letter, cell.parse::<u32>().ok()?));
        let (found, arrow) = match cell {
            Some("v") => (cells.iter().skip(at).find_map(number), Some("down")),
            Some("^") => (cells.iter().take(at).rev().find_map(number), Some("up")),
            _ => (cells.get(at).and_then(number), None),
        };
        let (letter, accept) = found.ok_or_else(|| broken("arrow"))?;
        Ok(Plan { letter, size: self.size(letter), accept, arrow })
    }
}

/// P(X ≤ most) for n draws at share p. Terms are summed as logarithms, so none underflows early.
pub(super) fn binomial_at_most(n: u32, most: u32, p: f64) -> f64 {
    if p <= 0.0 || most >= n {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let mut term = f64::from(n) * (1.0 - p).ln();
    let mut sum = term.exp();
    for k in 1..=most {
        term += (f64::from(n - k + 1) / f64::from(k)).ln() + (p / (1.0 - p)).ln();
        sum += term.exp();
    }
    sum.min(1.0)
}

fn broken(what: &str) -> CalcError {
    CalcError::Data { name: "iso-2859-1.json", problem: format!("no entry for {what}") }
}
