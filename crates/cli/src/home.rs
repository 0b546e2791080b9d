//! A device's folder: its database, its photos, its keys.

use std::path::{Path, PathBuf};

use spotcheck_app::Device;
use spotcheck_app::parts::{Location, Profile, Store, StoreError};

use crate::blobs::FolderBlobs;
use crate::durable;
use crate::failure::Failure;
use crate::host::CliHost;

/// A device as the command line runs it.
pub type CliDevice = Device<CliHost, FolderBlobs>;

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
    let database = home.join("device.db");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| Failure::file(&path, error)
    };
    durable::make_folder(home).map_err(failed(home))?;
    // Before SQLite would create it: its companions then inherit who may read them.
    durable::touch_private(&database).map_err(failed(&database))?;
    // The database first: its lock keeps a second process out of the folders too.
    let store = Store::open(Location::File(&database), Profile::Device)?;
    let (blobs, keys) = (home.join("blobs"), home.join("keys"));
    let host = CliHost::open(&keys).map_err(failed(&keys))?;
    let blobs = FolderBlobs::open(&blobs).map_err(failed(&blobs))?;
    Ok(Device::new(store, blobs, host)?)
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
