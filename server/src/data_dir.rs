//! The one folder a server keeps everything in, and who may do what in it at once.
//!
//! `ledger.db` (SQLite), `blobs/` and `uploads/` (photos), `server.key`, and lock files. One server
//! runs on a folder; admin commands may run beside it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use spotcheck_protocol::keys::Signer as _;

use crate::blobs::FolderBlobs;
use crate::host::SystemHost;
use crate::keys;
use crate::ledger::{SqliteLedger, SqliteOptions};
use crate::service::{Host, Service};

/// The service as this program runs it.
pub type HostedService = Service<SqliteLedger, FolderBlobs>;

/// A server's folder.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// Opens the folder, making it (for this user alone) when it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path) -> anyhow::Result<Self> {
        if !root.is_dir() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder
                .create(root)
                .with_context(|| format!("cannot make the data folder {}", root.display()))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Keeps the folder for one server until the value is dropped or the process ends.
    ///
    /// # Errors
    /// When another server has it.
    pub fn lock(&self) -> anyhow::Result<ServerLock> {
        let file = self.lock_file("server.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(ServerLock { _file: file }),
            Err(TryLockError::WouldBlock) => bail!(
                "another spotcheck-server runs on {}: stop it, or choose another --data folder",
                self.root.display()
            ),
            Err(TryLockError::Error(error)) => Err(error).context("cannot lock the data folder"),
        }
    }

    /// Waits for the turn to write the server's own log.
    ///
    /// Two writers that read the log's end and then append would fork it. Requests of one server
    /// and admin commands beside it are such writers, so all of them wait here.
    ///
    /// # Errors
    /// When the lock file cannot be used.
    pub fn own_log_turn(&self) -> io::Result<OwnLogTurn> {
        let file = self.lock_file("own-log.lock")?;
        file.lock()?;
        Ok(OwnLogTurn { _file: file })
    }

    fn lock_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().create(true).truncate(false).write(true).open(self.root.join(name))
    }

    /// Opens everything in the folder, with connections for that many readers at once.
    ///
    /// # Errors
    /// When the key, the database or the photo folder is unusable; it says which and what to do.
    pub fn open_service(&self, readers: usize) -> anyhow::Result<HostedService> {
        self.open_service_on(readers, Box::new(SystemHost))
    }

    /// The same with another clock and randomness than this machine's.
    ///
    /// # Errors
    /// As [`DataDir::open_service`].
    pub fn open_service_on(
        &self,
        readers: usize,
        host: Box<dyn Host>,
    ) -> anyhow::Result<HostedService> {
        let key = {
            // Two first starts at once must not make two keys.
            let _turn = self.own_log_turn()?;
            let path = self.root.join("server.key");
            if !path.exists() && self.root.join("ledger.db").exists() {
                bail!(
                    "{}: the key that signs for ledger.db is gone. Put the file back from a copy: with \
                     a new key every device would take the server for a stranger",
                    path.display()
                );
            }
            keys::load_or_create(&path)?
        };
        let path = self.root.join("ledger.db");
        let ledger =
            SqliteLedger::open(&SqliteOptions::File(path.clone(), readers), key.public_key())
                .with_context(|| format!("{}", path.display()))?;
        let blobs = FolderBlobs::open(&self.root)
            .with_context(|| format!("cannot use the photo folder in {}", self.root.display()))?;
        Ok(Service::new(ledger, blobs, key, host))
    }

    /// Notes how devices reach the server that runs here, for the links that admin commands make.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn note_url(&self, url: &str) -> io::Result<()> {
        keys::write_durably(&self.root.join("server.url"), url.as_bytes())
    }

    /// How devices reach the server that runs here, or ran last.
    pub fn noted_url(&self) -> Option<String> {
        fs::read_to_string(self.root.join("server.url")).ok()
    }

    /// Bytes that may still be written on the folder's disk.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn free_bytes(&self) -> io::Result<u64> {
        fs4::available_space(&self.root)
    }

    /// Proves that a file can be written and flushed here: the disk is there, writable, not full.
    ///
    /// # Errors
    /// When it cannot.
    pub fn probe(&self) -> io::Result<()> {
        let path = self.root.join("uploads").join("ready.probe");
        let file = File::create(&path)?;
        io::Write::write_all(&mut &file, &[0; 4096])?;
        file.sync_all()?;
        fs::remove_file(path)
    }
}

/// The folder is this server's.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

/// The turn to write the server's own log.
#[derive(Debug)]
pub struct OwnLogTurn {
    _file: File,
}

#[cfg(test)]
mod bad_folder;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_on_the_folder_is_told_so_and_the_folder_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(&dir.path().join("data")).unwrap();
        let first = data.lock().unwrap();
        let refused = data.lock().unwrap_err().to_string();
        assert!(refused.contains("another spotcheck-server"), "{refused}");
        drop(first);
        assert!(data.lock().is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(data.root()).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
