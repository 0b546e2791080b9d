//! A machine's disk in memory: a seeded SQLite VFS that can lose power, fill up, fail and rot.
//!
//! What it promises: a synced byte survives everything but [`SimDisk::flip_bits`]; an unsynced
//! one survives [`SimDisk::crash`] (the operating system still holds it) and has a fate drawn from
//! the seed at [`SimDisk::power_cut`]: kept, lost, or torn at 512-byte grain.
//!
//! Simpler than the world: creating and deleting a file is durable at once, as on a journalling
//! file system whose directory is synced; a 512-byte sector never tears inside. SQLite seeds its
//! own random numbers (WAL salts, journal nonces) from the default VFS, so two runs of one seed
//! see the same faults at the same steps, not byte-equal logs.
//!
//! Unsafe code is confined to `disk/vfs.rs` and `disk/file.rs`; what they call is safe.

use std::sync::Arc;

mod file;
mod inode;
mod locks;
mod state;
#[cfg(test)]
mod tests;
mod vfs;

use vfs::Shared;

/// A disk of one simulated machine. It outlives its power cuts; clones are the same disk.
///
/// Its content is freed with the last clone and the last connection on it.
#[derive(Clone)]
pub struct SimDisk {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimDisk").field("vfs", &self.vfs_name()).finish_non_exhaustive()
    }
}

impl SimDisk {
    /// An empty disk, registered with SQLite under a name of its own. Its faults follow `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { shared: Shared::register(seed) }
    }

    /// The name to give `Connection::open_with_flags_and_vfs`. Paths are plain names on this disk.
    #[must_use]
    pub fn vfs_name(&self) -> &str {
        self.shared.vfs_name()
    }

    /// Cuts the power: every open handle answers `SQLITE_IOERR` from now on, and unsynced changes
    /// are kept, lost or torn. New connections see what survived. Faults armed before are gone.
    pub fn power_cut(&self) {
        self.shared.state().power_cut();
    }

    /// Kills the process: every open handle dies, while all written bytes survive.
    pub fn crash(&self) {
        self.shared.state().crash();
    }

    /// Lets the power fail by itself during the `n`-th further change, counted as in
    /// [`Self::io_count`]: 1 is the next one, 0 is now.
    pub fn cut_after_io(&self, n: u64) {
        self.shared.state().cut_after_io(n);
    }

    /// Limits the bytes of all files together. A write beyond it stores what fits and answers
    /// `SQLITE_FULL`; files may shrink and be rewritten in place.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.shared.state().capacity = bytes;
    }

    /// Lets the next sync of any file fail once with `SQLITE_IOERR_FSYNC`.
    ///
    /// As on Linux the changes then count as clean: readers still see them, some have reached the
    /// disk, and no later sync writes the rest.
    pub fn fail_next_sync(&self) {
        self.shared.state().fail_next_sync = true;
    }

    /// Inverts `count` random bits of `file`, durably. Nothing happens if it is missing or empty.
    pub fn flip_bits(&self, file: &str, count: usize) {
        self.shared.state().flip_bits(file, count);
    }

    /// The names and sizes in bytes of all files, as a running process sees them.
    #[must_use]
    pub fn files(&self) -> Vec<(String, u64)> {
        self.shared.state().files()
    }

    /// The bytes of one file, as a running process sees them.
    #[must_use]
    pub fn read_file(&self, name: &str) -> Option<Vec<u8>> {
        self.shared.state().read_file(name)
    }

    /// Puts `bytes` in the place of the file `name`, durably. Handles on the old one die.
    pub fn write_file(&self, name: &str, bytes: &[u8]) {
        self.shared.state().write_file(name, bytes);
    }

    /// Deletes the file `name` if there is one. Handles on it die.
    pub fn remove_file(&self, name: &str) {
        self.shared.state().remove_file(name);
    }

    /// Replaces all of `target` by a durable copy of this disk, as a running process sees it:
    /// a backup, its restore, or a phone's clone. Every handle on `target` dies.
    pub fn copy_to(&self, target: &SimDisk) {
        // One lock at a time: two disks copied to each other must not deadlock.
        let copy = self.shared.state().contents();
        target.shared.state().restore(copy);
    }

    /// How many changes (writes, syncs, truncations, deletions) were asked of this disk so far.
    #[must_use]
    pub fn io_count(&self) -> u64 {
        self.shared.state().io_count
    }
}
