//! A text as a QR code that a screen draws, so that a page needs no encoder of its own.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;
use ts_rs::TS;

/// A QR code: dark squares on a light ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct QrPicture {
    /// Squares a side, without the quiet zone: leave four light ones around it.
    pub size: u32,
    /// The dark squares as an SVG path, a square being one unit.
    pub path: String,
}

impl QrPicture {
    /// Draws a text; `None` when it is too long for a code.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (width, colors) = (code.width(), code.into_colors());
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            // A run of dark squares is one rectangle: seams between squares blur a camera's picture.
            for run in row.chunk_by(|a, b| a == b) {
                let long = run.len();
                if run.first() == Some(&Color::Dark) {
                    path.push_str(&format!("M{x} {y}h{long}v1h-{long}z"));
                }
                x += long;
            }
        }
        Some(Self { size: u32::try_from(width).ok()?, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the path back into squares.
    fn dark(picture: &QrPicture) -> Vec<(usize, usize)> {
        let rectangles = picture.path.split('M').filter(|part| !part.is_empty());
        let squares = rectangles.flat_map(|part| {
            let (at, rest) = part.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (long, _) = rest.split_once('v').unwrap();
            let (x, y, long): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), long.parse().unwrap());
            (x..x + long).map(move |x| (x, y))
        });
        squares.collect()
    }

    #[test]
    fn the_path_has_the_dark_squares_and_no_others() {
        let link = format!("https://check.example/#enrol={}.{}", "a".repeat(64), "B".repeat(32));
        let picture = QrPicture::of(&link).unwrap();
        let code = QrCode::with_error_correction_level(&link, EcLevel::M).unwrap();
        let size = picture.size as usize;
        assert_eq!(size, code.width());
        let dark = dark(&picture);
        for y in 0..size {
            for x in 0..size {
                let expected = code[(x, y)] == Color::Dark;
                assert_eq!(dark.contains(&(x, y)), expected, "{x} {y}");
            }
        }
        assert_eq!(QrPicture::of(&"x".repeat(5_000)), None);
    }
}
