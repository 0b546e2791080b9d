mod author;
mod brief;
mod equality;
mod files;
mod others;
mod own_log;
mod pages;
mod projection;
mod scopes;
mod sites;

use author::Author;
use spotcheck_domain::{
    OpData, OpId, RecordId, ScopeId, SlotPath, Timestamp, UserId, Value, WorkspaceId,
};
use spotcheck_sqlite::{Location, Profile};

use crate::{Draft, Identity, Store};

const WS: WorkspaceId = WorkspaceId([0x22; 16]);
const HOME: ScopeId = ScopeId([0x33; 16]);
const OTHER: ScopeId = ScopeId([0x34; 16]);
const ME: UserId = UserId([0x44; 16]);

fn identity() -> Identity {
    Identity {
        ws: WS,
        user: ME,
        home_scope: HOME,
        server_url: "http://localhost".to_owned(),
        server_key: "00".repeat(32),
        user_code: "A1".to_owned(),
        name: ("甲".to_owned(), "Ada".to_owned()),
        role: "inspector".to_owned(),
    }
}

/// An enrolled device.
fn device() -> Store {
    let mut store = Store::open(Location::Memory, Profile::Device).unwrap();
    store.enrol(&identity(), [7; 32]).unwrap();
    store
}

fn at(wall_ms: i64) -> Timestamp {
    Timestamp { wall_ms, offset_min: 480, boot: 1, tick_ms: wall_ms, server_ms: 0 }
}

fn set(slot: &str, value: impl Into<Value>) -> OpData {
    let set = [(SlotPath::new(slot).unwrap(), value.into())].into();
    OpData { set, ..OpData::default() }
}

fn draft(record: Option<RecordId>, scope: ScopeId, data: OpData) -> Draft {
    let kind = if record.is_none() { "inspection.started" } else { "inspection.answered" };
    Draft { record, scope, kind: kind.to_owned(), data }
}

fn retracting(targets: impl Into<Vec<OpId>>) -> OpData {
    OpData { retracts: targets.into(), ..OpData::default() }
}

/// What a record says, as the bytes that were stored.
fn doc(store: &Store, record: RecordId) -> Option<String> {
    store.find_record(record).unwrap().map(|row| serde_json::to_string(&row.doc).unwrap())
}
