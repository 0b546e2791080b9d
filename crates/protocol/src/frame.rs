//! Compression: one zstd frame a page, level 6, with a dictionary fixed for protocol version 1.
//!
//! Never as a Content-Encoding: a browser, a proxy and a native client must see the same bytes.

use std::io::Read as _;
use std::sync::OnceLock;

use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::MAX_PLAIN_BYTES;

/// Text that pages are likely to hold. Part of protocol version 1: never edited.
const DICTIONARY: &[u8] = include_bytes!("../dictionary/v1.txt");
const LEVEL: i32 = 6;
/// A frame says how much memory its reader must set aside, before the first byte of it is read. A
/// page needs at most [`MAX_PLAIN_BYTES`]; twice that, so that no encoder's rounding is refused.
const WINDOW_LOG: u32 = MAX_PLAIN_BYTES.ilog2() + 1;

/// Bytes that are not a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not a zstd frame of version 1.
    #[error("the body is not one zstd frame of protocol version 1")]
    Corrupt,
    /// It would be larger than allowed.
    #[error(
        "the page is larger than {MAX_PLAIN_BYTES} bytes once decompressed; send smaller pages"
    )]
    TooLarge,
}

/// Compresses a page.
pub fn compress(plain: &[u8]) -> Vec<u8> {
    static PREPARED: OnceLock<EncoderDictionary<'static>> = OnceLock::new();
    let dictionary = PREPARED.get_or_init(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
    zstd::bulk::Compressor::with_prepared_dictionary(dictionary)
        .and_then(|mut compressor| compressor.compress(plain))
        .unwrap_or_default()
}

/// Decompresses a page, never beyond [`MAX_PLAIN_BYTES`].
///
/// # Errors
/// When it is not such a frame, or larger.
pub fn decompress(frame: &[u8]) -> Result<Vec<u8>, FrameError> {
    static PREPARED: OnceLock<DecoderDictionary<'static>> = OnceLock::new();
    let dictionary = PREPARED.get_or_init(|| DecoderDictionary::copy(DICTIONARY));
    let mut decoder = zstd::stream::read::Decoder::with_prepared_dictionary(frame, dictionary)
        .map_err(|_| FrameError::Corrupt)?
        .single_frame();
    decoder.window_log_max(WINDOW_LOG).map_err(|_| FrameError::Corrupt)?;
    let mut plain = Vec::new();
    decoder
        .by_ref()
        .take(MAX_PLAIN_BYTES as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| FrameError::Corrupt)?;
    if plain.len() > MAX_PLAIN_BYTES {
        return Err(FrameError::TooLarge);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_asks_for_more_memory_than_a_page_needs_is_refused() {
        use zstd::zstd_safe::{CCtx, CParameter, ResetDirective};
        let page = b"[]".repeat(2048);
        let with_window = |log: u32| {
            let mut context = CCtx::create();
            context.reset(ResetDirective::SessionOnly).unwrap();
            for parameter in [CParameter::WindowLog(log), CParameter::ContentSizeFlag(false)] {
                context.set_parameter(parameter).unwrap();
            }
            let mut frame = vec![];
            // In a stream whose end is not known, so that the window is not cut to the content.
            let mut encoder = zstd::stream::write::Encoder::with_context(&mut frame, &mut context);
            std::io::Write::write_all(&mut encoder, &page).unwrap();
            encoder.finish().unwrap();
            frame
        };
        assert_eq!(decompress(&with_window(21)), Ok(page.clone()));
        for log in [24, 27] {
            let frame = with_window(log);
            assert!(frame.len() < 200);
            assert_eq!(decompress(&frame), Err(FrameError::Corrupt), "2^{log}");
        }
    }

    #[test]
    fn pages_survive_and_bombs_do_not() {
        let page = br#"{"p":1,"runs":[]}"#.repeat(1000);
        let frame = compress(&page);
        assert!(frame.len() < 200, "{}", frame.len());
        assert_eq!(decompress(&frame).unwrap(), page);
        let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 19).unwrap();
        assert!(bomb.len() < 16 << 10);
        assert_eq!(decompress(&bomb), Err(FrameError::TooLarge));
        assert_eq!(decompress(b"<html>sign in</html>"), Err(FrameError::Corrupt));
        assert!(decompress(&frame[..frame.len() - 1]).is_err());
    }
}
