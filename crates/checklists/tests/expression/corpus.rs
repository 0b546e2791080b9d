//! Hand-computed cases, each in the data file with its expected text.

use spotcheck_checklists::expression::compile;

use crate::fixture::{filled, node};

#[test]
fn every_hand_computed_case_is_answered_so() {
    let filled = filled();
    let mut faults = Vec::new();
    let mut count = 0;
    let lines = include_str!("../data/expressions.tsv").lines().enumerate();
    for (index, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
        count += 1;
        let mut cells = line.split('\t');
        let (text, expected) = (cells.next().unwrap(), cells.next().unwrap());
        let at = node(&filled, cells.next().unwrap_or("age"));
        let program = compile(text, &**filled.outline());
        let answer = program.and_then(|program| program.evaluate_text(&filled, at));
        let answer = answer.unwrap_or_else(|error| format!("!{:?}", error.code));
        if answer != expected {
            faults.push(format!("line {}: {text} is {answer:?}, not {expected:?}", index + 1));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert!(count >= 150, "only {count} cases");
}
