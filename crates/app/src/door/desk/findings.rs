//! Findings of everybody, in pages.

use serde::Serialize;
use spotcheck_domain::RecordId;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use super::DeskSite;
use crate::door::FindingView;
use crate::door::people::People;
use crate::inspection::instance_path;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Findings on a page.
const PAGE: usize = 100;
/// Findings looked through for one page when few of them fit.
const LOOKED_THROUGH: usize = 10_000;

/// A page of findings, the latest first.
#[derive(Debug, Serialize, TS)]
pub struct FindingPage {
    /// The findings.
    pub findings: Vec<FindingHit>,
    /// What to ask the next page by; none when this was the last.
    pub next: Option<String>,
}

/// A finding with where it was made.
#[derive(Debug, Serialize, TS)]
pub struct FindingHit {
    /// The finding.
    pub finding: FindingView,
    /// What people call the gate, room … its item is about, where it is about one.
    pub place: Option<String>,
    /// The inspection it belongs to.
    pub check: String,
    /// Its checklist's code.
    pub checklist: String,
    /// The day of the visit.
    pub day: String,
    /// Where.
    pub site: DeskSite,
}

/// Which findings are asked for; what is not named is not asked.
pub(in crate::door) struct FindingFilter {
    /// The day of the visit.
    pub(in crate::door) day: Option<String>,
    pub(in crate::door) severity: Option<String>,
    /// The code of the item, at whatever gate or room.
    pub(in crate::door) item: Option<String>,
}

impl FindingFilter {
    /// By what the finding itself says: the day is its check's.
    fn fits(&self, doc: &RecordDoc) -> bool {
        let code = || text(doc, "item").rsplit('/').next();
        self.severity.as_ref().is_none_or(|it| it == text(doc, "severity"))
            && self.item.as_ref().is_none_or(|it| code() == Some(it))
    }
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Findings that fit, a page of them.
    pub(in crate::door) fn findings_page(
        &self,
        only: &FindingFilter,
        after: Option<&str>,
    ) -> Result<FindingPage, AppError> {
        let people = self.people()?;
        let mut after = after.map(|id| self.resolve(id)).transpose()?;
        let mut findings = vec![];
        let mut looked = 0;
        while looked < LOOKED_THROUGH {
            let rows = match &only.day {
                Some(day) => self.store.children_on("finding", day, after, PAGE)?,
                None => self.store.list_records("finding", after, PAGE)?,
            };
            let last = rows.len() < PAGE;
            looked += rows.len();
            for row in rows {
                after = Some(row.record);
                if !only.fits(&row.doc) {
                    continue;
                }
                if let Some(hit) = self.finding_hit(&row, &people)?
                    && only.day.as_ref().is_none_or(|day| *day == hit.day)
                {
                    findings.push(hit);
                }
                if findings.len() == PAGE {
                    return Ok(FindingPage { findings, next: after.map(|it| it.to_string()) });
                }
            }
            if last {
                return Ok(FindingPage { findings, next: None });
            }
        }
        Ok(FindingPage { findings, next: after.map(|it: RecordId| it.to_string()) })
    }

    /// A finding with its check; none where the check is not here, or either was voided.
    pub(super) fn finding_hit(
        &self,
        row: &RecordRow,
        people: &People,
    ) -> Result<Option<FindingHit>, AppError> {
        let Some(parent) = row.doc.parent else { return Ok(None) };
        let Some(check) = self.store.find_record(parent)? else { return Ok(None) };
        if row.doc.agreed("voided").is_some() || check.doc.agreed("voided").is_some() {
            return Ok(None);
        }
        let finding = self.view_of_finding(row, people)?;
        Ok(Some(FindingHit {
            place: finding.item.as_deref().and_then(|item| place_of(&check.doc, item)),
            finding,
            check: parent.to_string(),
            checklist: text(&check.doc, "checklist").to_owned(),
            day: text(&check.doc, "day").to_owned(),
            site: self.desk_site(text(&check.doc, "site"))?,
        }))
    }
}

/// The name of the place an item of a repeat is about: `gate/G1/ENT-01` is about the gate G1.
fn place_of(check: &RecordDoc, item: &str) -> Option<String> {
    let mut parts = item.split('/');
    let (repeat, id, _) = (parts.next()?, parts.next()?, parts.next()?);
    let path = instance_path(repeat, id).ok()?;
    let name = text(check, path.as_str());
    Some(if name.is_empty() { id } else { name }.to_owned())
}
