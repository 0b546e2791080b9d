//! Signing a merged checklist.

use std::collections::BTreeMap;

use serde::Deserialize;
use spotcheck_domain::op::{Covers, OpData, kind};
use spotcheck_domain::{BlobHash, OpHash, OpId, Value};
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
    /// Signs a day's merge over every op of it that this device has: its checks, their findings, and
    /// the decisions. What comes later shows as after signing.
    pub(in crate::door) fn sign_merge(&mut self, asked: &MergeSignature) -> Result<OpId, AppError> {
        if !matches!(self.identity()?.role.as_str(), "lead" | "reviewer") {
            let remedy = "only a lead or a reviewer signs a merged checklist";
            return Err(AppError::ReadOnly(remedy.to_owned()));
        }
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
        let scopes = merged.inspections.iter().map(|it| self.scope_of(*it));
        let scopes: std::collections::BTreeSet<_> = scopes.collect::<Result<_, _>>()?;
        let scope = scopes.into_iter().next();
        let scope = scope.ok_or_else(|| AppError::NotFound("no inspection".to_owned()))?;
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

    fn merge_covers(&self, merged: &Day) -> Result<Covers, AppError> {
        let mut ops: Vec<OpHash> = vec![];
        let mut blobs: Vec<BlobHash> = vec![];
        let records = merged.inspections.iter().chain(&merged.findings);
        for record in records.chain(std::iter::once(&merged.merge)) {
            for row in self.store.ops_of(*record)? {
                ops.push(row.op.hash);
                let named = row.op.data().unwrap_or_default().blobs;
                blobs.extend(named.iter().map(|blob| blob.sha256));
            }
        }
        ops.sort();
        blobs.sort();
        blobs.dedup();
        let all: Vec<u8> = ops.iter().flat_map(|op| op.0).collect();
        Ok(Covers { count: ops.len() as u64, ops_sha256: BlobHash::of(&all), blobs })
    }

    /// Signatures under a merge; `after` where anything came since.
    pub(super) fn merge_signatures(&self, merged: &Day) -> Result<Vec<SignatureView>, AppError> {
        let Some(row) = self.store.find_record(merged.merge)? else { return Ok(vec![]) };
        let slots =
            row.doc.slots.iter().filter(|(path, _)| path.as_str().starts_with("signatures/"));
        let mut views = vec![];
        let mut now = None;
        for current in slots.flat_map(|(_, values)| values) {
            let Value::Map(map) = &current.value else { continue };
            let get = |key: &str| map.get(key).and_then(Value::as_text).map(str::to_owned);
            let op = self.store.find_op(current.op)?;
            let covers = op.and_then(|op| op.data().ok()).and_then(|data| data.covers);
            let count = match now {
                Some(count) => count,
                None => *now.insert(self.merge_covers(merged)?.count),
            };
            views.push(SignatureView {
                role: get("role").unwrap_or_default(),
                name: get("name"),
                refused: get("refused"),
                witness: get("witness"),
                drawn: get("drawn"),
                at_ms: row.doc.ops.get(&current.op).map_or(0, |cited| cited.at.0),
                // The signature itself came on top of what it covers.
                after: covers.is_none_or(|covered| covered.count + 1 < count),
            });
        }
        Ok(views)
    }
}
