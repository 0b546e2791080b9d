//! Where the bytes of photos and documents live on the server.

mod folder;
mod memory;
#[cfg(test)]
mod tests;

pub use folder::FolderBlobs;
pub use memory::MemoryBlobs;

use std::io;

use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, WorkspaceId};

/// Immutable bytes by hash, and uploads that grow towards one.
///
/// Uploads are named by ids this server made, blobs by their hash: no name a client chose ever
/// becomes a path.
#[allow(async_fn_in_trait, reason = "used as a type parameter only; its futures stay in one task")]
pub trait Blobs {
    /// How many bytes of an upload are durable; 0 for one not begun.
    async fn offset(&self, upload: &str) -> io::Result<u64>;
    /// Appends to an upload that is exactly `offset` long. Durable when it returns.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] when the upload is not `offset` long.
    async fn append(&self, upload: &str, offset: u64, bytes: &[u8]) -> io::Result<u64>;
    /// Re-hashes an upload and keeps it under its hash, durably. `false` when the bytes are not
    /// what was declared; they are then gone, and the upload begins again at 0.
    async fn finish(&self, upload: &str, ws: WorkspaceId, blob: BlobRef) -> io::Result<bool>;
    /// Removes what there is of an upload. The blob it became, if it did, stays.
    async fn discard(&self, upload: &str) -> io::Result<()>;
    /// Every upload of which there are bytes.
    async fn uploads(&self) -> io::Result<Vec<String>>;
    /// Reads up to `len` bytes of a blob from `offset`; fewer at the end.
    async fn read(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        offset: u64,
        len: usize,
    ) -> io::Result<Vec<u8>>;
    /// Keeps whole bytes that the server itself publishes.
    async fn put(&self, ws: WorkspaceId, bytes: &[u8]) -> io::Result<BlobRef>;
}
