//! What an operating system passes in: files, a clock, randomness, keys. The command line and the
//! Tauri app are the same device in the same folder; only what people see of it differs.
#![allow(
    clippy::disallowed_methods,
    reason = "a host: this is where files and the clock come from"
)]

mod blobs;
mod durable;
mod enrol;
mod home;
mod host;
mod keys;
mod online;
mod team;

pub use blobs::FolderBlobs;
pub use enrol::enrol;
pub use home::{HomeError, NativeDevice, open};
pub use host::NativeHost;
pub use online::OnlineError;
pub use team::ask_team;
