use spotcheck_domain::BlobHash;
use spotcheck_domain::op::BlobRef;
use spotcheck_sqlite::Migrations;

use super::author::pull;
use super::*;
use crate::Wanted;

fn naming(blobs: impl IntoIterator<Item = u8>) -> OpData {
    let blobs = blobs.into_iter().map(blob).collect();
    OpData { blobs, ..OpData::default() }
}

fn blob(n: u8) -> BlobRef {
    BlobRef { sha256: BlobHash([n; 32]), bytes: 100 }
}

fn wanted(store: &Store, named_since_ms: Option<i64>) -> Vec<u8> {
    let wanted = Wanted { named_since_ms, tried: (900, 1_100) };
    store.blobs_to_fetch(wanted, 10).unwrap().iter().map(|blob| blob.sha256.0[0]).collect()
}

#[test]
fn photos_of_others_are_wanted_the_latest_first_and_those_asked_for_before_all() {
    let (mut store, mut ada) = (device(), Author::new(1));
    for n in 1..=4 {
        ada.write(None, &naming([n]));
    }
    pull(&mut store, HOME, &[ada.all()]);
    assert_eq!(wanted(&store, Some(2)), [4, 3, 2]);
    assert!(wanted(&store, None).is_empty(), "nobody asked");
    assert!(store.ask_for_blob(BlobHash([1; 32])).unwrap());
    assert!(!store.ask_for_blob(BlobHash([1; 32])).unwrap(), "nothing new");
    assert!(!store.ask_for_blob(BlobHash([9; 32])).unwrap(), "no op names it");
    assert_eq!((wanted(&store, Some(2)), wanted(&store, None)), (vec![1, 4, 3, 2], vec![1]));

    store.note_missing(BlobHash([1; 32]), 1_000).unwrap();
    assert_eq!(wanted(&store, Some(2)), [4, 3, 2], "the server was asked a moment ago");
    assert!(store.ask_for_blob(BlobHash([1; 32])).unwrap(), "a person may ask again");
    store.note_blob(blob(1), false).unwrap();
    store.note_blob(blob(4), false).unwrap();
    assert_eq!(wanted(&store, Some(0)), [3, 2]);
    assert_eq!(store.fetched_bytes().unwrap(), 200);
    let plan = |sql: &str| -> String {
        let mut select = store.conn.prepare(&format!("explain query plan {sql}")).unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(3)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
    };
    let recent = plan("select * from blob where here = 0 and named_ms >= 5");
    assert!(recent.contains("blob_recent"), "{recent}");
    let asked = plan("select * from blob where here = 0 and asked = 1");
    assert!(asked.contains("blob_asked"), "{asked}");
    let named = store.records_naming(BlobHash([4; 32])).unwrap();
    assert_eq!(named.first().map(|(record, _)| *record), Some(ada.ops[3].record()));
}

#[test]
fn a_lost_scope_takes_its_photos_along_and_leaves_own_ones() {
    let (mut store, mut ada) = (device(), Author::new(1));
    ada.write(None, &naming([1, 2, 3]));
    pull(&mut store, HOME, &[ada.all()]);
    store.note_blob(blob(1), false).unwrap();
    store.note_blob(blob(3), true).unwrap();
    assert!(store.unnamed_blobs().unwrap().is_empty());
    store.drop_scope(HOME).unwrap();
    let gone = [BlobHash([1; 32]), BlobHash([2; 32])];
    assert_eq!(store.unnamed_blobs().unwrap(), gone, "their bytes, and pieces of them, must go");
    store.forget_unnamed().unwrap();
    assert_eq!(store.find_blob(BlobHash([2; 32])).unwrap(), None);
    assert!(store.find_blob(BlobHash([3; 32])).unwrap().is_some_and(|own| own.here));
}

#[test]
fn what_was_recorded_before_names_its_photos_too_and_what_nobody_can_read_names_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("device.db");
    let before = Migrations { steps: &crate::MIGRATIONS.steps[..5], ..crate::MIGRATIONS };
    let old =
        spotcheck_sqlite::open(Location::File(&path), Profile::Device, None, &before).unwrap();
    let hex = "07".repeat(32);
    let photo = format!(r#"{{"blobs":[{{"sha256":"{hex}","bytes":5}}]}}"#);
    let strange = [
        "{not json",
        r#"{"blobs":7}"#,
        r#"{"blobs":["x",1,null,[2],{"sha256":1,"bytes":2},{"sha256":"07","bytes":2}]}"#,
        r#"{"blobs":[{"sha256":"0808080808080808080808080808080808080808080808080808080808080808","bytes":-1}]}"#,
        r#"{"blobs":[{"sha256":"0909090909090909090909090909090909090909090909090909090909090909","bytes":1e30}]}"#,
    ];
    for (n, data) in [photo.as_str()].iter().chain(&strange).enumerate() {
        let id = [n as u8; 32];
        old.execute(
            "insert into op (op_hash, log, seq, record, header, data, mine)
             values (?1, zeroblob(16), ?2, zeroblob(16), '{\"at\":[10,480,1,1,40]}', ?3, 0)",
            (id, n as i64 + 1, data),
        )
        .unwrap();
    }
    drop(old);
    let store = Store::open(Location::File(&path), Profile::Device).unwrap();
    let known = store.find_blob(BlobHash([7; 32])).unwrap().unwrap();
    assert_eq!((known.blob.bytes, known.here, known.captured), (5, false, false));
    let sql = "select count(*), max(named_ms), (select count(*) from naming) from blob";
    let counts = store.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    assert_eq!(counts.unwrap(), (1, 40, 1));
}
