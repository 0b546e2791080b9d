//! Signing keys in a SQLite table, for hosts that have neither files nor a key store.

use spotcheck_sqlite::rusqlite::{Connection, params};
use spotcheck_sqlite::{Location, Migrations, Profile};

use crate::StoreError;

/// Marks a key database: "SpcK".
const MIGRATIONS: Migrations = Migrations {
    application_id: 0x5370_634B,
    steps: &[include_str!("../schema_keys/0001_keys.sql")],
};

/// A signing key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// The public half, which it is found by.
    pub public: [u8; 32],
    /// The secret half.
    pub secret: [u8; 32],
    /// The enrolment link it was made for, by hash: when the reply was lost, the same link finds
    /// the same key.
    pub made_for: Option<String>,
}

impl std::fmt::Debug for KeptKey {
    /// Without the secret, which has no business in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A table of keys. Its own database, so that the one with the log can be copied without them.
#[derive(Debug)]
pub struct KeyTable {
    conn: Connection,
}

impl KeyTable {
    /// Opens or creates it.
    ///
    /// # Errors
    /// As for any database of ours.
    pub fn open(location: Location<'_>, profile: Profile) -> Result<Self, StoreError> {
        Ok(Self { conn: spotcheck_sqlite::open(location, profile, None, &MIGRATIONS)? })
    }

    /// Keeps a key. Durable when it returns.
    ///
    /// # Errors
    /// When the transaction fails, or there is such a key.
    pub fn keep(&mut self, key: &KeptKey) -> Result<(), StoreError> {
        self.conn.execute(
            "insert into key (public, secret, made_for) values (?1, ?2, ?3)",
            params![key.public, key.secret, key.made_for],
        )?;
        Ok(())
    }

    /// Every key kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all(&self) -> Result<Vec<KeptKey>, StoreError> {
        let mut select = self.conn.prepare_cached("select public, secret, made_for from key")?;
        let rows = select.query_map([], |row| {
            Ok(KeptKey { public: row.get(0)?, secret: row.get(1)?, made_for: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_outlive_the_process_and_none_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.db");
        let key = KeptKey { public: [1; 32], secret: [2; 32], made_for: Some("link".to_owned()) };
        let mut table = KeyTable::open(Location::File(&path), Profile::Device).unwrap();
        table.keep(&key).unwrap();
        assert!(table.keep(&KeptKey { secret: [3; 32], ..key.clone() }).is_err());
        drop(table);
        let table = KeyTable::open(Location::File(&path), Profile::Device).unwrap();
        assert_eq!(table.all().unwrap(), [key]);
    }
}
