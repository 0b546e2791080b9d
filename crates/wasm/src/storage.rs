//! The databases of a device in the origin private file system.

use spotcheck_app::parts::{ChunkBlobs, KeyTable, Location, Profile, Store};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, install};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::failure::Failure;

#[wasm_bindgen(module = "/js/owner.js")]
extern "C" {
    /// Takes a lock by name for as long as this worker lives; `false` when another one has it.
    #[wasm_bindgen(catch)]
    async fn own(name: &str) -> Result<JsValue, JsValue>;
}

/// The pool's name among SQLite's file systems.
const VFS: &str = "spotcheck";
/// Files the pool holds open: three databases, their journals, and room for SQLite's own. More can
/// only be made while nothing runs.
const FILES: usize = 12;

/// What a device is put together from.
#[derive(Debug)]
pub(crate) struct Storage {
    pub(crate) store: Store,
    pub(crate) blobs: ChunkBlobs,
    pub(crate) keys: KeyTable,
}

impl Storage {
    /// Opens or creates the databases in a folder of the private file system.
    pub(crate) async fn open(folder: &str) -> Result<Self, Failure> {
        // The lock first: a pool that is half taken helps neither tab.
        let owned = own(&format!("spotcheck {folder}")).await.map_err(|e| Failure::said(&e))?;
        if !owned.is_truthy() {
            return Err(Failure::OpenElsewhere);
        }
        let pool = OpfsSAHPoolCfgBuilder::new()
            .vfs_name(VFS)
            .directory(folder)
            .initial_capacity(FILES)
            .build();
        install::<WasmOsCallback>(&pool, false).await.map_err(pool_failure)?;
        let (profile, at) = (Profile::Browser, |file| Location::Vfs { file, vfs: VFS });
        Ok(Self {
            store: Store::open(at("device.db"), profile)?,
            blobs: ChunkBlobs::open(at("blobs.db"), profile)?,
            keys: KeyTable::open(at("keys.db"), profile)?,
        })
    }
}

fn pool_failure(error: OpfsSAHError) -> Failure {
    match error {
        OpfsSAHError::NotSupported => Failure::NoPrivateFiles(error.to_string()),
        // A tab that was just killed lets go of its files a moment after its lock.
        OpfsSAHError::Opfs { ref message, .. } if message.contains("NoModificationAllowed") => {
            Failure::OpenElsewhere
        }
        other => Failure::NoPrivateFiles(other.to_string()),
    }
}
