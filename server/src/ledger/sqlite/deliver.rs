//! Numbering what is delivered, and to which scopes.
//!
//! The number comes from the workspace's row in the same transaction: gapless, in commit order, so
//! that no reader's cursor can pass a delivery it has not seen.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::op::{Body, Salt};
use spotcheck_domain::{Op, OpData, OpHash, RecordId, ScopeId, WorkspaceId};
use spotcheck_protocol::checkpoint::history_leaf;
use spotcheck_protocol::merkle::Frontier;
use spotcheck_protocol::sharing;
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use super::blobs;
use crate::ledger::{LedgerError, Outcome};

/// The deliveries of one transaction.
pub(super) struct Deliveries<'tx> {
    pub(super) tx: &'tx Transaction<'tx>,
    pub(super) ws: WorkspaceId,
    pub(super) frontier: Frontier,
    digests: BTreeMap<ScopeId, (u64, u64, [u8; 32])>,
    /// Anything in this workspace is shared: only then is it looked for.
    sharing: bool,
}

impl<'tx> Deliveries<'tx> {
    pub(super) fn new(
        tx: &'tx Transaction<'tx>,
        ws: WorkspaceId,
        frontier: Frontier,
    ) -> Outcome<Self> {
        let sql = "select exists (select 1 from share where ws = ?1)";
        let sharing = tx.prepare_cached(sql)?.query_row([ws.0], |row| row.get(0))?;
        Ok(Self { tx, ws, frontier, digests: BTreeMap::new(), sharing })
    }

    /// Delivers an admitted op to its scope, and to those its record is shared with.
    ///
    /// A scope reads a record when it, or what it belongs to, was shared with it; each of these
    /// brings all ops of the record that are here, once. So an op has come to a scope if and only
    /// if the scope reads its record.
    pub(super) fn deliver(&mut self, id: i64, op: &Op) -> Outcome<()> {
        self.deliver_to(op.header.scope, id, op)?;
        let data = relevant(op);
        let parent = data.parent.filter(|_| op.header.record.is_none());
        let fresh = sharing::targets(&op.header.kind, &data);
        if !self.sharing && fresh.is_empty() {
            return parent.map_or(Ok(()), |parent| self.note_parent(op.record(), parent));
        }
        self.sharing = true;
        let (record, home) = (op.record(), op.header.scope);
        let before = self.readers(record, home)?;
        for scope in before.iter().filter(|scope| **scope != home) {
            self.deliver_to(*scope, id, op)?;
        }
        if let Some(parent) = parent {
            self.note_parent(record, parent)?;
            for scope in self.readers(parent, home)?.difference(&before) {
                self.deliver_record(record, home, *scope)?;
            }
        }
        for scope in fresh.into_iter().filter(|scope| *scope != home) {
            let known = self.readers(record, home)?.contains(&scope);
            let sql =
                "insert or ignore into share (ws, record, home, scope) values (?1, ?2, ?3, ?4)";
            if !known {
                self.deliver_record(record, home, scope)?;
            }
            self.tx.prepare_cached(sql)?.execute(params![self.ws.0, record.0, home.0, scope.0])?;
        }
        Ok(())
    }

    fn note_parent(&self, record: RecordId, parent: RecordId) -> Outcome<()> {
        let sql = "insert or ignore into lineage (ws, record, parent) values (?1, ?2, ?3)";
        self.tx.prepare_cached(sql)?.execute(params![self.ws.0, record.0, parent.0])?;
        Ok(())
    }

