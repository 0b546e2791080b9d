//! Photos as a camera makes them: JPEG, hundreds of kilobytes and more, and not compressible.

use anyhow::Context as _;
use jpeg_encoder::{ColorType, Encoder};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

const QUALITY: u8 = 90;

/// A photo of nothing: a sky over a ground, both as noisy as a sensor in bad light. The same seed
/// and size, in pixels, are the same bytes.
///
/// # Errors
/// The encoder refuses the size.
pub fn jpeg(seed: u64, width: u32, height: u32) -> anyhow::Result<Vec<u8>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pixels = vec![0; width as usize * height as usize * 3];
    rng.fill_bytes(&mut pixels);
    for (index, byte) in pixels.iter_mut().enumerate() {
        let row = index / (width as usize * 3);
        let light = 60 + 120 * row / height as usize;
        *byte = (light as u8).saturating_add(*byte / 4);
    }
    let mut bytes = vec![];
    let side =
        |pixels| u16::try_from(pixels).context("a JPEG is at most 65,535 pixels wide and high");
    let encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.encode(&pixels, side(width)?, side(height)?, ColorType::Rgb).context("no photo")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_a_jpeg_of_real_size_that_does_not_compress() {
        let photo = jpeg(1, 800, 600).unwrap();
        assert_eq!(photo, jpeg(1, 800, 600).unwrap(), "one seed, one photo");
        assert_ne!(photo, jpeg(2, 800, 600).unwrap());
        assert!(photo.starts_with(&[0xff, 0xd8, 0xff]) && photo.ends_with(&[0xff, 0xd9]));
        assert!((300_000..3_000_000).contains(&photo.len()), "{} bytes", photo.len());
        let mut seen = [0_u64; 256];
        photo.iter().for_each(|byte| seen[usize::from(*byte)] += 1);
        let most = seen.iter().max().unwrap();
        assert!(*most < photo.len() as u64 / 20, "one byte makes up {most} of {}", photo.len());
    }
}
