//! Saying of findings that they are one thing, or different things.

use std::collections::BTreeSet;

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{OpId, RecordId, Value};
use spotcheck_store::{BlobStore, Draft};

use crate::day::{known_by, slots_of};
use crate::query::text;
use crate::{AppError, Device, Host};

/// Findings of one merge that a word can be about.
const MOST: usize = 100;

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Says that findings are one thing, for which `main` stands, or, without it, different things.
    /// Every finding stays as it was written. It holds while they are as they are now.
    ///
    /// # Errors
    /// When they are not two or more findings of one day's merge, one is void, or `main` is none of
    /// them.
    pub fn unite(
        &mut self,
        findings: &[RecordId],
        main: Option<RecordId>,
        why: &str,
    ) -> Result<OpId, AppError> {
        let ids: BTreeSet<RecordId> = findings.iter().copied().collect();
        if !(2..=MOST).contains(&ids.len()) {
            return Err(AppError::invalid("findings", "name 2 to 100 different findings"));
        }
        if main.is_some_and(|main| !ids.contains(&main)) {
            return Err(AppError::invalid("main", "none of the findings named"));
        }
        let (mut docs, mut inspections, mut merges) = (vec![], BTreeSet::new(), BTreeSet::new());
        for id in &ids {
            let (doc, inspection, merge) = self.finding_of_merge(*id)?;
            docs.push(doc);
            inspections.insert(inspection);
            merges.insert(merge);
        }
        let [merge] = merges.into_iter().collect::<Vec<_>>()[..] else {
            let remedy = "of several sites, days or checklists: only findings of one merge are one";
            return Err(AppError::invalid("findings", remedy));
        };
        let ids: Vec<RecordId> = ids.into_iter().collect();
        let set = slots_of(&ids, main)?;
        let data = OpData {
            replaces: self.current_ops(merge, set.keys())?,
            settles: known_by(docs.iter()),
            set,
            why: Some(why.trim()).filter(|why| !why.is_empty()).map(str::to_owned),
            ..OpData::default()
        };
        let scope = self.scope_of_merge(&inspections)?;
        let kind = kind::MERGE_UNITED.to_owned();
        let draft = Draft { record: Some(merge), scope, kind, data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// A finding that counts, its inspection, and the merge it belongs to.
    fn finding_of_merge(&self, id: RecordId) -> Result<(RecordDoc, RecordId, RecordId), AppError> {
        let void = |doc: &RecordDoc| doc.agreed("voided") == Some(&Value::Bool(true));
        let known = self.store.find_record(id)?.filter(|row| row.doc.kind == "finding");
        let finding = known.ok_or_else(|| AppError::NotFound(format!("no finding {id}")))?.doc;
        let parent = finding.parent.map(|parent| self.store.find_record(parent)).transpose()?;
        let check = parent.flatten().ok_or_else(|| {
            AppError::NotFound(format!("the check of finding {id} is not on this device: sync"))
        })?;
        if void(&finding) || void(&check.doc) {
            let remedy = format!("{id} is void, or its check is: it counts no more");
            return Err(AppError::invalid("findings", remedy));
        }
        let ws = self.identity()?.ws;
        let site = RecordId::of_site(ws, text(&check.doc, "site"));
        let (day, checklist) = (text(&check.doc, "day"), text(&check.doc, "checklist"));
        let merge = RecordId::of_merge(ws, "", site, day, checklist);
        Ok((finding, check.record, merge))
    }
}
