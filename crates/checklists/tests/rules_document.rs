//! docs/RULES.md is true: every row of the rules and of the source article has its place, every
//! place exists, and the generated part is what the data says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::disallowed_methods, reason = "data files are looked for beside the tests")]

use std::collections::BTreeSet;
use std::path::Path;

use spotcheck_checklists::{Checklist, shipped};
use spotcheck_rules::{Pack, calc::calc_names, with_reference};

const DOCUMENT: &str = include_str!("../../../docs/RULES.md");
const RULES: &str = include_str!("data/rule-rows.tsv");
const THINGS: &str = include_str!("data/things-checked.tsv");

/// The first and second field of each line of a table of ours.
fn listed(table: &'static str) -> Vec<(&'static str, &'static str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').unwrap()).collect()
}

/// The cells of each row of the table below a heading.
fn rows<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, section) = document.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    lines.map(|line| line.trim_matches(['|', ' ']).split(" | ").collect()).collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Everything a row may name.
struct Known {
    keys: BTreeSet<String>,
    items: BTreeSet<String>,
}

impl Known {
    fn load() -> Self {
        let packs = spotcheck_rules::shipped().iter().map(|one| Pack::parse(one.bytes).unwrap());
        let keys = packs
            .flat_map(|pack| {
                let code = pack.code;
                pack.limits.into_iter().map(move |limit| format!("{code}/{}", limit.key))
            })
            .collect();
        let lists = shipped().iter().map(|one| Checklist::parse(one.bytes).unwrap());
        let items = lists.flat_map(|list| list.items).map(|item| item.code).collect();
        Self { keys, items }
    }

    /// Whether the words in backticks name something that exists; other words are not a name.
    fn finds(&self, name: &str) -> Option<bool> {
        match name.split_once(' ') {
            Some(("calc", name)) => Some(calc_names().contains(&name)),
            Some(("item", code)) => Some(self.items.contains(code)),
            Some(("data", file)) => {
                let path = format!("{}/../rules/data/{file}.json", env!("CARGO_MANIFEST_DIR"));
                Some(Path::new(&path).is_file())
            }
            _ if name.contains('/') => Some(self.keys.contains(name)),
            _ => None,
        }
    }
}

/// What is wrong with the table of rules of a document.
fn rule_faults(document: &str, known: &Known) -> Vec<String> {
    let rows = rows(document, "The rules document, row by row");
    let mut faults = Vec::new();
    for (id, rule) in listed(RULES) {
        match rows.iter().find(|row| row[0] == id) {
            None => faults.push(format!("{id} ({rule}) has no row")),
            Some(row) if row[1] != rule => faults.push(format!("{id} is about {rule}")),
            Some(row) => {
                let named: Vec<_> =
                    quoted(row[2]).into_iter().map(|it| (it, known.finds(it))).collect();
                let lost = named.iter().filter(|(_, found)| *found == Some(false));
                faults.extend(lost.map(|(name, _)| format!("{id}: there is no {name}")));
                let placed = named.iter().any(|(_, found)| *found == Some(true));
                let reason = row[2].strip_prefix("No limit: ").is_some_and(|why| why.len() > 15);
                if !placed && !reason {
                    faults.push(format!("{id} names nothing and gives no reason"));
                }
            }
        }
    }
    let ids: BTreeSet<_> = listed(RULES).into_iter().map(|(id, _)| id).collect();
    faults.extend(
        rows.iter().filter(|row| !ids.contains(row[0])).map(|row| format!("{} is no rule", row[0])),
    );
    faults
}

/// What is wrong with the table of things checked.
fn thing_faults(document: &str, known: &Known) -> Vec<String> {
    let rows = rows(document, "What the source article checks, and the items that ask it");
    let mut faults = Vec::new();
    for (id, thing) in listed(THINGS) {
        let Some(row) = rows.iter().find(|row| row[0] == id && row[1] == thing) else {
            faults.push(format!("{id} ({thing}) has no row"));
            continue;
        };
        let items = quoted(row[2]);
        if items.is_empty() {
            faults.push(format!("{id} names no item"));
        }
        let lost = items.into_iter().filter(|item| !known.items.contains(*item));
        faults.extend(lost.map(|item| format!("{id}: there is no item {item}")));
    }
    faults
}

#[test]
fn every_rule_has_its_place_and_every_place_exists() {
    assert_eq!(listed(RULES).len(), 72);
    assert_eq!(rule_faults(DOCUMENT, &Known::load()), Vec::<String>::new());
}

#[test]
fn a_rule_without_a_place_is_named() {
    let known = Known::load();
    let after = |from: &str, to: &str| {
        assert!(DOCUMENT.contains(from), "{from}");
        rule_faults(&DOCUMENT.replacen(from, to, 1), &known)
    };
    assert_eq!(
        after("| 2.3.17 | UK |", "| 2.3.x | UK |"),
        ["2.3.17 (UK) has no row", "2.3.x is no rule"]
    );
    let lost = after("`uk-food/holding.hot`", "`uk-food/holding.heat`");
    assert_eq!(lost, ["2.3.17: there is no uk-food/holding.heat"]);
    assert_eq!(after("`calc draw`", "`calc dice`").len(), 2);
    assert_eq!(after("`calc draw`", "No limit: ").len(), 1);
    assert_eq!(after("`data mkt-usp`", "`data mkt`"), ["2.3.22: there is no data mkt"]);
}

#[test]
fn everything_the_source_article_checks_has_items() {
    assert_eq!(listed(THINGS).len(), 18);
    let known = Known::load();
    assert_eq!(thing_faults(DOCUMENT, &known), Vec::<String>::new());
    let gap = DOCUMENT.replacen("| `BUS-02` `BUS-03` |", "| none |", 1);
    assert_eq!(thing_faults(&gap, &known), ["C-03 names no item"]);
    let lost = DOCUMENT.replacen("| `BUS-02` `BUS-03` |", "| `BUS-92` |", 1);
    assert_eq!(thing_faults(&lost, &known), ["C-03: there is no item BUS-92"]);
}

#[test]
fn the_table_of_checklists_is_the_library() {
    let rows = rows(DOCUMENT, "Checklists");
    let lists = shipped().iter().map(|one| Checklist::parse(one.bytes).unwrap());
    let expected: Vec<_> = lists
        .map(|list| (list.code, format!("`{}`", list.pack), (list.items.len() - 6).to_string()))
        .collect();
    let printed: Vec<_> =
        rows.iter().map(|row| (row[0].to_owned(), row[2].to_owned(), row[3].to_owned())).collect();
    assert_eq!(printed, expected);
}

#[test]
fn the_reference_is_what_the_data_says() {
    let fresh = with_reference(DOCUMENT).unwrap();
    assert!(
        fresh == DOCUMENT,
        "docs/RULES.md is stale; write it anew with\n  \
         cargo run -p spotcheck-rules --example reference -- docs/RULES.md"
    );
    let stale = DOCUMENT.replacen("| >= 63 °C |", "| >= 60 °C |", 1);
    assert!(stale != DOCUMENT && with_reference(&stale).unwrap() == DOCUMENT);
    let unmarked = DOCUMENT.replace("<!-- generated: end -->", "");
    assert!(with_reference(&unmarked).unwrap_err().to_string().contains("put it back"));
}
