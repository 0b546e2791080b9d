//! Keeps record documents up to date, op by op, inside the transaction that stores the ops.
//!
//! The definition is `spotcheck_domain::projection::project`; a property test holds the two
//! together. The common case, a first value in a slot, touches only the document. Only where a slot
//! has more than one op are its ops listed (`slot_op`) and folded. A record of which only its first
//! op is here, as an import or a finding, has no document: it is read from that op.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_domain::projection::{
    Cited, Current, RecordDoc, SlotOp, active_ops, fold_slot, project,
};
use spotcheck_domain::{Op, OpData, OpId, RecordId, ScopeId, SlotPath, Value};
use spotcheck_sqlite::rusqlite::{OptionalExtension, Transaction, params};

use crate::StoreError;

/// The records that a transaction touches. Each is written once, by [`Projector::finish`].
pub(crate) struct Projector<'tx> {
    tx: &'tx Transaction<'tx>,
    touched: BTreeMap<RecordId, Touched>,
}

#[derive(Default)]
struct Touched {
    doc: RecordDoc,
    /// The op that is the record's first and only one, not yet in the document.
    alone: Option<Alone>,
    scope: Option<ScopeId>,
    at_ms: i64,
    /// Whether any slot of it has rows in `slot_op`.
    listed: bool,
    /// It was here before this transaction: a list may keep a brief of it.
    known: bool,
    /// Whether its place in space or time may have changed.
    moved: bool,
}

struct Alone {
    op: OpId,
    cited: Cited,
    set: BTreeMap<SlotPath, Value>,
}

impl Touched {
    /// Puts what stood alone into the document: something else comes.
    fn join(&mut self) {
        let Some(Alone { op, cited, set }) = self.alone.take() else { return };
        for (path, value) in set {
            self.doc.put_one(path, Current { op, value }, &cited);
        }
    }
}

/// Slots that say where and when.
const PLACE: [&str; 2] = ["site", "day"];

impl<'tx> Projector<'tx> {
    pub(crate) fn new(tx: &'tx Transaction<'tx>) -> Self {
        Self { tx, touched: BTreeMap::new() }
    }

    /// Folds in one op, already stored and not seen before.
    pub(crate) fn apply(&mut self, op: &Op) -> Result<(), StoreError> {
        // Unreadable data stays in the log and is forwarded; it just adds nothing here.
        let Ok(mut data) = op.data() else { return Ok(()) };
        let (record, id) = (op.record(), op.hash.id());
        // A clock may be years behind; then what the device had heard of the server's is nearer.
        let claimed_ms = op.header.at.wall_ms.max(op.header.at.server_ms);
        for blob in &data.blobs {
            crate::blob::name_blob(self.tx, *blob, record, claimed_ms)?;
        }
        for target in &data.retracts {
            self.tx
                .prepare_cached(
                    "insert or ignore into retraction (target, op_id, record) values (?1, ?2, ?3)",
                )?
                .execute(params![target.0, id.0, record.0])?;
        }
        let fresh = self.load(record)?;
        let retracted = self.is_retracted_by_any(id, record)?;
        let listed = self.listed_slots(record, &data)?;
        let Some(touched) = self.touched.get_mut(&record) else { return Ok(()) };
        if op.header.record.is_none() {
            touched.doc.create(op, &data);
            touched.scope = Some(op.header.scope);
            touched.at_ms = op.header.at.wall_ms;
            if fresh && !retracted && data.retracts.is_empty() {
                touched.moved = true;
                touched.alone = Some(Alone { op: id, cited: Cited::of(op), set: data.set });
                return Ok(());
            }
        }
        let mut refold = BTreeSet::new();
        let cited = Cited::of(op);
        for (path, value) in std::mem::take(&mut data.set) {
            touched.moved |= PLACE.contains(&path.as_str());
            let arrival_wins = spotcheck_domain::planted!("last-arrival-wins");
            let several =
                listed.contains(&path) || retracted || touched.doc.slots.contains_key(&path);
            if several && !arrival_wins {
                refold.insert(path);
            } else {
                touched.doc.put_one(path, Current { op: id, value }, &cited);
            }
        }
        for path in &refold {
            self.list(record, path, id)?;
        }
        if !data.retracts.is_empty() || retracted {
            refold.extend(self.slots_of_retracted(record, &data)?);
        }
        self.refold(record, &refold)
    }

