//! Signing a merged checklist.

use std::collections::BTreeMap;

use serde::Deserialize;
use spotcheck_domain::OpId;
use spotcheck_domain::op::{Covers, OpData, kind};
use spotcheck_store::{BlobStore, Draft};
use ts_rs::TS;

use crate::door::SignatureView;
use crate::inspection::as_value;
use crate::{AppError, Day, Device, Host, SignatureDraft};

/// Which merged checklist, and by whom it is signed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MergeSignature {
    /// The site's code.
    pub site: String,
    /// The day.
    pub day: String,
    /// The checklist's code.
    pub checklist: String,
    /// Who, and the drawn signature by SHA-256.
    pub signature: SignatureDraft,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Signs a day's merge over every op of it that this device has: its checks, void ones too, their
    /// findings, and the decisions. What comes later shows as after signing.
    pub(in crate::door) fn sign_merge(&mut self, asked: &MergeSignature) -> Result<OpId, AppError> {
        self.leads_only("only a lead or a reviewer signs a merged checklist")?;
        let merged = self.day(&asked.site, &asked.day)?;
        let merged = merged.into_iter().find(|it| it.checklist == asked.checklist);
        let merged = merged
            .ok_or_else(|| AppError::NotFound(format!("no check of that day at {}", asked.site)))?;
        if merged.open > 0 {
            let remedy = format!("{} contradictions wait: decide them first", merged.open);
            return Err(AppError::invalid("signature", remedy));
        }
        let path = asked.signature.check()?;
        let mut blobs: Vec<_> = self.named_photos(&asked.signature.drawn)?.into_values().collect();
        blobs.sort();
        let scope = self.scope_of_merge(&merged.inspections)?;
        let data = OpData {
            replaces: self.current_ops(merged.merge, std::iter::once(&path))?,
            set: BTreeMap::from([(path, as_value(&asked.signature, "signature")?)]),
            covers: Some(self.merge_covers(&merged)?),
            blobs,
            ..OpData::default()
        };
        let record = Some(merged.merge);
        let draft = Draft { record, scope, kind: kind::MERGE_SIGNED.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        Ok(self.store.record(&draft, at, seed)?.hash.id())
    }

    /// Voided checks are among it: what becomes void after signing must show as a change.
    fn merge_covers(&self, merged: &Day) -> Result<Covers, AppError> {
        let mut records = vec![merged.merge];
        for check in merged.inspections.iter().chain(&merged.voided) {
            records.push(*check);
            records.extend(self.store.children(*check)?.into_iter().map(|row| row.record));
        }
        self.covers_of(records.into_iter())
    }

    /// Signatures under a merge; `after` where anything came since.
    pub(super) fn merge_signatures(&self, merged: &Day) -> Result<Vec<SignatureView>, AppError> {
        let Some(row) = self.store.find_record(merged.merge)? else { return Ok(vec![]) };
        if !row.doc.slots.keys().any(|path| path.as_str().starts_with("signatures/")) {
            return Ok(vec![]);
        }
        self.signature_views(merged.merge, &row.doc, &self.merge_covers(merged)?)
    }
}
