//! Storing runs.

use spotcheck_domain::op::Link;
use spotcheck_domain::op::kind::INSPECTION_VOIDED;
use spotcheck_domain::{Entry, LogId, Op, OpHash, RecordId, Run, ScopeId, WorkspaceId};
use spotcheck_protocol::directory::{QUARANTINE_RELEASED, quarantine_scope};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::deliver::Deliveries;
use super::{directory, quarantine, workspaces};
use crate::ledger::{Admitted, Head, Judged, Outcome};

/// The statuses that are no quarantine code.
const ADMITTED: &str = "admitted";
const WITHHELD: &str = "withheld";
/// A hash in a log whose op is held at another place: what is read back must be whole here too.
const PLACED: &str = "placed";

pub(super) fn log_head(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
    asked: Option<Head>,
) -> Outcome<Head> {
    // An op of which only the hash came, with somebody else's run, is not held: its author is asked
    // for the whole log again, and what is here is skipped.
    let sql = "select exists (select 1 from op where ws = ?1 and log = ?2 and status = 'withheld')";
    if tx.prepare_cached(sql)?.query_row(params![ws.0, log.0], |row| row.get(0))? {
        return Ok(Head { seq: 0, link: Link::START });
    }
    if let Some(asked) = asked.filter(|asked| asked.seq > 0) {
        let sql = "select exists (select 1 from op where ws = ?1 and log = ?2 and seq = ?3 and link = ?4)";
        let held = params![ws.0, log.0, asked.seq, asked.link.0];
        if tx.prepare_cached(sql)?.query_row(held, |row| row.get(0))? {
            return Ok(asked);
        }
    }
    let sql = "select seq, link from op where ws = ?1 and log = ?2 order by seq desc, id limit 1";
    let found = tx.prepare_cached(sql)?.query_row(params![ws.0, log.0], |row| {
        Ok(Head { seq: row.get(0)?, link: Link(row.get(1)?) })
    });
    Ok(found.optional()?.unwrap_or(Head { seq: 0, link: Link::START }))
}

