//! An address as a picture in a terminal, for a phone's camera.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The text as a QR code of half blocks. `None` when it is too long for one.
///
/// Blocks stand for the light squares: terminals are mostly dark, and not every camera reads a code
/// with light and dark swapped.
pub fn picture(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let mut picture = code.render::<Dense1x2>();
    picture.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
    Some(picture.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_link_fits_a_small_terminal() {
        let link =
            format!("https://192.168.100.100:8443/#enrol={}.{}", "a".repeat(64), "b".repeat(32));
        let picture = picture(&link).unwrap();
        let widths = picture.lines().map(|line| line.chars().count());
        assert!(widths.max().unwrap() <= 80 && picture.lines().count() <= 32, "{picture}");
        assert!(super::picture(&"x".repeat(5_000)).is_none());
    }
}
