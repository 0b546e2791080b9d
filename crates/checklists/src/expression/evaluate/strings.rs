//! Text. Positions and lengths count characters, as XPath does, not bytes or UTF-16 units.

use std::collections::BTreeMap;

use super::args::Args;
use crate::expression::compile::bad_pattern;
use crate::expression::error::Faulty;
use crate::expression::number::is_blank;
use crate::expression::pattern::Pattern;
use crate::expression::{Function, Value};

/// The longest text `uuid(length)` makes, in characters.
const LONGEST_ID: f64 = 4096.0;

impl Args<'_> {
    pub(super) fn of_text(&self) -> Faulty<Value> {
        use Function as F;
        let (a, b) = (self.text_or_own(), self.text(1));
        self.run.spend(a.len().saturating_add(b.len()), self.span)?;
        match self.function {
            F::Regex => {
                let pattern = Pattern::new(&b).map_err(|fault| bad_pattern(&fault, self.span))?;
                // Compiling one may take as long as many matches.
                self.run.spend(10_000, self.span)?;
                Ok(Value::Bool(pattern.matches(&a)))
            }
            F::Contains => Ok(Value::Bool(a.contains(&b))),
            F::StartsWith => Ok(Value::Bool(a.starts_with(&b))),
            F::EndsWith => Ok(Value::Bool(a.ends_with(&b))),
            F::Substr => self.give(self.substr(&a)),
            F::Substring => self.give(self.substring(&a)),
            F::SubstringBefore => {
                self.give(a.split_once(&b).map_or("", |(before, _)| before).to_owned())
            }
            F::SubstringAfter => {
                self.give(a.split_once(&b).map_or("", |(_, after)| after).to_owned())
            }
            F::Translate => self.give(translate(&a, &b, &self.text(2))),
            // A text of a phone is far below 2^53 characters.
            F::StringLength => Ok(Value::Number(a.chars().count() as f64)),
            F::NormalizeSpace => {
                let words: Vec<&str> = a.split(is_blank).filter(|word| !word.is_empty()).collect();
                self.give(words.join(" "))
            }
            F::Concat => self.give(self.texts_from(0).concat()),
            F::Join => self.give(self.texts_from(1).join(&self.text(0))),
            F::Uuid => self.uuid(),
            _ => self.give(a),
        }
    }

    /// From `start` up to, not including, `end`, counted from 0; negative from the end.
    fn substr(&self, text: &str) -> String {
        let length = text.chars().count();
        let place = |number: f64| {
            let whole = number.trunc();
            let whole = if whole < 0.0 { whole + length as f64 } else { whole };
            // Between 0 and a length, so the cast is exact.
            whole.clamp(0.0, length as f64) as usize
        };
        let end = if self.has(2) { self.number(2) } else { length as f64 };
        if self.number(1).is_nan() || end.is_nan() {
            return String::new();
        }
        let (start, end) = (place(self.number(1)), place(end));
        text.chars().skip(start).take(end.saturating_sub(start)).collect()
    }

    /// XPath's own, counted from 1: the characters at places p with p ≥ round(start) and
    /// p < round(start) + round(length).
    fn substring(&self, text: &str) -> String {
        let round = |number: f64| (number + 0.5).floor();
        let start = round(self.number(1));
        let end = if self.has(2) { start + round(self.number(2)) } else { f64::INFINITY };
        let placed = text.chars().enumerate();
        placed
            .filter(|(index, _)| {
                let place = *index as f64 + 1.0;
                place >= start && place < end
            })
            .map(|(_, c)| c)
            .collect()
    }

    fn uuid(&self) -> Faulty<Value> {
        if !self.has(0) {
            return self.give(self.run.context.uuid());
        }
        let length = self.number(0).trunc();
        if !(0.0..=LONGEST_ID).contains(&length) {
            let most = LONGEST_ID;
            return Err(self.fault(
                (format!("长度不在 0 到 {most} 之间"), format!("the length is not 0 to {most}")),
                ("写一个较小的长度", "write a smaller length"),
            ));
        }
        let mut text = String::new();
        // 36 characters each, so at most 114 rounds; an empty one of a faulty host ends it.
        while (text.len() as f64) < length {
            let more = self.run.context.uuid();
            if more.is_empty() {
                break;
            }
            text.push_str(&more);
        }
        self.give(text.chars().take(length as usize).collect())
    }
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let mut map = BTreeMap::new();
    let mut to = to.chars();
    for c in from.chars() {
        let into = to.next();
        // The first mention counts.
        map.entry(c).or_insert(into);
    }
    text.chars().filter_map(|c| map.get(&c).copied().unwrap_or(Some(c))).collect()
}
