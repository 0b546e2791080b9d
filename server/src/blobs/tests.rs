//! What every blob store promises, run on each.

use std::io::ErrorKind;
use std::sync::Arc;

use pollster::block_on;
use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, WorkspaceId};

use super::{Blobs, FolderBlobs, MemoryBlobs};

const WS: WorkspaceId = WorkspaceId([1; 16]);
const OTHER: WorkspaceId = WorkspaceId([2; 16]);

fn blob(bytes: &[u8]) -> BlobRef {
    BlobRef { sha256: BlobHash::of(bytes), bytes: bytes.len() as u64 }
}

fn on_each(promise: impl Fn(&dyn Fn() -> Box<dyn Probe>)) {
    let dir = tempfile::tempdir().unwrap();
    promise(&|| Box::new(FolderBlobs::open(dir.path()).unwrap()));
    let memory = Arc::new(MemoryBlobs::default());
    promise(&|| Box::new(memory.clone()));
}

/// The trait with its futures run to the end: the two stores differ in type.
trait Probe {
    fn offset(&self, id: &str) -> u64;
    fn append(&self, id: &str, at: u64, bytes: &[u8]) -> Result<u64, ErrorKind>;
    fn finish(&self, id: &str, blob: BlobRef) -> bool;
    fn read(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        at: u64,
        len: usize,
    ) -> Result<Vec<u8>, ErrorKind>;
}

impl<B: Blobs> Probe for B {
    fn offset(&self, id: &str) -> u64 {
        block_on(Blobs::offset(self, id)).unwrap()
    }
    fn append(&self, id: &str, at: u64, bytes: &[u8]) -> Result<u64, ErrorKind> {
        block_on(Blobs::append(self, id, at, bytes)).map_err(|error| error.kind())
    }
    fn finish(&self, id: &str, blob: BlobRef) -> bool {
        block_on(Blobs::finish(self, id, WS, blob)).unwrap()
    }
    fn read(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        at: u64,
        len: usize,
    ) -> Result<Vec<u8>, ErrorKind> {
        block_on(Blobs::read(self, ws, blob, at, len)).map_err(|error| error.kind())
    }
}

#[test]
fn an_upload_grows_only_at_its_end_and_is_kept_under_its_hash() {
    on_each(|open| {
        let store = open();
        assert_eq!(store.offset("a1"), 0);
        assert_eq!(store.append("a1", 0, b"photo "), Ok(6));
        assert_eq!(store.append("a1", 3, b"x"), Err(ErrorKind::InvalidInput));
        assert_eq!(open().offset("a1"), 6, "opened again, it goes on where it was");
        assert_eq!(store.append("a1", 6, b"bytes"), Ok(11));
        let whole = blob(b"photo bytes");
        assert!(store.finish("a1", whole));
        assert_eq!(store.read(WS, whole.sha256, 6, 100), Ok(b"bytes".to_vec()));
        assert_eq!(store.read(OTHER, whole.sha256, 0, 1), Err(ErrorKind::NotFound));
    });
}

#[test]
fn bytes_that_are_not_what_was_declared_are_gone() {
    on_each(|open| {
        let store = open();
        store.append("b1", 0, b"other").unwrap();
        assert!(!store.finish("b1", blob(b"photo")));
        assert_eq!(store.offset("b1"), 0, "the upload begins again");
    });
}

/// Otherwise whoever knows a hash could claim to have had the bytes, and read them.
#[test]
fn an_upload_without_bytes_is_never_complete_because_the_blob_exists() {
    on_each(|open| {
        let store = open();
        let known = blob(b"somebody else's photo");
        store.append("c1", 0, b"somebody else's photo").unwrap();
        assert!(store.finish("c1", known));
        assert!(!store.finish("c2", known));
        assert!(!store.finish("c2", BlobRef { bytes: 0, ..known }));
        assert!(store.finish("c3", blob(b"")), "an empty document has no bytes to upload");
    });
}
