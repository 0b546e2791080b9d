//! Where the command line finds its device.

use std::path::{Path, PathBuf};

use spotcheck_app::parts::StoreError;
pub use spotcheck_native::NativeDevice as CliDevice;

use crate::failure::Failure;

/// The folder to work in: the one given, else the platform's for data.
pub(crate) fn folder(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(given) = given.filter(|path| !path.as_os_str().is_empty()) {
        return Ok(given.to_owned());
    }
    let platform = directories::ProjectDirs::from("", "", "spotcheck");
    platform.map(|dirs| dirs.data_dir().to_owned()).ok_or_else(|| {
        Failure::Usage("this platform names no folder for data: give --home DIR".to_owned())
    })
}

/// Opens or creates a device in a folder.
///
/// # Errors
/// When the folder cannot be written, or what is in it cannot be opened.
pub fn open(home: &Path) -> Result<CliDevice, Failure> {
    Ok(spotcheck_native::open(home)?)
}

/// Opens a device that must be enrolled. Leaves no trace in a folder without one.
pub(crate) fn open_enrolled(home: &Path) -> Result<CliDevice, Failure> {
    if !home.join("device.db").exists() {
        return Err(StoreError::NotEnrolled.into());
    }
    let device = open(home)?;
    device.identity()?;
    Ok(device)
}
