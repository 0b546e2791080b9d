//! The server's signed word that it holds a device's log, and which photos.

use serde::{Deserialize, Serialize};
use spotcheck_domain::{BlobHash, LogId, OpHash, OpId, WorkspaceId};

use crate::checkpoint::Checkpoint;
use crate::keys::{Signer, base64_sig, sign_text, verify_text};

#[cfg(test)]
mod tests;

const LABEL: &str = "spotcheck receipt 1";

/// What the server says it holds. A record is "sent" only when receipts cover its ops and photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The format's version.
    pub v: u32,
    /// The tenant.
    pub ws: WorkspaceId,
    /// The device's log.
    pub log: LogId,
    /// It holds the log up to here.
    pub seq: u64,
    /// The link there: which branch, should the log ever fork.
    pub link: OpHash,
    /// Of the photos the device asked about, those it holds, re-hashed.
    pub blobs: Vec<BlobHash>,
    /// Ops up to `seq` that it keeps but has not admitted, and why.
    pub quarantined: Vec<(OpId, String)>,
    /// Its history when it said so.
    pub checkpoint: Checkpoint,
    /// Every delivery up to this server_seq is in a backup; 0 while there are none.
    pub backed_up_through: u64,
    /// Its clock, ms since 1970 UTC.
    pub server_ms: i64,
}

/// A receipt as signed: kept for ever as evidence, so its bytes are carried as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// The JSON that was signed.
    pub body: String,
    /// The server's signature over it.
    #[serde(with = "base64_sig")]
    pub sig: [u8; 64],
}

impl Receipt {
    /// Signs it.
    pub fn sign(&self, signer: &dyn Signer) -> SignedReceipt {
        // Ids, integers and text: nothing here can fail to serialise.
        let body = serde_json::to_string(self).unwrap_or_default();
        SignedReceipt { sig: sign_text(signer, LABEL, &body), body }
    }
}

impl SignedReceipt {
    /// The receipt, when this server key signed it; `None` otherwise.
    pub fn verified(&self, server_key: &[u8; 32]) -> Option<Receipt> {
        verify_text(server_key, LABEL, &self.body, &self.sig)
            .then(|| serde_json::from_str(&self.body).ok())
            .flatten()
    }
}
