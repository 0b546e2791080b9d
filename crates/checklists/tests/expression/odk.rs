//! Generated expressions beside ODK's own engine: what agrees is counted, what differs is listed
//! with its reason, and the list is exact in both directions.
//!
//! `tests/interop/expressions` makes the data file; `docs/EXPRESSIONS.md` explains the reasons.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::expression::{Function, Host, Moment, compile};

use crate::fixture::{MOMENT, filled, node};

const THEIRS: &str = include_str!("../data/xforms-engine.tsv");
/// Expression, reason, their answer, ours.
const DIFFERENCES: &str = include_str!("../data/xforms-engine-differences.tsv");
const DOCUMENT: &str = include_str!("../../../../docs/EXPRESSIONS.md");

/// Equal, or equal numbers but for the last digits of what is no exact arithmetic.
fn agrees(ours: &str, theirs: &str) -> bool {
    if ours == theirs {
        return true;
    }
    match (ours.parse::<f64>(), theirs.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0),
        _ => false,
    }
}

#[test]
fn every_difference_from_odks_engine_is_listed_with_its_reason() {
    let mut form = filled();
    form.set_host(Host::new(Moment { offset_minutes: 0, ..MOMENT }, [7; 32]));
    let at = node(&form, "blank");
    let (mut count, mut different) = (0, BTreeMap::new());
    for line in THEIRS.lines().filter(|line| !line.starts_with('#')) {
        let (text, theirs) = line.split_once('\t').unwrap();
        let program = compile(text, &**form.outline());
        let ours = program.and_then(|program| program.evaluate_text(&form, at));
        let ours = ours.unwrap_or_else(|_| "!".to_owned());
        count += 1;
        if !agrees(&ours, theirs) {
            different.insert(text, (theirs, ours));
        }
    }
    let rows = DIFFERENCES.lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeMap<&str, Vec<&str>> = rows
        .map(|row| row.split('\t').collect::<Vec<_>>())
        .map(|cells| (cells[0], cells[1..].to_vec()))
        .collect();
    let mut faults = Vec::new();
    for (text, (theirs, ours)) in &different {
        let row = listed.get(text).map(|row| (row[1], row[2]));
        if row != Some((*theirs, ours.as_str())) {
            faults.push(format!("{text}\tREASON\t{theirs}\t{ours}"));
        }
    }
    for text in listed.keys().filter(|text| !different.contains_key(*text)) {
        faults.push(format!("listed, but it agrees: {text}"));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let agreed = count - different.len();
    assert!(count >= 2000 && agreed * 100 >= count * 97, "{agreed} of {count} agree");
    let reasons: BTreeSet<&str> = listed.values().map(|row| row[0]).collect();
    for reason in reasons {
        assert!(DOCUMENT.contains(&format!("| `{reason}` |")), "{reason} is not explained");
    }
    let counted = format!("{agreed} of {count}");
    assert!(DOCUMENT.contains(&counted), "docs/EXPRESSIONS.md should say {counted}");
}

#[test]
fn every_function_is_in_the_documentation() {
    let known = |f: &&Function| DOCUMENT.contains(&format!("`{}(", f.name()));
    let missing: Vec<_> = Function::ALL.iter().filter(|f| !known(f)).map(|f| f.name()).collect();
    assert!(missing.is_empty(), "docs/EXPRESSIONS.md lacks {missing:?}");
}
