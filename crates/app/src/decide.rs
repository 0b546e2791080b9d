//! Settling a contradiction.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::{OpData, kind};
use spotcheck_domain::{OpId, RecordId, ScopeId, Value};
use spotcheck_store::{BlobStore, Draft};

use crate::day::contradiction_id;
use crate::inspection::as_value;
use crate::instruments::trust_path;
use crate::{AppError, Device, Host};

/// What a lead decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// One of the values stands: the op that set it.
    Keep(OpId),
    /// Another value stands.
    Value(Value),
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Settles a contradiction. It holds while the values are exactly those in view now.
    ///
    /// Inside one shared inspection it is an ordinary correction; between inspections it is a
    /// decision of the day's merge, and nobody's record is edited.
    ///
    /// # Errors
    /// When there is no such contradiction, the op is none of its values, or the reason is missing.
    pub fn decide(
        &mut self,
        id: &str,
        decision: &Decision,
        reason: &str,
    ) -> Result<OpId, AppError> {
        self.decide_at(None, id, decision, &[], reason)
    }

    /// The same where the site and day are known: then no other is looked at. `seen` are the values
    /// a person had in view, if the host says so: when others have come, nothing is decided.
    pub(crate) fn decide_at(
        &mut self,
        at: Option<(&str, &str)>,
        id: &str,
        decision: &Decision,
        seen: &[OpId],
        reason: &str,
    ) -> Result<OpId, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "say why, for who reads this in a year"));
        }
        let found = self
            .contradictions(at.map(|it| it.0), at.map(|it| it.1))?
            .into_iter()
            .find(|c| c.id == id);
        let found = found.ok_or_else(|| {
            AppError::NotFound(format!("no open contradiction {id:?}; see `contradiction list`"))
        })?;
        let ops: BTreeSet<OpId> = found.values.iter().map(|value| value.op).collect();
        if !seen.is_empty() && seen.iter().copied().collect::<BTreeSet<_>>() != ops {
            let remedy = "other values came since you looked: look at all of them, then decide";
            return Err(AppError::Changed(remedy.to_owned()));
        }
        let inspections: BTreeSet<RecordId> =
            found.values.iter().map(|value| value.inspection).collect();
        let value = match decision {
            Decision::Value(value) => value.clone(),
            Decision::Keep(op) => {
                let kept = found.values.iter().find(|value| value.op == *op);
                let remedy = "none of the contradicting values; see `contradiction list`";
                kept.ok_or_else(|| AppError::invalid("keep", remedy))?.value.clone()
            }
        };
        let mut set = BTreeMap::from([(found.path.clone(), value)]);
        let why = Some(reason.to_owned());
        let ws = self.identity()?.ws;
        let site = RecordId::of_site(ws, &found.site);
        let merge = RecordId::of_merge(ws, "", site, &found.day, &found.checklist);
        debug_assert_eq!(contradiction_id(merge, &found.path), id);
        let decided = self.current_ops(merge, set.keys())?;
        if let Decision::Value(_) = decision
            && let Some(rules) = inspections.first().and_then(|first| self.rules_of(*first).ok())
        {
            rules.judge_all(&set)?;
        }
        // Where a lead decided before, the decision stands in the merge and is replaced there.
        if let [inspection] = inspections.iter().copied().collect::<Vec<_>>()[..]
            && decided.is_empty()
        {
            // What was known of the instrument stays with the reading that stands.
            let kept = found.values.iter().find(|it| *decision == Decision::Keep(it.op));
            if let Some(trust) = kept.and_then(|it| it.trust.as_ref()) {
                set.insert(trust_path(&found.path)?, as_value(trust, "instrument")?);
            }
            let replaces = ops.into_iter().collect();
            let data = OpData { set, replaces, why, ..OpData::default() };
            return self.record_on(inspection, kind::INSPECTION_ANSWERED, data);
        }
        let scope = self.scope_of_merge(&inspections)?;
        let data = OpData {
            replaces: decided,
            settles: ops.into_iter().collect(),
            set,
            why,
            ..OpData::default()
        };
        let draft =
            Draft { record: Some(merge), scope, kind: kind::MERGE_DECIDED.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// Where a merge's own ops go: where its inspections are, so that whoever sees them sees what
    /// was decided and signed. Where they are in several scopes, to one that this user writes, a team's
    /// before a further one.
    pub(crate) fn scope_of_merge<'a>(
        &self,
        inspections: impl IntoIterator<Item = &'a RecordId>,
    ) -> Result<ScopeId, AppError> {
        let scopes = inspections.into_iter().map(|inspection| self.scope_of(*inspection));
        let scopes: BTreeSet<ScopeId> = scopes.collect::<Result<_, _>>()?;
        self.best_of(scopes)?.ok_or_else(|| AppError::NotFound("no inspection".to_owned()))
    }
}
