//! The decoders of the Encoding Standard.

use encoding_rs::{DecoderResult, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::Encoding;

/// The text, or as much of it as comes before the first broken bytes.
pub(super) fn other(bytes: &[u8], encoding: Encoding) -> Result<String, String> {
    let standard = match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Gbk => GBK,
        Encoding::Windows1252 => WINDOWS_1252,
    };
    let mut decoder = standard.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        _ => Err(text),
    }
}
