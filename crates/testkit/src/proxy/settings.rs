//! What shall go wrong, and what that means for one connection.

use rand_chacha::ChaCha8Rng;
use rand_core::Rng;
use serde::{Deserialize, Serialize};

/// What happens to a connection. Faults add up; fields left out of the JSON are off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where connections lead.
    pub mode: Mode,
    /// How long each reply is held back, in milliseconds.
    pub delay_ms: u64,
    /// The probability, 0 to 1, that a connection is cut when a reply is due: the server has acted
    /// and the client does not know.
    pub loss: f64,
    /// Resets each connection after so many bytes, both directions together.
    pub cut_after: Option<ByteRange>,
    /// Ends each connection in good order after so many bytes from the server.
    pub truncate_reply: Option<u64>,
}

/// Where connections lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// To the upstream.
    #[default]
    Pass,
    /// Nowhere: they are reset at once.
    Refuse,
    /// To a login page, given to whatever is asked, as in a hotel. The upstream sees nothing.
    Portal,
}

/// From `min` to `max` bytes, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByteRange {
    /// The fewest.
    pub min: u64,
    /// The most; no less than `min`.
    pub max: u64,
}

impl Settings {
    /// Why these settings make no sense, if they do not.
    pub(super) fn problem(&self) -> Option<&'static str> {
        if !(0.0..=1.0).contains(&self.loss) {
            return Some("loss is a probability from 0 to 1");
        }
        let empty = self.cut_after.is_some_and(|range| range.min > range.max);
        empty.then_some("cut_after has min above max")
    }
}

impl ByteRange {
    /// One value of the range, each as likely.
    pub(super) fn pick(self, rng: &mut ChaCha8Rng) -> u64 {
        match self.max.saturating_sub(self.min).checked_add(1) {
            Some(width) => self.min + rng.next_u64() % width,
            None => rng.next_u64(),
        }
    }
}

/// True with the given probability.
pub(super) fn strikes(rng: &mut ChaCha8Rng, probability: f64) -> bool {
    f64::from(rng.next_u32()) < probability * (f64::from(u32::MAX) + 1.0)
}
