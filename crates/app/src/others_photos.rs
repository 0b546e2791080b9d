//! Photos that others took: which of them this device fetches, and what becomes of them.

use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_store::{BlobStore, Wanted};
use spotcheck_sync::DeviceHost as _;

use crate::{AppError, Device, Host};

/// Who leads looks at the photos of the last days; older ones come when they are opened.
const RECENT_MS: i64 = 7 * 24 * 3_600_000;
/// After the server did not have one, it is not asked for so long.
const PATIENCE_MS: i64 = 5 * 60_000;
/// What is fetched unasked fills at most so much of a device.
const UNASKED_BYTES: u64 = 2 << 30;
/// The fact that a scope was lost and its photos may still be here.
const DROPPING: &str = "dropping_photos";

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Photos to fetch now. A lead's device fetches those of the last week by itself, others fetch what
    /// a person opened.
    pub(crate) fn wanted_photos(
        &self,
        asked_only: bool,
        limit: usize,
    ) -> Result<Vec<BlobRef>, AppError> {
        let now = self.server_now_ms();
        let unasked = !asked_only && self.leads()? && self.store.fetched_bytes()? < UNASKED_BYTES;
        let wanted = Wanted {
            named_since_ms: unasked.then_some(now - RECENT_MS),
            tried: (now - PATIENCE_MS, now + PATIENCE_MS),
        };
        Ok(self.store.blobs_to_fetch(wanted, limit)?)
    }

    /// Notes that a person wants to see a photo whose bytes are not here. Says whether the next
    /// round of sync has anything to do for it.
    pub(crate) fn ask_for_photo(&mut self, sha256: &str) -> Result<bool, AppError> {
        let blob: BlobHash =
            sha256.parse().map_err(|_| AppError::invalid("sha256", "not a SHA-256 in hex"))?;
        Ok(self.store.ask_for_blob(blob)?)
    }

    /// Bytes first, then the note that they are here. `false` when they are another photo's.
    pub(crate) fn keep_fetched(&mut self, blob: BlobHash) -> Result<bool, AppError> {
        match self.blobs.finish(blob)? {
            Some(kept) => {
                self.store.note_blob(kept, false)?;
                Ok(true)
            }
            None => {
                self.give_up(blob)?;
                Ok(false)
            }
        }
    }

    pub(crate) fn give_up(&mut self, blob: BlobHash) -> Result<(), AppError> {
        self.blobs.remove(blob)?;
        Ok(self.store.note_missing(blob, self.server_now_ms())?)
    }

    /// Notes that others' photos must go, before the scope that named them does: whatever comes in
    /// between, the next round goes on with it.
    pub(crate) fn owe_dropping_photos(&mut self) -> Result<(), AppError> {
        Ok(self.store.set_fact(DROPPING, "1")?)
    }

    /// Drops others' photos that nothing here names any more, where that is owed. Bytes first, then
    /// what is known of them.
    pub(crate) fn drop_photos_owed(&mut self) -> Result<(), AppError> {
        if self.store.fact(DROPPING)?.as_deref() != Some("1") {
            return Ok(());
        }
        for blob in self.store.unnamed_blobs()? {
            self.blobs.remove(blob)?;
        }
        self.store.forget_unnamed()?;
        Ok(self.store.set_fact(DROPPING, "0")?)
    }
}
