//! Devices and a server in one process, on simulated disks, over a simulated network.
//!
//! All that is random comes from one seed. The code under test is the product's own: stores on
//! SQLite files of a simulated disk, rounds of the real engine, the real service.

mod device;
mod host;
mod loss;
mod network;
mod server;
mod signed;
#[cfg(test)]
mod tests;

pub use device::{SimDevice, TakenPhoto};
pub use host::{Keys, SimHost};
pub use network::{FAULTS, FaultyApi, Network};
pub use server::SimServer;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use spotcheck_app::EnrolmentLink;
use spotcheck_client::Steps;
use spotcheck_sqlite::Profile;

/// The world's one source of chance.
#[derive(Debug, Clone)]
pub struct Dice(Rc<RefCell<ChaCha8Rng>>);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// A number below `n`; 0 for an `n` of 0.
    pub fn below(&self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.0.borrow_mut().next_u64() % n }
    }

    /// True once in `n`.
    pub fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Fills bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.borrow_mut().fill_bytes(bytes);
    }

    /// One of several.
    pub fn pick<'a, T>(&self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// True time, in ms since 1970 UTC. Devices see it with their own error.
pub type Clock = Rc<Cell<i64>>;

/// Devices, a server, and what lies between.
#[derive(Debug)]
pub struct World {
    /// True time.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// What lies between.
    pub network: Network,
    /// The server.
    pub server: SimServer,
    /// The devices.
    pub devices: Vec<SimDevice>,
    profile: Profile,
}

/// 2021-06-24 09:00 in Shenzhen.
const BEGIN_MS: i64 = 1_624_496_400_000;

impl World {
    /// A server with two teams: A (ada, ben, lead) and B (cy, lead); an auditor who reads all.
    /// `profile` is how devices and server make commits durable.
    pub fn new(seed: u64, profile: Profile) -> Self {
        let (clock, dice) = (Rc::new(Cell::new(BEGIN_MS)), Dice::new(seed));
        let server = SimServer::new(seed, clock.clone(), dice.clone(), profile);
        let network = Network::new(dice.clone());
        Self { clock, dice, network, server, devices: vec![], profile }
    }

    /// Enrols a device for a user.
    pub fn add_device(&mut self, user: &str, skew_ms: i64) -> usize {
        let link = self.server.code(user);
        self.add_invited(user, skew_ms, &link)
    }

    /// Enrols a device with a link that somebody was given.
    pub fn add_invited(&mut self, user: &str, skew_ms: i64, link: &EnrolmentLink) -> usize {
        let seed = self.dice.below(u64::MAX);
        let host = SimHost::new(self.clock.clone(), self.dice.clone(), skew_ms);
        let mut device = SimDevice::new(user, seed, host, self.profile);
        device.enrol(&self.server, link);
        self.devices.push(device);
        self.devices.len() - 1
    }

    /// A second device with everything of the first: a restored backup, or a clone.
    pub fn clone_device(&mut self, of: usize) -> usize {
        let seed = self.dice.below(u64::MAX);
        let clone = self.devices[of].clone_of(seed);
        self.devices.push(clone);
        self.devices.len() - 1
    }

    /// One round of a device over the faulty network. Time passes.
    ///
    /// # Errors
    /// When the device's own disk failed.
    pub fn sync(&mut self, index: usize) -> Result<spotcheck_client::Report, String> {
        self.clock.set(self.clock.get() + 1_000 + self.dice.below(60_000) as i64);
        let api = FaultyApi::new(&self.server, &self.network);
        self.devices[index].round(&api)
    }

    /// One round of a device over a network without faults.
    ///
    /// # Errors
    /// When the device's own disk failed.
    pub fn sync_cleanly(&mut self, index: usize) -> Result<spotcheck_client::Report, String> {
        self.clock.set(self.clock.get() + 1_000);
        let clean = Network::new(self.dice.clone());
        let api = FaultyApi::new(&self.server, &clean);
        self.devices[index].round(&api)
    }

    /// The same on a metered network: at most so many bytes of photos go out.
    ///
    /// # Errors
    /// When the device's own disk failed.
    pub fn sync_metered(
        &mut self,
        index: usize,
        photo_bytes: u64,
    ) -> Result<spotcheck_client::Report, String> {
        self.sync_by(index, Steps::metered(photo_bytes), usize::MAX)
    }

    /// The same, cut after so many requests.
    ///
    /// # Errors
    /// When the device's own disk failed.
    pub fn sync_cut(
        &mut self,
        index: usize,
        requests: usize,
    ) -> Result<spotcheck_client::Report, String> {
        self.sync_by(index, Steps::default(), requests)
    }

    fn sync_by(
        &mut self,
        index: usize,
        steps: Steps,
        requests: usize,
    ) -> Result<spotcheck_client::Report, String> {
        self.clock.set(self.clock.get() + 1_000);
        let clean = Network::new(self.dice.clone());
        let api = FaultyApi::new(&self.server, &clean);
        self.devices[index].round_by(&api, steps, requests)
    }
}
