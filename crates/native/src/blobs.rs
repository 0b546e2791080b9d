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

    /// Where a blob waits until it is whole.
    fn arriving(&self, blob: BlobHash) -> PathBuf {
        self.root.join("arriving").join(blob.to_string())
    }

    /// Keeps bytes under their hash, when it is the one that was expected, if any was: what came in
    /// place of another must not touch what has its own name.
    fn keep(
        &self,
        bytes: &mut dyn Read,
        expected: Option<BlobHash>,
    ) -> io::Result<Option<BlobRef>> {
        let (unfinished, mut file) = durable::create_unfinished(&self.root)?;
        let kept = copy_hashed(bytes, &mut file).and_then(|blob| {
            if expected.is_some_and(|expected| expected != blob.sha256) {
                return Ok(None);
            }
            let name = self.path(blob.sha256);
            durable::make_folder(name.parent().unwrap_or(&self.root))?;
            // Also over one of the same name: a copy that the disk has damaged is mended by this.
            durable::finish(&file, &unfinished, &name)?;
            Ok(Some(blob))
        });
        if !matches!(kept, Ok(Some(_))) {
            // The first failure is what the person must hear of; the sweep tries again.
            let _ = fs::remove_file(&unfinished);
        }
        kept
    }
}

impl BlobStore for FolderBlobs {
    fn put(&mut self, bytes: &mut dyn Read) -> Result<BlobRef, BlobError> {
        let kept = self.keep(bytes, None)?;
        kept.ok_or_else(|| io::Error::other("nothing was kept").into())
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

    fn arrived(&self, blob: BlobHash) -> Result<u64, BlobError> {
        match fs::metadata(self.arriving(blob)) {
            Ok(about) => Ok(about.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    fn arrive(&mut self, blob: BlobHash, piece: &[u8]) -> Result<(), BlobError> {
        let path = self.arriving(blob);
        durable::make_folder(path.parent().unwrap_or(&self.root))?;
        Ok(durable::append_private(&path, piece)?)
    }

    fn finish(&mut self, blob: BlobHash) -> Result<Option<BlobRef>, BlobError> {
        let arriving = self.arriving(blob);
        let kept = self.keep(&mut File::open(&arriving)?, Some(blob))?;
        remove(&arriving)?;
        Ok(kept)
    }

    fn remove(&mut self, blob: BlobHash) -> Result<(), BlobError> {
        remove(&self.path(blob))?;
        Ok(remove(&self.arriving(blob))?)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
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
