//! The machine a server runs on: its clock, its randomness, its key, its folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;

use crate::service::Host;

/// The system's clock and randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemHost;

impl Host for SystemHost {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self, buffer: &mut [u8]) {
        // A machine without randomness must not sign anything: stop at once, loudly.
        #[allow(clippy::expect_used, reason = "no secret may be made without randomness")]
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// Opens or creates the data folder, readable by its owner alone.
///
/// # Errors
/// When it cannot be created.
pub fn open_folder(data: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data)
}

/// Reads the server's signing key, or makes one on the first start.
///
/// # Errors
/// When it cannot be read or kept. It is never silently replaced: devices pin its public half.
pub fn load_key(data: &Path) -> io::Result<SigningKey> {
    let path = data.join("server.key");
    match fs::read_to_string(&path) {
        Ok(hex) => {
            let bad = || {
                io::Error::other(format!(
                    "{} is not a key: restore it from a backup",
                    path.display()
                ))
            };
            let bytes = HEXLOWER.decode(hex.trim().as_bytes()).map_err(|_| bad())?;
            Ok(SigningKey::from_bytes(&bytes.try_into().map_err(|_| bad())?))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            SystemHost.random(&mut secret);
            let fresh = data.join("server.key.new");
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&fresh)?;
            file.write_all(HEXLOWER.encode(&secret).as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            File::open(data)?.sync_all()?;
            Ok(SigningKey::from_bytes(&secret))
        }
        Err(error) => Err(error),
    }
}

/// Keeps a second server out of a data folder for as long as the file is held.
///
/// # Errors
/// When another server runs on it.
pub fn lock(data: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data.join("server.lock"))?;
    file.try_lock().map_err(|_| {
        io::Error::other(format!(
            "another spotcheck-server runs on {}: stop it first",
            data.display()
        ))
    })?;
    Ok(file)
}
