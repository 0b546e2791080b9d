//! What the host passes in: its time, and the seed of all that is left to chance.

use std::cell::Cell;

use sha2::{Digest, Sha256};

use super::Moment;

/// Time and chance of one filled form. The same seed gives the same numbers and ids in the same
/// order, so that a test or a replay can repeat them.
#[derive(Debug, Clone)]
pub struct Host {
    moment: Moment,
    seed: [u8; 32],
    drawn: Cell<u64>,
    /// Whose draws these are: a rule, and the instance of its repeat.
    of: Cell<Option<(u64, u64)>>,
}

impl Host {
    /// `seed` should come from the platform's source of randomness.
    #[must_use]
    pub fn new(moment: Moment, seed: [u8; 32]) -> Self {
        Self { moment, seed, drawn: Cell::new(0), of: Cell::new(None) }
    }

    /// The moment passed in.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.moment
    }

    /// From 0 up to, not including, 1, in steps of 2⁻⁵³.
    #[must_use]
    pub fn random(&self) -> f64 {
        let bits = self.draw() >> 75;
        // 53 bits: exact.
        bits as f64 / (1_u64 << 53) as f64
    }

    /// A version 4 UUID (RFC 9562 §5.4).
    #[must_use]
    pub fn uuid(&self) -> String {
        let bits = self.draw();
        let bits = bits & !(0xf << 76) | 0x4 << 76;
        let bits = bits & !(0x3 << 62) | 0x2 << 62;
        let part = |from: u32, digits: u32| (bits >> from) & ((1_u128 << (digits * 4)) - 1);
        let (a, b, c) = (part(96, 8), part(80, 4), part(64, 4));
        format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", part(48, 4), part(0, 12))
    }

    /// What is drawn from here on belongs to a rule in an instance of its repeat: the same whatever was
    /// drawn for others.
    pub(super) fn draw_for(&self, rule: usize, instance: usize) {
        self.of.set(Some((rule as u64, instance as u64)));
        self.drawn.set(0);
    }

    fn draw(&self) -> u128 {
        let count = self.drawn.get();
        self.drawn.set(count.wrapping_add(1));
        let hash = Sha256::new()
            .chain_update(b"spotcheck expression 1\0")
            .chain_update(self.seed)
            .chain_update(count.to_be_bytes());
        let hash = match self.of.get() {
            Some((rule, instance)) => {
                hash.chain_update(rule.to_be_bytes()).chain_update(instance.to_be_bytes())
            }
            None => hash,
        };
        let hash = hash.finalize();
        hash.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }
}
