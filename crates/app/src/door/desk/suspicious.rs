//! What does not fit together in a day's merge. Shown, and judged by nobody but a person.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::kind;
use spotcheck_domain::{BlobHash, Header, OpId, RecordId, UserId};
use spotcheck_store::BlobStore;

use super::SuspicionView;
use crate::door::people::{People, person};
use crate::door::photos::pictures_of;
use crate::{AppError, Day, Device, Host};

/// A claimed time this far from the last server time its device had seen is a wrong clock: devices
/// work offline for days, and none for a year.
const CLOCK_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// An op by what its header claims.
type Told = (OpId, Header);

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn suspicious(
        &self,
        merged: &Day,
        people: &People,
    ) -> Result<Vec<SuspicionView>, AppError> {
        let mut found = vec![];
        let mut first_use: BTreeMap<BlobHash, RecordId> = BTreeMap::new();
        for id in &merged.inspections {
            let mut note = |code: &str, by: UserId, about: String| {
                found.push(SuspicionView {
                    code: code.to_owned(),
                    inspection: id.to_string(),
                    by: person(people, by),
                    about,
                });
            };
            let mut records = vec![*id];
            records.extend(self.findings_of(*id)?.into_iter().map(|row| row.record));
            for (photo, by) in self.reused_photos(*id, &records, &mut first_use)? {
                note("photo_reused", by, photo.to_string());
            }
            let told = self.told_of(&records)?;
            if let Some((_, header)) = told.iter().find(|(_, header)| has_wrong_clock(header)) {
                note("clock", header.by, header.at.wall_ms.to_string());
            }
            if let Some(header) = self.after_signing(*id, &told)? {
                note("after_signing", header.by, header.kind.clone());
            }
        }
        Ok(found)
    }

    /// The ops of some records by claimed time. Never by arrival: a suspicion is the same on every
    /// device.
    fn told_of(&self, records: &[RecordId]) -> Result<Vec<Told>, AppError> {
        let mut told = vec![];
        for record in records {
            let headers = self.store.headers_of(*record)?.into_iter();
            told.extend(headers.map(|(hash, header)| (hash.id(), header)));
        }
        told.sort_by_key(|(op, header)| (claimed_ms(header), header.log, header.seq, *op));
        Ok(told)
    }

    /// Photos of a check that an earlier one in the list names too, with who named them here.
    fn reused_photos(
        &self,
        inspection: RecordId,
        records: &[RecordId],
        first_use: &mut BTreeMap<BlobHash, RecordId>,
    ) -> Result<Vec<(BlobHash, UserId)>, AppError> {
        let mut reused = vec![];
        let mut seen = BTreeSet::new();
        for record in records {
            for photo in self.store.blobs_named_by(*record)? {
                let first = *first_use.entry(photo).or_insert(inspection);
                if first == inspection || !seen.insert(photo) {
                    continue;
                }
                let mut by: Vec<_> = self.store.ops_of(*record)?;
                by.retain(|row| row.op.data().is_ok_and(|it| pictures_of(&it).contains(&photo)));
                by.sort_by_key(|row| (claimed_ms(&row.op.header), row.op.hash));
                reused.extend(by.first().map(|row| (photo, row.op.header.by)));
            }
        }
        Ok(reused)
    }

    /// The first op after an inspector's signature that still stands: later in the same log, or, of
    /// another device, at a later claimed time.
    fn after_signing<'a>(
        &self,
        inspection: RecordId,
        told: &'a [Told],
    ) -> Result<Option<&'a Header>, AppError> {
        let signed = |it: &&Told| it.1.kind == kind::INSPECTION_SIGNED;
        if !told.iter().any(|it| signed(&it)) {
            return Ok(None);
        }
        let row = self.store.find_record(inspection)?;
        let doc = row.map(|row| row.doc).unwrap_or_default();
        let signatures: Vec<&Header> = told
            .iter()
            .filter(|it| signed(it) && doc.ops.contains_key(&it.0))
            .map(|(_, header)| header)
            .collect();
        let closes = |it: &Header| {
            [kind::INSPECTION_SIGNED, kind::INSPECTION_COMPLETED].contains(&it.kind.as_str())
        };
        let later = |it: &Header| signatures.iter().any(|signature| is_after(it, signature));
        Ok(told.iter().map(|(_, header)| header).find(|it| !closes(it) && later(it)))
    }
}

/// What an op claims of its time. A clock may be years behind; then what its device had heard of the
/// server's is nearer.
fn claimed_ms(header: &Header) -> i64 {
    header.at.wall_ms.max(header.at.server_ms)
}

fn is_after(op: &Header, signature: &Header) -> bool {
    match op.log == signature.log {
        true => op.seq > signature.seq,
        false => claimed_ms(op) > claimed_ms(signature),
    }
}

fn has_wrong_clock(header: &Header) -> bool {
    let away = header.at.wall_ms.saturating_sub(header.at.server_ms);
    header.at.server_ms > 0 && away.saturating_abs() > CLOCK_MS
}
