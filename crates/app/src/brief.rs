//! What lists of thousands need of a record: computed from its document once, kept beside it.
//!
//! The store forgets a brief when the record changes (`crates/store/src/brief.rs`), so a brief that
//! is there is true of the document that is there. A device of one who leads makes them as a pull
//! goes on; others never pay.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, UserId, Value};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use crate::query::text;
use crate::{AppError, Device, Host};

/// Raised when what a brief says or how it is computed changes: all are then made anew.
const VERSION: &str = "2";
/// Briefs made in one transaction.
const AT_ONCE: usize = 500;

/// Findings counted by severity.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Severities {
    /// 重点项.
    pub critical: u32,
    /// 较重.
    pub major: u32,
    /// 一般项.
    pub minor: u32,
}

impl Severities {
    pub(crate) fn add(&mut self, severity: &str) {
        match severity {
            "critical" => self.critical += 1,
            "major" => self.major += 1,
            // A severity of a newer version is counted, not dropped.
            _ => self.minor += 1,
        }
    }
}

impl std::ops::AddAssign for Severities {
    fn add_assign(&mut self, other: Self) {
        self.critical += other.critical;
        self.major += other.major;
        self.minor += other.minor;
    }
}

/// A record in brief. Tagged from outside: read by the thousand, and what is tagged from inside is
/// read twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Brief {
    Inspection(InspectionBrief),
    Finding(FindingBrief),
    /// Of no kind that lists count.
    Other,
}

/// An inspection in brief.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InspectionBrief {
    pub checklist: String,
    pub by: Option<UserId>,
    pub completed: bool,
    pub voided: bool,
    /// Required items with an answer, and all required ones.
    pub answered: u32,
    pub required: u32,
    /// Slots whose current values differ.
    pub contradictions: u32,
    /// Latitude and longitude.
    pub position: Option<[String; 2]>,
}

/// A finding in brief.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingBrief {
    pub severity: String,
    pub fixed: bool,
    pub voided: bool,
}

impl Brief {
    /// What was kept; a brief that cannot be read counts as none.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self::Other)
    }
}

impl InspectionBrief {
    pub(crate) fn is_open(&self) -> bool {
        !self.completed && !self.voided
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Makes the briefs that are missing. Long only after a long pull.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn fill_briefs(&mut self) -> Result<(), AppError> {
        self.forget_other_versions()?;
        loop {
            let rows = self.store.without_brief(AT_ONCE)?;
            if rows.is_empty() {
                return Ok(());
            }
            self.keep_briefs(rows)?;
        }
    }

    /// Makes the briefs of records that ops have just changed: as many as there are, however many
    /// others the device holds.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn brief_these(&mut self, records: &BTreeSet<RecordId>) -> Result<(), AppError> {
        self.forget_other_versions()?;
        let mut rows = vec![];
        for record in records {
            let row = self.store.find_record(*record)?;
            rows.extend(row.filter(|it| matches!(it.doc.kind.as_str(), "inspection" | "finding")));
        }
        self.keep_briefs(rows)
    }

    fn forget_other_versions(&mut self) -> Result<(), AppError> {
        if self.store.fact("brief_version")?.as_deref() != Some(VERSION) {
            self.store.forget_briefs()?;
            self.store.set_fact("brief_version", VERSION)?;
        }
        Ok(())
    }

    fn keep_briefs(&mut self, rows: Vec<RecordRow>) -> Result<(), AppError> {
        let mut briefs = Vec::with_capacity(rows.len());
        for row in rows {
            let brief = serde_json::to_string(&self.brief_of(&row))
                .map_err(|e| AppError::invalid("brief", e))?;
            briefs.push((row.record, brief));
        }
        Ok(self.store.put_briefs(&briefs)?)
    }

    fn brief_of(&self, row: &RecordRow) -> Brief {
        let doc = &row.doc;
        let said = |slot: &str| doc.agreed(slot) == Some(&Value::Bool(true));
        match doc.kind.as_str() {
            "inspection" => Brief::Inspection(self.inspection_brief(doc)),
            "finding" => Brief::Finding(FindingBrief {
                severity: text(doc, "severity").to_owned(),
                fixed: said("fixed"),
                voided: said("voided"),
            }),
            _ => Brief::Other,
        }
    }

    fn inspection_brief(&self, doc: &RecordDoc) -> InspectionBrief {
        let hash = text(doc, "checklist_sha256").parse().ok();
        let checklist = hash.and_then(|hash| self.library.find_checklist(hash));
        let (answered, required) = checklist
            .map_or((0, 0), |list| list.progress(doc.slots.keys().map(|path| path.item())));
        InspectionBrief {
            checklist: text(doc, "checklist").to_owned(),
            by: doc.created.as_ref().map(|cited| cited.by),
            completed: doc.agreed("completed").is_some(),
            voided: doc.agreed("voided") == Some(&Value::Bool(true)),
            answered,
            required,
            contradictions: u32::try_from(doc.contradictions().count()).unwrap_or(u32::MAX),
            position: position(doc),
        }
    }
}

/// Where a check was made, if it says.
fn position(doc: &RecordDoc) -> Option<[String; 2]> {
    let position = doc.agreed("place")?.get("position")?;
    let get = |key: &str| position.get(key).and_then(Value::as_text).map(str::to_owned);
    Some([get("lat")?, get("lon")?])
}
