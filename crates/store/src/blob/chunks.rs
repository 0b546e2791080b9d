//! Blobs in a SQLite table, for hosts without files.

use std::io::Read;

use sha2::{Digest, Sha256};
use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_sqlite::rusqlite::{Connection, params};
use spotcheck_sqlite::{Location, Migrations, Profile};

use super::{BlobError, BlobStore};
use crate::StoreError;

/// Marks a blob database: "SpcB".
const MIGRATIONS: Migrations = Migrations {
    application_id: 0x5370_6342,
    steps: &[include_str!("../../schema_blobs/0001_chunks.sql")],
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
            tx.prepare_cached(
                "insert into chunk (sha256, n, bytes) values (zeroblob(32), ?1, ?2)",
            )?
            .execute(params![n, chunk])?;
        }
        let sha256: [u8; 32] = hash.finalize().into();
        let known: bool = tx.query_row(
            "select exists (select 1 from chunk where sha256 = ?1)",
            [sha256],
            |row| row.get(0),
        )?;
        if known {
            tx.execute("delete from chunk where sha256 = zeroblob(32)", [])?;
        } else {
            tx.execute("update chunk set sha256 = ?1 where sha256 = zeroblob(32)", [sha256])?;
        }
        tx.commit()?;
        Ok(BlobRef { sha256: BlobHash(sha256), bytes: total })
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
