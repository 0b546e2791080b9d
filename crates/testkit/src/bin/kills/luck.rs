//! Everything random, from one seed.

use std::collections::BTreeMap;
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use spotcheck_testkit::proxy::{ByteRange, Mode, Settings};

pub(crate) struct Luck {
    rng: ChaCha8Rng,
    /// The longest wait before a kill, in ms, as far as it was learnt.
    reach: BTreeMap<Victim, u64>,
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
        Self { rng: ChaCha8Rng::seed_from_u64(seed), reach: BTreeMap::new() }
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

    /// From the start of a victim's process to its kill. What it takes differs from machine to machine:
    /// see [`Self::learn`].
    pub(crate) fn patience(&mut self, victim: Victim) -> Duration {
        let most_ms = self.reach_ms(victim);
        Duration::from_millis(3 + self.below(most_ms))
    }

    /// A process that had ended before it was killed was waited for too long; one that was at work
    /// may be given longer again.
    pub(crate) fn learn(&mut self, victim: Victim, was_at_work: bool) {
        let reach = self.reach_ms(victim);
        let reach = if was_at_work { reach * 5 / 4 + 1 } else { reach * 3 / 4 };
        self.reach.insert(victim, reach.clamp(8, 200));
    }

    fn reach_ms(&self, victim: Victim) -> u64 {
        let first = match victim {
            Victim::Recording => 90,
            Victim::Fetching => 120,
            Victim::Sending | Victim::Server => 150,
        };
        self.reach.get(&victim).copied().unwrap_or(first)
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
