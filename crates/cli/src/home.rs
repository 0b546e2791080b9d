//! A device's folder: its database, photos and keys; and the machine's clock and randomness.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use spotcheck_app::{AppError, Device, Host};
use spotcheck_domain::{BlobHash, Timestamp};
use spotcheck_protocol::keys::Signer;
use spotcheck_sqlite::{Location, Profile};
use spotcheck_store::Store;

use crate::failure::Failure;
use crate::folder_blobs::FolderBlobs;

/// The device as the command line runs it.
pub type App = Device<Machine, FolderBlobs>;

/// Opens the device in a folder, or creates one.
///
/// # Errors
/// When the folder or what is in it cannot be opened.
pub fn open(home: Option<PathBuf>) -> Result<App, Failure> {
    let home = match home {
        Some(home) => home,
        None => directories::ProjectDirs::from("", "", "spotcheck")
            .map(|dirs| dirs.data_dir().to_owned())
            .ok_or_else(|| {
                Failure::Broken("no data folder on this platform: use --home DIR".to_owned())
            })?,
    };
    let create = DirBuilder::new().recursive(true).mode(0o700).create(&home);
    create.map_err(Failure::file(home.display()))?;
    let path = home.join("device.db");
    let store = Store::open(Location::File(&path), Profile::Device).map_err(AppError::from)?;
    let blobs = FolderBlobs::open(home.join("blobs")).map_err(Failure::file("blobs"))?;
    let machine = Machine::open(home.join("keys")).map_err(Failure::file("keys"))?;
    Ok(Device::new(store, blobs, machine)?)
}

/// Clock, randomness and keys of this machine.
#[derive(Debug)]
pub struct Machine {
    keys_dir: PathBuf,
    keys: BTreeMap<[u8; 32], SigningKey>,
    boot: i64,
}

impl Machine {
    fn open(keys_dir: PathBuf) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&keys_dir)?;
        let mut keys = BTreeMap::new();
        for entry in fs::read_dir(&keys_dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ext| ext == "key") {
                let bytes = HEXLOWER.decode(fs::read_to_string(&path)?.trim().as_bytes()).ok();
                if let Some(secret) = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
                    let key = SigningKey::from_bytes(&secret);
                    keys.insert(key.public_key(), key);
                }
            }
        }
        Ok(Self { keys_dir, keys, boot: boot() })
    }

    fn keep(&self, public: &[u8; 32], secret: &[u8; 32]) -> io::Result<()> {
        let path = self.keys_dir.join(format!("{}.key", BlobHash(*public)));
        let fresh = path.with_extension("new");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(HEXLOWER.encode(secret).as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(&self.keys_dir)?.sync_all()
    }
}

/// A number for this boot of the machine; 0 where the system names none.
fn boot() -> i64 {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let hash = BlobHash::of(id.trim().as_bytes()).0;
    if id.is_empty() {
        0
    } else {
        i64::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
    }
}

/// Milliseconds since boot; 0 where the system does not say.
fn uptime_ms() -> i64 {
    let text = fs::read_to_string(Path::new("/proc/uptime")).unwrap_or_default();
    let (seconds, hundredths) =
        text.split_whitespace().next().and_then(|t| t.split_once('.')).unwrap_or_default();
    seconds.parse::<i64>().unwrap_or(0) * 1000 + hundredths.parse::<i64>().unwrap_or(0) * 10
}

impl Host for Machine {
    fn clock(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let offset_min = chrono::Local::now().offset().local_minus_utc() / 60;
        let wall_ms = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        Timestamp { wall_ms, offset_min, boot: self.boot, tick_ms: uptime_ms(), server_ms: 0 }
    }

    fn random(&self, buffer: &mut [u8]) {
        // A machine without randomness must not sign anything: stop at once, loudly.
        #[allow(clippy::expect_used, reason = "no secret may be made without randomness")]
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }

    fn new_key(&mut self) -> Result<[u8; 32], AppError> {
        let mut secret = [0; 32];
        self.random(&mut secret);
        let key = SigningKey::from_bytes(&secret);
        let public = key.public_key();
        self.keep(&public, &secret).map_err(|error| AppError::Key(error.to_string()))?;
        self.keys.insert(public, key);
        Ok(public)
    }

    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer> {
        self.keys.get(public_key).map(|key| key as &dyn Signer)
    }
}
