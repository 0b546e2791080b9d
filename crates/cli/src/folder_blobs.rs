//! Photos and documents as files, named by their hash: `blobs/ab/abcd…`.

use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_store::{BlobError, BlobStore};

/// A folder of blobs.
#[derive(Debug)]
pub struct FolderBlobs {
    root: PathBuf,
}

impl FolderBlobs {
    /// Opens or creates it.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    fn path(&self, blob: BlobHash) -> PathBuf {
        let hex = blob.to_string();
        self.root.join(&hex[..2]).join(hex)
    }
}

impl BlobStore for FolderBlobs {
    fn put(&mut self, bytes: &mut dyn Read) -> Result<BlobRef, BlobError> {
        // One device, one process: one arriving file at a time.
        let arriving = self.root.join("arriving");
        let mut file = File::create(&arriving)?;
        let (mut hash, mut total) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let n = bytes.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            hash.update(&buffer[..n]);
            file.write_all(&buffer[..n])?;
            total += n as u64;
        }
        file.sync_all()?;
        let blob = BlobRef { sha256: BlobHash(hash.finalize().into()), bytes: total };
        let path = self.path(blob.sha256);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        fs::rename(&arriving, &path)?;
        File::open(folder)?.sync_all()?;
        File::open(&self.root)?.sync_all()?;
        Ok(blob)
    }

    fn read(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, BlobError> {
        let mut file = match File::open(self.path(blob)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing(blob));
            }
            Err(error) => return Err(error.into()),
        };
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![];
        file.take(len as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_any_offset_and_are_kept_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut blobs = FolderBlobs::open(dir.path().join("blobs")).unwrap();
        let photo: Vec<u8> = (0..700_001_u32).map(|n| (n % 251) as u8).collect();
        let blob = blobs.put(&mut photo.as_slice()).unwrap();
        assert_eq!((blob.bytes, blob.sha256), (700_001, BlobHash::of(&photo)));
        assert_eq!(blobs.put(&mut photo.as_slice()).unwrap(), blob);
        assert_eq!(blobs.read(blob.sha256, 262_143, 3).unwrap(), photo[262_143..262_146]);
        assert_eq!(blobs.read(blob.sha256, 700_000, 10).unwrap(), photo[700_000..]);
        assert!(matches!(blobs.read(BlobHash([1; 32]), 0, 1), Err(BlobError::Missing(_))));
    }
}
