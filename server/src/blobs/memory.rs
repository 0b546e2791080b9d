//! Blobs in memory, for the simulation: what is written is durable by decree.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, WorkspaceId};

use super::Blobs;

/// Blobs in memory.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    state: Mutex<State>,
}

#[derive(Debug, Default, Clone)]
struct State {
    uploads: BTreeMap<String, Vec<u8>>,
    blobs: BTreeMap<(WorkspaceId, BlobHash), Vec<u8>>,
}

impl MemoryBlobs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy as a backup would have it.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { state: Mutex::new(self.state().clone()) }
    }
}

impl Blobs for std::sync::Arc<MemoryBlobs> {
    async fn offset(&self, upload: &str) -> io::Result<u64> {
        Ok(self.state().uploads.get(upload).map_or(0, |bytes| bytes.len() as u64))
    }

    async fn append(&self, upload: &str, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let mut state = self.state();
        let held = state.uploads.entry(upload.to_owned()).or_default();
        if held.len() as u64 != offset {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        held.extend_from_slice(bytes);
        Ok(held.len() as u64)
    }

    async fn finish(&self, upload: &str, ws: WorkspaceId, blob: BlobRef) -> io::Result<bool> {
        let mut state = self.state();
        match state.uploads.remove(upload) {
            Some(bytes) if BlobHash::of(&bytes) == blob.sha256 => {
                state.blobs.insert((ws, blob.sha256), bytes);
                Ok(true)
            }
            Some(_) => Ok(false),
            // Nothing was uploaded: right for an empty document only.
            None if blob == (BlobRef { sha256: BlobHash::of(&[]), bytes: 0 }) => {
                state.blobs.insert((ws, blob.sha256), vec![]);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    async fn discard(&self, upload: &str) -> io::Result<()> {
        self.state().uploads.remove(upload);
        Ok(())
    }

    async fn uploads(&self) -> io::Result<Vec<String>> {
        Ok(self.state().uploads.keys().cloned().collect())
    }

    async fn read(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        offset: u64,
        len: usize,
    ) -> io::Result<Vec<u8>> {
        let state = self.state();
        let bytes = state.blobs.get(&(ws, blob)).ok_or(io::ErrorKind::NotFound)?;
        let from = bytes.get(offset as usize..).unwrap_or_default();
        Ok(from[..from.len().min(len)].to_vec())
    }

    async fn put(&self, ws: WorkspaceId, bytes: &[u8]) -> io::Result<BlobRef> {
        let blob = BlobRef { sha256: BlobHash::of(bytes), bytes: bytes.len() as u64 };
        self.state().blobs.insert((ws, blob.sha256), bytes.to_vec());
        Ok(blob)
    }
}
