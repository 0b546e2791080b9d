//! Files that authors hand in, read within limits.

use std::io::Read as _;
use std::path::Path;

use crate::failure::Failure;

/// More than any workbook, pack or year of minutes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A file's bytes, or those of standard input with `-`.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::file(file, error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::file(file, "longer than 64 MiB: hand in a part of it"));
    }
    Ok(bytes)
}

/// The same as text.
pub(super) fn text(file: &Path) -> Result<String, Failure> {
    let not_text = |_| Failure::file(file, "not UTF-8 text: save it as UTF-8");
    String::from_utf8(bytes(file)?).map_err(not_text)
}

/// What a file is called, for readers that go by its end.
pub(super) fn name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
