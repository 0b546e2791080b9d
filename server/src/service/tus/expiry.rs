//! The end of uploads that nobody finished.

use chrono::DateTime;
use http::HeaderName;

use crate::blobs::Blobs;
use crate::ledger::Ledger;
use crate::service::{Failure, Service};

pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// A time as HTTP writes it.
pub(super) fn date(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl<L: Ledger, B: Blobs> Service<L, B> {
    /// Uploads that are over, at most `limit`: their capability has ended, or the ledger does not
    /// know them, as after a restore from an older copy.
    ///
    /// # Errors
    /// When the ledger or the folder fails.
    pub async fn ended_uploads(&self, limit: usize) -> Result<Vec<String>, Failure> {
        let mut ended = self.ledger.expired_uploads(self.host.now_ms(), limit).await?;
        for id in self.blobs.uploads().await? {
            if ended.len() >= limit {
                break;
            }
            // A row is written before the first byte, so bytes without one are nobody's.
            if !self.ledger.knows_upload(&id).await? {
                ended.push(id);
            }
        }
        Ok(ended)
    }

    /// Removes an upload that is over, and its bytes. The caller sees to it that no request writes
    /// the upload meanwhile.
    ///
    /// # Errors
    /// When the ledger or the folder fails; what is left goes with the next attempt.
    pub async fn end_upload(&self, id: &str) -> Result<(), Failure> {
        // Bytes before row: stopped in between, the row names what is to be done.
        self.blobs.discard(id).await?;
        Ok(self.ledger.forget_upload(id).await?)
    }
}
