//! Who there is and who may see what: tables that follow from the server's own log.

use data_encoding::HEXLOWER;
use spotcheck_domain::{
    LogId, Op, OpData, OpId, RecordId, ScopeId, SlotPath, UserId, Value, WorkspaceId,
};
use spotcheck_protocol::directory as kinds;
use spotcheck_protocol::messages::Introduction;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Row, Transaction, params};

use super::access;
use crate::ledger::{Code, Device, LedgerError, Outcome, User};

/// Folds one admitted op of the server's log into the tables. Ops of a newer version add nothing.
pub(super) fn apply(tx: &Transaction<'_>, ws: WorkspaceId, op: &Op) -> Outcome<()> {
    let Ok(data) = op.data() else { return Ok(()) };
    match op.header.kind.as_str() {
        kinds::USER_ADDED => {
            let sql = "insert or replace into user (ws, user, code, zh, en, role, org)
                       values (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''))";
            let (code, zh, en) = (text(&data, "code"), text(&data, "zh"), text(&data, "en"));
            let (role, org) = (text(&data, "role"), text(&data, "org"));
            let params = params![ws.0, op.record().0, code, zh, en, role, org];
            tx.prepare_cached(sql)?.execute(params)?;
        }
        kinds::TEAM_ADDED => {
            let scope: ScopeId = parse(&data, "scope")?;
            let sql = "insert or replace into team (ws, team, code, scope) values (?1, ?2, ?3, ?4)";
            let params = params![ws.0, op.record().0, text(&data, "code"), scope.0];
            tx.prepare_cached(sql)?.execute(params)?;
            members(tx, ws, op, &data)?;
        }
        kinds::TEAM_CHANGED => members(tx, ws, op, &data)?,
        kinds::ORGANISATION_ADDED => access::add_organisation(tx, ws, &data)?,
        kinds::SCOPE_ADDED => {
            access::add_scope(tx, ws, op.record(), parse(&data, "scope")?, &data)?;
        }
        kinds::SCOPE_CHANGED => access::change(tx, ws, op.record(), &data)?,
        kinds::REGISTER_PUBLISHED => {
            let sql = "insert or ignore into register (ws, record, code) values (?1, ?2, ?3)";
            let params = params![ws.0, op.record().0, text(&data, "code")];
            tx.prepare_cached(sql)?.execute(params)?;
        }
        kinds::DEVICE_ENROLLED => enrolled(tx, ws, &data)?,
        kinds::DEVICE_SUCCEEDED => {
            let sig = HEXLOWER.decode(text(&data, "sig").as_bytes()).ok();
            let sig = sig.and_then(|sig| sig.try_into().ok());
            let sig = sig.ok_or(LedgerError::Damaged("directory op"))?;
            let (old, key) = (parse(&data, "old")?, parse(&data, "key")?);
            add_successor(tx, &Introduction { old, key, sig })?;
        }
        kinds::DEVICE_REVOKED => {
            let log: LogId = parse(&data, "log")?;
            revoke(tx, log, text(&data, "revoked"))?;
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn text<'a>(data: &'a OpData, slot: &str) -> &'a str {
    let path = SlotPath::new(slot).ok();
    path.and_then(|path| data.set.get(&path)).and_then(Value::as_text).unwrap_or_default()
}

fn parse<T: std::str::FromStr>(data: &OpData, slot: &str) -> Outcome<T> {
    text(data, slot).parse().map_err(|_| LedgerError::Damaged("directory op"))
}

fn members(tx: &Transaction<'_>, ws: WorkspaceId, op: &Op, data: &OpData) -> Outcome<()> {
    for (path, value) in &data.set {
        let parts: Vec<&str> = path.as_str().split('/').collect();
        let ["members", user, "role"] = parts[..] else { continue };
        let user: UserId = user.parse().map_err(|_| LedgerError::Damaged("directory op"))?;
        match value.as_text() {
            Some(role) => tx
                .prepare_cached(
                    "insert or replace into member (ws, team, user, role) values (?1, ?2, ?3, ?4)",
                )?
                .execute(params![ws.0, op.record().0, user.0, role])?,
            None => tx
                .prepare_cached("delete from member where ws = ?1 and team = ?2 and user = ?3")?
                .execute(params![ws.0, op.record().0, user.0])?,
        };
    }
    Ok(())
}

