//! Everything random, from one seed.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use spotcheck_testkit::proxy::{ByteRange, Mode, Settings};

pub(crate) struct Luck {
    rng: ChaCha8Rng,
}

/// What is killed next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Victim {
    Recording,
    Sending,
    Fetching,
    Server,
}

impl Luck {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.rng.next_u64() % end
    }

    pub(crate) fn victim(&mut self) -> Victim {
        match self.below(10) {
            0..4 => Victim::Recording,
            4..7 => Victim::Sending,
            7 => Victim::Fetching,
            _ => Victim::Server,
        }
    }

    /// From the start of a process to its kill; a command takes tens of milliseconds.
    pub(crate) fn patience(&mut self, most_ms: u64) -> Duration {
        Duration::from_millis(3 + self.below(most_ms))
    }

    /// A network that mostly lets something through.
    pub(crate) fn trouble(&mut self) -> Settings {
        let mut settings = Settings::default();
        match self.below(8) {
            0 => {}
            1 => settings.loss = 0.3,
            2..5 => settings.cut_after = Some(ByteRange { min: 1_000, max: 60_000 }),
            5 => settings.mode = Mode::Portal,
            6 => settings.truncate_reply = Some(200 + self.below(4_000)),
            _ => settings.delay_ms = self.below(40),
        }
        settings
    }
}
