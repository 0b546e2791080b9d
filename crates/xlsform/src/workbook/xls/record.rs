//! BIFF: records of a kind, a length and that many bytes; long ones go on in others.

use super::compound::{u16_at, u32_at};

const CONTINUE: u16 = 0x003C;

/// A record and what it goes on with.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
    pub(super) more: Vec<&'a [u8]>,
}

impl Record<'_> {
    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        self.data.get(at).copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        u32_at(self.data, at)
    }

    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.data.get(at..at.checked_add(8)?)?;
        Some(f64::from_le_bytes(bytes.try_into().ok()?))
    }
}

/// The records of a stream. It ends where one is cut off.
pub(super) fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, data, after) = split(rest)?;
        rest = after;
        let mut more = Vec::new();
        while let Some((CONTINUE, data, after)) = split(rest) {
            more.push(data);
            rest = after;
        }
        Some(Record { kind, data, more })
    })
}

fn split(stream: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let kind = u16_at(stream, 0)?;
    let length = usize::from(u16_at(stream, 2)?);
    let (data, after) = stream.get(4..)?.split_at_checked(length)?;
    Some((kind, data, after))
}
