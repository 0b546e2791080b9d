//! The devices of people: when they were last heard of, and what they still have to send.

use spotcheck_domain::{LogId, UserId, WorkspaceId};
use spotcheck_sqlite::rusqlite::{Row, Transaction, params};

use crate::ledger::{DeviceStanding, Outcome};

/// No larger blob is ever taken: an op that names one must not make the sum overflow.
const MAX_BLOB_BYTES: i64 = 64 * 1024 * 1024;

/// Members of the teams in which a user's role is lead, each once, with their own role.
pub(super) fn led_by(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    user: UserId,
) -> Outcome<Vec<(UserId, String)>> {
    let sql = "select distinct u.user, u.role from member mine
               join member m on m.ws = mine.ws and m.team = mine.team
               join user u on u.ws = m.ws and u.user = m.user
               where mine.ws = ?1 and mine.user = ?2 and mine.role = 'lead'";
    let mut select = tx.prepare_cached(sql)?;
    let rows =
        select.query_map(params![ws.0, user.0], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One query a page: what is counted, is counted by indexes.
pub(super) fn standings(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    users: Option<&[UserId]>,
    after: Option<LogId>,
    limit: usize,
) -> Outcome<Vec<DeviceStanding>> {
    let sql = "select d.log, d.root, d.user, d.name, d.revoked, d.forked, coalesce(c.last_ms, 0),
                 coalesce((select o.seq from op o
                           where o.ws = d.ws and o.log = d.log and o.status = 'admitted'
                           order by o.seq desc limit 1), 0),
                 coalesce(a.count, 0), coalesce(a.bytes, 0)
               from device d
               left join contact c on c.log = d.root
               left join (select log, count(*) as count, sum(min(bytes, ?5)) as bytes from blob_awaited
                          where ws = ?1 group by log) a on a.log = d.log
               where d.ws = ?1 and d.log > ?2
                 and (?3 is null or lower(hex(d.user)) in (select value from json_each(?3)))
               order by d.log limit ?4";
    let users = users.map(|users| {
        let quoted: Vec<String> = users.iter().map(|user| format!("\"{user}\"")).collect();
        format!("[{}]", quoted.join(","))
    });
    let after = after.map_or(vec![], |log| log.0.to_vec());
    let mut select = tx.prepare_cached(sql)?;
    let rows =
        select.query_map(params![ws.0, after, users, limit as i64, MAX_BLOB_BYTES], standing)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn standing(row: &Row<'_>) -> Result<DeviceStanding, spotcheck_sqlite::rusqlite::Error> {
    Ok(DeviceStanding {
        log: LogId(row.get(0)?),
        root: LogId(row.get(1)?),
        user: UserId(row.get(2)?),
        name: row.get(3)?,
        revoked: row.get(4)?,
        forked: row.get(5)?,
        last_contact_ms: row.get(6)?,
        seq: row.get(7)?,
        awaited: (row.get(8)?, row.get(9)?),
    })
}

/// Keeps when devices were last heard of. Time does not go back.
pub(super) fn keep_contacts(tx: &Transaction<'_>, contacts: &[(LogId, i64)]) -> Outcome<()> {
    let sql = "insert into contact (log, last_ms) values (?1, ?2)
               on conflict (log) do update set last_ms = max(last_ms, excluded.last_ms)";
    let mut insert = tx.prepare_cached(sql)?;
    for (log, last_ms) in contacts {
        insert.execute(params![log.0, last_ms])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use spotcheck_sqlite::{Location, Migrations, Profile};

    use super::super::MIGRATIONS;

    /// A ledger of the version before, in which an op names two photos and one of them is held.
    const BEFORE: &str = r#"
        insert into op (ws, op_hash, log, seq, link, scope, record, run, header, data, salt, status)
        values (x'01', x'02', x'03', 1, x'04', x'05', x'06', 1, '{}',
                '{"blobs":[{"sha256":"aa","bytes":7},{"sha256":"bb","bytes":9}]}', x'07', 'admitted');
        insert into op (ws, op_hash, log, seq, link, scope, record, run, header, data, salt, status)
        values (x'01', x'08', x'03', 2, x'04', x'05', x'06', 1, '{}', 'no "blobs"', x'07', 'admitted');
        insert into blob_claim (ws, sha256, log, scope) values (x'01', x'aa', x'03', x'05');
        insert into blob_claim (ws, sha256, log, scope) values (x'01', x'bb', x'03', x'05');
        insert into blob_claim (ws, sha256, log, scope) values (x'01', x'cc', x'03', x'05');
        insert into blob (ws, sha256, bytes) values (x'01', x'bb', 9);"#;

    #[test]
    fn a_ledger_of_the_version_before_knows_what_it_still_waits_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        let open = |migrations: &Migrations| {
            spotcheck_sqlite::open(Location::File(&file), Profile::Server, None, migrations)
                .unwrap()
        };
        let before = Migrations { steps: &MIGRATIONS.steps[..4], ..MIGRATIONS };
        open(&before).execute_batch(BEFORE).unwrap();
        let now = open(&MIGRATIONS);
        let mut select = now.prepare("select sha256, bytes from blob_awaited order by 1").unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let awaited: Vec<(Vec<u8>, i64)> = rows.collect::<Result<_, _>>().unwrap();
        assert_eq!(awaited, [(vec![0xaa], 7), (vec![0xcc], 0)]);
    }
}
