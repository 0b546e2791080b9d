//! The device, held by the window that opened it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use spotcheck_native::NativeDevice;

use crate::failure::Failure;
use crate::incoming::Incoming;

/// What commands share. Cheap to copy.
#[derive(Clone)]
pub(crate) struct Held(Arc<Shared>);

struct Shared {
    home: PathBuf,
    /// A round borrows it between requests, every other call from its beginning to its end.
    device: Mutex<Option<NativeDevice>>,
    incoming: Incoming,
    cancelled: AtomicBool,
    /// One round at a time.
    round: tauri::async_runtime::Mutex<()>,
}

impl Held {
    pub(crate) fn new(home: PathBuf) -> Self {
        let incoming = Incoming::new(home.join("incoming"));
        Self(Arc::new(Shared {
            home,
            device: Mutex::new(None),
            incoming,
            cancelled: AtomicBool::new(false),
            round: tauri::async_runtime::Mutex::new(()),
        }))
    }

    /// Opens the device, unless it is open.
    pub(crate) fn open(&self) -> Result<(), Failure> {
        let mut device = self.lock();
        if device.is_none() {
            let opened = spotcheck_native::open(self.home())?;
            // Only now: whoever holds the database owns the folder.
            self.0.incoming.sweep()?;
            *device = Some(opened);
        }
        Ok(())
    }

    /// Does something with the device.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut NativeDevice) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match self.lock().as_mut() {
            Some(device) => work(device),
            None => Err(Failure::usage("open the device first")),
        }
    }

    pub(crate) fn home(&self) -> &Path {
        &self.0.home
    }

    pub(crate) fn incoming(&self) -> &Incoming {
        &self.0.incoming
    }

    pub(crate) fn round(&self) -> &tauri::async_runtime::Mutex<()> {
        &self.0.round
    }

    pub(crate) fn cancel(&self, whether: bool) {
        self.0.cancelled.store(whether, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// A call that panicked left nothing half written: what a transaction did not commit is not there.
    fn lock(&self) -> MutexGuard<'_, Option<NativeDevice>> {
        self.0.device.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
