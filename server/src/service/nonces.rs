//! Nonces seen lately, so that a recorded request cannot be played again.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// A signature is accepted within this of the server's clock.
pub(super) const SKEW_S: i64 = 300;
/// Both halves together cover twice the skew either way, with a bounded number of entries: past it
/// the oldest half goes early, and what protects then is that every request may arrive twice.
const HALF_S: i64 = 2 * SKEW_S;
const HALF_ENTRIES: usize = 500_000;

#[derive(Debug, Default)]
pub(super) struct Nonces {
    halves: Mutex<Halves>,
}

#[derive(Debug, Default)]
struct Halves {
    began_s: i64,
    new: HashSet<([u8; 16], [u8; 16])>,
    old: HashSet<([u8; 16], [u8; 16])>,
}

impl Nonces {
    /// Notes a nonce; `false` when this key used it before.
    pub(super) fn is_fresh(&self, key: [u8; 16], nonce: [u8; 16], now_s: i64) -> bool {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if now_s >= halves.began_s + HALF_S || halves.new.len() >= HALF_ENTRIES {
            halves.old = std::mem::take(&mut halves.new);
            halves.began_s = now_s;
        }
        !halves.old.contains(&(key, nonce)) && halves.new.insert((key, nonce))
    }
}
