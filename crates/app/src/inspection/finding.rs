//! Something wrong, and its cure on the spot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::{BlobRef, OpData, kind};
use spotcheck_domain::{RecordId, SlotPath, Value};
use spotcheck_rules::Severity;
use spotcheck_store::{Act, Draft};

use super::{Photos, Rules, as_value, slot_path};
use crate::AppError;
use crate::instruments::trust_in;
use ts_rs::TS;

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindingDraft {
    /// The item it came from; none for one that no item asks about.
    #[serde(default)]
    pub item: Option<String>,
    /// How grave; the item's when not given.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// What is wrong.
    pub note: String,
    /// Photos, as the host names them.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Voice notes, as the host names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Vec<String>")]
    pub voice: Vec<String>,
    /// Cured before the inspectors left.
    #[serde(default)]
    pub fixed: Option<Fixed>,
}

/// A cure on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// What was done.
    pub note: String,
    /// Photos afterwards.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// Raises a finding inside an act.
pub(crate) fn raise(
    act: &mut Act<'_>,
    parent: RecordId,
    scope: spotcheck_domain::ScopeId,
    finding: &FindingDraft,
    rules: &Rules<'_>,
    answers: &BTreeMap<SlotPath, Value>,
    photos: &Photos,
) -> Result<RecordId, AppError> {
    let mut set: BTreeMap<SlotPath, Value> = BTreeMap::new();
    let mut put = |path: &str, value: Value| slot_path(path).map(|path| set.insert(path, value));
    let mut severity = finding.severity;
    put("note", finding.note.as_str().into())?;
    put("pack_sha256", rules.pack_hash.to_string().into())?;
    if let Some(code) = &finding.item {
        let path = slot_path(code)?;
        let item = rules.checklist.find_item(path.item()).ok_or_else(|| {
            AppError::invalid("findings.item", format!("no item {code:?} in this checklist"))
        })?;
        put("item", code.as_str().into())?;
        severity = severity.or(Some(item.severity));
        if let Some(answer) = answers.get(&path)
            && let trust = trust_in(answers, &path)
            && let (_, Some(judgement)) = rules.judge(&path, answer, trust.as_ref())?
        {
            put("judgement", as_value(&judgement, "judgement")?)?;
        }
    }
    put("severity", as_value(&severity.unwrap_or(Severity::Major), "severity")?)?;
    let mut blobs: Vec<BlobRef> = vec![];
    let mut named = |names: &[String]| -> Result<Value, AppError> {
        let list = names.iter().map(|name| {
            let blob = photos.get(name).ok_or_else(|| {
                AppError::invalid("findings.photos", format!("{name:?} was not read"))
            })?;
            blobs.push(*blob);
            Ok(blob.sha256.to_string())
        });
        Ok(list.collect::<Result<Vec<_>, AppError>>()?.into())
    };
    if !finding.photos.is_empty() {
        put("photos", named(&finding.photos)?)?;
    }
    if !finding.voice.is_empty() {
        put("voice", named(&finding.voice)?)?;
    }
    if let Some(fixed) = &finding.fixed {
        put("fixed", true.into())?;
        put("fix_note", fixed.note.as_str().into())?;
        put("fix_photos", named(&fixed.photos)?)?;
    }
    blobs.sort();
    blobs.dedup();
    let data = OpData { parent: Some(parent), set, blobs, ..OpData::default() };
    let draft = Draft { record: None, scope, kind: kind::FINDING_RAISED.to_owned(), data };
    Ok(act.record(&draft)?.record())
}
