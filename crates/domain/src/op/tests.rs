mod data;
mod format;
mod header;
mod purge;

use super::*;
use crate::id::{BlobHash, LogId, OpId, ScopeId, UserId, WorkspaceId};
use crate::{SlotPath, Timestamp, Value};

const SEED: Seed = Seed([0x66; 16]);

fn header() -> Header {
    Header {
        log: LogId([0x11; 16]),
        seq: 7,
        ws: WorkspaceId([0x22; 16]),
        scope: ScopeId([0x33; 16]),
        by: UserId([0x44; 16]),
        record: Some(RecordId([0x55; 16])),
        kind: kind::INSPECTION_ANSWERED.to_owned(),
        at: Timestamp {
            wall_ms: 1_624_478_400_000,
            offset_min: 480,
            boot: 3,
            tick_ms: 123_456,
            server_ms: 1_624_478_399_000,
        },
        data_sha256: [0; 32],
    }
}

/// Data with every member in it.
fn full_data() -> OpData {
    let note = Value::from([("a", "\"冷库\"")]);
    OpData {
        parent: Some(RecordId([0x99; 16])),
        set: [
            ("gates/G1/W-2", Value::List(vec![Value::Int(3), Value::Null, note])),
            ("TEMP-01", "-18.50".into()),
            ("ENT-01", true.into()),
        ]
        .map(|(path, value)| (SlotPath::new(path).unwrap(), value))
        .into(),
        replaces: vec![OpId([0x77; 16])],
        retracts: vec![OpId([0x78; 16])],
        settles: vec![OpId([0x79; 16])],
        blobs: vec![BlobRef { sha256: BlobHash([0x88; 32]), bytes: 9 }],
        covers: Some(Covers {
            count: 2,
            ops_sha256: BlobHash([0xaa; 32]),
            blobs: vec![BlobHash([0x88; 32])],
        }),
        why: Some("门冷".to_owned()),
    }
}
