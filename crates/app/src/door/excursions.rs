//! When a reading log was out of range, and what was done about each time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};
use spotcheck_loggers::Side;
use spotcheck_rules::{Excursion, LogReading, Operator, Quantity, excursions};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::people::person;
use super::photos::photo_hash;
use super::{Person, Topic};
use crate::inspection::{as_value, slot_path};
use crate::record::ReadingLog;
use crate::{AppError, Device, Host};

/// Listed one by one at most; a log that is out of range more often is so all the time.
const MOST: usize = 200;
const LONGEST_NOTE: usize = 500;

/// One end of the limit that a log is held against.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LogBound {
    /// Its unit; ends in another one than the log's are passed over.
    pub unit: String,
    /// The side that is out of range.
    pub side: Side,
    /// The value itself is out of range, too.
    pub open: bool,
    /// The value, decimal text.
    pub limit: String,
}

/// What is asked of a log's times out of range, or said of one.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExcursionCall {
    /// All of them.
    List {
        /// The document.
        sha256: String,
        /// The ends of the limit it is held against.
        bounds: Vec<LogBound>,
    },
    /// What was done about one. Said again, the last counts.
    Act {
        /// The document.
        sha256: String,
        /// When it began: ms since 1970 UTC.
        #[ts(type = "number")]
        from_ms: i64,
        /// What was done, 1 to 500 characters.
        note: String,
    },
}

impl ExcursionCall {
    /// What it touches when it succeeds.
    pub(super) fn topics(&self) -> Vec<Topic> {
        match self {
            Self::List { .. } => vec![],
            Self::Act { .. } => vec![Topic::Checks, Topic::Check, Topic::Merge, Topic::Sync],
        }
    }
}

/// The times that a log was out of range.
#[derive(Debug, Serialize, TS)]
pub struct ExcursionsView {
    /// The first of them, in time order, at most 200.
    pub list: Vec<ExcursionView>,
    /// How many there are.
    pub total: u32,
    /// What was said about a time that is not among them any more: the limit or the log is another now.
    pub others: Vec<ActionView>,
}

/// One time out of range.
#[derive(Debug, Serialize, TS)]
pub struct ExcursionView {
    /// The first and the last reading out of range: ms since 1970 UTC.
    #[ts(type = "[number, number]")]
    pub span: [i64; 2],
    /// Minutes out of range, the line between readings taken as straight; decimal text.
    pub minutes: String,
    /// The lowest and the highest reading of it, decimal text.
    pub ends: [String; 2],
    /// What was done about it, by everybody who said so.
    pub actions: Vec<ActionView>,
}

/// What was done about a time out of range.
#[derive(Debug, Serialize, TS)]
pub struct ActionView {
    /// In whose words.
    pub by: Person,
    /// The words.
    pub note: String,
    /// By this device's user.
    pub mine: bool,
}

impl LogBound {
    fn beyond(&self) -> Result<(Operator, Quantity), AppError> {
        let limit =
            Quantity::parse(&self.limit).map_err(|e| AppError::invalid("bounds.limit", e))?;
        Ok(match (self.side, self.open) {
            (Side::Hot, false) => (Operator::Above, limit),
            (Side::Hot, true) => (Operator::AtLeast, limit),
            (Side::Cold, false) => (Operator::Below, limit),
            (Side::Cold, true) => (Operator::AtMost, limit),
        })
    }
}

