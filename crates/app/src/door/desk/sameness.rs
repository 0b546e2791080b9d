//! Findings that look alike, and what leads said of them.

use serde::Serialize;
use spotcheck_domain::{OpId, RecordId};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use super::FindingHit;
use crate::day::speaks_of_finding;
use crate::door::Person;
use crate::door::people::{People, person};
use crate::{Alike, AppError, Device, Host, Sameness};

/// Findings that may be one thing seen twice.
#[derive(Debug, Serialize, TS)]
pub struct AlikeView {
    /// Two and more.
    pub findings: Vec<FindingHit>,
    /// What leads said of some of them, and what does not settle it any more.
    pub before: Vec<SamenessView>,
}

/// A lead's word: one thing, or different things.
#[derive(Debug, Serialize, TS)]
pub struct SamenessView {
    /// The op: what `undo` takes.
    pub op: String,
    /// Who.
    pub by: Person,
    /// By this device's user, who alone can take it back.
    pub mine: bool,
    /// The finding that stands for all; none where they are different things.
    pub main: Option<FindingHit>,
    /// The others; all, where they are different things.
    pub others: Vec<FindingHit>,
    /// Why, where a reason was given.
    pub why: Option<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Says of findings that they are one thing, or different things. Only leads and reviewers do.
    pub(in crate::door) fn unite_some(
        &mut self,
        findings: &[String],
        main: Option<&str>,
        why: &str,
    ) -> Result<OpId, AppError> {
        self.leads_only("only a lead or a reviewer unites findings; all are kept until then")?;
        let findings: Result<Vec<RecordId>, AppError> =
            findings.iter().map(|id| self.resolve(id)).collect();
        let main = main.map(|id| self.resolve(id)).transpose()?;
        self.unite(&findings?, main, why)
    }

    /// Findings of a day's merge at a site, by a checklist, for which another stands.
    pub(super) fn parts_of_others(
        &self,
        day: &str,
        (site, checklist): (&str, &str),
    ) -> Result<Vec<RecordId>, AppError> {
        let ws = self.identity()?.ws;
        let merge = RecordId::of_merge(ws, "", RecordId::of_site(ws, site), day, checklist);
        // Few merges have a word on findings; only those are computed.
        let spoken = |row: RecordRow| row.doc.slots.keys().any(speaks_of_finding);
        if !self.store.find_record(merge)?.is_some_and(spoken) {
            return Ok(vec![]);
        }
        let Some(merged) = self.day_of(site, day, checklist)? else { return Ok(vec![]) };
        let all = merged.findings.iter().copied();
        Ok(all.filter(|id| merged.is_part_of_another(*id)).collect())
    }

    pub(super) fn alike_view(&self, it: &Alike, people: &People) -> Result<AlikeView, AppError> {
        let before = it.before.iter().map(|said| self.sameness_view(said, people));
        Ok(AlikeView {
            findings: self.hits(&it.findings, people)?,
            before: before.collect::<Result<_, AppError>>()?,
        })
    }

    pub(super) fn sameness_view(
        &self,
        said: &Sameness,
        people: &People,
    ) -> Result<SamenessView, AppError> {
        let by = said.by.parse().map_err(|e| AppError::invalid("author", e))?;
        let others = said.findings.iter().filter(|id| said.main != Some(**id));
        Ok(SamenessView {
            op: said.op.to_string(),
            by: person(people, by),
            mine: by == self.identity()?.user,
            main: self.hits(&said.main, people)?.into_iter().next(),
            others: self.hits(others, people)?,
            why: said.why.clone(),
        })
    }

    pub(super) fn hits<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RecordId>,
        people: &People,
    ) -> Result<Vec<FindingHit>, AppError> {
        let mut hits = vec![];
        for id in ids {
            if let Some(row) = self.store.find_record(*id)? {
                hits.extend(self.finding_hit(&row, people)?);
            }
        }
        Ok(hits)
    }
}