fn enrolled(tx: &Transaction<'_>, ws: WorkspaceId, data: &OpData) -> Outcome<()> {
    let (log, user): (LogId, UserId) = (parse(data, "log")?, parse(data, "user")?);
    let key: spotcheck_domain::BlobHash = parse(data, "key")?;
    // A restored server hears of revocations first: an enrolment must not undo one.
    let sql = "insert into device (log, ws, user, key, name, root) values (?1, ?2, ?3, ?4, ?5, ?1)
               on conflict (log) do nothing";
    tx.prepare_cached(sql)?.execute(params![log.0, ws.0, user.0, key.0, text(data, "name")])?;
    let sql = "update device set revoked = (select reason from early_revocation where log = ?1)
               where log = ?1 and revoked is null
                 and exists (select 1 from early_revocation where log = ?1)";
    tx.prepare_cached(sql)?.execute([log.0])?;
    Ok(())
}

/// Revokes a device and every log that continues its own.
fn revoke(tx: &Transaction<'_>, log: LogId, reason: &str) -> Outcome<()> {
    tx.prepare_cached("insert or ignore into early_revocation (log, reason) values (?1, ?2)")?
        .execute(params![log.0, reason])?;
    let sql = "with recursive line (log) as (
                 values (?1) union select d.log from device d join line on d.predecessor = line.log)
               update device set revoked = ?2 where log in (select log from line)";
    tx.prepare_cached(sql)?.execute(params![log.0, reason])?;
    Ok(())
}

/// The ops that an op of the server's log releases from quarantine.
pub(super) fn released(op: &Op) -> Vec<OpId> {
    let Ok(data) = op.data() else { return vec![] };
    let path = SlotPath::new("ops").ok();
    let list = path.and_then(|path| data.set.get(&path).cloned());
    let Some(Value::List(ids)) = list else { return vec![] };
    ids.iter().filter_map(Value::as_text).filter_map(|id| id.parse().ok()).collect()
}

pub(super) fn find_team(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    code: &str,
) -> Outcome<Option<RecordId>> {
    let mut select = tx.prepare_cached("select team from team where ws = ?1 and code = ?2")?;
    Ok(select.query_row(params![ws.0, code], |row| row.get(0).map(RecordId)).optional()?)
}

pub(super) fn find_register(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    code: &str,
) -> Outcome<Option<RecordId>> {
    // A restore may bring two of one name: one of them goes on.
    let sql = "select record from register where ws = ?1 and code = ?2 order by record limit 1";
    let mut select = tx.prepare_cached(sql)?;
    Ok(select.query_row(params![ws.0, code], |row| row.get(0).map(RecordId)).optional()?)
}

pub(super) fn team_code(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    team: RecordId,
) -> Outcome<Option<String>> {
    let mut select = tx.prepare_cached("select code from team where ws = ?1 and team = ?2")?;
    Ok(select.query_row(params![ws.0, team.0], |row| row.get(0)).optional()?)
}

pub(super) fn add_successor(tx: &Transaction<'_>, introduction: &Introduction) -> Outcome<()> {
    let new = LogId::of_key(spotcheck_protocol::keys::ALG, &introduction.key.0);
    let sql =
        "insert into device (log, ws, user, key, name, root, predecessor, introduction, revoked)
               select ?1, ws, user, ?2, name, root, log, ?3,
                 coalesce((select reason from early_revocation where log = ?1), revoked)
               from device where log = ?4
               on conflict (log) do nothing";
    tx.prepare_cached(sql)?.execute(params![
        new.0,
        introduction.key.0,
        introduction.sig,
        introduction.old.0
    ])?;
    // Two phones go on from one key: a copy is about, whether or not both wrote at one position.
    let sql = "update device set forked = 1
               where log = ?1 and (select count(*) from device where predecessor = ?1) > 1";
    tx.prepare_cached(sql)?.execute([introduction.old.0])?;
    Ok(())
}

const DEVICE: &str = "select log, ws, user, key, name, revoked, forked, root from device";

