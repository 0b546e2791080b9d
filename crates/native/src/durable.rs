//! Files that are there after a power cut, or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a file is called until it is whole.
const UNFINISHED: &str = ".unfinished-";

/// Creates a folder only its owner may enter, with those above it, so that its name is durable too.
/// One that exists stays as it is: it may be shared on purpose.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_folder(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Made meanwhile by another process is fine; a file of that name is not.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
            return Err(error);
        }
        _ => {}
    }
    flush_folder(parent.unwrap_or(Path::new(".")))
}

/// A file under a passing name, readable by its owner alone.
pub(crate) fn create_unfinished(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let path = folder.join(format!("{UNFINISHED}{:016x}", u64::from_be_bytes(random)));
    let file = private().create_new(true).open(&path)?;
    Ok((path, file))
}

/// Gives a finished file its name. Durable when it returns, contents before name.
pub(crate) fn finish(file: &File, path: &Path, name: &Path) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(path, name)?;
    flush_folder(name.parent().unwrap_or(Path::new(".")))
}

/// Creates an empty file that its owner alone may read, unless it exists.
pub(crate) fn touch_private(path: &Path) -> io::Result<()> {
    private().create(true).truncate(false).open(path).map(|_| ())
}

/// Adds to the end of a file that its owner alone may read. Not flushed.
pub(crate) fn append_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    private().create(true).append(true).open(path)?.write_all(bytes)
}

/// Removes what a crash left behind. Only while no other process works in the folder.
pub(crate) fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the names in a folder durable. Other platforms than Unix do so with the rename.
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
