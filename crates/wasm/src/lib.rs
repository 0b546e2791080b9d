//! A device in a browser: what a dedicated worker passes to the app, and what a page may ask of it.
//!
//! Databases are files of the origin private file system, through a pool of synchronous handles
//! that only a dedicated worker may hold. One tab owns them; another one is told so.
//! `docs/BROWSER.md` says how it is built and what a browser does not promise.
//!
//! On any other target this crate is empty.

#[cfg(target_arch = "wasm32")]
mod device;
#[cfg(target_arch = "wasm32")]
mod failure;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod storage;

#[cfg(target_arch = "wasm32")]
pub use device::BrowserDevice;
