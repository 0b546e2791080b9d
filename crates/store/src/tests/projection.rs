use super::author::pull;
use super::*;

fn texts(store: &Store, record: RecordId, slot: &str) -> Vec<String> {
    let doc = store.find_record(record).unwrap().unwrap().doc;
    let values = doc.slots.get(&SlotPath::new(slot).unwrap()).into_iter().flatten();
    let mut texts: Vec<String> =
        values.filter_map(|current| current.value.as_text().map(str::to_owned)).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn a_retraction_that_arrives_first_still_counts() {
    let (mut store, mut ada, mut ben) = (device(), Author::new(1), Author::new(2));
    let start = ada.write(None, &set("S", "19"));
    let undo = ben.write(Some(start.record()), &retracting([start.hash.id()]));
    let redo = ben.write(Some(start.record()), &retracting([undo.hash.id()]));
    pull(&mut store, HOME, &[ben.run(1..=1)]);
    assert_eq!(store.find_record(start.record()).unwrap().unwrap().doc.kind, "");
    pull(&mut store, HOME, &[ada.all()]);
    assert_eq!(texts(&store, start.record(), "S"), [""; 0]);
    assert_eq!(store.find_record(start.record()).unwrap().unwrap().doc.kind, "inspection");
    pull(&mut store, HOME, &[ben.run(2..=2)]);
    assert_eq!(texts(&store, redo.record(), "S"), ["19"]);
}

#[test]
fn a_contradictory_place_is_found_under_both_and_a_corrected_one_under_the_last() {
    let mut store = device();
    let head = |site: &str| OpData {
        set: [("site", site), ("day", "2021-06-24")]
            .map(|(path, value)| (SlotPath::new(path).unwrap(), value.into()))
            .into(),
        ..OpData::default()
    };
    let start = store.record(&draft(None, HOME, head("NS-1")), at(1), [5; 16]).unwrap();
    let record = start.record();
    let found = |store: &Store, site: &str| {
        let rows = store.records_at(site, "2021-06-24").unwrap();
        rows.iter().map(|row| row.record).collect::<Vec<_>>()
    };
    assert_eq!(found(&store, "NS-1"), [record]);
    let other = store.record(&draft(Some(record), HOME, set("site", "NS-2")), at(2), [5; 16]);
    assert_eq!((found(&store, "NS-1"), found(&store, "NS-2")), (vec![record], vec![record]));
    let replaces = vec![start.hash.id(), other.unwrap().hash.id()];
    let correct = OpData { replaces, ..set("site", "NS-2") };
    store.record(&draft(Some(record), HOME, correct), at(3), [5; 16]).unwrap();
    assert_eq!((found(&store, "NS-1"), found(&store, "NS-2")), (vec![], vec![record]));
}

#[test]
fn an_unreadable_op_is_kept_and_adds_nothing() {
    let (mut store, mut ada) = (device(), Author::new(1));
    let start = ada.write(None, &set("S", "19"));
    let body = spotcheck_domain::op::Body {
        text: r#"{"set":{"S":1.5}}"#.to_owned(),
        salt: spotcheck_domain::op::Salt([3; 16]),
    };
    let header = spotcheck_domain::Header {
        seq: 2,
        record: Some(start.record()),
        data_sha256: spotcheck_domain::op::data_sha256(&body.salt, &body.text),
        ..start.header.clone()
    };
    let strange = spotcheck_domain::Op::read(header.write(), Some(body)).unwrap();
    ada.ops.push(strange.clone());
    pull(&mut store, HOME, &[ada.all()]);
    assert_eq!(texts(&store, start.record(), "S"), ["19"]);
    assert_eq!(store.find_op(strange.hash.id()).unwrap(), Some(strange));
    assert!(store.projections_hold().unwrap());
}

#[test]
fn records_are_listed_newest_first_a_page_at_a_time() {
    let mut store = device();
    let mut newest_first = vec![];
    for n in [3_i64, 1, 2, 2, 5] {
        let op = store.record(&draft(None, HOME, OpData::default()), at(n), [5; 16]).unwrap();
        newest_first.push((n, op.record()));
    }
    newest_first.sort_unstable();
    newest_first.reverse();
    let (mut listed, mut after) = (vec![], None);
    loop {
        let rows = store.list_records("inspection", after, 2).unwrap();
        let Some(last) = rows.last() else { break };
        after = Some(last.record);
        listed.extend(rows.iter().map(|row| (row.at_ms, row.record)));
    }
    assert_eq!(listed, newest_first);
}
