//! Who a device is: its user, its workspace, the server it trusts, and its logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spotcheck_domain::op::Link;
use spotcheck_domain::{LogId, ScopeId, UserId, WorkspaceId};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use crate::{Store, StoreError};

/// What enrolment gave this device. Stored once, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The tenant.
    pub ws: WorkspaceId,
    /// Whose device it is.
    pub user: UserId,
    /// The scope new records are created in.
    pub home_scope: ScopeId,
    /// Where the server is, `http(s)://host[:port]`.
    pub server_url: String,
    /// The key that signs what the server says, hex: pinned at enrolment.
    pub server_key: String,
    /// The user's code and names, for display.
    pub user_code: String,
    /// The user's name in Chinese and English.
    pub name: (String, String),
    /// `inspector`, `lead` …
    pub role: String,
}

/// One of the logs this device writes or wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnLog {
    /// The log.
    pub log: LogId,
    /// The Ed25519 key that signs it.
    pub public_key: [u8; 32],
    /// The last op written.
    pub seq: u64,
    /// The link after it.
    pub link: Link,
    /// The server said it has the log up to here.
    pub pushed_seq: u64,
    /// A verified receipt covers the log up to here.
    pub receipt_seq: u64,
    /// Whether it takes new ops.
    pub current: bool,
    /// Another device was seen writing it.
    pub forked: bool,
    /// The log it continues, with the old key's signature over the new one.
    pub introduction: Option<(LogId, [u8; 64])>,
}

impl Store {
    pub(crate) fn load_identity(&self) -> Result<Option<Identity>, StoreError> {
        self.fact("identity")?
            .map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged("identity")))
            .transpose()
    }

    /// Binds this device to a user, with the first key of its log.
    ///
    /// # Errors
    /// When the transaction fails; the device is then still not enrolled.
    pub fn enrol(&mut self, identity: &Identity, public_key: [u8; 32]) -> Result<(), StoreError> {
        let text = serde_json::to_string(identity).map_err(|_| StoreError::Damaged("identity"))?;
        let tx = self.conn.transaction()?;
        set_fact(&tx, "identity", &text)?;
        add_log(&tx, public_key, None)?;
        tx.commit()?;
        self.identity = Some(identity.clone());
        Ok(())
    }

    /// Continues under a new key, which the old one introduces. New ops go to the new log; those of
    /// the old one are still sent under it.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn succeed(
        &mut self,
        old: LogId,
        public_key: [u8; 32],
        introduction: [u8; 64],
    ) -> Result<LogId, StoreError> {
        let tx = self.conn.transaction()?;
        tx.execute("update own_log set current = 0, forked = 1 where log = ?1", [old.0])?;
        let log = add_log(&tx, public_key, Some((old, introduction)))?;
        tx.commit()?;
        Ok(log)
    }

    /// This device's logs, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn own_logs(&self) -> Result<Vec<OwnLog>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "select log, public_key, seq, link, pushed_seq, receipt_seq, current, forked,
                    predecessor, introduction
             from own_log order by rowid",
        )?;
        let rows = select.query_map([], |row| {
            let old: Option<[u8; 16]> = row.get(8)?;
            let introduction: Option<[u8; 64]> = row.get(9)?;
            Ok(OwnLog {
                log: LogId(row.get(0)?),
                public_key: row.get(1)?,
                seq: row.get(2)?,
                link: Link(row.get(3)?),
                pushed_seq: row.get(4)?,
                receipt_seq: row.get(5)?,
                current: row.get(6)?,
                forked: row.get(7)?,
                introduction: old.map(LogId).zip(introduction),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The log that takes new ops.
    ///
    /// # Errors
    /// When the device is not enrolled.
    pub fn current_log(&self) -> Result<OwnLog, StoreError> {
        self.own_logs()?.into_iter().find(|log| log.current).ok_or(StoreError::NotEnrolled)
    }

    /// A small fact about this device.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fact(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.conn.prepare_cached("select value from fact where key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Keeps a small fact about this device.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn set_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        set_fact(&tx, key, value)?;
        Ok(tx.commit()?)
    }

    /// Forgets a small fact about this device; none of that key is no failure.
    ///
    /// # Errors
    /// When the transaction fails.
    pub fn forget_fact(&mut self, key: &str) -> Result<(), StoreError> {
        let tx = self.conn.transaction()?;
        tx.prepare_cached("delete from fact where key = ?1")?.execute([key])?;
        Ok(tx.commit()?)
    }

    /// The small facts whose keys begin so, by key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn facts_under(&self, prefix: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "select key, value from fact
                   where key >= ?1 and substr(key, 1, length(?1)) = ?1 order by key";
        let mut select = self.conn.prepare_cached(sql)?;
        let rows = select.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(crate) fn set_fact(tx: &Transaction<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "insert into fact (key, value) values (?1, ?2)
               on conflict (key) do update set value = excluded.value";
    tx.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}

fn add_log(
    tx: &Transaction<'_>,
    public_key: [u8; 32],
    from: Option<(LogId, [u8; 64])>,
) -> Result<LogId, StoreError> {
    let log = LogId::of_key("ed25519", &public_key);
    tx.execute(
        "insert into own_log (log, public_key, current, seq, link, predecessor, introduction)
         values (?1, ?2, 1, 0, ?3, ?4, ?5)",
        params![
            log.0,
            public_key,
            Link::START.0,
            from.map(|(old, _)| old.0),
            from.map(|(_, signature)| signature),
        ],
    )?;
    Ok(log)
}
