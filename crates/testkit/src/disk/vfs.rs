//! The disk as SQLite's `sqlite3_vfs`: registration, opening and deleting by name.
#![allow(unsafe_code, reason = "SQLite calls a VFS through C function pointers")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rusqlite::ffi;

use super::file::{self, SimFile};
use super::state::State;

const MAX_NAME_BYTES: c_int = 512;

/// 2026-01-01T00:00Z as SQLite counts: milliseconds since the start of the Julian day numbers.
/// SQL that asks for the time gets the same answer in every run.
const NOW_JULIAN_MS: i64 = 2_461_041 * 86_400_000 + 43_200_000;

/// What [`super::SimDisk`] and every open file of it share.
pub(super) struct Shared {
    state: Mutex<State>,
    slot: &'static Slot,
}

/// A VFS that serves one disk at a time. It is never freed, as a connection may look at its VFS
/// at any moment; instead the next disk takes it over, so a long run leaks next to nothing.
pub(super) struct Slot {
    name: CString,
    vfs: AtomicPtr<ffi::sqlite3_vfs>,
    disk: Mutex<Weak<Shared>>,
}

struct Slots {
    free: Vec<&'static Slot>,
    made: usize,
}

static SLOTS: Mutex<Slots> = Mutex::new(Slots { free: Vec::new(), made: 0 });

impl Shared {
    pub(super) fn register(seed: u64) -> Arc<Self> {
        let slot = Slot::take();
        let shared = Arc::new(Self { state: Mutex::new(State::new(seed)), slot });
        *lock(&slot.disk) = Arc::downgrade(&shared);
        // SAFETY: the slot's VFS is complete, lives for ever and is in no list at this moment:
        // it is new, or `drop` below has unregistered it.
        let code = unsafe { ffi::sqlite3_vfs_register(slot.vfs.load(Ordering::Acquire), 0) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite could not be initialised");
        shared
    }

    pub(super) fn vfs_name(&self) -> &str {
        self.slot.name.to_str().unwrap_or_default()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Shared {
    /// Every open file holds the disk, so no connection to a file is left at this point.
    fn drop(&mut self) {
        // SAFETY: `register` has registered exactly this VFS; the memory stays valid.
        unsafe { ffi::sqlite3_vfs_unregister(self.slot.vfs.load(Ordering::Acquire)) };
        *lock(&self.slot.disk) = Weak::new();
        lock(&SLOTS).free.push(self.slot);
    }
}

impl Slot {
    fn take() -> &'static Self {
        let mut slots = lock(&SLOTS);
        if let Some(slot) = slots.free.pop() {
            return slot;
        }
        slots.made += 1;
        let name = CString::new(format!("spotcheck-sim-{}", slots.made)).unwrap_or_default();
        let slot: &'static Self = Box::leak(Box::new(Self {
            name,
            vfs: AtomicPtr::new(ptr::null_mut()),
            disk: Mutex::new(Weak::new()),
        }));
        slot.vfs.store(Box::into_raw(Box::new(slot.vfs())), Ordering::Release);
        slot
    }

    fn vfs(&'static self) -> ffi::sqlite3_vfs {
        ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: size_of::<SimFile>() as c_int,
            mxPathname: MAX_NAME_BYTES,
            pNext: ptr::null_mut(),
            zName: self.name.as_ptr(),
            pAppData: ptr::from_ref(self).cast_mut().cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: Some(no_library),
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time_ms),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }
    }
}

/// A panic under the lock is a failed test anyway: the others go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk behind a VFS, unless it is gone.
///
/// # Safety
/// `vfs` is one that [`Slot::vfs`] has made.
unsafe fn disk(vfs: *mut ffi::sqlite3_vfs) -> Option<Arc<Shared>> {
    // SAFETY: by the caller's promise `pAppData` is a `Slot`, which is never freed.
    let slot = unsafe { &*(*vfs).pAppData.cast::<Slot>() };
    lock(&slot.disk).upgrade()
}

/// # Safety
/// `name` is null or a C string that outlives the result.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    target: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let companion = flags & (ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL) != 0;
    // SAFETY: SQLite hands over its VFS, `szOsFile` writable bytes at `target`, a name that is
    // null or a C string, and for a journal or WAL one that knows its main database.
    unsafe {
        let target = target.cast::<SimFile>();
        SimFile::clear(target);
        let Some(disk) = disk(vfs) else { return ffi::SQLITE_CANTOPEN };
        // A connection from before a cut is a dead process: no new journal from its old cache.
        if companion && !name.is_null() {
            let database = ffi::sqlite3_database_file_object(name);
            if file::is_dead(database) {
                return ffi::SQLITE_IOERR;
            }
        }
        let handle = match disk.state().open(text(name), flags) {
            Ok(handle) => handle,
            Err(code) => return code,
        };
        SimFile::init(target, disk, handle);
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _sync_dir: c_int,
) -> c_int {
    // SAFETY: SQLite hands over its VFS and a C string.
    let (disk, name) = unsafe { (disk(vfs), text(name)) };
    match (disk, name) {
        (Some(disk), Some(name)) => disk.state().delete(name).err().unwrap_or(ffi::SQLITE_OK),
        _ => ffi::SQLITE_IOERR_DELETE,
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _question: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands over its VFS, a C string and a place for the answer. Whatever exists
    // may be read and written, so all questions are one.
    unsafe {
        let (Some(disk), Some(name)) = (disk(vfs), text(name)) else {
            return ffi::SQLITE_IOERR_ACCESS;
        };
        *answer = c_int::from(disk.state().exists(name));
    }
    ffi::SQLITE_OK
}

/// Names are plain: each is its own full path.
unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    target: *mut c_char,
) -> c_int {
    // SAFETY: SQLite hands over a C string and `room` writable bytes elsewhere.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > usize::try_from(room).unwrap_or(0) {
            return ffi::SQLITE_CANTOPEN;
        }
        ptr::copy_nonoverlapping(bytes.as_ptr().cast(), target, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(
    vfs: *mut ffi::sqlite3_vfs,
    len: c_int,
    target: *mut c_char,
) -> c_int {
    // SAFETY: SQLite hands over its VFS and `len` writable bytes, which are set before they are
    // seen as a slice.
    unsafe {
        let Some(disk) = disk(vfs) else { return 0 };
        ptr::write_bytes(target, 0, len as usize);
        let bytes = std::slice::from_raw_parts_mut(target.cast::<u8>(), len as usize);
        rand_core::Rng::fill_bytes(&mut disk.state().rng, bytes);
    }
    len
}

/// Really sleeps: a busy handler waits for another thread, and spinning would give up too soon.
#[allow(clippy::disallowed_methods, reason = "SQLite's busy handler waits for another thread")]
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    std::thread::sleep(Duration::from_micros(u64::try_from(micros).unwrap_or(0)));
    micros
}

unsafe extern "C" fn current_time_ms(
    _vfs: *mut ffi::sqlite3_vfs,
    target: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands over a place for the answer.
    unsafe { *target = NOW_JULIAN_MS };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, target: *mut f64) -> c_int {
    // SAFETY: SQLite hands over a place for the answer.
    unsafe { *target = NOW_JULIAN_MS as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(_: *mut ffi::sqlite3_vfs, _: c_int, _: *mut c_char) -> c_int {
    0
}

/// There are no loadable extensions on a simulated disk.
unsafe extern "C" fn no_library(_: *mut ffi::sqlite3_vfs, _: *const c_char) -> *mut c_void {
    ptr::null_mut()
}
