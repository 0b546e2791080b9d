//! All of a disk behind one lock: names, files, open handles, and the faults that are armed.
//!
//! Answers are SQLite's result codes, because SQLite is the only reader.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rusqlite::ffi;

use super::inode::Inode;
use super::locks::Handle;

/// A result whose error is an SQLite result code.
pub(super) type Io<T> = Result<T, i32>;
pub(super) type InodeId = u64;
pub(super) type HandleId = u64;

/// What a disk holds and what will befall it.
pub(super) struct State {
    pub(super) rng: ChaCha8Rng,
    pub(super) io_count: u64,
    pub(super) capacity: Option<u64>,
    pub(super) fail_next_sync: bool,
    cut_in: Option<u64>,
    next_id: u64,
    names: BTreeMap<String, InodeId>,
    pub(super) inodes: BTreeMap<InodeId, Inode>,
    /// Dead handles stay until SQLite closes them: it may still point into their shared memory.
    pub(super) handles: BTreeMap<HandleId, Handle>,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            io_count: 0,
            capacity: None,
            fail_next_sync: false,
            cut_in: None,
            next_id: 1,
            names: BTreeMap::new(),
            inodes: BTreeMap::new(),
            handles: BTreeMap::new(),
        }
    }

    /// Opens a file; no name means a temporary one, which vanishes with its handle.
    pub(super) fn open(&mut self, name: Option<&str>, flags: i32) -> Io<HandleId> {
        let found = name.and_then(|name| self.names.get(name).copied());
        let must_create = flags & ffi::SQLITE_OPEN_EXCLUSIVE != 0;
        let may_create = flags & ffi::SQLITE_OPEN_CREATE != 0 || name.is_none();
        let inode = match found {
            Some(_) if must_create => return Err(ffi::SQLITE_CANTOPEN),
            Some(inode) => inode,
            None if may_create => self.create(name, Inode::default()),
            None => return Err(ffi::SQLITE_CANTOPEN),
        };
        let id = self.fresh_id();
        self.handles.insert(id, Handle::new(inode));
        Ok(id)
    }

    pub(super) fn close(&mut self, handle: HandleId) {
        self.shm_unmap(handle);
        self.handles.remove(&handle);
        self.drop_unused();
    }

    /// The bytes copied to `target`; fewer than it has room for at the end of the file.
    pub(super) fn read(&self, handle: HandleId, offset: usize, target: &mut [u8]) -> Io<usize> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_READ)?;
        Ok(self.inodes[&inode].read(offset, target))
    }

    pub(super) fn write(&mut self, handle: HandleId, offset: usize, bytes: &[u8]) -> Io<()> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_WRITE)?;
        let fitting = &bytes[..self.room(inode, offset, bytes.len())];
        if let Some(file) = self.inodes.get_mut(&inode) {
            file.write(offset, fitting);
        }
        self.tick(ffi::SQLITE_IOERR_WRITE)?;
        if fitting.len() < bytes.len() { Err(ffi::SQLITE_FULL) } else { Ok(()) }
    }

    pub(super) fn truncate(&mut self, handle: HandleId, len: usize) -> Io<()> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_TRUNCATE)?;
        if let Some(file) = self.inodes.get_mut(&inode) {
            file.truncate(len);
        }
        self.tick(ffi::SQLITE_IOERR_TRUNCATE)
    }

    pub(super) fn sync(&mut self, handle: HandleId) -> Io<()> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_FSYNC)?;
        // A cut comes before the sync takes effect, else it could not hurt anyone.
        self.tick(ffi::SQLITE_IOERR_FSYNC)?;
        let failed = std::mem::take(&mut self.fail_next_sync);
        let luck = self.rng.next_u32() % 257;
        if let Some(file) = self.inodes.get_mut(&inode) {
            if failed {
                file.settle(&mut self.rng, luck);
                return Err(ffi::SQLITE_IOERR_FSYNC);
            }
            file.sync();
        }
        Ok(())
    }

    pub(super) fn size(&self, handle: HandleId) -> Io<usize> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_FSTAT)?;
        Ok(self.inodes[&inode].bytes().len())
    }

    /// Deletes a name; open handles keep the file, as in Unix. Durable at once.
    pub(super) fn delete(&mut self, name: &str) -> Io<()> {
        if !self.names.contains_key(name) {
            return Err(ffi::SQLITE_IOERR_DELETE_NOENT);
        }
        let cut_first = self.rng.next_u32().is_multiple_of(2);
        if cut_first {
            self.tick(ffi::SQLITE_IOERR_DELETE)?;
        }
        self.names.remove(name);
        self.drop_unused();
        if cut_first { Ok(()) } else { self.tick(ffi::SQLITE_IOERR_DELETE) }
    }

    /// As SQLite's own Unix VFS has it, an empty file does not count.
    pub(super) fn exists(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|inode| !self.inodes[inode].bytes().is_empty())
    }

    pub(super) fn cut_after_io(&mut self, n: u64) {
        if n == 0 {
            self.power_cut();
        } else {
            self.cut_in = Some(n);
        }
    }

    pub(super) fn power_cut(&mut self) {
        self.crash();
        self.cut_in = None;
        self.fail_next_sync = false;
        // One luck for the whole cut: all lost and all kept must both happen often.
        let luck = self.rng.next_u32() % 5 * 64;
        for inode in self.inodes.values_mut() {
            inode.settle(&mut self.rng, luck);
            inode.lose_memory();
        }
    }

    pub(super) fn crash(&mut self) {
        self.handles.values_mut().for_each(Handle::die);
        self.inodes.values_mut().for_each(|inode| inode.shm.clear());
        self.drop_unused();
    }

    pub(super) fn flip_bits(&mut self, name: &str, count: usize) {
        let Some(inode) = self.names.get(name).and_then(|id| self.inodes.get_mut(id)) else {
            return;
        };
        let bits = inode.bytes().len() as u64 * 8;
        for _ in 0..if bits == 0 { 0 } else { count } {
            inode.flip_bit(self.rng.next_u64() % bits);
        }
    }

    pub(super) fn files(&self) -> Vec<(String, u64)> {
        let size = |inode| self.inodes[inode].bytes().len() as u64;
        self.names.iter().map(|(name, inode)| (name.clone(), size(inode))).collect()
    }

    pub(super) fn read_file(&self, name: &str) -> Option<Vec<u8>> {
        self.names.get(name).map(|inode| self.inodes[inode].bytes().to_vec())
    }

    pub(super) fn write_file(&mut self, name: &str, bytes: &[u8]) {
        self.remove_file(name);
        self.create(Some(name), Inode::durable(bytes.to_vec()));
    }

    pub(super) fn remove_file(&mut self, name: &str) {
        if let Some(inode) = self.names.remove(name) {
            self.handles.values_mut().filter(|it| it.inode() == Some(inode)).for_each(Handle::die);
        }
        self.drop_unused();
    }

    pub(super) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let bytes = |inode| self.inodes[inode].bytes().to_vec();
        self.names.iter().map(|(name, inode)| (name.clone(), bytes(inode))).collect()
    }

    pub(super) fn restore(&mut self, contents: BTreeMap<String, Vec<u8>>) {
        self.names.clear();
        self.crash();
        for (name, bytes) in contents {
            self.create(Some(&name), Inode::durable(bytes));
        }
    }

    /// Nothing for a dead handle.
    pub(super) fn inode_of(&self, handle: HandleId) -> Option<InodeId> {
        self.handles.get(&handle)?.inode()
    }

    fn create(&mut self, name: Option<&str>, file: Inode) -> InodeId {
        let inode = self.fresh_id();
        self.inodes.insert(inode, file);
        if let Some(name) = name {
            self.names.insert(name.to_owned(), inode);
        }
        inode
    }

    fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Counts one change and cuts the power, with the given answer, if this was the one.
    fn tick(&mut self, code: i32) -> Io<()> {
        self.io_count += 1;
        self.cut_in = self.cut_in.map(|n| n - 1);
        if self.cut_in == Some(0) {
            self.power_cut();
            return Err(code);
        }
        Ok(())
    }

    /// How many of `len` bytes at `offset` the disk has room for.
    fn room(&self, inode: InodeId, offset: usize, len: usize) -> usize {
        let Some(capacity) = self.capacity else { return len };
        let used: u64 = self.inodes.values().map(|it| it.bytes().len() as u64).sum();
        let free = usize::try_from(capacity.saturating_sub(used)).unwrap_or(usize::MAX);
        let writable_end = self.inodes[&inode].bytes().len().saturating_add(free);
        writable_end.saturating_sub(offset).min(len)
    }

    /// Frees what has neither a name nor a living handle.
    fn drop_unused(&mut self) {
        let named = self.names.values().copied();
        let open = self.handles.values().filter_map(Handle::inode);
        let used: std::collections::BTreeSet<InodeId> = named.chain(open).collect();
        self.inodes.retain(|inode, _| used.contains(inode));
    }
}
