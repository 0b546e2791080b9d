//! One file's bytes: what readers see, what would survive, and the changes in between.

use std::collections::VecDeque;

use rand_chacha::ChaCha8Rng;
use rand_core::Rng;

use super::locks::ShmRegion;

/// The most that a cut can tear: a sector is written whole or not at all.
const SECTOR: usize = 512;

/// Beyond this the oldest changes reach the disk unasked, as an operating system writes back.
/// It bounds the memory of a database that never syncs.
const WRITEBACK_BYTES: usize = 4 << 20;

/// The chance, of 256, that a change or sector survives a cut.
pub(super) type Luck = u32;

enum Change {
    Write { offset: usize, bytes: Box<[u8]> },
    Truncate { len: usize },
}

/// A file, named or temporary.
#[derive(Default)]
pub(super) struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: VecDeque<Change>,
    unsynced_bytes: usize,
    /// The WAL index that connections share. It is never part of the disk.
    pub(super) shm: Vec<ShmRegion>,
}

impl Inode {
    pub(super) fn durable(bytes: Vec<u8>) -> Self {
        Self { live: bytes.clone(), durable: bytes, ..Self::default() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.live
    }

    /// Fills `target` from `offset` on; returns how many bytes the file had there.
    pub(super) fn read(&self, offset: usize, target: &mut [u8]) -> usize {
        let available = self.live.get(offset..).unwrap_or_default();
        let len = available.len().min(target.len());
        target[..len].copy_from_slice(&available[..len]);
        len
    }

    pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) {
        put(&mut self.live, offset, bytes);
        self.unsynced_bytes += bytes.len();
        self.unsynced.push_back(Change::Write { offset, bytes: bytes.into() });
        while self.unsynced_bytes > WRITEBACK_BYTES {
            let Some(oldest) = self.unsynced.pop_front() else { break };
            self.land(&oldest);
        }
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.live.resize(len, 0);
        self.unsynced.push_back(Change::Truncate { len });
    }

    pub(super) fn sync(&mut self) {
        while let Some(change) = self.unsynced.pop_front() {
            self.land(&change);
        }
    }

    /// Decides what of the unsynced changes is on the disk. Readers see no difference, yet.
    pub(super) fn settle(&mut self, rng: &mut ChaCha8Rng, luck: Luck) {
        while let Some(change) = self.unsynced.pop_front() {
            // A quarter of the changes is torn, so that a cut inside a page is common.
            let torn = rng.next_u32().is_multiple_of(4);
            match &change {
                Change::Write { offset, bytes } if torn => {
                    self.unsynced_bytes -= bytes.len();
                    self.tear(*offset, bytes, rng, luck);
                }
                _ if survives(rng, luck) => self.land(&change),
                Change::Write { bytes, .. } => self.unsynced_bytes -= bytes.len(),
                Change::Truncate { .. } => {}
            }
        }
    }

    /// Forgets what only memory held.
    pub(super) fn lose_memory(&mut self) {
        self.live.clone_from(&self.durable);
        self.shm.clear();
    }

    pub(super) fn flip_bit(&mut self, position: u64) {
        let Ok(byte) = usize::try_from(position / 8) else { return };
        for bytes in [&mut self.live, &mut self.durable] {
            if let Some(byte) = bytes.get_mut(byte) {
                *byte ^= 1 << (position % 8);
            }
        }
    }

    /// Makes one change durable.
    fn land(&mut self, change: &Change) {
        match change {
            Change::Write { offset, bytes } => {
                self.unsynced_bytes -= bytes.len();
                put(&mut self.durable, *offset, bytes);
            }
            Change::Truncate { len } => self.durable.resize(*len, 0),
        }
    }

    fn tear(&mut self, offset: usize, bytes: &[u8], rng: &mut ChaCha8Rng, luck: Luck) {
        let mut start = 0;
        while start < bytes.len() {
            let place = offset + start;
            let end = (start + SECTOR - place % SECTOR).min(bytes.len());
            if survives(rng, luck) {
                put(&mut self.durable, place, &bytes[start..end]);
            } else if place >= self.durable.len() && rng.next_u32().is_multiple_of(8) {
                // The file's size is on the disk before its content: whatever lay there shows.
                let mut garbage = vec![0; end - start];
                rng.fill_bytes(&mut garbage);
                put(&mut self.durable, place, &garbage);
            }
            start = end;
        }
    }
}

/// Always true at 256, never at 0.
fn survives(rng: &mut ChaCha8Rng, luck: Luck) -> bool {
    rng.next_u32() % 256 < luck
}

/// Writes into `target`, which grows with zeros where needed.
fn put(target: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if target.len() < end {
        target.resize(end, 0);
    }
    target[offset..end].copy_from_slice(bytes);
}
