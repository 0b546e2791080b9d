//! Texts of BIFF8: one or two bytes a character, split over records where they are long.

use super::compound::{u16_at, u32_at};
use super::record::Record;
use crate::Limits;
use crate::problem::Place;
use crate::problem::Stop;
use crate::workbook::limited::too_large;

const WIDE: u8 = 0x01;
const PHONETIC: u8 = 0x04;
const RICH: u8 = 0x08;

/// A name: its length in one byte.
pub(super) fn short(data: &[u8]) -> Option<String> {
    let (length, flags) = (usize::from(*data.first()?), *data.get(1)?);
    plain(data.get(2..)?, length, flags)
}

/// A text in a record of its own: its length in two bytes.
pub(super) fn long(data: &[u8]) -> Option<String> {
    let (length, flags) = (usize::from(u16_at(data, 0)?), *data.get(2)?);
    plain(data.get(3..)?, length, flags)
}

fn plain(data: &[u8], length: usize, flags: u8) -> Option<String> {
    let mut units = Vec::new();
    let size = if flags & WIDE == 0 { 1 } else { 2 };
    decode(data.get(..length.checked_mul(size)?)?, flags, &mut units);
    Some(String::from_utf16_lossy(&units))
}

fn decode(bytes: &[u8], flags: u8, units: &mut Vec<u16>) {
    if flags & WIDE == 0 {
        units.extend(bytes.iter().map(|byte| u16::from(*byte)));
    } else {
        units.extend(bytes.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)));
    }
}

/// The texts that cells share. Reading ends where the record does, whatever it promised.
pub(super) fn shared(record: &Record) -> Result<Vec<String>, Stop> {
    let mut reader = Reader {
        pieces: std::iter::once(record.data.get(8..).unwrap_or_default())
            .chain(record.more.iter().copied())
            .collect(),
        piece: 0,
        at: 0,
    };
    let promised = record.u32(4).unwrap_or_default();
    let mut strings = Vec::new();
    for _ in 0..promised {
        if strings.len() >= Limits::CELLS {
            return Err(too_large(Place::file(), Limits::CELLS, ("个文字", "texts")));
        }
        match reader.string() {
            Some(string) => strings.push(string),
            None => break,
        }
    }
    Ok(strings)
}

struct Reader<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.pieces.get(self.piece).and_then(|piece| piece.get(self.at..)).unwrap_or_default()
    }

    fn next_piece(&mut self) -> Option<()> {
        self.piece += 1;
        self.at = 0;
        self.pieces.get(self.piece).map(|_| ())
    }

    /// So many bytes, which are never split.
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        while self.rest().is_empty() {
            self.next_piece()?;
        }
        let bytes = self.rest().get(..count)?;
        self.at += count;
        Some(bytes)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            let step = self.rest().len().min(count);
            self.at += step;
            count -= step;
            if count == 0 {
                return Some(());
            }
            self.next_piece()?;
        }
    }

    fn string(&mut self) -> Option<String> {
        let head = self.take(3)?;
        let (length, mut flags) = (usize::from(u16_at(head, 0)?), *head.get(2)?);
        let runs = if flags & RICH == 0 { 0 } else { usize::from(u16_at(self.take(2)?, 0)?) };
        let phonetic = if flags & PHONETIC == 0 { 0 } else { u32_at(self.take(4)?, 0)? };
        let mut units = Vec::new();
        while units.len() < length {
            if self.rest().is_empty() {
                self.next_piece()?;
                // Each piece says anew how wide its characters are.
                flags = *self.take(1)?.first()?;
            }
            let size = if flags & WIDE == 0 { 1 } else { 2 };
            let fits = (self.rest().len() / size).min(length - units.len());
            if fits == 0 {
                return None;
            }
            decode(self.take(fits * size)?, flags, &mut units);
        }
        self.skip(runs * 4)?;
        self.skip(usize::try_from(phonetic).ok()?)?;
        Some(String::from_utf16_lossy(&units))
    }
}
