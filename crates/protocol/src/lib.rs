//! What devices and the server say to each other: requests, replies, receipts, signatures, bytes.
//!
//! `docs/PROTOCOL.md` says the same in words, precisely enough to write another client from.

pub mod access;
pub mod api;
pub mod checkpoint;
pub mod directory;
pub mod enrolment;
pub mod frame;
pub mod keys;
pub mod merkle;
pub mod messages;
pub mod problem;
pub mod receipt;
pub mod reply;
pub mod request_signature;
pub mod run_codec;
pub mod sharing;

/// The protocol version in every request.
pub const PROTOCOL: u32 = 1;
/// The media type of every sync body: one zstd frame, never with a Content-Encoding.
pub const MEDIA_TYPE: &str = "application/vnd.spotcheck.sync";
/// The largest page, compressed.
pub const MAX_FRAME_BYTES: usize = 256 * 1024;
/// The largest page, decompressed: anything beyond is refused before it is held in memory.
pub const MAX_PLAIN_BYTES: usize = 4 * 1024 * 1024;
