//! A device's folder: its database, its photos, its keys.

use std::path::{Path, PathBuf};

use spotcheck_app::parts::{Location, Profile, Store, StoreError};
use spotcheck_app::{AppError, Device};

use crate::blobs::FolderBlobs;
use crate::durable;
use crate::host::NativeHost;

/// A device in a folder.
pub type NativeDevice = Device<NativeHost, FolderBlobs>;

/// Why a folder is no device.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// A file or folder of it, and what the system said.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// What is in it cannot be opened.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for HomeError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// Opens or creates a device in a folder.
///
/// # Errors
/// When the folder cannot be written, or what is in it cannot be opened.
pub fn open(home: &Path) -> Result<NativeDevice, HomeError> {
    let database = home.join("device.db");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| HomeError::File { path, error }
    };
    durable::make_folder(home).map_err(failed(home))?;
    // Before SQLite would create it: its companions then inherit who may read them.
    durable::touch_private(&database).map_err(failed(&database))?;
    // The database first: its lock keeps a second process out of the folders too.
    let store = Store::open(Location::File(&database), Profile::Device)?;
    let (blobs, keys) = (home.join("blobs"), home.join("keys"));
    let host = NativeHost::open(&keys).map_err(failed(&keys))?;
    let blobs = FolderBlobs::open(&blobs).map_err(failed(&blobs))?;
    Ok(Device::new(store, blobs, host)?)
}
