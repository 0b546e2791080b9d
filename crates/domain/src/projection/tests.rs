mod plan;
mod promises;
mod properties;

use super::*;
use crate::id::{LogId, OpId, RecordId, ScopeId, UserId, WorkspaceId};
use crate::op::{Op, OpData, Seed};
use crate::slot::SlotPath;
use crate::time::Timestamp;
use crate::value::Value;
use crate::{Header, op};

/// Writes the next ops of a few devices, as they would.
#[derive(Default)]
struct Pens {
    seqs: [u64; 4],
}

impl Pens {
    fn write(&mut self, who: u8, record: Option<RecordId>, data: &OpData) -> Op {
        let seq = &mut self.seqs[usize::from(who)];
        *seq += 1;
        let header = Header {
            log: LogId([who + 1; 16]),
            seq: *seq,
            ws: WorkspaceId([9; 16]),
            scope: ScopeId([8; 16]),
            by: UserId([who + 1; 16]),
            record,
            kind: op::kind::INSPECTION_ANSWERED.to_owned(),
            at: Timestamp { wall_ms: *seq as i64 * 1000, ..Timestamp::default() },
            data_sha256: [0; 32],
        };
        Op::write(header, data, &Seed([who; 16])).unwrap()
    }
}

fn set(slot: &str, value: impl Into<Value>) -> OpData {
    let set = [(SlotPath::new(slot).unwrap(), value.into())].into();
    OpData { set, ..OpData::default() }
}

fn json(doc: &RecordDoc) -> String {
    serde_json::to_string(doc).unwrap()
}
