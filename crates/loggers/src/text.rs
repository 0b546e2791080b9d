//! From bytes to numbered lines.

mod decode;

use std::borrow::Cow;

use crate::error::ErrorCode;
use crate::limits::{MAX_FILE_BYTES, MAX_LINE_BYTES};
use crate::{Encoding, ReadError};

pub(crate) use decode::decode;

/// What the bytes say about their encoding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No other encoding makes sense of them.
    Only(Encoding),
    /// Each of these does.
    OneOf(Vec<Encoding>),
}

/// What begins like this is no text, and what to do with it instead.
const NOT_TEXT: &[(&[u8], &str, &str)] = &[
    (
        b"%PDF",
        "这是 PDF；请拍照，并手工填写摘要",
        "this is a PDF: photograph it and enter its summary by hand",
    ),
    (
        b"PK\x03\x04",
        "这是工作簿或压缩包；请另存为 CSV",
        "this is a workbook or an archive: save it as CSV",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "这是旧版工作簿；请另存为 CSV",
        "this is an old workbook: save it as CSV",
    ),
    (b"\x89PNG", "这是图片；请作为照片保存", "this is a picture: add it as a photo"),
    (b"\xff\xd8\xff", "这是图片；请作为照片保存", "this is a picture: add it as a photo"),
];

/// Refuses what is no text before anything is allocated for it.
pub(crate) fn check_bytes(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(empty());
    }
    if bytes.len() > MAX_FILE_BYTES {
        let most = MAX_FILE_BYTES / (1024 * 1024);
        return Err(ReadError::whole(
            ErrorCode::TooLarge,
            format!("文件大于 {most} MiB；请分段导出"),
            format!("longer than {most} MiB; export the log in parts"),
        ));
    }
    match NOT_TEXT.iter().find(|(start, ..)| bytes.starts_with(start)) {
        Some((_, zh, en)) => Err(ReadError::whole(ErrorCode::NotText, *zh, *en)),
        None => Ok(()),
    }
}

pub(crate) fn empty() -> ReadError {
    ReadError::whole(
        ErrorCode::Empty,
        "文件是空的；请重新导出",
        "the file is empty; export it again",
    )
}

/// Says which encodings the bytes can be in.
pub(crate) fn find_encoding(bytes: &[u8]) -> Found {
    if bytes.starts_with(b"\xff\xfe") {
        return Found::Only(Encoding::Utf16Le);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Found::Only(Encoding::Utf16Be);
    }
    if let Some(encoding) = utf16_by_its_zeros(bytes) {
        return Found::Only(encoding);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") || std::str::from_utf8(bytes).is_ok() {
        return Found::Only(Encoding::Utf8);
    }
    // A degree sign of a western program and the letter after it are also one Chinese character,
    // so both are shown and a person says which is text.
    let candidates = [Encoding::Gbk, Encoding::Windows1252];
    let fits = |encoding: &Encoding| decode(bytes, *encoding).is_ok();
    Found::OneOf(candidates.into_iter().filter(fits).collect())
}

/// Digits in UTF-16 have every other byte zero, and text has no zeros otherwise.
fn utf16_by_its_zeros(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes.get(..bytes.len().min(1024))?.as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair.get(place) == Some(&0)).count();
    let (first, second) = (zeros(0), zeros(1));
    match (first, second) {
        (0, zeros) if zeros * 3 > pairs.len() => Some(Encoding::Utf16Le),
        (zeros, 0) if zeros * 3 > pairs.len() => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Refuses lines no logger writes.
pub(crate) fn check_lines(text: &str) -> Result<(), ReadError> {
    for (line, content) in lines(text) {
        if content.len() > MAX_LINE_BYTES {
            return Err(ReadError::at(
                line,
                ErrorCode::TooLarge,
                format!("长于 {MAX_LINE_BYTES} 字节；这不是记录仪文件"),
                format!("longer than {MAX_LINE_BYTES} bytes; this is no logger's file"),
            ));
        }
        if content.contains('\0') {
            return Err(ReadError::at(
                line,
                ErrorCode::NotText,
                "含有零字节；文件已损坏或不是文本，请重新导出",
                "holds a zero byte; the file is damaged or no text, export it again",
            ));
        }
    }
    Ok(())
}

/// The lines and their numbers, from 1. Ends of lines of every system are taken off.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> + Clone {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = if text.contains('\n') { '\n' } else { '\r' };
    // A file has at most 2^26 bytes, so no count of its lines ends at u32's end.
    (1u32..).zip(text.split(end)).map(|(line, content)| (line, content.trim_end_matches('\r')))
}

/// Text of the bytes, borrowed where they are UTF-8 already.
pub(crate) type Text<'a> = Cow<'a, str>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_or_zeros_say_utf_16_and_all_else_that_is_no_utf_8_is_asked() {
        assert_eq!(find_encoding(b"1,2\n"), Found::Only(Encoding::Utf8));
        assert_eq!(find_encoding(b"1\0,\x002\0"), Found::Only(Encoding::Utf16Le));
        assert_eq!(find_encoding(b"\x001\0,\x002"), Found::Only(Encoding::Utf16Be));
        let western = b"2.0 to 8.0 \xb0C\n";
        assert_eq!(
            find_encoding(western),
            Found::OneOf(vec![Encoding::Gbk, Encoding::Windows1252])
        );
        assert!(decode(western, Encoding::Windows1252).unwrap().contains("°C"));
        let cut = b"\xce\xc2\xb6";
        assert_eq!(find_encoding(cut), Found::OneOf(vec![Encoding::Windows1252]));
    }

    #[test]
    fn lines_of_every_system_are_numbered_alike() {
        for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "\u{feff}a\nb\n"] {
            let found: Vec<_> = lines(text).filter(|(_, text)| !text.is_empty()).collect();
            assert_eq!(found, [(1, "a"), (2, "b")], "{text:?}");
        }
    }

    #[test]
    fn what_is_no_text_says_what_to_do_with_it() {
        for start in [&b"%PDF-1.7"[..], b"PK\x03\x04..", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0"] {
            assert_eq!(check_bytes(start).unwrap_err().code, ErrorCode::NotText);
        }
        assert_eq!(check_bytes(b"").unwrap_err().code, ErrorCode::Empty);
        assert_eq!(check_lines("a\n\0").unwrap_err().line, Some(2));
    }
}
