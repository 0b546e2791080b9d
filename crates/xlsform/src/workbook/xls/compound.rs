//! Compound files: a file system of chained sectors in a file (MS-CFB).

/// Sectors that end a chain, or are none.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams shorter than this are in small sectors of 64 bytes.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// The first of the streams of these names. `None` if there is none, or the chains are broken.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let file = File::read(bytes)?;
    let entries = file.entries()?;
    let found = |name: &&str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    let entry = names.iter().find_map(found)?;
    if entry.size >= SMALL {
        return file.chain(entry.start, entry.size);
    }
    let root = entries.first()?;
    let holder = file.chain(root.start, usize::MAX)?;
    let table = file.chain(u32_at(bytes, 0x3C)?, usize::MAX)?;
    let sector = |number: u32| slice(&holder, usize::try_from(number).ok()?, SMALL_SECTOR, 0);
    follow(entry.start, entry.size, &numbers(&table), sector)
}

struct File<'a> {
    bytes: &'a [u8],
    sector_size: usize,
    /// What follows each sector in its chain.
    next: Vec<u32>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let sector_size = match u16_at(bytes, 0x1E)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector_size, next: Vec::new() };
        // Where the table of chains is: 109 sectors in the header, more in a chain of its own.
        let mut places = numbers(bytes.get(0x4C..512)?);
        let mut more = u32_at(bytes, 0x44)?;
        let mut left = bytes.len() / sector_size;
        while more < LAST_SECTOR && left > 0 {
            left -= 1;
            let mut listed = numbers(file.sector(more)?);
            more = listed.pop()?;
            places.append(&mut listed);
        }
        let most = bytes.len() / sector_size + 1;
        let mut next = Vec::new();
        for place in places.into_iter().filter(|place| *place < LAST_SECTOR).take(most) {
            next.append(&mut numbers(file.sector(place)?));
        }
        file.next = next;
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        // The header takes the place of the first sector.
        slice(self.bytes, usize::try_from(number).ok()?, self.sector_size, self.sector_size)
    }

    fn chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        follow(start, size, &self.next, |number| self.sector(number))
    }

    fn entries(&self) -> Option<Vec<Entry>> {
        let directory = self.chain(u32_at(self.bytes, 0x30)?, usize::MAX)?;
        directory.chunks_exact(128).map(entry).collect()
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    // With the zero at its end.
    let length = usize::from(u16_at(bytes, 0x40)?).saturating_sub(2).min(62);
    let units = bytes.get(..length)?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
    let name = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
    Some(Entry {
        name,
        start: u32_at(bytes, 0x74)?,
        size: usize::try_from(u32_at(bytes, 0x78)?).ok()?,
    })
}

/// The bytes of a chain, at most `size`. A chain that comes back to itself would never end: none
/// is longer than its table.
fn follow<'a>(
    start: u32,
    size: usize,
    next: &[u32],
    sector: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut number = start;
    for _ in 0..=next.len() {
        if number >= LAST_SECTOR || bytes.len() >= size {
            bytes.truncate(size);
            return Some(bytes);
        }
        bytes.extend_from_slice(sector(number)?);
        number = *next.get(usize::try_from(number).ok()?)?;
    }
    None
}

/// Sector `number` of those of `size` behind a header; the last may be cut off.
fn slice(bytes: &[u8], number: usize, size: usize, header: usize) -> Option<&[u8]> {
    let start = number.checked_mul(size)?.checked_add(header)?;
    let end = start.checked_add(size)?.min(bytes.len());
    bytes.get(start..end).filter(|sector| !sector.is_empty())
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|number| u32_at(number, 0)).collect()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}
