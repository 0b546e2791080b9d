//! Who may read and write which scope: organisations, further scopes, and their access lists.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::{OpData, RecordId, ScopeId, WorkspaceId};
use spotcheck_protocol::access::{
    May, Party, UNIT, WRITING_ROLES, entries, may_record, organisations_above,
};
use spotcheck_protocol::directory::directory_scope;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::directory::text;
use crate::ledger::{Outcome, ScopeRow, User};

/// Folds an organisation into the tree.
pub(super) fn add_organisation(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    data: &OpData,
) -> Outcome<()> {
    let sql =
        "insert or replace into organisation (ws, code, parent) values (?1, ?2, nullif(?3, ''))";
    tx.prepare_cached(sql)?.execute(params![ws.0, text(data, "code"), text(data, "parent")])?;
    Ok(())
}

/// Folds a scope in, with its access list.
pub(super) fn add_scope(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    record: RecordId,
    scope: ScopeId,
    data: &OpData,
) -> Outcome<()> {
    let sql = "insert or replace into scope (ws, record, scope, code) values (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute(params![ws.0, record.0, scope.0, text(data, "code")])?;
    change(tx, ws, record, data)
}

/// Folds what an op says of a scope's access list.
pub(super) fn change(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    record: RecordId,
    data: &OpData,
) -> Outcome<()> {
    for (party, may) in entries(data) {
        let party = party.to_string();
        match may {
            Some(may) => tx
                .prepare_cached(
                    "insert or replace into access (ws, record, party, writes) values (?1, ?2, ?3, ?4)",
                )?
                .execute(params![ws.0, record.0, party, may == May::Write])?,
            None => tx
                .prepare_cached("delete from access where ws = ?1 and record = ?2 and party = ?3")?
                .execute(params![ws.0, record.0, party])?,
        };
    }
    Ok(())
}

/// The one place that says who may read and write what.
///
/// Members of a team read its scope; those with a writing role there write it. A further scope is
/// read and written by whom its access list names. Administrators and auditors read every scope and
/// write none. An inspected unit is in no team and reads no directory.
pub(super) fn with_scopes(tx: &Transaction<'_>, ws: WorkspaceId, mut user: User) -> Outcome<User> {
    let is_unit = user.role == UNIT;
    let sees_all = matches!(user.role.as_str(), "auditor" | "administrator");
    // Whoever writes nothing by their own role writes nothing as a member either.
    let mut parties = vec![(Party::Role(user.role.clone()), may_record(&user.role))];
    for code in organisations(tx, ws, user.org.clone())? {
        parties.push((Party::Organisation(code), may_record(&user.role)));
    }
    let mut writes = BTreeSet::new();
    if !is_unit {
        user.reads.push(directory_scope(ws));
        let mut select = tx.prepare_cached(
            "select t.team, t.scope, m.role from team t
             left join member m on m.ws = t.ws and m.team = t.team and m.user = ?2
             where t.ws = ?1 order by t.code",
        )?;
        let mut rows = select.query(params![ws.0, user.user.0])?;
        while let Some(row) = rows.next()? {
            let (team, scope) = (RecordId(row.get(0)?), ScopeId(row.get(1)?));
            let role: Option<String> = row.get(2)?;
            if role.is_some() || sees_all {
                user.reads.push(scope);
            }
            let Some(role) = role else { continue };
            let records = WRITING_ROLES.contains(&role.as_str()) && user.role != "auditor";
            parties.push((Party::Team(team), records));
            if records {
                user.home_scope.get_or_insert(scope);
                writes.insert(scope);
            }
        }
    }
    for (scope, may_write) in opened(tx, ws, &parties, sees_all)? {
        if !user.reads.contains(&scope) {
            user.reads.push(scope);
        }
        if may_write {
            user.home_scope.get_or_insert(scope);
            writes.insert(scope);
        }
    }
    user.writes = writes.into_iter().collect();
    Ok(user)
}

/// The further scopes that parties are named in, by code, and whether for writing.
fn opened(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    parties: &[(Party, bool)],
    sees_all: bool,
) -> Outcome<Vec<(ScopeId, bool)>> {
    // By code for the order, by id for the rights: a restore may bring two of one code.
    let mut found: BTreeMap<(String, ScopeId), bool> = BTreeMap::new();
    let mut select = tx.prepare_cached(
        "select s.code, s.scope, a.writes from access a
         join scope s on s.ws = a.ws and s.record = a.record
         where a.ws = ?1 and a.party = ?2",
    )?;
    for (party, records) in parties {
        let mut rows = select.query(params![ws.0, party.to_string()])?;
        while let Some(row) = rows.next()? {
            let writes = found.entry((row.get(0)?, ScopeId(row.get(1)?))).or_insert(false);
            *writes |= *records && row.get(2)?;
        }
    }
    if sees_all {
        let mut select = tx.prepare_cached("select code, scope from scope where ws = ?1")?;
        let mut rows = select.query([ws.0])?;
        while let Some(row) = rows.next()? {
            found.entry((row.get(0)?, ScopeId(row.get(1)?))).or_insert(false);
        }
    }
    Ok(found.into_iter().map(|((_, scope), writes)| (scope, writes)).collect())
}

/// An organisation and all above it.
fn organisations(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    own: Option<String>,
) -> Outcome<Vec<String>> {
    let mut select =
        tx.prepare_cached("select parent from organisation where ws = ?1 and code = ?2")?;
    organisations_above(own, |code| {
        let above = select.query_row(params![ws.0, code], |row| row.get(0)).optional()?;
        Ok(above.flatten())
    })
}

/// Whether a scope is a team's or a further one: something may be shared with it.
pub(super) fn is_scope(tx: &Transaction<'_>, ws: WorkspaceId, scope: ScopeId) -> Outcome<bool> {
    let sql = "select exists (select 1 from team where ws = ?1 and scope = ?2)
                   or exists (select 1 from scope where ws = ?1 and scope = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, scope.0], |row| row.get(0))?)
}

/// The further scopes, by code.
pub(super) fn list_scopes(tx: &Transaction<'_>, ws: WorkspaceId) -> Outcome<Vec<ScopeRow>> {
    let mut select = tx.prepare_cached(
        "select s.record, s.scope, s.code, a.party, a.writes from scope s
         left join access a on a.ws = s.ws and a.record = s.record
         where s.ws = ?1 order by s.code, s.record, a.party",
    )?;
    let mut rows = select.query([ws.0])?;
    let mut list: Vec<ScopeRow> = vec![];
    while let Some(row) = rows.next()? {
        let record = RecordId(row.get(0)?);
        if list.last().is_none_or(|it| it.record != record) {
            let (scope, code) = (ScopeId(row.get(1)?), row.get(2)?);
            list.push(ScopeRow { record, scope, code, access: vec![] });
        }
        let party = row.get::<_, Option<String>>(3)?.and_then(|party| party.parse().ok());
        if let (Some(last), Some(party)) = (list.last_mut(), party) {
            let may = if row.get(4)? { May::Write } else { May::Read };
            last.access.push((party, may));
        }
    }
    Ok(list)
}

/// Whether there is an organisation of that code.
pub(super) fn has_organisation(tx: &Transaction<'_>, ws: WorkspaceId, code: &str) -> Outcome<bool> {
    let sql = "select exists (select 1 from organisation where ws = ?1 and code = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, code], |row| row.get(0))?)
}
