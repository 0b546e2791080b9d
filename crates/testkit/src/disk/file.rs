//! An open file as SQLite's `sqlite3_file`: each method finds its handle and asks the state.
#![allow(unsafe_code, reason = "SQLite calls a file's methods through C function pointers")]

use std::ffi::{c_int, c_void};
use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use rusqlite::ffi;

use super::state::{HandleId, Io, State};
use super::vfs::Shared;

/// What Unix reports. Sectors tear at 512 bytes, but a write leaves the bytes around it alone.
const SECTOR_BYTES: c_int = 4096;

/// SQLite's handle, which it allocates and we fill. It holds the disk until it is closed.
#[repr(C)]
pub(super) struct SimFile {
    base: ffi::sqlite3_file,
    disk: ManuallyDrop<Arc<Shared>>,
    handle: HandleId,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

impl SimFile {
    /// Marks a file as not open, so that SQLite does not close it.
    ///
    /// # Safety
    /// `target` has room for a `SimFile`.
    pub(super) unsafe fn clear(target: *mut Self) {
        // SAFETY: the caller's promise; nothing is read.
        unsafe { (&raw mut (*target).base.pMethods).write(ptr::null()) };
    }

    /// # Safety
    /// `target` has room for a `SimFile`, and holds none that is open.
    pub(super) unsafe fn init(target: *mut Self, disk: Arc<Shared>, handle: HandleId) {
        let base = ffi::sqlite3_file { pMethods: &METHODS };
        // SAFETY: the caller's promise.
        unsafe { target.write(Self { base, disk: ManuallyDrop::new(disk), handle }) };
    }
}

/// Whether this is a file of ours that a cut or crash has closed.
///
/// # Safety
/// `file` is null or a file that SQLite has opened, by whatever VFS.
pub(super) unsafe fn is_dead(file: *mut ffi::sqlite3_file) -> bool {
    // SAFETY: every `sqlite3_file` starts with its methods, and ours are on no other file.
    unsafe {
        !file.is_null()
            && ptr::eq((*file).pMethods, &METHODS)
            && ask(file, |state, handle| Ok(state.inode_of(handle).is_none())).unwrap_or(true)
    }
}

/// Asks the disk of an open file.
///
/// # Safety
/// `file` was filled by [`SimFile::init`] and is not closed.
unsafe fn ask<T>(
    file: *mut ffi::sqlite3_file,
    question: impl FnOnce(&mut State, HandleId) -> Io<T>,
) -> Io<T> {
    // SAFETY: the caller's promise. The reference is shared: SQLite never closes a file during
    // another call on it.
    let file = unsafe { &*file.cast::<SimFile>() };
    question(&mut file.disk.state(), file.handle)
}

fn code(result: Io<()>) -> c_int {
    result.err().unwrap_or(ffi::SQLITE_OK)
}

/// SQLite's offsets and sizes are never negative.
fn index(value: i64) -> usize {
    usize::try_from(value).unwrap_or(0)
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once and does not use it afterwards.
    let disk = unsafe {
        let file = &mut *file.cast::<SimFile>();
        let disk = ManuallyDrop::take(&mut file.disk);
        file.base.pMethods = ptr::null();
        disk.state().close(file.handle);
        disk
    };
    // Possibly the last owner: the disk is freed here, outside its own lock.
    drop(disk);
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    target: *mut c_void,
    len: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: `file` is open, and `target` has `len` writable bytes. They are zeroed first, since
    // they may be uninitialised and since SQLite wants zeros beyond the end of the file.
    let result = unsafe {
        ptr::write_bytes(target.cast::<u8>(), 0, len as usize);
        let bytes = std::slice::from_raw_parts_mut(target.cast::<u8>(), len as usize);
        ask(file, |state, handle| state.read(handle, index(offset), bytes))
    };
    match result {
        Ok(read) if read < len as usize => ffi::SQLITE_IOERR_SHORT_READ,
        Ok(_) => ffi::SQLITE_OK,
        Err(code) => code,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    source: *const c_void,
    len: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: `file` is open, and `source` has `len` readable bytes.
    code(unsafe {
        let bytes = std::slice::from_raw_parts(source.cast::<u8>(), len as usize);
        ask(file, |state, handle| state.write(handle, index(offset), bytes))
    })
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: `file` is open.
    code(unsafe { ask(file, |state, handle| state.truncate(handle, index(size))) })
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: `file` is open.
    code(unsafe { ask(file, State::sync) })
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: `file` is open, and `size` is a place for the answer.
    code(unsafe { ask(file, |state, handle| state.size(handle)).map(|bytes| *size = bytes as i64) })
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: `file` is open.
    code(unsafe { ask(file, |state, handle| state.lock(handle, level)) })
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: `file` is open.
    code(unsafe { ask(file, |state, handle| state.unlock(handle, level)) })
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: `file` is open, and `answer` is a place for the answer.
    code(unsafe {
        ask(file, |state, handle| state.is_reserved(handle)).map(|held| *answer = c_int::from(held))
    })
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _op: c_int,
    _arg: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    target: *mut *mut c_void,
) -> c_int {
    let (region, bytes) = (index(region.into()), index(bytes.into()));
    // SAFETY: `file` is open, and `target` is a place for the answer. The handle keeps the region
    // until it is unmapped or closed, which is how long SQLite uses the pointer; memory of atomics
    // may be written through it.
    code(unsafe {
        ask(file, |state, handle| state.shm_map(handle, region, bytes, extend != 0)).map(|found| {
            *target = found.map_or(ptr::null_mut(), |it| it.as_ptr().cast_mut().cast());
        })
    })
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // In 16 bits, because eight locks from the first on would overflow a byte.
    let mask = (((1_u16 << count) - 1) << first) as u8;
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    // SAFETY: `file` is open.
    code(unsafe {
        ask(file, |state, handle| match flags & ffi::SQLITE_SHM_UNLOCK {
            0 => state.shm_lock(handle, mask, exclusive),
            _ => state.shm_unlock(handle, mask),
        })
    })
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: `file` is open.
    code(unsafe {
        ask(file, |state, handle| {
            state.shm_unmap(handle);
            Ok(())
        })
    })
}
