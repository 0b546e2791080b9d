use super::*;

/// A record with one answer in `S`, and its author's pens.
fn answered() -> (Pens, RecordId, Op) {
    let mut pens = Pens::default();
    let start = pens.write(0, None, &set("S", "19"));
    (pens, start.record(), start)
}

fn replacing(value: &str, replaces: &[&Op]) -> OpData {
    OpData { replaces: replaces.iter().map(|op| op.hash.id()).collect(), ..set("S", value) }
}

fn retracting(targets: &[&Op]) -> OpData {
    let retracts = targets.iter().map(|op| op.hash.id()).collect();
    OpData { retracts, ..OpData::default() }
}

fn texts(doc: &RecordDoc) -> Vec<&str> {
    let mut texts: Vec<&str> =
        doc.slots.values().flatten().filter_map(|current| current.value.as_text()).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn both_sides_of_a_contradiction_stay_until_somebody_decides() {
    let (mut pens, record, start) = answered();
    let ada = pens.write(1, Some(record), &replacing("-18", &[&start]));
    let ben = pens.write(2, Some(record), &replacing("-17", &[&start]));
    let doc = project(record, [&start, &ada, &ben]);
    assert_eq!(texts(&doc), ["-17", "-18"]);
    assert_eq!(doc.contradictions().count(), 1);
    assert_eq!(doc.agreed("S"), None);
    assert_eq!(doc.ops.len(), 2, "both are cited, the replaced one is not");

    let lead = pens.write(3, Some(record), &replacing("-18", &[&ada, &ben]));
    let doc = project(record, [&start, &ada, &ben, &lead]);
    assert_eq!((texts(&doc), doc.contradictions().count()), (vec!["-18"], 0));
    // A decision over one of two leaves the other.
    let half = pens.write(3, Some(record), &replacing("-18", &[&ada]));
    assert_eq!(texts(&project(record, [&start, &ada, &ben, &half])), ["-17", "-18"]);
}

#[test]
fn equal_values_of_two_people_are_agreement() {
    let (mut pens, record, start) = answered();
    let ben = pens.write(1, Some(record), &set("S", "19"));
    let doc = project(record, [&start, &ben]);
    assert_eq!(doc.agreed("S"), Some(&Value::from("19")));
    assert_eq!((doc.contradictions().count(), doc.ops.len()), (0, 2));
}

#[test]
fn a_value_as_entered_is_never_rounded_into_agreement() {
    let (mut pens, record, start) = answered();
    let ben = pens.write(1, Some(record), &set("S", "19.0"));
    assert_eq!(project(record, [&start, &ben]).contradictions().count(), 1);
}

#[test]
fn undo_brings_back_what_was_replaced_and_redo_takes_it_away() {
    let (mut pens, record, start) = answered();
    let change = pens.write(0, Some(record), &replacing("20", &[&start]));
    let undo = pens.write(0, Some(record), &retracting(&[&change]));
    let redo = pens.write(0, Some(record), &retracting(&[&undo]));
    let again = pens.write(0, Some(record), &retracting(&[&redo]));
    assert_eq!(texts(&project(record, [&start, &change])), ["20"]);
    assert_eq!(texts(&project(record, [&start, &change, &undo])), ["19"]);
    assert_eq!(texts(&project(record, [&start, &change, &undo, &redo])), ["20"]);
    assert_eq!(texts(&project(record, [&start, &change, &undo, &redo, &again])), ["19"]);
}

#[test]
fn replacing_acts_only_in_the_slots_that_are_set() {
    let (mut pens, record, start) = answered();
    let other = OpData { replaces: vec![start.hash.id()], ..set("T", "x") };
    let other = pens.write(1, Some(record), &other);
    let doc = project(record, [&start, &other]);
    assert_eq!(doc.agreed("S"), Some(&Value::from("19")));
    assert_eq!(doc.agreed("T"), Some(&Value::from("x")));
}

#[test]
fn a_target_that_arrives_later_is_replaced_all_the_same() {
    let (mut pens, record, start) = answered();
    let change = pens.write(0, Some(record), &replacing("20", &[&start]));
    assert_eq!(texts(&project(record, [&change])), ["20"], "the record is not complete yet");
    assert_eq!(project(record, [&change]).kind, "");
    assert_eq!(texts(&project(record, [&change, &start])), ["20"]);
    assert_eq!(project(record, [&change, &start]).kind, "inspection");
}

#[test]
fn withdrawing_what_nobody_knows_is_harmless() {
    let (mut pens, record, start) = answered();
    let elsewhere = pens.write(1, None, &set("S", "other"));
    let before = json(&project(record, [&start]));
    let unknown = OpData { retracts: vec![OpId([0xee; 16])], ..OpData::default() };
    let unknown = pens.write(0, Some(record), &unknown);
    assert_eq!(json(&project(record, [&start, &unknown])), before);
    // An op acts in its own record only.
    let across = pens.write(0, Some(record), &retracting(&[&elsewhere]));
    let all = [&start, &unknown, &elsewhere, &across];
    assert_eq!(texts(&project(elsewhere.record(), all)), ["other"]);
    assert_eq!(json(&project(record, all)), before);
}

#[test]
fn an_unreadable_or_purged_op_adds_nothing_and_takes_nothing() {
    let (mut pens, record, start) = answered();
    let change = pens.write(0, Some(record), &replacing("20", &[&start]));
    let purged = Op::read(change.header_text.clone(), None).unwrap();
    assert_eq!(texts(&project(record, [&start, &purged])), ["19"]);
    let mut unreadable = change.clone();
    unreadable.body.as_mut().unwrap().text = r#"{"set":{"S":1.5}}"#.to_owned();
    assert_eq!(texts(&project(record, [&start, &unreadable])), ["19"]);
}

#[test]
fn names_forged_into_a_circle_hide_no_evidence() {
    let [a, b, c] = [1, 2, 3].map(|n| OpId([n; 16]));
    let circle = [(a, vec![b]), (b, vec![a]), (c, vec![c])].into();
    assert_eq!(active_ops(&circle), [a, b, c].into());
    let struck = [(a, vec![b]), (b, vec![a]), (c, vec![a])].into();
    assert_eq!(active_ops(&struck), [a, b, c].into());
    let below = [(a, vec![b]), (b, vec![a, c]), (c, vec![])].into();
    assert!(active_ops(&below).contains(&c));
}
