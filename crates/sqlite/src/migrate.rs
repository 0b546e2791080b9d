//! Numbered migrations. They only add; a published one is never edited.

use rusqlite::{Connection, TransactionBehavior};

use crate::OpenError;

/// A database's schema, as the steps that build it.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// Marks a file as ours (`PRAGMA application_id`), so that a foreign one is never written to.
    pub application_id: i32,
    /// The steps; `user_version` counts those applied.
    pub steps: &'static [&'static str],
}

impl Migrations {
    /// Brings an open database up to date, each step in a transaction of its own.
    pub(crate) fn run(&self, conn: &mut Connection) -> Result<(), OpenError> {
        let found: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 =
            conn.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
        if found != self.application_id && (tables > 0 || version > 0 || found != 0) {
            return Err(OpenError::Foreign);
        }
        let known = self.steps.len() as i64;
        if version > known {
            return Err(OpenError::Newer { found: version, known });
        }
        for (number, step) in (1_i64..).zip(self.steps).skip(version.max(0) as usize) {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.execute_batch(step)?;
            tx.pragma_update(None, "application_id", self.application_id)?;
            tx.pragma_update(None, "user_version", number)?;
            tx.commit()?;
        }
        Ok(())
    }
}
