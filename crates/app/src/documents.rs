//! Documents that the server publishes: the pages of registers.

use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_store::{BlobStore, SiteRow};

use crate::{AppError, Device, Host};

/// Larger documents are fetched when a person opens them, not by a round.
const MAX_DOCUMENT_BYTES: u64 = 16 * 1024 * 1024;

impl<H: Host, B: BlobStore> Device<H, B> {
    /// A page of a register that this device has not.
    pub(crate) fn wanted_document(&self) -> Result<Option<BlobRef>, AppError> {
        for register in self.store.list_records("register", None, 100)? {
            for row in self.store.ops_of(register.record)? {
                let Ok(data) = row.op.data() else { continue };
                for blob in data.blobs.iter().filter(|blob| blob.bytes <= MAX_DOCUMENT_BYTES) {
                    let here = self.store.find_blob(blob.sha256)?.is_some_and(|state| state.here);
                    if !here {
                        return Ok(Some(*blob));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Keeps a fetched document and takes in its sites. `false` when it is not what was asked for.
    pub(crate) fn take_document(&mut self, blob: BlobRef, bytes: &[u8]) -> Result<bool, AppError> {
        if BlobHash::of(bytes) != blob.sha256 {
            return Ok(false);
        }
        // A page this version cannot read is kept for one that can.
        if let Ok(sites) = serde_json::from_slice::<Vec<SiteRow>>(bytes) {
            self.store.put_sites(&sites)?;
        }
        self.blobs.put(&mut &*bytes)?;
        self.store.note_blob(blob, false)?;
        Ok(true)
    }
}