    /// The scopes that read a record's ops of its home scope, by itself or with what it belongs to.
    /// Who shares opens what they may write, and nothing that others say of the same record.
    fn readers(&self, record: RecordId, home: ScopeId) -> Outcome<BTreeSet<ScopeId>> {
        let mut select = self.tx.prepare_cached(
            "with recursive up (record) as (
               values (?2) union select l.parent from lineage l join up on l.record = up.record
               where l.ws = ?1)
             select s.scope from up
             join share s on s.ws = ?1 and s.record = up.record and s.home = ?3",
        )?;
        let rows = select
            .query_map(params![self.ws.0, record.0, home.0], |row| row.get(0).map(ScopeId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Delivers all that is here of a record, and of what belongs to it, to a scope that reads none
    /// of it yet but what was shared with it before.
    fn deliver_record(&mut self, record: RecordId, home: ScopeId, scope: ScopeId) -> Outcome<()> {
        let mut open = vec![record];
        let mut ops = vec![];
        while let Some(record) = open.pop() {
            ops.extend(self.admitted_ops(record, home)?);
            let mut select = self.tx.prepare_cached(
                "select l.record from lineage l where l.ws = ?1 and l.parent = ?2 and not exists
                   (select 1 from share s where s.ws = l.ws and s.record = l.record
                      and s.home = ?3 and s.scope = ?4)",
            )?;
            let rows = select.query_map(params![self.ws.0, record.0, home.0, scope.0], |row| {
                row.get(0).map(RecordId)
            })?;
            open.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        if spotcheck_domain::planted!("share-without-its-record") {
            ops.retain(|(_, op)| op.record() != record || op.header.record.is_some());
        }
        // As they came, so that what one run brought leaves as one run.
        ops.sort_by_key(|(id, _)| *id);
        ops.iter().try_for_each(|(id, op)| self.deliver_to(scope, *id, op))
    }

    fn admitted_ops(&self, record: RecordId, home: ScopeId) -> Outcome<Vec<(i64, Op)>> {
        let mut select = self.tx.prepare_cached(
            "select id, header, data, salt from op
             where ws = ?1 and record = ?2 and status = 'admitted' and scope = ?3",
        )?;
        let mut rows = select.query(params![self.ws.0, record.0, home.0])?;
        let mut ops = vec![];
        while let Some(row) = rows.next()? {
            let (data, salt): (Option<String>, Option<[u8; 16]>) = (row.get(2)?, row.get(3)?);
            let body = data.zip(salt).map(|(text, salt)| Body { text, salt: Salt(salt) });
            let op = Op::read(row.get(1)?, body).map_err(|_| LedgerError::Damaged("op"))?;
            ops.push((row.get(0)?, op));
        }
        Ok(ops)
    }

    /// Delivers an op to one scope.
    pub(super) fn deliver_to(&mut self, scope: ScopeId, id: i64, op: &Op) -> Outcome<()> {
        let server_seq = self.note(scope, id, &op.hash)?;
        let digest = self.digests.entry(scope).or_insert((0, 0, [0; 32]));
        digest.0 = server_seq;
        digest.1 += 1;
        for (mine, theirs) in digest.2.iter_mut().zip(&op.hash.0) {
            *mine ^= theirs;
        }
        blobs::claim(self.tx, self.ws, scope, op)
    }

    /// Adds an op to the history.
    pub(super) fn note(&mut self, scope: ScopeId, id: i64, op: &OpHash) -> Outcome<u64> {
        self.frontier.append(history_leaf(scope, &op.0));
        let server_seq = self.frontier.size();
        self.tx
            .prepare_cached(
                "insert into delivery (ws, server_seq, scope, op) values (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.ws.0, server_seq, scope.0, id])?;
        Ok(server_seq)
    }

    pub(super) fn write_digests(&self) -> Outcome<()> {
        for (scope, (last, count, xor)) in &self.digests {
            let sql = "select count, xor from scope_digest where ws = ?1 and scope = ?2";
            let held: Option<(u64, [u8; 32])> = self
                .tx
                .prepare_cached(sql)?
                .query_row(params![self.ws.0, scope.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let (before, mut sum) = held.unwrap_or((0, [0; 32]));
            for (mine, theirs) in sum.iter_mut().zip(xor) {
                *mine ^= theirs;
            }
            let sql = "insert into scope_digest (ws, scope, last, count, xor)
                       values (?1, ?2, ?3, ?4, ?5) on conflict (ws, scope) do update set
                         last = excluded.last, count = excluded.count, xor = excluded.xor";
            self.tx.prepare_cached(sql)?.execute(params![
                self.ws.0,
                scope.0,
                last,
                before + count,
                sum
            ])?;
        }
        Ok(())
    }
}

/// The data of an op that may name a parent or share its record; nothing of any other.
fn relevant(op: &Op) -> OpData {
    // However it is spelt: an escape may hide the name.
    let may_name = |text: &str| text.contains("parent") || text.contains("\\u");
    let names_parent =
        op.header.record.is_none() && op.body.as_ref().is_some_and(|body| may_name(&body.text));
    if names_parent || op.header.kind.ends_with(".shared") {
        return op.data().unwrap_or_default();
    }
    OpData::default()
}
