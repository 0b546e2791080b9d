//! Decoding that never replaces a broken character: it names the line instead.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

use std::borrow::Cow;

use crate::error::ErrorCode;
use crate::text::Text;
use crate::{Encoding, ReadError};

#[cfg(target_arch = "wasm32")]
use browser::other;
#[cfg(not(target_arch = "wasm32"))]
use native::other;

/// Decodes the whole.
///
/// # Errors
/// The line of the first bytes that are no text in this encoding.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> Result<Text<'_>, ReadError> {
    match encoding {
        Encoding::Utf8 => utf8(bytes),
        _ => other(bytes, encoding).map(Cow::Owned).map_err(|good| broken(good.as_bytes())),
    }
}

fn utf8(bytes: &[u8]) -> Result<Text<'_>, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|e| broken(bytes.get(..e.valid_up_to()).unwrap_or(bytes)))
}

/// What comes after the good part is broken.
fn broken(good: &[u8]) -> ReadError {
    let before = good.iter().filter(|byte| **byte == b'\n').count();
    let line = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    ReadError::at(
        line,
        ErrorCode::Encoding,
        "有不属于该编码的字节；请换一种编码，或重新导出",
        "has bytes that are no text in this encoding; choose another one, or export again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_are_located() {
        for (bytes, encoding) in [
            (&b"a\nb\n\xff"[..], Encoding::Utf8),
            (b"a\nb\n\xb0", Encoding::Gbk),
            (b"a\0\n\0b\0\n\0c", Encoding::Utf16Le),
        ] {
            assert_eq!(decode(bytes, encoding).unwrap_err().line, Some(3), "{encoding:?}");
        }
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "时间,温度(℃)\n";
        let utf16 =
            |swap: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(swap).collect() };
        let gbk = encoding_rs::GBK.encode(text).0.into_owned();
        assert_eq!(decode(&gbk, Encoding::Gbk).unwrap(), text);
        assert_eq!(decode(&utf16(u16::to_le_bytes), Encoding::Utf16Le).unwrap(), text);
        assert_eq!(decode(&utf16(u16::to_be_bytes), Encoding::Utf16Be).unwrap(), text);
    }
}
