//! Reads single fields of an answer, each with an error that a person can act on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use spotcheck_rules::{NaiveDate, Quantity, parse_date};

use super::AnswerError;
use crate::Item;

/// The largest whole number every JSON reader keeps exactly.
const MAX_WHOLE: u64 = 1 << 53;

pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, AnswerError> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(error("answer", "it is not an object", "enter named fields")),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn is_text(&self, name: &str, text: &str) -> bool {
        self.0.get(name).and_then(Value::as_str) == Some(text)
    }

    /// Refuses every other field: what is not needed is not stored, least of all about people.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), AnswerError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                let remedy = format!("leave it out; known are {}", known.join(", "));
                Err(error(name, "this item has no such field", remedy))
            }
            None => Ok(()),
        }
    }

    fn value(&self, name: &str) -> Result<&'a Value, AnswerError> {
        self.0.get(name).ok_or_else(|| error(name, "it is missing", "enter it"))
    }

    pub(super) fn text(&self, name: &str) -> Result<String, AnswerError> {
        match self.value(name)?.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            Some(_) => Err(error(name, "it is empty", "enter a text")),
            None => Err(error(name, "it is not a text", "enter a text")),
        }
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, AnswerError> {
        self.has(name).then(|| self.text(name)).transpose()
    }

    pub(super) fn one_of(&self, name: &str, codes: &[&str]) -> Result<String, AnswerError> {
        let text = self.text(name)?;
        if codes.contains(&text.as_str()) {
            return Ok(text);
        }
        let remedy = format!("use one of {}", codes.join(", "));
        Err(error(name, format!("\"{text}\" is not offered"), remedy))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, AnswerError> {
        let value = self.value(name)?.as_bool();
        value.ok_or_else(|| error(name, "it is neither true nor false", "enter one of the two"))
    }

    pub(super) fn whole(&self, name: &str) -> Result<u64, AnswerError> {
        whole(name, self.value(name)?)
    }

    pub(super) fn at_least_one(&self, name: &str) -> Result<u64, AnswerError> {
        match self.whole(name)? {
            0 => Err(error(name, "it is 0", "enter at least 1")),
            number => Ok(number),
        }
    }

    /// Decimal text, kept exactly as entered.
    pub(super) fn decimal(&self, name: &str) -> Result<String, AnswerError> {
        let Some(text) = self.value(name)?.as_str() else {
            let remedy = "enter it as text, such as \"-18.5\", so that no digit is lost";
            return Err(error(name, "it is not decimal text", remedy));
        };
        Quantity::parse(text).map_err(|cause| error(name, cause.to_string(), "enter it again"))?;
        Ok(text.to_owned())
    }

    pub(super) fn date(&self, name: &str) -> Result<NaiveDate, AnswerError> {
        parse_date(&self.text(name)?)
            .map_err(|cause| error(name, cause.to_string(), "enter it again"))
    }

    pub(super) fn hash(&self, name: &str) -> Result<String, AnswerError> {
        hash(name, self.value(name)?)
    }

    pub(super) fn hashes(&self, name: &str) -> Result<Vec<String>, AnswerError> {
        let hashes = list(name, self.value(name)?)?
            .iter()
            .enumerate()
            .map(|(index, value)| hash(&format!("{name}[{index}]"), value))
            .collect::<Result<Vec<_>, _>>()?;
        if hashes.is_empty() {
            return Err(error(name, "there is none", "take at least one"));
        }
        if hashes.iter().collect::<BTreeSet<_>>().len() < hashes.len() {
            return Err(error(name, "one appears twice", "name each once"));
        }
        Ok(hashes)
    }

    /// Two lists that together hold every code once: a step nobody mentioned was not done.
    pub(super) fn split(
        &self,
        one: &str,
        other: &str,
        codes: &[&str],
    ) -> Result<(BTreeSet<String>, BTreeSet<String>), AnswerError> {
        self.only(&[one, other])?;
        let (left, right) = (self.codes(one, codes)?, self.codes(other, codes)?);
        for code in codes {
            match (left.contains(*code), right.contains(*code)) {
                (true, true) => {
                    let problem = format!("{code} is also in {one}");
                    return Err(error(other, problem, "keep it in one of the two"));
                }
                (false, false) => {
                    let problem = format!("{code} is in neither {one} nor {other}");
                    return Err(error(other, problem, "put it into one of the two"));
                }
                _ => {}
            }
        }
        Ok((left, right))
    }

    fn codes(&self, name: &str, known: &[&str]) -> Result<BTreeSet<String>, AnswerError> {
        let mut codes = BTreeSet::new();
        for (index, value) in list(name, self.value(name)?)?.iter().enumerate() {
            let field = format!("{name}[{index}]");
            match value.as_str() {
                Some(code) if !known.contains(&code) => {
                    let remedy = format!("use {}", known.join(", "));
                    return Err(error(&field, format!("\"{code}\" is not in the item"), remedy));
                }
                Some(code) if codes.insert(code.to_owned()) => {}
                Some(_) => return Err(error(&field, "it appears twice", "name it once")),
                None => return Err(error(&field, "it is not a code", "use a code as text")),
            }
        }
        Ok(codes)
    }

    /// Every count the item declares and no other; empty where it declares none.
    pub(super) fn counts(&self, item: &Item) -> Result<BTreeMap<String, u64>, AnswerError> {
        if item.counts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let Value::Object(given) = self.value("counts")? else {
            return Err(error("counts", "it is not an object", "enter each count by its code"));
        };
        let known: Vec<_> = item.counts.iter().map(|count| count.code.as_str()).collect();
        if let Some(code) = given.keys().find(|code| !known.contains(&code.as_str())) {
            let remedy = format!("count only {}", known.join(", "));
            return Err(error(&format!("counts.{code}"), "the item has no such count", remedy));
        }
        known
            .into_iter()
            .map(|code| {
                let field = format!("counts.{code}");
                let value = given.get(code).ok_or_else(|| {
                    error(&field, "it is missing", "enter a whole number, 0 if there was none")
                })?;
                Ok((code.to_owned(), whole(&field, value)?))
            })
            .collect()
    }
}

fn whole(field: &str, value: &Value) -> Result<u64, AnswerError> {
    value.as_u64().filter(|number| *number <= MAX_WHOLE).ok_or_else(|| {
        error(field, format!("{value} is not a whole number"), "enter a number from 0 to 2^53")
    })
}

fn hash(field: &str, value: &Value) -> Result<String, AnswerError> {
    let fits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    match value.as_str() {
        Some(text) if text.len() == 64 && text.bytes().all(fits) => Ok(text.to_owned()),
        _ => {
            let remedy = "enter 64 digits 0-9 and a-f";
            Err(error(field, "it is not a SHA-256", remedy))
        }
    }
}

fn list<'a>(field: &str, value: &'a Value) -> Result<&'a Vec<Value>, AnswerError> {
    value.as_array().ok_or_else(|| error(field, "it is not a list", "enter a list"))
}

fn error(field: &str, problem: impl Into<String>, remedy: impl Into<String>) -> AnswerError {
    AnswerError { field: field.to_owned(), problem: problem.into(), remedy: remedy.into() }
}
