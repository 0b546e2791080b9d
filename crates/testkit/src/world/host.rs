//! Clock, chance and keys of a simulated device.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use ed25519_dalek::SigningKey;
use spotcheck_app::{AppError, Host};
use spotcheck_domain::Timestamp;
use spotcheck_protocol::keys::Signer;

use super::{Clock, Dice};

/// The keys of a device. Durable by decree: they outlive every crash.
pub type Keys = Rc<RefCell<BTreeMap<[u8; 32], &'static SigningKey>>>;

/// What a simulated device's host passes in.
#[derive(Debug, Clone)]
pub struct SimHost {
    clock: Clock,
    dice: Dice,
    /// How wrong the device's wall clock is, in ms.
    pub skew_ms: Rc<Cell<i64>>,
    /// Which run of the device this is.
    pub boot: Rc<Cell<i64>>,
    /// Its keys.
    pub keys: Keys,
}

impl SimHost {
    /// A host whose clock is wrong by `skew_ms`.
    pub fn new(clock: Clock, dice: Dice, skew_ms: i64) -> Self {
        let (skew_ms, boot) = (Rc::new(Cell::new(skew_ms)), Rc::new(Cell::new(1)));
        Self { clock, dice, skew_ms, boot, keys: Keys::default() }
    }

    /// The same keys and clock in another device: what a clone has.
    #[must_use]
    pub fn for_clone(&self) -> Self {
        Self {
            skew_ms: Rc::new(Cell::new(self.skew_ms.get())),
            boot: Rc::new(Cell::new(self.boot.get() + 1000)),
            keys: Rc::new(RefCell::new(self.keys.borrow().clone())),
            ..self.clone()
        }
    }
}

impl Host for SimHost {
    fn clock(&self) -> Timestamp {
        let (now, boot) = (self.clock.get(), self.boot.get());
        Timestamp {
            wall_ms: now + self.skew_ms.get(),
            offset_min: 480,
            boot,
            tick_ms: now % 1_000_000_000,
            server_ms: 0,
        }
    }

    fn random(&self, buffer: &mut [u8]) {
        self.dice.fill(buffer);
    }

    fn new_key(&mut self) -> Result<[u8; 32], AppError> {
        let mut secret = [0; 32];
        self.dice.fill(&mut secret);
        // Leaked: a few 200-byte keys a seed buy plain references into a shared map.
        let key: &'static SigningKey = Box::leak(Box::new(SigningKey::from_bytes(&secret)));
        self.keys.borrow_mut().insert(key.public_key(), key);
        Ok(key.public_key())
    }

    fn signer(&self, public_key: &[u8; 32]) -> Option<&dyn Signer> {
        self.keys.borrow().get(public_key).map(|key| *key as &dyn Signer)
    }
}