    /// Writes every touched record.
    pub(crate) fn finish(mut self) -> Result<(), StoreError> {
        for (record, touched) in &mut self.touched {
            touched.doc.drop_uncited();
            let doc = match &touched.alone {
                Some(_) => None,
                None => Some(
                    serde_json::to_string(&touched.doc)
                        .map_err(|_| StoreError::Damaged("record"))?,
                ),
            };
            self.tx
                .prepare_cached(
                    "insert into record (record, kind, parent, scope, at_ms, doc)
                     values (?1, ?2, ?3, ?4, ?5, ?6)
                     on conflict (record) do update set kind = excluded.kind,
                       parent = excluded.parent, scope = excluded.scope, at_ms = excluded.at_ms,
                       doc = excluded.doc",
                )?
                .execute(params![
                    record.0,
                    touched.doc.kind,
                    touched.doc.parent.map(|p| p.0),
                    touched.scope.map(|s| s.0),
                    touched.at_ms,
                    doc
                ])?;
            // A new finding changes what is said of its inspection.
            if touched.known || touched.doc.parent.is_some() {
                let mut forget =
                    self.tx.prepare_cached("delete from brief where record in (?1, ?2)")?;
                forget.execute(params![record.0, touched.doc.parent.map(|it| it.0)])?;
            }
            if touched.moved {
                place(self.tx, *record, touched)?;
            }
        }
        Ok(())
    }

    /// Has a record at hand, its document whole. Says whether nothing of it was here.
    fn load(&mut self, record: RecordId) -> Result<bool, StoreError> {
        if let Some(touched) = self.touched.get_mut(&record) {
            touched.join();
            return Ok(false);
        }
        let mut select =
            self.tx.prepare_cached("select doc, scope, at_ms from record where record = ?1")?;
        let found = select
            .query_row([record.0], |row| {
                let doc: Option<String> = row.get(0)?;
                Ok((doc, row.get::<_, Option<[u8; 16]>>(1)?, row.get(2)?))
            })
            .optional()?;
        let fresh = found.is_none();
        let touched = match found {
            Some((doc, scope, at_ms)) => Touched {
                doc: match doc {
                    Some(doc) => {
                        serde_json::from_str(&doc).map_err(|_| StoreError::Damaged("record"))?
                    }
                    None => self.first_op(record)?,
                },
                alone: None,
                scope: scope.map(ScopeId),
                at_ms,
                known: true,
                listed: self
                    .tx
                    .prepare_cached("select exists (select 1 from slot_op where record = ?1)")?
                    .query_row([record.0], |row| row.get(0))?,
                moved: false,
            },
            None => Touched::default(),
        };
        self.touched.insert(record, touched);
        Ok(fresh)
    }

    /// The document of a record that had none: what its first op says.
    fn first_op(&self, record: RecordId) -> Result<RecordDoc, StoreError> {
        let first = crate::read::find_op(self.tx, OpId(record.0))?;
        let first = first.ok_or(StoreError::Damaged("record"))?;
        Ok(project(record, [&first]))
    }

    /// Those slots of `data` that have rows in `slot_op`.
    fn listed_slots(
        &self,
        record: RecordId,
        data: &OpData,
    ) -> Result<BTreeSet<SlotPath>, StoreError> {
        let mut slots = BTreeSet::new();
        if self.touched.get(&record).is_some_and(|touched| touched.listed) {
            let sql = "select exists (select 1 from slot_op where record = ?1 and path = ?2)";
            let mut select = self.tx.prepare_cached(sql)?;
            for path in data.set.keys() {
                if select.query_row(params![record.0, path.as_str()], |row| row.get(0))? {
                    slots.insert(path.clone());
                }
            }
        }
        Ok(slots)
    }

    /// Lists an op in a slot, and with it the one op that stood in the document alone.
    fn list(&mut self, record: RecordId, path: &SlotPath, op: OpId) -> Result<(), StoreError> {
        let Some(touched) = self.touched.get_mut(&record) else { return Ok(()) };
        touched.listed = true;
        let mut insert = self.tx.prepare_cached(
            "insert or ignore into slot_op (record, path, op_id) values (?1, ?2, ?3)",
        )?;
        let alone = touched.doc.slots.get(path).into_iter().flatten().map(|current| current.op);
        for id in alone.chain([op]) {
            insert.execute(params![record.0, path.as_str(), id.0])?;
        }
        Ok(())
    }

    /// The slots whose fold depends on what `data` retracts, through retractions of retractions.
    fn slots_of_retracted(
        &mut self,
        record: RecordId,
        data: &OpData,
    ) -> Result<BTreeSet<SlotPath>, StoreError> {
        let mut slots = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = data.retracts.clone();
        while let Some(target) = waiting.pop() {
            if !seen.insert(target) {
                continue;
            }
            let Some((op, data)) = self.op_of(record, target)? else { continue };
            waiting.extend(&data.retracts);
            for path in data.set.into_keys() {
                self.list(record, &path, op.hash.id())?;
                slots.insert(path);
            }
        }
        Ok(slots)
    }

