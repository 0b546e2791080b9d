//! Blobs as files: `blobs/WORKSPACE/ab/abcd…`, uploads beside them in `uploads/`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, WorkspaceId};

use super::Blobs;

/// A folder of blobs. Only this process writes in it.
#[derive(Debug, Clone)]
pub struct FolderBlobs {
    root: PathBuf,
}

impl FolderBlobs {
    /// Opens or creates the folder.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root.join("uploads"))?;
        fs::create_dir_all(root.join("blobs"))?;
        Ok(Self { root: root.to_owned() })
    }

    fn upload(&self, id: &str) -> io::Result<PathBuf> {
        // Ids are ours, but they come back over the wire.
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(self.root.join("uploads").join(id))
    }

    fn blob(&self, ws: WorkspaceId, blob: BlobHash) -> PathBuf {
        let (hex, ws) = (blob.to_string(), ws.to_string());
        self.root.join("blobs").join(ws).join(&hex[..2]).join(hex)
    }

    /// Puts a durable file in its final place: rename, then flush the folder that now names it.
    fn keep(&self, from: &Path, ws: WorkspaceId, blob: BlobHash) -> io::Result<()> {
        let to = self.blob(ws, blob);
        let folder = to.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        fs::rename(from, &to)?;
        for folder in [folder, folder.parent().unwrap_or(folder), &self.root.join("blobs")] {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Blobs for FolderBlobs {
    async fn offset(&self, upload: &str) -> io::Result<u64> {
        match fs::metadata(self.upload(upload)?) {
            Ok(file) => Ok(file.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    async fn append(&self, upload: &str, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let path = self.upload(upload)?;
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path)?;
        if file.metadata()?.len() != offset {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_data()?;
        Ok(offset + bytes.len() as u64)
    }

    async fn finish(&self, upload: &str, ws: WorkspaceId, blob: BlobRef) -> io::Result<bool> {
        let path = self.upload(upload)?;
        let mut file = match File::open(&path) {
            Ok(file) => file,
            // Nothing was uploaded: right for an empty document only. That the blob exists says
            // nothing of this upload, whose client may never have had the bytes.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let empty = BlobRef { sha256: BlobHash::of(&[]), bytes: 0 };
                return if blob == empty {
                    self.put(ws, &[]).await.map(|_| true)
                } else {
                    Ok(false)
                };
            }
            Err(error) => return Err(error),
        };
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        let mut total = 0_u64;
        loop {
            let n = file.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            total += n as u64;
            hash.update(&buffer[..n]);
        }
        let sha256: [u8; 32] = hash.finalize().into();
        if (total, sha256) != (blob.bytes, blob.sha256.0) {
            fs::remove_file(&path)?;
            return Ok(false);
        }
        file.sync_all()?;
        self.keep(&path, ws, blob.sha256)?;
        Ok(true)
    }

    async fn discard(&self, upload: &str) -> io::Result<()> {
        match fs::remove_file(self.upload(upload)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    async fn uploads(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(self.root.join("uploads"))?.map(|entry| Ok(entry?.file_name()));
        let names = names.collect::<io::Result<Vec<_>>>()?;
        // What the server itself publishes stands here for a moment under its longer hash.
        let is_upload = |name: &String| name.len() == 32 && self.upload(name).is_ok();
        Ok(names.into_iter().filter_map(|name| name.into_string().ok()).filter(is_upload).collect())
    }

    async fn read(
        &self,
        ws: WorkspaceId,
        blob: BlobHash,
        offset: u64,
        len: usize,
    ) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.blob(ws, blob))?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(len as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    async fn put(&self, ws: WorkspaceId, bytes: &[u8]) -> io::Result<BlobRef> {
        let blob = BlobRef { sha256: BlobHash::of(bytes), bytes: bytes.len() as u64 };
        let path = self.root.join("uploads").join(blob.sha256.to_string());
        let mut file = File::create(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.keep(&path, ws, blob.sha256)?;
        Ok(blob)
    }
}