pub(super) fn record_home(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    record: RecordId,
) -> Outcome<Option<(ScopeId, bool)>> {
    let mut last = [0xff_u8; 32];
    last[..16].copy_from_slice(&record.0);
    let sql = "select scope, status = 'admitted' from op
               where ws = ?1 and op_hash >= ?2 and op_hash <= ?3 and header is not null limit 1";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![ws.0, record.0, last], |row| Ok((ScopeId(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

pub(super) fn admit(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    runs: &[Judged],
    server_log: LogId,
) -> Outcome<Vec<Admitted>> {
    let (epoch, frontier) = workspaces::state(tx, ws)?;
    let before = frontier.size();
    let mut deliveries = Deliveries::new(tx, ws, frontier)?;
    let mut done = Vec::with_capacity(runs.len());
    for judged in runs {
        done.push(admit_run(&mut deliveries, judged, server_log)?);
    }
    deliveries.write_digests()?;
    if deliveries.frontier.size() > before {
        workspaces::advance(tx, ws, epoch, &deliveries.frontier)?;
    }
    Ok(done)
}

fn admit_run(to: &mut Deliveries<'_>, judged: &Judged, server_log: LogId) -> Outcome<Admitted> {
    let (tx, ws, run) = (to.tx, to.ws, &judged.run);
    let mut admitted = Admitted { log: run.log, head: None, forked: false };
    if !continues(tx, ws, run)? {
        return Ok(admitted);
    }
    let run_id = insert_run(tx, ws, run)?;
    let mut link = run.prev;
    for ((seq, entry), verdict) in (run.first_seq..).zip(&run.entries).zip(&judged.verdicts) {
        link = link.then(&entry.hash());
        let place = Place { run: run_id, seq, link };
        let known = find(tx, ws, run.log, &entry.hash(), &place)?;
        let fresh = match (&known, entry) {
            (None, _) => {
                admitted.forked |= taken(tx, ws, run.log, seq)?;
                true
            }
            // Only its hash was known; now the op itself has come.
            (Some(op), Entry::Op(_)) => op.status == WITHHELD,
            (Some(_), Entry::Withheld(_)) => false,
        };
        let status = match (&known, entry) {
            (Some(op), _) if !fresh => op.status.clone(),
            (_, Entry::Withheld(_)) => WITHHELD.to_owned(),
            (_, Entry::Op(_)) => verdict_of(tx, ws, entry, *verdict)?.to_owned(),
        };
        if spotcheck_domain::planted!("repeat-delivered-again")
            && let (Some(op), Entry::Op(entry)) = (&known, entry)
            && op.status == ADMITTED
            && op.here
        {
            to.deliver_to(run.scope, op.id, entry)?;
        }
        if spotcheck_domain::planted!("repeat-noted-again")
            && let (Some(op), Entry::Op(entry)) = (&known, entry)
            && op.status != ADMITTED
            && !fresh
        {
            to.note(quarantine_scope(ws), op.id, &entry.hash)?;
        }
        let refused = (spotcheck_domain::planted!("fork-refused") && admitted.forked)
            || (spotcheck_domain::planted!("quarantine-dropped") && verdict.is_some());
        if let Some(op) = &known
            && !op.here
            && !fresh
        {
            if !stands(tx, ws, run.log, &place)? {
                admitted.forked |= taken(tx, ws, run.log, seq)?;
                insert_op(to, run, &Entry::Withheld(entry.hash()), &place, PLACED, None)?;
            }
            continue;
        }
        if !fresh || refused {
            continue;
        }
        let id = insert_op(to, run, entry, &place, &status, known.map(|op| op.id))?;
        match entry {
            Entry::Op(op) if status == ADMITTED => {
                to.deliver(id, op)?;
                if spotcheck_domain::planted!("void-erases") && op.header.kind == INSPECTION_VOIDED
                {
                    let sql =
                        "update op set data = null, salt = null where record = ?1 and id < ?2";
                    tx.prepare_cached(sql)?.execute(params![op.record().0, id])?;
                }
                if run.log == server_log {
                    directory::apply(tx, ws, op)?;
                    release(to, op)?;
                }
            }
            Entry::Op(op) => {
                to.note(quarantine_scope(ws), id, &op.hash)?;
            }
            Entry::Withheld(_) => {}
        }
    }
    if admitted.forked && !spotcheck_domain::planted!("fork-unflagged") {
        tx.prepare_cached("update device set forked = 1 where log = ?1")?.execute([run.log.0])?;
    }
    admitted.head = Some(Head { seq: run.last_seq(), link });
    Ok(admitted)
}

/// What becomes of an op that was judged: a release outweighs the verdict, also when it came first.
fn verdict_of(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    entry: &Entry,
    verdict: Option<&'static str>,
) -> Outcome<&'static str> {
    let Some(code) = verdict else { return Ok(ADMITTED) };
    Ok(if quarantine::is_released(tx, ws, entry.hash().id())? { ADMITTED } else { code })
}

/// Admits the ops in quarantine that an op of the server's log releases.
fn release(to: &mut Deliveries<'_>, op: &Op) -> Outcome<()> {
    if op.header.kind != QUARANTINE_RELEASED {
        return Ok(());
    }
    for id in directory::released(op) {
        to.tx
            .prepare_cached("insert or ignore into released (ws, op_id) values (?1, ?2)")?
            .execute(params![to.ws.0, id.0])?;
        if let Some((row, op)) = quarantine::find(to.tx, to.ws, id)? {
            to.tx
                .prepare_cached("update op set status = 'admitted' where id = ?1")?
                .execute([row])?;
            to.deliver(row, &op)?;
        }
    }
    Ok(())
}

