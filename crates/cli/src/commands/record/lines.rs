//! Lines of any input, however large or broken.

use std::io::{self, BufRead, Read as _};

use spotcheck_app::AppError;

/// Longer lines are refused. A line may hold a reading log; a longer log is a file of its own.
const LONGEST: usize = 1024 * 1024;

/// Numbered lines that say something: blank ones and `#` comments are left out.
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The next line as it stands; `None` at the end.
    fn next_line(&mut self) -> io::Result<Option<Result<String, AppError>>> {
        let mut bytes = vec![];
        let n = (&mut self.reader).take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)?;
        if n == 0 {
            return Ok(None);
        }
        if bytes.len() > LONGEST && bytes.last() != Some(&b'\n') {
            self.skip_line()?;
            let remedy = "longer than 1 MiB: put reading logs into files, or split the line";
            return Ok(Some(Err(AppError::invalid("line", remedy))));
        }
        let text = String::from_utf8(bytes);
        Ok(Some(text.map_err(|error| {
            let column = error.utf8_error().valid_up_to() + 1;
            AppError::invalid(format!("column {column}"), "not UTF-8: save the file as UTF-8")
        })))
    }

    /// To the end of the line, without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let piece = self.reader.fill_buf()?;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let n = end.map_or(piece.len(), |end| end + 1);
            self.reader.consume(n);
            if end.is_some() || n == 0 {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = (u64, io::Result<Result<String, AppError>>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.number += 1;
            match self.next_line() {
                Ok(Some(Ok(text))) => {
                    // Some editors begin a file with a byte order mark.
                    let text = text.trim_start_matches('\u{feff}').trim();
                    if !text.is_empty() && !text.starts_with('#') {
                        return Some((self.number, Ok(Ok(text.to_owned()))));
                    }
                }
                Ok(Some(Err(error))) => return Some((self.number, Ok(Err(error)))),
                Ok(None) => return None,
                Err(error) => return Some((self.number, Err(error))),
            }
        }
    }
}
