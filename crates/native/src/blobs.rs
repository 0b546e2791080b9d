//! Photos and documents as files: `blobs/ab/abcd…`, named by their SHA-256.

use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use spotcheck_app::parts::{BlobError, BlobStore};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;

use crate::durable;

/// Read and hashed at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// A folder of blobs. Only one process writes in it: whoever holds the device's database.
#[derive(Debug)]
pub struct FolderBlobs {
    root: PathBuf,
}

impl FolderBlobs {
    /// Opens or creates the folder.
    ///
    /// # Errors
    /// When it cannot be created or read.
    pub fn open(root: &Path) -> io::Result<Self> {
        durable::make_folder(root)?;
        durable::sweep(root)?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, blob: BlobHash) -> PathBuf {
        let hex = blob.to_string();
        self.root.join(&hex[..2]).join(hex)
    }

    fn keep(
        &self,
        bytes: &mut dyn Read,
        unfinished: &Path,
        file: &mut File,
    ) -> io::Result<BlobRef> {
        let blob = copy_hashed(bytes, file)?;
        let name = self.path(blob.sha256);
        durable::make_folder(name.parent().unwrap_or(&self.root))?;
        // Also over one of the same name: a copy that the disk has damaged is mended by this.
        durable::finish(file, unfinished, &name)?;
        Ok(blob)
    }
}

impl BlobStore for FolderBlobs {
    fn put(&mut self, bytes: &mut dyn Read) -> Result<BlobRef, BlobError> {
        let (unfinished, mut file) = durable::create_unfinished(&self.root)?;
        let kept = self.keep(bytes, &unfinished, &mut file);
        if kept.is_err() {
            // The first failure is what the person must hear of; the sweep tries again.
            let _ = fs::remove_file(&unfinished);
        }
        Ok(kept?)
    }

    fn read(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, BlobError> {
        let mut file = File::open(self.path(blob)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::Missing(blob),
            _ => error.into(),
        })?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(len as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn copy_hashed(from: &mut dyn Read, to: &mut File) -> io::Result<BlobRef> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0;
    loop {
        let n = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&piece[..n]);
        to.write_all(&piece[..n])?;
        bytes += n as u64;
    }
    Ok(BlobRef { sha256: BlobHash(hash.finalize().into()), bytes })
}