fn device_from_row(row: &Row<'_>) -> Result<Device, spotcheck_sqlite::rusqlite::Error> {
    Ok(Device {
        log: LogId(row.get(0)?),
        ws: WorkspaceId(row.get(1)?),
        user: UserId(row.get(2)?),
        key: row.get(3)?,
        name: row.get(4)?,
        revoked: row.get(5)?,
        forked: row.get(6)?,
        root: LogId(row.get(7)?),
    })
}

pub(super) fn find_device(tx: &Transaction<'_>, log: LogId) -> Outcome<Option<Device>> {
    let mut select = tx.prepare_cached(&format!("{DEVICE} where log = ?1"))?;
    Ok(select.query_row([log.0], device_from_row).optional()?)
}

pub(super) fn log_count(tx: &Transaction<'_>, root: LogId) -> Outcome<u64> {
    let sql = "with recursive line (log) as (
                 values (?1) union select d.log from device d join line on d.predecessor = line.log)
               select count(*) from line";
    Ok(tx.prepare_cached(sql)?.query_row([root.0], |row| row.get(0))?)
}

pub(super) fn list_devices(tx: &Transaction<'_>, ws: WorkspaceId) -> Outcome<Vec<Device>> {
    let mut select = tx.prepare_cached(&format!("{DEVICE} where ws = ?1 order by rowid"))?;
    let rows = select.query_map([ws.0], device_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const USER: &str = "select user, code, zh, en, role, org from user where ws = ?1";

fn user_from_row(row: &Row<'_>) -> Result<User, spotcheck_sqlite::rusqlite::Error> {
    Ok(User {
        user: UserId(row.get(0)?),
        code: row.get(1)?,
        zh: row.get(2)?,
        en: row.get(3)?,
        role: row.get(4)?,
        org: row.get(5)?,
        home_scope: None,
        reads: vec![],
        writes: vec![],
    })
}

pub(super) fn find_user(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    user: UserId,
) -> Outcome<Option<User>> {
    let mut select = tx.prepare_cached(&format!("{USER} and user = ?2"))?;
    let found = select.query_row(params![ws.0, user.0], user_from_row).optional()?;
    found.map(|user| access::with_scopes(tx, ws, user)).transpose()
}

pub(super) fn find_user_by_code(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    code: &str,
) -> Outcome<Option<User>> {
    let mut select = tx.prepare_cached(&format!("{USER} and code = ?2"))?;
    let found = select.query_row(params![ws.0, code], user_from_row).optional()?;
    found.map(|user| access::with_scopes(tx, ws, user)).transpose()
}

pub(super) fn list_users(tx: &Transaction<'_>, ws: WorkspaceId) -> Outcome<Vec<User>> {
    let mut select = tx.prepare_cached(&format!("{USER} order by code"))?;
    let rows = select.query_map([ws.0], user_from_row)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(|user| access::with_scopes(tx, ws, user)).collect()
}

pub(super) fn add_code(tx: &Transaction<'_>, code: &Code) -> Outcome<()> {
    let sql = "insert into code (hash, ws, user, expires_ms, invited_by)
               values (?1, ?2, ?3, ?4, ?5)";
    let invited_by = code.invited_by.map(|user| user.0);
    let Code { hash, ws, user, expires_ms, .. } = code;
    tx.prepare_cached(sql)?.execute(params![hash, ws.0, user.0, expires_ms, invited_by])?;
    Ok(())
}

pub(super) fn find_code(
    tx: &Transaction<'_>,
    hash: [u8; 32],
    now_ms: i64,
) -> Outcome<Option<Code>> {
    let sql = "select ws, user, expires_ms, invited_by from code
               where hash = ?1 and used_ms is null and expires_ms > ?2";
    let found = tx.prepare_cached(sql)?.query_row(params![hash, now_ms], |row| {
        let (ws, user) = (WorkspaceId(row.get(0)?), UserId(row.get(1)?));
        let invited_by = row.get::<_, Option<[u8; 16]>>(3)?.map(UserId);
        Ok(Code { hash, ws, user, invited_by, expires_ms: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// Two devices may race with one code: the transaction that spends it first wins.
pub(super) fn spend_code(tx: &Transaction<'_>, hash: [u8; 32]) -> Outcome<()> {
    let sql = "update code set used_ms = 1 where hash = ?1 and used_ms is null";
    match tx.prepare_cached(sql)?.execute([hash])? {
        1 => Ok(()),
        _ => Err(LedgerError::CodeSpent),
    }
}