    fn refold(&mut self, record: RecordId, paths: &BTreeSet<SlotPath>) -> Result<(), StoreError> {
        for path in paths {
            let mut select = self
                .tx
                .prepare_cached("select op_id from slot_op where record = ?1 and path = ?2")?;
            let mut ids = select
                .query_map(params![record.0, path.as_str()], |row| row.get(0).map(OpId))?
                .collect::<Result<Vec<_>, _>>()?;
            if spotcheck_domain::planted!("arrival-orders-values") {
                ids.sort_by_cached_key(|id| self.arrived_as(*id).ok());
            }
            let mut ops = Vec::with_capacity(ids.len());
            for id in ids {
                let Some((op, mut data)) = self.op_of(record, id)? else { continue };
                let Some(value) = data.set.remove(path) else { continue };
                let active = self.is_active(id, record)?;
                let (replaces, cited) = (data.replaces, Cited::of(&op));
                ops.push(SlotOp { id, value, replaces, active, cited });
            }
            if let Some(touched) = self.touched.get_mut(&record) {
                touched.moved |= PLACE.contains(&path.as_str());
                touched.doc.put(path.clone(), fold_slot(&ops));
            }
        }
        Ok(())
    }

    /// The planted fault's: the how-many-th of this device's ops it is.
    fn arrived_as(&self, id: OpId) -> Result<i64, StoreError> {
        let mut last = [0xff_u8; 32];
        last[..16].copy_from_slice(&id.0);
        let sql = "select id from op where op_hash >= ?1 and op_hash <= ?2";
        let mut select = self.tx.prepare_cached(sql)?;
        Ok(select.query_row(params![id.0, last], |row| row.get(0))?)
    }

    fn op_of(&self, record: RecordId, id: OpId) -> Result<Option<(Op, OpData)>, StoreError> {
        let found = crate::read::find_op(self.tx, id)?.filter(|op| op.record() == record);
        Ok(found.and_then(|op| op.data().ok().map(|data| (op, data))))
    }

    fn is_retracted_by_any(&self, id: OpId, record: RecordId) -> Result<bool, StoreError> {
        if spotcheck_domain::planted!("early-retraction-lost") {
            return Ok(false);
        }
        let mut select = self.tx.prepare_cached(
            "select exists (select 1 from retraction where target = ?1 and record = ?2)",
        )?;
        Ok(select.query_row(params![id.0, record.0], |row| row.get(0))?)
    }

    /// Whether an op counts: gathers what retracts it, and what retracts that, and settles it.
    fn is_active(&self, id: OpId, record: RecordId) -> Result<bool, StoreError> {
        if !self.is_retracted_by_any(id, record)? {
            return Ok(true);
        }
        let mut retracts: BTreeMap<OpId, Vec<OpId>> = BTreeMap::from([(id, vec![])]);
        let mut waiting = vec![id];
        let mut select = self
            .tx
            .prepare_cached("select op_id from retraction where target = ?1 and record = ?2")?;
        while let Some(target) = waiting.pop() {
            let by = select
                .query_map(params![target.0, record.0], |row| row.get(0).map(OpId))?
                .collect::<Result<Vec<_>, _>>()?;
            for op in by {
                let targets = retracts.entry(op).or_insert_with(|| {
                    waiting.push(op);
                    vec![]
                });
                targets.push(target);
            }
        }
        Ok(active_ops(&retracts).contains(&id))
    }
}

/// Lists where and when a record says it took place: one row for each pair of current values, so
/// that a contradictory head is found under both.
fn place(tx: &Transaction<'_>, record: RecordId, touched: &Touched) -> Result<(), StoreError> {
    tx.prepare_cached("delete from place where record = ?1")?.execute([record.0])?;
    let texts = |slot: &str| -> Vec<&str> {
        let Ok(path) = SlotPath::new(slot) else { return vec![] };
        let alone = touched.alone.as_ref().and_then(|alone| alone.set.get(&path));
        let values = touched.doc.slots.get(&path).into_iter().flatten();
        alone
            .into_iter()
            .chain(values.map(|current| &current.value))
            .filter_map(Value::as_text)
            .collect()
    };
    let mut insert =
        tx.prepare_cached("insert or ignore into place (site, day, record) values (?1, ?2, ?3)")?;
    for site in texts("site") {
        for day in texts("day") {
            insert.execute(params![site, day, record.0])?;
        }
    }
    Ok(())
}
