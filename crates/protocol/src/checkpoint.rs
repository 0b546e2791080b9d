//! The server's signed word on its whole history: how many deliveries, and the root over them.

use serde::{Deserialize, Serialize};
use spotcheck_domain::id::derive;
use spotcheck_domain::{BlobHash, ScopeId, WorkspaceId};

use crate::keys::{Signer, base64_sig, sign_text, verify_text};
use crate::merkle::leaf_hash;

const LABEL: &str = "spotcheck checkpoint 1";

/// A run of a server between restores. Cursors mean something within one epoch only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Epoch(pub ScopeId);

impl Epoch {
    /// The epoch that begins at a size, with fresh randomness so that two restores of one copy
    /// never begin the same one.
    pub fn begin(ws: WorkspaceId, size: u64, fresh: [u8; 16]) -> Self {
        Self(ScopeId(derive("spotcheck epoch 1", &[&ws.0, &size.to_be_bytes(), &fresh])))
    }
}

/// Where a server's history stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Which history.
    pub epoch: Epoch,
    /// How many deliveries: the last server_seq.
    pub size: u64,
    /// The RFC 6962 root over them.
    pub root: BlobHash,
}

/// A checkpoint as the server signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCheckpoint {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The server's signature over workspace and checkpoint.
    #[serde(with = "base64_sig")]
    pub sig: [u8; 64],
}

impl Checkpoint {
    fn text(&self, ws: WorkspaceId) -> String {
        let Self { epoch, size, root } = self;
        format!(r#"{{"v":1,"ws":"{ws}","epoch":"{}","size":{size},"root":"{root}"}}"#, epoch.0)
    }

    /// Signs it.
    pub fn sign(self, ws: WorkspaceId, signer: &dyn Signer) -> SignedCheckpoint {
        SignedCheckpoint { sig: sign_text(signer, LABEL, &self.text(ws)), checkpoint: self }
    }
}

impl SignedCheckpoint {
    /// Whether this server key signed it for this workspace.
    pub fn verify(&self, ws: WorkspaceId, server_key: &[u8; 32]) -> bool {
        verify_text(server_key, LABEL, &self.checkpoint.text(ws), &self.sig)
    }
}

/// The leaf of one entry of the server's history: an op's hash, or a photo's under its own scope.
pub fn history_leaf(scope: ScopeId, hash: &[u8; 32]) -> [u8; 32] {
    leaf_hash(&[&scope.0[..], hash].concat())
}
