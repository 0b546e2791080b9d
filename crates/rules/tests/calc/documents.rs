//! docs/CALC.md is true: every example is asked, and the answer is the one printed there.

use serde_json::Value;
use spotcheck_rules::calc::calc_names;

const DOCUMENT: &str = include_str!("../../../../docs/CALC.md");

/// `(name, question, answer)` of each example: a ```json question NAME block, then ```json answer.
pub(crate) fn examples() -> Vec<(String, String, String)> {
    let mut examples = Vec::new();
    let mut rest = DOCUMENT;
    while let Some((_, after)) = rest.split_once("```json question ") {
        let (name, after) = after.split_once('\n').unwrap();
        let (question, after) = after.split_once("```").unwrap();
        let (_, after) = after.split_once("```json answer\n").unwrap();
        let (answer, after) = after.split_once("```").unwrap();
        examples.push((name.trim().to_owned(), question.to_owned(), answer.to_owned()));
        rest = after;
    }
    examples
}

#[test]
fn every_example_is_answered_as_printed() {
    for (name, question, printed) in examples() {
        let answer =
            spotcheck_rules::calc(&name, &question).unwrap_or_else(|e| panic!("{question}: {e}"));
        let printed: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(
            answer,
            printed,
            "{name}: {question} answers\n{}",
            serde_json::to_string(&answer).unwrap()
        );
    }
}

#[test]
fn every_calculation_has_an_example_and_every_field_a_row() {
    let examples = examples();
    for name in calc_names() {
        let of_name: Vec<_> = examples.iter().filter(|(known, ..)| known == name).collect();
        assert!(!of_name.is_empty(), "docs/CALC.md has no example of {name}");
        let (_, section) = DOCUMENT.split_once(&format!("\n## {name}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        for (_, question, answer) in of_name {
            for json in [question, answer] {
                let object: Value = serde_json::from_str(json).unwrap();
                for field in object.as_object().unwrap().keys() {
                    let common = ["rule", "pack", "source"].contains(&field.as_str());
                    let explained = section.contains(&format!("`{field}`"));
                    assert!(common || explained, "docs/CALC.md, {name}: no row for {field}");
                }
            }
        }
    }
}
