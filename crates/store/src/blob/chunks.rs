//! Blobs in a SQLite table, for hosts without files.

use std::io::{self, Read};

use sha2::{Digest, Sha256};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_sqlite::rusqlite::{Connection, OptionalExtension, Row, params};
use spotcheck_sqlite::{Location, Migrations, Profile};

use super::{BlobError, BlobStore};
use crate::StoreError;

/// Marks a blob database: "SpcB".
const MIGRATIONS: Migrations = Migrations {
    application_id: 0x5370_6342,
    steps: &[
        include_str!("../../schema_blobs/0001_chunks.sql"),
        include_str!("../../schema_blobs/0002_arriving.sql"),
    ],
};

const CHUNK_BYTES: usize = 256 * 1024;

/// A table of chunks. Its own database, so that the one with the log stays small.
#[derive(Debug)]
pub struct ChunkBlobs {
    conn: Connection,
}

impl ChunkBlobs {
    /// Opens or creates it.
    ///
    /// # Errors
    /// As for any database of ours.
    pub fn open(location: Location<'_>, profile: Profile) -> Result<Self, StoreError> {
        Ok(Self { conn: spotcheck_sqlite::open(location, profile, None, &MIGRATIONS)? })
    }
}

impl BlobStore for ChunkBlobs {
    fn put(&mut self, bytes: &mut dyn Read) -> Result<BlobRef, BlobError> {
        let tx = self.conn.transaction()?;
        let blob = put(&tx, bytes)?;
        tx.commit()?;
        Ok(blob)
    }

    fn read(&self, blob: BlobHash, offset: u64, len: usize) -> Result<Vec<u8>, BlobError> {
        let first = offset / CHUNK_BYTES as u64;
        let mut skip = (offset % CHUNK_BYTES as u64) as usize;
        let mut select = self
            .conn
            .prepare_cached("select bytes from chunk where sha256 = ?1 and n >= ?2 order by n")?;
        let mut rows = select.query(params![blob.0, first])?;
        let mut found = vec![];
        let mut any = false;
        while let Some(row) = rows.next()? {
            any = true;
            let chunk = row.get_ref(0)?.as_blob().map_err(|_| StoreError::Damaged("chunk"))?;
            let part = chunk.get(skip..).unwrap_or_default();
            found.extend_from_slice(&part[..part.len().min(len - found.len())]);
            skip = 0;
            if found.len() == len {
                break;
            }
        }
        if !any && first == 0 {
            return Err(BlobError::Missing(blob));
        }
        Ok(found)
    }

    fn arrived(&self, blob: BlobHash) -> Result<u64, BlobError> {
        let sql = "select coalesce(sum(length(bytes)), 0) from arriving where sha256 = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([blob.0], |row| row.get(0))?)
    }

    fn arrive(&mut self, blob: BlobHash, piece: &[u8]) -> Result<(), BlobError> {
        let sql = "insert into arriving (sha256, bytes) values (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute(params![blob.0, piece])?;
        Ok(())
    }

    fn finish(&mut self, blob: BlobHash) -> Result<Option<BlobRef>, BlobError> {
        let mut tx = self.conn.transaction()?;
        let put_whole = tx.savepoint()?;
        let kept = put(&put_whole, &mut Pieces::of(&put_whole, blob))?;
        let is_it = kept.sha256 == blob;
        // What came in its place goes; the same bytes under their own hash stay as they were.
        if is_it {
            put_whole.commit()?
        } else {
            drop(put_whole)
        }
        tx.execute("delete from arriving where sha256 = ?1", [blob.0])?;
        tx.commit()?;
        Ok(is_it.then_some(kept))
    }

    fn remove(&mut self, blob: BlobHash) -> Result<(), BlobError> {
        let tx = self.conn.transaction()?;
        tx.execute("delete from chunk where sha256 = ?1", [blob.0])?;
        tx.execute("delete from arriving where sha256 = ?1", [blob.0])?;
        tx.commit()?;
        Ok(())
    }
}

fn put(tx: &Connection, bytes: &mut dyn Read) -> Result<BlobRef, BlobError> {
    let mut hash = Sha256::new();
    let mut total = 0_u64;
    for n in 0_i64.. {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        bytes.take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
        // The first chunk is stored even when empty: an empty file is a file.
        if chunk.is_empty() && n > 0 {
            break;
        }
        hash.update(&chunk);
        total += chunk.len() as u64;
        tx.prepare_cached("insert into chunk (sha256, n, bytes) values (zeroblob(32), ?1, ?2)")?
            .execute(params![n, chunk])?;
    }
    let sha256: [u8; 32] = hash.finalize().into();
    let sql = "select exists (select 1 from chunk where sha256 = ?1)";
    if tx.query_row(sql, [sha256], |row| row.get(0))? {
        tx.execute("delete from chunk where sha256 = zeroblob(32)", [])?;
    } else {
        tx.execute("update chunk set sha256 = ?1 where sha256 = zeroblob(32)", [sha256])?;
    }
    Ok(BlobRef { sha256: BlobHash(sha256), bytes: total })
}

/// What has arrived of a blob, read one piece at a time.
struct Pieces<'a> {
    conn: &'a Connection,
    blob: BlobHash,
    last: i64,
    piece: Vec<u8>,
    read: usize,
}

impl<'a> Pieces<'a> {
    fn of(conn: &'a Connection, blob: BlobHash) -> Self {
        Self { conn, blob, last: 0, piece: vec![], read: 0 }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() {
            let sql =
                "select id, bytes from arriving where sha256 = ?1 and id > ?2 order by id limit 1";
            let next = self.conn.prepare_cached(sql).and_then(|mut select| {
                let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                select.query_row(params![self.blob.0, self.last], row).optional()
            });
            let Some((id, piece)) = next.map_err(io::Error::other)? else { return Ok(0) };
            (self.last, self.piece, self.read) = (id, piece, 0);
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.read += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_any_offset() {
        let mut blobs = ChunkBlobs::open(Location::Memory, Profile::Device).unwrap();
        let photo: Vec<u8> = (0..700_001_u32).map(|n| (n % 251) as u8).collect();
        let blob = blobs.put(&mut photo.as_slice()).unwrap();
        assert_eq!((blob.bytes, blob.sha256), (700_001, BlobHash::of(&photo)));
        assert_eq!(blobs.put(&mut photo.as_slice()).unwrap(), blob, "kept once");
        for (offset, len) in [(0, 700_001), (262_143, 3), (700_000, 10), (262_144, 300_000)] {
            let end = (offset + len).min(photo.len());
            assert_eq!(blobs.read(blob.sha256, offset as u64, len).unwrap(), photo[offset..end]);
        }
        assert!(matches!(blobs.read(BlobHash([1; 32]), 0, 1), Err(BlobError::Missing(_))));
        assert_eq!(blobs.put(&mut std::io::empty()).unwrap().bytes, 0);
    }
}
