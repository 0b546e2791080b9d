//! The shape of a line.

use std::collections::BTreeMap;

use serde::Deserialize;
use spotcheck_domain::{SlotPath, Value};

use super::logger_file::LoggerSource;
use super::reading_log::LogSource;
use crate::inspection::{FindingDraft, Head, Photos, SignatureDraft, evidence_path, slot_path};
use crate::{AppError, Shot};

/// One line of a record file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// An inspection that exists, by id or the first digits of it; absent: this line starts one.
    #[serde(default)]
    pub inspection: Option<String>,
    /// The head of a new inspection.
    #[serde(default)]
    pub head: Option<Head>,
    /// Item code, or `repeat/instance/code`, to answer.
    #[serde(default)]
    pub answers: BTreeMap<String, Value>,
    /// Photos and documents that back answers: item code to file names.
    #[serde(default)]
    pub photos: BTreeMap<String, Vec<String>>,
    /// How photos came to be, by file name; a photo without an entry says nothing.
    #[serde(default)]
    pub photo_facts: BTreeMap<String, Shot>,
    /// Readings of loggers: item code to readings, or to the name of a file that holds them.
    #[serde(default)]
    pub reading_logs: BTreeMap<String, LogSource>,
    /// Loggers' own files: item code to the file and what it leaves open.
    #[serde(default)]
    pub logger_files: BTreeMap<String, LoggerSource>,
    /// What is wrong.
    #[serde(default)]
    pub findings: Vec<FindingDraft>,
    /// Signatures and refusals.
    #[serde(default)]
    pub signatures: Vec<SignatureDraft>,
    /// Why answers are corrected, or an op is undone.
    #[serde(default)]
    pub why: Option<String>,
    /// An op to take back.
    #[serde(default)]
    pub undo: Option<String>,
    /// Voids the inspection, with this reason.
    #[serde(default)]
    pub void: Option<String>,
    /// The work is done.
    #[serde(default)]
    pub complete: bool,
}

impl Line {
    /// Reads a line strictly.
    ///
    /// # Errors
    /// Names the field, or the column where the JSON ends to be JSON.
    pub fn parse(json: &str) -> Result<Self, AppError> {
        let line: Self = serde_json::from_str(json).map_err(|error| {
            AppError::invalid(
                format!("column {}", error.column()),
                strip_position(&error.to_string()),
            )
        })?;
        match (&line.inspection, &line.head) {
            (Some(_), Some(_)) => {
                Err(AppError::invalid("head", "leave it out for an inspection that exists"))
            }
            (None, None) => Err(AppError::invalid(
                "head",
                "give a head to start an inspection, or inspection for one that exists",
            )),
            _ => Ok(line),
        }
    }

    pub(super) fn head(&self) -> Result<&Head, AppError> {
        self.head.as_ref().ok_or_else(|| AppError::invalid("head", "missing"))
    }

    /// Whether the line itself gives what a failed answer asks for.
    pub(super) fn gives(&self, path: &str, asked: &str) -> bool {
        let findings = || self.findings.iter().filter(|it| it.item.as_deref() == Some(path));
        match asked {
            "photo" => self.photos.contains_key(path) || findings().any(|it| !it.photos.is_empty()),
            // A finding always has a note, and takes the item's severity when it names none.
            _ => findings().next().is_some(),
        }
    }

    /// Every file the line names but those of reading logs.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        let findings = self.findings.iter().flat_map(|finding| {
            let fixed = finding.fixed.iter().flat_map(|fixed| &fixed.photos);
            finding.photos.iter().chain(&finding.voice).chain(fixed)
        });
        self.answer_files().chain(findings.map(String::as_str))
    }

    /// The slot that a log answers, which the line answers in no other way.
    pub(super) fn log_path(&self, code: &str, field: &str) -> Result<SlotPath, AppError> {
        if self.answers.contains_key(code) {
            return Err(AppError::invalid(field, "the log is the answer; leave out the other"));
        }
        slot_path(code)
    }

    /// Files that back answers.
    pub(super) fn answer_files(&self) -> impl Iterator<Item = &str> {
        self.photos.values().flatten().map(String::as_str)
    }

    /// The item that a file backs: the answer's, or else the finding's.
    pub(super) fn item_of(&self, file: &str) -> Option<&str> {
        let names = |files: &[String]| files.iter().any(|it| it == file);
        let answer = self.photos.iter().find(|(_, files)| names(files));
        answer.map(|(item, _)| item.as_str()).or_else(|| {
            let finding = self.findings.iter().find(|it| {
                names(&it.photos) || it.fixed.as_ref().is_some_and(|fixed| names(&fixed.photos))
            });
            finding.and_then(|it| it.item.as_deref())
        })
    }

    /// The answers as slots. Photos that back an answer have a slot of their own: two people who
    /// say the same and show different photos agree. Where the photos are the answer (`{}`), they
    /// go into it.
    pub(crate) fn answer_slots(
        &self,
        photos: &Photos,
    ) -> Result<BTreeMap<SlotPath, Value>, AppError> {
        let mut slots = BTreeMap::new();
        for (path, answer) in &self.answers {
            let path = slot_path(path)?;
            if path.as_str().starts_with("evidence/") {
                let remedy =
                    "this is no item: what backs an answer is said by photos and instrument";
                return Err(AppError::invalid(format!("answers.{}", path.as_str()), remedy));
            }
            let mut answer = answer.clone();
            let names = self.photos.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
            let named = names.iter().filter_map(|name| photos.get(name));
            let hashes: Vec<String> = named.map(|blob| blob.sha256.to_string()).collect();
            match &mut answer {
                _ if hashes.is_empty() => {}
                Value::Map(members) if members.is_empty() => {
                    members.insert("photos".to_owned(), hashes.into());
                }
                _ => {
                    slots.insert(evidence_path(&path)?, hashes.into());
                }
            }
            slots.insert(path, answer);
        }
        match self.photos.keys().find(|code| !self.answers.contains_key(*code)) {
            Some(code) => Err(AppError::invalid(
                format!("photos.{code}"),
                "answer the item in the same line, so that the photo backs something",
            )),
            None => Ok(slots),
        }
    }
}

/// The field is named already; the line is always 1.
fn strip_position(error: &str) -> &str {
    error.split(" at line ").next().unwrap_or(error)
}
