//! What was kept but not admitted: looked at, and released.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use serde_json::json;
use spotcheck_domain::{OpId, RecordId};

use super::Admin;
use crate::ledger::Ledger as _;

/// As many as one op of the server's log releases.
const AT_ONCE: usize = 500;
/// As many as are looked through for a record.
const LOOKED_AT: usize = 100_000;

impl Admin {
    pub(super) async fn list_quarantine(&self, limit: usize) -> anyhow::Result<String> {
        let ws = self.workspace().await?;
        let users = self.service.ledger().list_users(ws).await?;
        let users: BTreeMap<_, _> =
            users.iter().map(|user| (user.user, user.code.as_str())).collect();
        let mut lines = vec![];
        let mut rows = vec![];
        for one in self.service.ledger().list_quarantine(ws, limit).await? {
            let (op, code) = (&one.op, &one.code);
            let user = users.get(&op.header.by).copied().unwrap_or("?");
            let (id, kind, record) = (op.hash.id(), &op.header.kind, op.record());
            lines.push(format!("{id}  {user:<20} {kind:<22} of {record}  {code}"));
            rows.push(json!({
                "op": id.to_string(), "record": record.to_string(), "kind": kind, "user": user,
                "log": op.header.log.to_string(), "seq": op.header.seq, "code": code,
                "claimed_ms": op.header.at.wall_ms,
            }));
        }
        Ok(self.list(lines, rows, "nothing is in quarantine"))
    }

    pub(super) async fn release(
        &self,
        ops: &[String],
        record: Option<&str>,
        reason: &str,
    ) -> anyhow::Result<String> {
        if reason.trim().is_empty() {
            bail!("--reason: say why it is admitted after all");
        }
        let ws = self.workspace().await?;
        let _turn = self.dir.own_log_turn()?;
        let ledger = self.service.ledger();
        let ids = match record {
            Some(record) => {
                let record: RecordId = record
                    .parse()
                    .ok()
                    .context("--record: 32 hex digits from `quarantine list`")?;
                ledger.quarantine_of(ws, record, LOOKED_AT).await?
            }
            None => {
                let id = |text: &String| {
                    let id: Option<OpId> = text.parse().ok();
                    id.with_context(|| format!("OP: {text:?} is not 32 hex digits"))
                };
                ops.iter().map(id).collect::<anyhow::Result<Vec<_>>>()?
            }
        };
        let held = ledger.list_quarantine(ws, LOOKED_AT).await?;
        let held: BTreeSet<OpId> = held.iter().map(|one| one.op.hash.id()).collect();
        if let Some(id) = ids.iter().find(|id| !held.contains(id)) {
            bail!("op {id} is not in quarantine; see `admin quarantine list`");
        }
        if ids.is_empty() {
            bail!("nothing of that record is in quarantine; see `admin quarantine list`");
        }
        for some in ids.chunks(AT_ONCE) {
            self.service.release(ws, some, reason).await?;
        }
        let ids: Vec<String> = ids.iter().map(OpId::to_string).collect();
        let line = format!("{} ops released; devices get them with their next exchange", ids.len());
        Ok(self.show(line, json!({ "released": ids, "reason": reason })))
    }
}
