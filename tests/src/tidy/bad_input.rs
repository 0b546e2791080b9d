//! docs/BAD-INPUT.md says which test shows what; it must be true in both directions.

use std::collections::BTreeSet;

use super::{none, read, root};

/// Short names of files, as the document gives them. Each test in them is in the document.
const FILES: &[(&str, &str)] = &[
    ("cli", "crates/cli/tests/cli/bad_home.rs"),
    ("server", "server/src/data_dir/bad_folder.rs"),
    ("poison", "crates/testkit/tests/bad_input/poison.rs"),
    ("requests", "crates/testkit/tests/bad_input/requests.rs"),
    ("clocks", "crates/testkit/tests/bad_input/clocks.rs"),
    ("full", "crates/testkit/tests/bad_input/full.rs"),
    ("doors", "tests/e2e/doors.test.js"),
    ("trouble", "tests/e2e/trouble.test.js"),
    ("photos", "tests/e2e/photos.test.js"),
    ("app-kills", "tests/e2e/kills.test.js"),
];

/// `file::name` in backticks, in the last cell of each row.
fn named(document: &str) -> Vec<(String, String)> {
    let rows = document.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
    let cells = rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next());
    let tests = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    tests
        .filter_map(|test| test.rsplit_once("::"))
        .map(|(file, name)| (path_of(file), name.to_owned()))
        .collect()
}

fn path_of(file: &str) -> String {
    let short = FILES.iter().find(|(short, _)| *short == file);
    short.map_or(file, |(_, path)| path).to_owned()
}

/// The tests of a file, by name. One that runs in both languages has its name without the language.
fn tests_in(path: &str, source: &str) -> Vec<String> {
    if path.ends_with(".js") { tests_of_browser(source) } else { tests_of_rust(source) }
}

fn tests_of_browser(source: &str) -> Vec<String> {
    let calls = source.lines().filter_map(|line| line.trim().strip_prefix("test("));
    let names = calls.filter_map(|rest| {
        let quote = rest.chars().next().filter(|it| ['"', '`'].contains(it))?;
        rest[1..].split(quote).next()
    });
    names.map(|name| name.split(" (${").next().unwrap_or(name).to_owned()).collect()
}

fn tests_of_rust(source: &str) -> Vec<String> {
    let mut names = vec![];
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        is_test |= line == "#[test]";
        if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next())
            && std::mem::take(&mut is_test)
        {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn every_test_of_bad_input_exists_and_is_in_its_document() {
    let document = read(&root().join("docs/BAD-INPUT.md"));
    let named = named(&document);
    let mut faults = vec![];
    for (file, name) in &named {
        let path = root().join(file);
        let there = |source: &str| match file.ends_with(".js") {
            true => tests_in(file, source).contains(name),
            // Also what is no test by itself: the simulation's steps.
            false => source.contains(&format!("fn {name}(")),
        };
        if !path.is_file() || !there(&read(&path)) {
            faults.push(format!("docs/BAD-INPUT.md names {file}::{name}, which does not exist"));
        }
    }
    let named: BTreeSet<_> = named.into_iter().collect();
    for (_, file) in FILES {
        for name in tests_in(file, &read(&root().join(file))) {
            if !named.contains(&((*file).to_owned(), name.clone())) {
                faults.push(format!("{file}: {name} is missing from docs/BAD-INPUT.md"));
            }
        }
    }
    assert!(named.len() >= 25, "{} tests are named", named.len());
    none(faults);
}

#[test]
fn only_the_last_cell_names_tests() {
    let rows = "| `a::b` | x | `cli::one`, `some/file.rs::two` |\n|---|---|---|\ntext `c::d`";
    let expected = [("crates/cli/tests/cli/bad_home.rs", "one"), ("some/file.rs", "two")];
    assert_eq!(named(rows), expected.map(|(file, name)| (file.to_owned(), name.to_owned())));
    assert_eq!(
        tests_in("a.rs", "#[test]\nfn a() {}\nfn b() {}\n#[cfg(unix)]\n#[test]\nfn c() {"),
        ["a", "c"]
    );
    let both = "test(\"a, then b\", () => {});\n  test(`c (${locale})`, act);\ntested(\"d\");";
    assert_eq!(tests_in("a.test.js", both), ["a, then b", "c"]);
}
