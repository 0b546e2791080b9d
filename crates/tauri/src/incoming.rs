//! Bytes on their way from the page to the store: a passing file each, so that a photo of any size
//! takes no memory, and nothing of it is kept unless all of it came.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// More than any phone's photo, less than fills a disk by mistake.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The folder of passing files.
pub(crate) struct Incoming {
    folder: PathBuf,
}

impl Incoming {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Removes what a crash left behind.
    pub(crate) fn sweep(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// A fresh file; gives its name.
    pub(crate) fn begin(&self) -> io::Result<String> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = data_encoding::HEXLOWER.encode(&random);
        fs::create_dir_all(&self.folder)?;
        private().create_new(true).open(self.folder.join(&name))?;
        Ok(name)
    }

    /// Appends.
    pub(crate) fn add(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = private().append(true).open(self.path(name)?)?;
        if file.metadata()?.len() + bytes.len() as u64 > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a file of over 256 MiB"));
        }
        file.write_all(bytes)
    }

    /// Opens it to be read, and takes its name away: it is gone when it was read.
    pub(crate) fn finish(&self, name: &str) -> io::Result<Passing> {
        let path = self.path(name)?;
        Ok(Passing { file: File::open(&path)?, path })
    }

    /// A name comes from a page: only what [`Self::begin`] gives is a path.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let ours = name.len() == 32 && name.bytes().all(|it| it.is_ascii_hexdigit());
        if !ours {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a photo"));
        }
        Ok(self.folder.join(name))
    }
}

/// A file that goes when it was read, well or not.
pub(crate) struct Passing {
    file: File,
    path: PathBuf,
}

impl io::Read for Passing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // What stays is swept at the next start.
        let _ = fs::remove_file::<&Path>(&self.path);
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
