//! Clock, randomness and keys of this computer.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Local};
use spotcheck_app::parts::Signer;
use spotcheck_app::{AppError, EnrolmentLink, Host};
use spotcheck_domain::{BlobHash, Timestamp};

use crate::keys::KeyFolder;

/// What this machine passes in.
#[derive(Debug)]
pub struct NativeHost {
    keys: KeyFolder,
    boot: i64,
    /// The link being enrolled with, by hash: its code is not kept.
    enrolling: Option<String>,
}

impl NativeHost {
    pub(crate) fn open(keys: &Path) -> std::io::Result<Self> {
        // Once here, so that a computer without randomness is refused before anything is recorded.
        getrandom::fill(&mut [0; 1]).map_err(std::io::Error::other)?;
        Ok(Self { keys: KeyFolder::open(keys)?, boot: boot(), enrolling: None })
    }

    /// From here on a new key is for this link, until it was enrolled with.
    pub(crate) fn enrolling(&mut self, link: Option<&EnrolmentLink>) {
        self.enrolling = link.map(|link| BlobHash::of(link.to_string().as_bytes()).to_string());
    }
}

impl Host for NativeHost {
    fn clock(&self) -> Timestamp {
        let wall_ms = wall_ms();
        let zone = DateTime::from_timestamp_millis(wall_ms).map(|now| now.with_timezone(&Local));
        let offset_min = zone.map_or(0, |now| now.offset().local_minus_utc() / 60);
        let tick_ms = if self.boot == 0 { 0 } else { tick_ms() };
        Timestamp { wall_ms, offset_min, boot: self.boot, tick_ms, server_ms: 0 }
    }

    fn random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // It worked at the start. Going on would sign and salt with what anybody can guess.
            std::process::abort();
        }
    }

    fn new_key(&mut self) -> Result<[u8; 32], AppError> {
        let mut secret = [0; 32];
        self.random(&mut secret);
        let made = self.keys.make(secret, self.enrolling.as_deref());
        made.map_err(|error| AppError::Key(error.to_string()))
    }

    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer> {
        self.keys.find(public_key).map(|key| key as &dyn Signer)
    }
}

/// The wall clock, also one that stands before 1970.
fn wall_ms() -> i64 {
    let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()),
        Err(before) => i64::try_from(before.duration().as_millis()).map(|ms| -ms),
    };
    ms.unwrap_or(0)
}

/// A number for this run of the operating system; 0 where it gives none.
fn boot() -> i64 {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    if id.is_empty() {
        return 0;
    }
    let hash = BlobHash::of(id.trim().as_bytes());
    // 53 bits, which every JSON reader keeps.
    hash.0.iter().take(8).fold(0_i64, |n, byte| (n << 8) | i64::from(*byte)) & ((1 << 53) - 1)
}

/// Milliseconds since the boot, sleep included.
fn tick_ms() -> i64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let (seconds, hundredths) = first.split_once('.').unwrap_or((first, "0"));
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    number(seconds) * 1000 + number(hundredths) * 10
}
