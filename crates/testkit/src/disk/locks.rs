//! Who may do what: SQLite's file locks and the shared memory of its WAL, between the
//! connections of one process.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rusqlite::ffi;

use super::state::{HandleId, InodeId, Io, State};

/// One piece of the WAL index. SQLite reads and writes it through a pointer, hence the atomics:
/// memory that may change under a shared reference.
pub(super) type ShmRegion = Arc<[AtomicU64]>;

/// One open file of one connection.
pub(super) struct Handle {
    /// None once the process or the machine is dead.
    inode: Option<InodeId>,
    lock: i32,
    shm_open: bool,
    shm_shared: u8,
    shm_exclusive: u8,
    /// Keeps the memory SQLite points to, even when the disk has forgotten it.
    mapped: Vec<ShmRegion>,
}

impl Handle {
    pub(super) fn new(inode: InodeId) -> Self {
        Self {
            inode: Some(inode),
            lock: ffi::SQLITE_LOCK_NONE,
            shm_open: false,
            shm_shared: 0,
            shm_exclusive: 0,
            mapped: Vec::new(),
        }
    }

    /// Nothing for a dead handle.
    pub(super) fn inode(&self) -> Option<InodeId> {
        self.inode
    }

    /// Loses file and locks; the mapped memory stays.
    pub(super) fn die(&mut self) {
        let mapped = std::mem::take(&mut self.mapped);
        *self = Self { inode: None, mapped, ..Self::new(0) };
    }
}

impl State {
    /// Raises the lock of one handle: see "File Locking And Concurrency" in SQLite's manual.
    pub(super) fn lock(&mut self, handle: HandleId, wanted: i32) -> Io<()> {
        let others = self.others(handle).ok_or(ffi::SQLITE_IOERR_LOCK)?;
        let highest = others.map(|it| it.lock).max().unwrap_or(ffi::SQLITE_LOCK_NONE);
        let mine = self.handle(handle, ffi::SQLITE_IOERR_LOCK)?;
        if mine.lock >= wanted {
            return Ok(());
        }
        let shared = wanted == ffi::SQLITE_LOCK_SHARED;
        let allowed = if shared { ffi::SQLITE_LOCK_RESERVED } else { ffi::SQLITE_LOCK_SHARED };
        if highest > allowed {
            return Err(ffi::SQLITE_BUSY);
        }
        if wanted == ffi::SQLITE_LOCK_EXCLUSIVE && highest == ffi::SQLITE_LOCK_SHARED {
            // Readers are left: a writer keeps new ones out while it waits, so it cannot starve.
            if mine.lock == ffi::SQLITE_LOCK_RESERVED {
                mine.lock = ffi::SQLITE_LOCK_PENDING;
            }
            return Err(ffi::SQLITE_BUSY);
        }
        mine.lock = wanted;
        Ok(())
    }

    pub(super) fn unlock(&mut self, handle: HandleId, wanted: i32) -> Io<()> {
        let mine = self.handle(handle, ffi::SQLITE_IOERR_UNLOCK)?;
        mine.lock = mine.lock.min(wanted);
        Ok(())
    }

    /// Whether any connection is about to write.
    pub(super) fn is_reserved(&self, handle: HandleId) -> Io<bool> {
        let others = self.others(handle).ok_or(ffi::SQLITE_IOERR_CHECKRESERVEDLOCK)?;
        let mine = self.handles.get(&handle);
        Ok(others.chain(mine).any(|it| it.lock >= ffi::SQLITE_LOCK_RESERVED))
    }

    /// A region of the WAL index, made if `extend`; None if it does not exist yet.
    pub(super) fn shm_map(
        &mut self,
        handle: HandleId,
        region: usize,
        bytes: usize,
        extend: bool,
    ) -> Io<Option<ShmRegion>> {
        let inode = self.inode_of(handle).ok_or(ffi::SQLITE_IOERR_SHMMAP)?;
        let regions = &mut self.inodes.get_mut(&inode).ok_or(ffi::SQLITE_IOERR_SHMMAP)?.shm;
        while extend && regions.len() <= region {
            regions.push((0..bytes.div_ceil(8)).map(|_| AtomicU64::new(0)).collect());
        }
        let found = regions.get(region).cloned();
        let mine = self.handle(handle, ffi::SQLITE_IOERR_SHMMAP)?;
        mine.shm_open = true;
        mine.mapped.extend(found.clone());
        Ok(found)
    }

    /// Takes all of the locks in `mask`, or none.
    pub(super) fn shm_lock(&mut self, handle: HandleId, mask: u8, exclusive: bool) -> Io<()> {
        let others = self.others(handle).ok_or(ffi::SQLITE_IOERR_SHMLOCK)?;
        let taken = others.fold(0, |taken, it| {
            taken | it.shm_exclusive | if exclusive { it.shm_shared } else { 0 }
        });
        if taken & mask != 0 {
            return Err(ffi::SQLITE_BUSY);
        }
        let mine = self.handle(handle, ffi::SQLITE_IOERR_SHMLOCK)?;
        *(if exclusive { &mut mine.shm_exclusive } else { &mut mine.shm_shared }) |= mask;
        Ok(())
    }

    pub(super) fn shm_unlock(&mut self, handle: HandleId, mask: u8) -> Io<()> {
        let mine = self.handle(handle, ffi::SQLITE_IOERR_SHMLOCK)?;
        mine.shm_shared &= !mask;
        mine.shm_exclusive &= !mask;
        Ok(())
    }

    /// Lets go of the WAL index; the last connection to do so forgets it.
    pub(super) fn shm_unmap(&mut self, handle: HandleId) {
        let Some(mine) = self.handles.get_mut(&handle) else { return };
        mine.mapped.clear();
        (mine.shm_open, mine.shm_shared, mine.shm_exclusive) = (false, 0, 0);
        let in_use = self.others(handle).is_none_or(|mut others| others.any(|it| it.shm_open));
        let inode = self.inode_of(handle).filter(|_| !in_use);
        if let Some(inode) = inode.and_then(|id| self.inodes.get_mut(&id)) {
            inode.shm.clear();
        }
    }

    fn handle(&mut self, handle: HandleId, code: i32) -> Io<&mut Handle> {
        self.handles.get_mut(&handle).filter(|it| it.inode.is_some()).ok_or(code)
    }

    /// The other living handles on the same file; None for a dead one.
    fn others(&self, handle: HandleId) -> Option<impl Iterator<Item = &Handle>> {
        let inode = self.inode_of(handle)?;
        let same = move |id: &HandleId, it: &Handle| *id != handle && it.inode == Some(inode);
        Some(self.handles.iter().filter(move |(id, it)| same(id, it)).map(|(_, it)| it))
    }
}
