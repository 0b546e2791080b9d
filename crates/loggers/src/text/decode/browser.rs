//! A browser's own decoders, which follow the same standard: the tables of Chinese alone would be a
//! fourteenth of what a phone loads before its first screen.

use web_sys::{TextDecodeOptions, TextDecoder, TextDecoderOptions};

use crate::Encoding;

/// The text, or as much of it as comes before the first broken bytes.
pub(super) fn other(bytes: &[u8], encoding: Encoding) -> Result<String, String> {
    let label = match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf16Le => "utf-16le",
        Encoding::Utf16Be => "utf-16be",
        Encoding::Gbk => "gb18030",
        Encoding::Windows1252 => "windows-1252",
    };
    decoded(bytes, label, true).ok_or_else(|| {
        let text = decoded(bytes, label, false).unwrap_or_default();
        text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default().to_owned()
    })
}

/// None where no decoder has the label, or `strict` and the bytes are no text.
fn decoded(bytes: &[u8], label: &str, strict: bool) -> Option<String> {
    let options = TextDecoderOptions::new();
    options.set_fatal(strict);
    let decoder = TextDecoder::new_with_label_and_options(label, &options).ok()?;
    decoder.decode_with_u8_array_and_options(bytes, &TextDecodeOptions::new()).ok()
}
