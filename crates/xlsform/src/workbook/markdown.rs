//! Tables of Markdown as `pyxform` reads them: a text in the first column begins a sheet.

use super::{Sheet, Sheets, csv};
use crate::problem::Stop;

pub(super) fn read(text: &str) -> Result<Vec<Sheet>, Stop> {
    let mut sheets = Sheets::by_line();
    for (line, text) in (1_u32..).zip(text.lines()) {
        let text = text.trim();
        if text.starts_with('#') {
            continue;
        }
        // What stands behind the last `|` is a comment.
        let Some((inner, _)) = text.strip_prefix('|').and_then(|text| text.rsplit_once('|')) else {
            continue;
        };
        if is_separator(inner) {
            continue;
        }
        let mut cells = split(inner).into_iter();
        let first = cells.next().unwrap_or_default();
        if !first.trim().is_empty() {
            sheets.begin(first.trim())?;
        }
        for (column, cell) in (1_u32..).zip(cells) {
            sheets.put(line, column, csv::plain(cell.replace('\u{a0}', " ").trim()))?;
        }
    }
    Ok(sheets.done())
}

/// The line between heading and body of a table.
fn is_separator(inner: &str) -> bool {
    inner.contains('-') && inner.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
}

/// At every `|` that is not written `\|`.
fn split(inner: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && chars.peek() == Some(&'|');
        if c == '|' {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(if escaped { chars.next().unwrap_or(c) } else { c });
        }
    }
    cells
}