/// Whether the ledger has what comes before a run, on the same branch.
fn continues(tx: &Transaction<'_>, ws: WorkspaceId, run: &Run) -> Outcome<bool> {
    if run.first_seq == 1 {
        return Ok(run.prev == Link::START);
    }
    let sql =
        "select exists (select 1 from op where ws = ?1 and log = ?2 and seq = ?3 and link = ?4)";
    let params = params![ws.0, run.log.0, run.first_seq - 1, run.prev.0];
    Ok(tx.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

fn insert_run(tx: &Transaction<'_>, ws: WorkspaceId, run: &Run) -> Outcome<i64> {
    let sql = "insert into run (ws, log, first_seq, last_seq, scope, author, prev, seed, head_sig)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               on conflict (ws, log, first_seq, last_seq, prev, head_sig) do update set ws = excluded.ws
               returning id";
    let params = params![
        ws.0,
        run.log.0,
        run.first_seq,
        run.last_seq(),
        run.scope.0,
        run.by.0,
        run.prev.0,
        run.seed.map(|seed| seed.0),
        run.head_sig
    ];
    Ok(tx.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

struct Known {
    id: i64,
    status: String,
    /// At this very place of this log.
    here: bool,
}

/// What is held of an op: the op itself wherever it stands, else its hash at this very place. A hash
/// that somebody put into another log says nothing of the op.
fn find(
    tx: &Transaction<'_>,
    ws: WorkspaceId,
    log: LogId,
    hash: &OpHash,
    place: &Place,
) -> Outcome<Option<Known>> {
    let sql = "select id, status, log = ?3 and seq = ?4 and link = ?5 as here from op
               where ws = ?1 and op_hash = ?2 and (header is not null or here)
               order by header is null limit 1";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![ws.0, hash.0, log.0, place.seq, place.link.0], |row| {
            Ok(Known { id: row.get(0)?, status: row.get(1)?, here: row.get(2)? })
        });
    Ok(found.optional()?)
}

/// Whether anything stands at this place of this branch.
fn stands(tx: &Transaction<'_>, ws: WorkspaceId, log: LogId, place: &Place) -> Outcome<bool> {
    let sql =
        "select exists (select 1 from op where ws = ?1 and log = ?2 and seq = ?3 and link = ?4)";
    let held = params![ws.0, log.0, place.seq, place.link.0];
    Ok(tx.prepare_cached(sql)?.query_row(held, |row| row.get(0))?)
}

fn taken(tx: &Transaction<'_>, ws: WorkspaceId, log: LogId, seq: u64) -> Outcome<bool> {
    let sql = "select exists (select 1 from op where ws = ?1 and log = ?2 and seq = ?3)";
    Ok(tx.prepare_cached(sql)?.query_row(params![ws.0, log.0, seq], |row| row.get(0))?)
}

struct Place {
    run: i64,
    seq: u64,
    link: Link,
}

fn insert_op(
    to: &Deliveries<'_>,
    run: &Run,
    entry: &Entry,
    place: &Place,
    status: &str,
    known: Option<i64>,
) -> Outcome<i64> {
    let op = match entry {
        Entry::Op(op) => Some(&**op),
        Entry::Withheld(_) => None,
    };
    let body = op.and_then(|op| op.body.as_ref());
    let planted = body.filter(|_| spotcheck_domain::planted!("data-reserialised"));
    let rewritten: Option<serde_json::Value> =
        planted.and_then(|body| serde_json::from_str(&body.text).ok());
    let rewritten = rewritten.map(|value| value.to_string());
    let (header, data) = (
        op.map(|op| op.header_text.as_str()),
        rewritten.as_deref().or(body.map(|b| b.text.as_str())),
    );
    let (salt, record) = (body.map(|b| b.salt.0), op.map_or([0; 16], |op| op.record().0));
    if let Some(id) = known {
        let sql = "update op set header = ?2, data = ?3, salt = ?4, record = ?5, status = ?6,
                     run = ?7, scope = ?8 where id = ?1";
        let (run_id, scope) = (place.run, run.scope.0);
        to.tx
            .prepare_cached(sql)?
            .execute(params![id, header, data, salt, record, status, run_id, scope])?;
        return Ok(id);
    }
    let sql = "insert into op
                 (ws, op_hash, log, seq, link, scope, record, run, header, data, salt, status)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    to.tx.prepare_cached(sql)?.execute(params![
        to.ws.0,
        entry.hash().0,
        run.log.0,
        place.seq,
        place.link.0,
        run.scope.0,
        record,
        place.run,
        header,
        data,
        salt,
        status
    ])?;
    Ok(to.tx.last_insert_rowid())
}