/// The slot of what was done about the time that began then: `evidence/room.A1.CCS-06/action.1624500000`.
fn action_path(answer: &SlotPath, from_ms: i64) -> Result<SlotPath, AppError> {
    let whose = answer.as_str().replace('/', ".");
    slot_path(&format!("evidence/{whose}/action.{}", from_ms.div_euclid(1_000)))
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn excursion_call(
        &mut self,
        inspection: RecordId,
        path: &str,
        asked: &ExcursionCall,
    ) -> Result<Option<ExcursionsView>, AppError> {
        match asked {
            ExcursionCall::List { sha256, bounds } => {
                self.excursions_view(inspection, path, sha256, bounds).map(Some)
            }
            ExcursionCall::Act { sha256, from_ms, note } => {
                self.act_on_excursion(inspection, path, (sha256, *from_ms), note)?;
                Ok(None)
            }
        }
    }

    fn excursions_view(
        &self,
        inspection: RecordId,
        path: &str,
        sha256: &str,
        bounds: &[LogBound],
    ) -> Result<ExcursionsView, AppError> {
        let path = slot_path(path)?;
        let doc = self.show(inspection)?.doc;
        let (log, _) = ReadingLog::of_document(&self.document_bytes(photo_hash(sha256)?)?)?;
        let own = bounds.iter().filter(|it| it.unit == log.unit);
        let beyond = strictest(own.map(LogBound::beyond).collect::<Result<_, _>>()?);
        let (readings, _) = log.summary("log")?;
        let found = out_of_range(&readings, log.interval_min, &beyond)?;
        let mut said = self.actions(&doc, &path)?;
        let mut list = vec![];
        for it in &found {
            let within = |from: i64| (it.from..=it.to).contains(&from);
            let (own, rest) =
                said.into_iter().partition(|(log, from, _)| log == sha256 && within(*from));
            said = rest;
            let own: Vec<(String, i64, ActionView)> = own;
            if list.len() < MOST {
                list.push(ExcursionView {
                    span: [it.from, it.to],
                    minutes: it.minutes.to_string(),
                    ends: [it.lowest.to_string(), it.highest.to_string()],
                    actions: own.into_iter().map(|(.., action)| action).collect(),
                });
            }
        }
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        Ok(ExcursionsView { total, list, others: said.into_iter().map(|(.., it)| it).collect() })
    }

    /// All that was said about times of an answer: of which log, since when, and what.
    fn actions(
        &self,
        doc: &RecordDoc,
        path: &SlotPath,
    ) -> Result<Vec<(String, i64, ActionView)>, AppError> {
        let (user, people) = (self.identity()?.user, self.people()?);
        let heading = format!("evidence/{}/action.", path.as_str().replace('/', "."));
        let of_this = doc.slots.iter().filter(|(slot, _)| slot.as_str().starts_with(&heading));
        let mut said = vec![];
        for (slot, values) in of_this {
            let since = slot.as_str().strip_prefix(&heading).and_then(|it| it.parse::<i64>().ok());
            for current in values {
                let field = |name: &str| match &current.value {
                    Value::Map(map) => map.get(name).and_then(Value::as_text).unwrap_or_default(),
                    _ => "",
                };
                let by = doc.ops.get(&current.op).map_or(user, |cited| cited.by);
                let action = ActionView {
                    by: person(&people, by),
                    note: field("note").to_owned(),
                    mine: by == user,
                };
                said.push((field("log").to_owned(), since.unwrap_or(0) * 1_000, action));
            }
        }
        Ok(said)
    }

    fn act_on_excursion(
        &mut self,
        inspection: RecordId,
        path: &str,
        (sha256, from_ms): (&str, i64),
        note: &str,
    ) -> Result<(), AppError> {
        let path = slot_path(path)?;
        self.rules_of(inspection)?.item_at(&path)?;
        let note = note.trim();
        if note.is_empty() || note.chars().count() > LONGEST_NOTE {
            let remedy = format!("say what was done, in at most {LONGEST_NOTE} characters");
            return Err(AppError::invalid("note", remedy));
        }
        let log = photo_hash(sha256)?.to_string();
        let said = serde_json::json!({ "note": note, "log": log });
        let slot = action_path(&path, from_ms)?;
        // One's own word is corrected; a colleague's stands beside it.
        let (user, doc) = (self.identity()?.user, self.show(inspection)?.doc);
        let mine = |op: &OpId| doc.ops.get(op).is_some_and(|cited| cited.by == user);
        let current = self.current_ops(inspection, std::iter::once(&slot))?;
        let data = OpData {
            replaces: current.into_iter().filter(mine).collect(),
            set: BTreeMap::from([(slot, as_value(&said, "note")?)]),
            ..OpData::default()
        };
        self.record_on(inspection, kind::INSPECTION_ANSWERED, data)?;
        Ok(())
    }
}

/// Of several limits of one room the one that is broken first, on each side: no minute counts twice.
fn strictest(all: Vec<(Operator, Quantity)>) -> Vec<(Operator, Quantity)> {
    let is_hot = |it: Operator| matches!(it, Operator::Above | Operator::AtLeast);
    let takes_equal = |it: Operator| matches!(it, Operator::AtLeast | Operator::AtMost);
    let (hot, cold): (Vec<_>, Vec<_>) = all.into_iter().partition(|(it, _)| is_hot(*it));
    let hottest = hot.into_iter().min_by_key(|(it, value)| (*value, !takes_equal(*it)));
    let coldest = cold.into_iter().max_by_key(|(it, value)| (*value, takes_equal(*it)));
    hottest.into_iter().chain(coldest).collect()
}

fn out_of_range(
    readings: &[LogReading],
    interval_min: u32,
    beyond: &[(Operator, Quantity)],
) -> Result<Vec<Excursion>, AppError> {
    if beyond.is_empty() {
        return Ok(vec![]);
    }
    excursions(readings, interval_min, beyond)
        .ok_or_else(|| AppError::invalid("bounds", "a limit that no thermometer reads"))
}
