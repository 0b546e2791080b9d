//! What lists of thousands need of an inspection: computed from its document and those of its findings
//! once, kept beside it.
//!
//! The store forgets a brief when any of them changes (`crates/store/src/brief.rs`), so a brief that
//! is there is true of the documents that are there. A device of one who leads makes them as a pull
//! goes on; others never pay.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, UserId, Value};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use crate::day::is_item;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Raised when what a brief says or how it is computed changes: all are then made anew.
const VERSION: &str = "3";
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
    /// Whether there is any.
    pub(crate) fn any(&self) -> bool {
        self.critical + self.major + self.minor > 0
    }

    /// One finding.
    pub(crate) fn of(severity: &str) -> Self {
        let mut one = Self::default();
        one.add(severity);
        one
    }

    pub(crate) fn add(&mut self, severity: &str) {
        match severity {
            "critical" => self.critical += 1,
            "major" => self.major += 1,
            // A severity of a newer version is counted, not dropped.
            _ => self.minor += 1,
        }
    }
}

impl std::ops::SubAssign for Severities {
    fn sub_assign(&mut self, other: Self) {
        self.critical = self.critical.saturating_sub(other.critical);
        self.major = self.major.saturating_sub(other.major);
        self.minor = self.minor.saturating_sub(other.minor);
    }
}

impl std::ops::AddAssign for Severities {
    fn add_assign(&mut self, other: Self) {
        self.critical += other.critical;
        self.major += other.major;
        self.minor += other.minor;
    }
}

/// An inspection in brief. Kept as a list without names, and read without a copy: thousands are read
/// while somebody waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Listed<'a>", from = "Listed<'a>", bound(deserialize = "'de: 'a"))]
pub(crate) struct Brief<'a> {
    pub checklist: Cow<'a, str>,
    pub by: Option<UserId>,
    pub completed: bool,
    pub voided: bool,
    /// Required items with an answer, and all required ones.
    pub answered: u32,
    pub required: u32,
    /// Slots whose current values differ.
    pub contradictions: u32,
    /// Latitude and longitude.
    pub position: Option<[Cow<'a, str>; 2]>,
    /// Its findings, each for itself, also those for which another stands.
    pub findings: Severities,
    /// Of them cured before the inspectors left.
    pub fixed: u32,
}

/// A [`Brief`] as it is kept: who began it and how it stands, counts, findings, position.
#[derive(Serialize, Deserialize)]
struct Listed<'a>(
    #[serde(borrow)] Cow<'a, str>,
    Option<UserId>,
    (bool, bool),
    [u32; 3],
    [u32; 4],
    #[serde(borrow)] Option<[Borrowed<'a>; 2]>,
);

/// Text that is read in place, also inside of other things.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> From<Brief<'a>> for Listed<'a> {
    fn from(it: Brief<'a>) -> Self {
        let Severities { critical, major, minor } = it.findings;
        Self(
            it.checklist,
            it.by,
            (it.completed, it.voided),
            [it.answered, it.required, it.contradictions],
            [critical, major, minor, it.fixed],
            it.position.map(|position| position.map(Borrowed)),
        )
    }
}

impl<'a> From<Listed<'a>> for Brief<'a> {
    fn from(it: Listed<'a>) -> Self {
        let Listed(checklist, by, (completed, voided), counts, findings, position) = it;
        let [answered, required, contradictions] = counts;
        let [critical, major, minor, fixed] = findings;
        let findings = Severities { critical, major, minor };
        let position = position.map(|position| position.map(|it| it.0));
        Self {
            checklist,
            by,
            completed,
            voided,
            answered,
            required,
            contradictions,
            position,
            findings,
            fixed,
        }
    }
}

impl<'a> Brief<'a> {
    /// What was kept; none where it cannot be read.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

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

    /// Makes the briefs of inspections that ops have just changed, or changed what belongs to them: as
    /// many as there are, however many others the device holds.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn brief_these(&mut self, records: &BTreeSet<RecordId>) -> Result<(), AppError> {
        self.forget_other_versions()?;
        let mut rows: BTreeMap<RecordId, RecordRow> = BTreeMap::new();
        for record in records {
            let row = self.store.find_record(*record)?;
            let of = row.as_ref().and_then(|it| it.doc.parent);
            let above = match of {
                Some(parent) if !records.contains(&parent) && !rows.contains_key(&parent) => {
                    self.store.find_record(parent)?
                }
                _ => None,
            };
            let fit = row.into_iter().chain(above).filter(|it| it.doc.kind == "inspection");
            rows.extend(fit.map(|it| (it.record, it)));
        }
        self.keep_briefs(rows.into_values().collect())
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
            let brief = serde_json::to_string(&self.brief_of(&row)?)
                .map_err(|e| AppError::invalid("brief", e))?;
            briefs.push((row.record, brief));
        }
        Ok(self.store.put_briefs(&briefs)?)
    }

    fn brief_of<'a>(&self, row: &'a RecordRow) -> Result<Brief<'a>, AppError> {
        let doc = &row.doc;
        let (answered, required) = self.progress_of(row.record, doc);
        let mut brief = Brief {
            checklist: text(doc, "checklist").into(),
            by: doc.created.as_ref().map(|cited| cited.by),
            completed: doc.agreed("completed").is_some(),
            voided: is_true(doc, "voided"),
            answered,
            required,
            contradictions: clamp(doc.contradictions().filter(|(path, _)| is_item(path)).count()),
            position: position(doc),
            ..Brief::default()
        };
        for row in self.store.children(row.record)? {
            if row.doc.kind == "finding" && !is_true(&row.doc, "voided") {
                brief.findings.add(text(&row.doc, "severity"));
                brief.fixed += u32::from(is_true(&row.doc, "fixed"));
            }
        }
        Ok(brief)
    }
}

/// Whether a slot says yes, and nobody no.
pub(crate) fn is_true(doc: &RecordDoc, slot: &str) -> bool {
    doc.agreed(slot) == Some(&Value::Bool(true))
}

/// Where a check was made, if it says.
fn position(doc: &RecordDoc) -> Option<[Cow<'_, str>; 2]> {
    let position = doc.agreed("place")?.get("position")?;
    let get = |key: &str| position.get(key).and_then(Value::as_text).map(Cow::from);
    Some([get("lat")?, get("lon")?])
}

fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
