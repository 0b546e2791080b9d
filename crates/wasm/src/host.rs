//! Clock, randomness and keys of a worker.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use spotcheck_app::parts::{KeptKey, KeyTable, Signer};
use spotcheck_app::{AppError, EnrolmentLink, Host};
use spotcheck_domain::{BlobHash, Timestamp};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the worker began; does not go back when somebody sets the clock.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// What a worker passes in.
#[derive(Debug)]
pub(crate) struct BrowserHost {
    table: KeyTable,
    keys: BTreeMap<[u8; 32], SigningKey>,
    /// Keys by the link they were made for.
    made_for: BTreeMap<String, [u8; 32]>,
    /// A number for this worker's life: a browser does not tell boots of the machine apart.
    boot: i64,
    /// The link being enrolled with, by hash: its code is not kept.
    enrolling: Option<String>,
}

impl BrowserHost {
    pub(crate) fn open(table: KeyTable) -> Result<Self, AppError> {
        let mut boot = [0; 8];
        // Once here, so that a browser without randomness is refused before anything is recorded.
        getrandom::fill(&mut boot).map_err(|error| AppError::Key(error.to_string()))?;
        let mut host = Self {
            keys: BTreeMap::new(),
            made_for: BTreeMap::new(),
            // 53 bits, which every JSON reader keeps.
            boot: i64::from_be_bytes(boot) & ((1 << 53) - 1),
            enrolling: None,
            table,
        };
        for kept in host.table.all()? {
            host.take(&kept);
        }
        Ok(host)
    }

    /// From here on a new key is for this link, until it was enrolled with.
    pub(crate) fn enrolling(&mut self, link: Option<&EnrolmentLink>) {
        self.enrolling = link.map(|link| BlobHash::of(link.to_string().as_bytes()).to_string());
    }

    /// A secret that is not the one of its public half signs nothing: without its key a device
    /// still records; only sending says that the key is gone.
    fn take(&mut self, kept: &KeptKey) {
        let key = SigningKey::from_bytes(&kept.secret);
        if key.public_key() != kept.public {
            return;
        }
        if let Some(link) = &kept.made_for {
            self.made_for.insert(link.clone(), kept.public);
        }
        self.keys.insert(kept.public, key);
    }
}

impl Host for BrowserHost {
    fn clock(&self) -> Timestamp {
        // Whole milliseconds, far within 53 bits.
        let now = js_sys::Date::new_0();
        let wall_ms = now.get_time() as i64;
        let offset_min = -(now.get_timezone_offset() as i32);
        let tick_ms = performance_now() as i64;
        Timestamp { wall_ms, offset_min, boot: self.boot, tick_ms, server_ms: 0 }
    }

    fn random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // It worked at the start. Going on would sign and salt with what anybody can guess.
            std::process::abort();
        }
    }

    fn new_key(&mut self) -> Result<[u8; 32], AppError> {
        if let Some(known) = self.enrolling.as_ref().and_then(|link| self.made_for.get(link)) {
            return Ok(*known);
        }
        let mut secret = [0; 32];
        self.random(&mut secret);
        let public = SigningKey::from_bytes(&secret).public_key();
        let kept = KeptKey { public, secret, made_for: self.enrolling.clone() };
        self.table.keep(&kept)?;
        self.take(&kept);
        Ok(public)
    }

    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer> {
        self.keys.get(public_key).map(|key| key as &dyn Signer)
    }
}
