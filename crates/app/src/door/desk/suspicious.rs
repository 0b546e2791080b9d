//! What does not fit together in a day's merge. Shown, and judged by nobody but a person.

use std::collections::BTreeMap;

use spotcheck_domain::{BlobHash, RecordId};
use spotcheck_store::BlobStore;

use super::SuspicionView;
use crate::door::people::{People, person};
use crate::{AppError, Day, Device, Host};

/// A claimed time this far from the last server time its device had seen is a wrong clock: devices
/// work offline for days, and none for a year.
const CLOCK_MS: i64 = 14 * 24 * 60 * 60 * 1000;

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn suspicious(
        &self,
        merged: &Day,
        people: &People,
    ) -> Result<Vec<SuspicionView>, AppError> {
        let mut found = vec![];
        let mut first_use: BTreeMap<BlobHash, RecordId> = BTreeMap::new();
        for id in &merged.inspections {
            let mut records = vec![*id];
            records.extend(self.findings_of(*id)?.into_iter().map(|row| row.record));
            let mut signed = false;
            let (mut clock, mut after) = (false, false);
            for row in records
                .iter()
                .map(|it| self.store.ops_of(*it))
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
            {
                let header = &row.op.header;
                let mut note = |code: &str, about: String| {
                    found.push(SuspicionView {
                        code: code.to_owned(),
                        inspection: id.to_string(),
                        by: person(people, header.by),
                        about,
                    });
                };
                let data = row.op.data().unwrap_or_default();
                for blob in &data.blobs {
                    let first = *first_use.entry(blob.sha256).or_insert(*id);
                    if first != *id {
                        note("photo_reused", blob.sha256.to_string());
                    }
                }
                let server_ms = header.at.server_ms;
                let away = header.at.wall_ms.saturating_sub(server_ms);
                if server_ms > 0 && !clock && away.saturating_abs() > CLOCK_MS {
                    clock = true;
                    note("clock", header.at.wall_ms.to_string());
                }
                let signs = data.covers.is_some();
                if signed && !signs && !after {
                    after = true;
                    note("after_signing", header.kind.clone());
                }
                signed |= signs && header.kind == spotcheck_domain::op::kind::INSPECTION_SIGNED;
            }
        }
        Ok(found)
    }
}
