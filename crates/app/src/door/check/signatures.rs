//! Signatures under a record, and whether anything came after them.

use spotcheck_domain::op::Covers;
use spotcheck_domain::projection::RecordDoc;
use spotcheck_domain::{RecordId, Value};
use spotcheck_store::BlobStore;

use super::SignatureView;
use crate::{AppError, Device, Host};

impl<H: Host, B: BlobStore> Device<H, B> {
    /// The signatures of a record. `now` is what a signer would see of it at this moment.
    pub(in crate::door) fn signature_views(
        &self,
        record: RecordId,
        doc: &RecordDoc,
        now: &Covers,
    ) -> Result<Vec<SignatureView>, AppError> {
        // Who signs or completes changes nothing of what others signed.
        let mut closings = vec![];
        for row in self.store.ops_of(record)? {
            closings.extend(row.op.data().unwrap_or_default().covers.map(|it| it.count));
        }
        let mut views = vec![];
        let signed = doc.slots.iter().filter(|(path, _)| path.as_str().starts_with("signatures/"));
        let each = signed.flat_map(|(path, values)| values.iter().map(move |it| (path, it)));
        for (path, current) in each {
            let Value::Map(map) = &current.value else { continue };
            let get = |key: &str| map.get(key).and_then(Value::as_text).map(str::to_owned);
            let op = self.store.find_op(current.op)?;
            let covers = op.and_then(|op| op.data().ok()).and_then(|data| data.covers);
            let after = covers.is_none_or(|covered| {
                // One that came earlier is covered, and so covers less; itself is among the rest.
                let later = closings.iter().filter(|count| **count >= covered.count).count();
                covered.count + (later as u64) < now.count
            });
            views.push(SignatureView {
                path: path.to_string(),
                role: get("role").unwrap_or_default(),
                who: get("who"),
                name: get("name"),
                refused: get("refused"),
                witness: get("witness"),
                drawn: get("drawn"),
                at_ms: doc.ops.get(&current.op).map_or(0, |cited| cited.at.0),
                after,
            });
        }
        Ok(views)
    }
}
