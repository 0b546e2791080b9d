//! What every store of photos promises, shown of both.

use spotcheck_app::parts::{BlobError, BlobStore};
use spotcheck_domain::BlobHash;
use spotcheck_native::FolderBlobs;
use spotcheck_store::ChunkBlobs;

fn photo() -> Vec<u8> {
    (0..700_001_u32).map(|n| (n % 251) as u8).collect()
}

/// The promises, whatever keeps the bytes.
fn conforms(blobs: &mut dyn BlobStore) {
    let photo = photo();
    let blob = blobs.put(&mut photo.as_slice()).unwrap();
    assert_eq!((blob.bytes, blob.sha256), (700_001, BlobHash::of(&photo)));
    assert_eq!(blobs.put(&mut photo.as_slice()).unwrap(), blob, "the same bytes are one blob");
    for (offset, len) in [(0, 700_001), (262_143, 3), (700_000, 10), (262_144, 300_000)] {
        let end = (offset + len).min(photo.len());
        assert_eq!(blobs.read(blob.sha256, offset as u64, len).unwrap(), photo[offset..end]);
    }
    assert!(blobs.read(blob.sha256, 700_001, 10).unwrap().is_empty(), "nothing beyond the end");
    assert_eq!(blobs.put(&mut std::io::empty()).unwrap().bytes, 0);
    let unknown = BlobHash([1; 32]);
    assert!(matches!(blobs.read(unknown, 0, 1), Err(BlobError::Missing(hash)) if hash == unknown));
    let broken = blobs.put(&mut Broken(3));
    assert!(broken.is_err(), "what cannot be read to the end is not kept");
    assert_eq!(blobs.put(&mut photo.as_slice()).unwrap(), blob, "and nothing stands in the way");
}

/// What arrives in pieces is kept whole or not at all, and touches nothing else.
fn takes_pieces(blobs: &mut dyn BlobStore) {
    let photo = photo();
    let hash = BlobHash::of(&photo);
    blobs.remove(hash).unwrap();
    photo.chunks(77_000).for_each(|piece| blobs.arrive(hash, piece).unwrap());
    assert_eq!(blobs.arrived(hash).unwrap(), 700_001);
    assert!(matches!(blobs.read(hash, 0, 1), Err(BlobError::Missing(_))), "not before its end");
    assert_eq!(blobs.finish(hash).unwrap().map(|blob| blob.bytes), Some(700_001));
    assert_eq!(blobs.read(hash, 0, 800_000).unwrap(), photo);
    assert_eq!(blobs.arrived(hash).unwrap(), 0);

    let other = BlobHash([1; 32]);
    for wrong in [b"a sign-in page".as_slice(), &photo] {
        blobs.arrive(other, wrong).unwrap();
        assert_eq!(blobs.finish(other).unwrap(), None);
        assert_eq!(blobs.arrived(other).unwrap(), 0);
    }
    let page = BlobHash::of(b"a sign-in page");
    assert!(matches!(blobs.read(page, 0, 1), Err(BlobError::Missing(_))), "kept as nothing else");
    assert_eq!(blobs.read(hash, 0, 800_000).unwrap(), photo, "a photo of ours sent as another");

    blobs.arrive(other, b"half").unwrap();
    blobs.remove(other).unwrap();
    blobs.remove(hash).unwrap();
    assert_eq!(blobs.arrived(other).unwrap(), 0);
    assert!(matches!(blobs.read(hash, 0, 1), Err(BlobError::Missing(_))));
}

/// Gives some bytes and then fails, as a card that is pulled out.
struct Broken(usize);

impl std::io::Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(std::io::ErrorKind::BrokenPipe)?;
        buffer.fill(9);
        Ok(buffer.len())
    }
}

#[test]
fn a_folder_and_a_table_keep_the_same_promises() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = FolderBlobs::open(&dir.path().join("blobs")).unwrap();
    conforms(&mut folder);
    takes_pieces(&mut folder);
    let location = spotcheck_app::parts::Location::Memory;
    let profile = spotcheck_app::parts::Profile::Device;
    let mut table = ChunkBlobs::open(location, profile).unwrap();
    conforms(&mut table);
    takes_pieces(&mut table);
}

#[test]
fn a_folder_outlives_its_process_and_sweeps_what_a_crash_left() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("blobs");
    let blob = FolderBlobs::open(&root).unwrap().put(&mut photo().as_slice()).unwrap();
    std::fs::write(root.join(".unfinished-0000"), b"half a photo").unwrap();

    let mut blobs = FolderBlobs::open(&root).unwrap();
    assert_eq!(blobs.read(blob.sha256, 0, 700_001).unwrap(), photo());
    let names: Vec<_> = std::fs::read_dir(&root).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, [std::ffi::OsString::from(&blob.sha256.to_string()[..2])]);

    // A disk that lost a photo gets it back from whoever has it.
    let path = root.join(&blob.sha256.to_string()[..2]).join(blob.sha256.to_string());
    std::fs::write(&path, b"damaged").unwrap();
    blobs.put(&mut photo().as_slice()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), photo());
}
