//! What this program passes into a device: clock, randomness, and a key that its number gives.

use std::cell::Cell;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use spotcheck_app::parts::Signer;
use spotcheck_app::{AppError, Host};
use spotcheck_domain::Timestamp;

/// A device's host. The key follows from the device's number, so that a copied folder has it too.
pub(crate) struct BenchHost {
    key: SigningKey,
    began: Instant,
    /// While recording: the time of day of the workload. While syncing: none, which is now.
    pub(crate) at_ms: Cell<Option<i64>>,
}

impl BenchHost {
    pub(crate) fn new(device: u64) -> Self {
        let mut secret = [7; 32];
        secret[..8].copy_from_slice(&device.to_le_bytes());
        let key = SigningKey::from_bytes(&secret);
        Self { key, began: Instant::now(), at_ms: Cell::new(None) }
    }
}

impl Host for BenchHost {
    fn clock(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now_ms = now.map_or(0, |since| since.as_millis() as i64);
        let (wall_ms, tick_ms) = match self.at_ms.get() {
            Some(at_ms) => (at_ms, at_ms - 1_624_000_000_000),
            None => (now_ms, self.began.elapsed().as_millis() as i64),
        };
        Timestamp { wall_ms, offset_min: 480, boot: 1, tick_ms, server_ms: 0 }
    }

    fn random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            std::process::abort();
        }
    }

    fn new_key(&mut self) -> Result<[u8; 32], AppError> {
        Ok(self.key.public_key())
    }

    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer> {
        (self.key.public_key() == *public_key).then_some(&self.key as &dyn Signer)
    }
}
