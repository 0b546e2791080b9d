//! docs/TUS.md says which test holds each promise: the test must be there.

use std::collections::BTreeSet;

use super::{none, read, root};

/// Where the tests are that the table may name.
const TESTS: &[&str] =
    &["tus/core.rs", "tus/creation.rs", "tus/checksum.rs", "tus/expiration.rs", "uploads.rs"];

/// Rows of the table: their first cell, and the names in backticks in their last.
fn rows(document: &str) -> Vec<(String, Vec<String>)> {
    let rows = document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| # "));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").collect::<Vec<_>>());
    let named = cells.map(|cells| {
        let names = cells.last().unwrap_or(&"").split('`').skip(1).step_by(2);
        (cells[0].trim().to_owned(), names.map(str::to_owned).collect())
    });
    named.collect()
}

/// The tests in a file's text.
fn tests(text: &str) -> impl Iterator<Item = String> {
    let after_attribute = text.split("#[test]").chain(text.split("#[tokio::test")).skip(1);
    after_attribute.filter_map(|rest| {
        let (_, name) = rest.split_once("fn ")?;
        Some(name.split_once('(')?.0.to_owned())
    })
}

fn faults(document: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (row, names) in rows(document) {
        if names.is_empty() {
            faults.push(format!("docs/TUS.md {row}: no test is named"));
        }
        let missing = names.iter().filter(|name| !tests.contains(*name));
        faults.extend(missing.map(|name| format!("docs/TUS.md {row}: there is no test {name}")));
    }
    faults
}

#[test]
fn every_row_of_the_tus_table_names_a_test_that_exists() {
    let folder = root().join("server/src/http/tests");
    let known = TESTS.iter().flat_map(|file| tests(&read(&folder.join(file))).collect::<Vec<_>>());
    let known: BTreeSet<String> = known.collect();
    let document = read(&root().join("docs/TUS.md"));
    assert!(rows(&document).len() >= 22, "the table of docs/TUS.md is not found");
    none(faults(&document, &known));
}

#[test]
fn a_row_without_its_test_is_named() {
    let known = BTreeSet::from(["there".to_owned()]);
    let document = "| # | MUST | where | test |\n|---|---|---|---|\n| C1 | a | `b` | `there` |\n\
                    | C2 | a | `b` | `gone` |\n| C3 | a | b | no test yet |\n";
    let faults = faults(document, &known);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].contains("C2") && faults[1].contains("C3"));
}
