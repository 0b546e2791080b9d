//! Where things are: a reader who knows the rooms finds every file.

use std::fs;
use std::path::Path;

use super::{METADATA, folder, none, read, root};

/// What the root folder holds, besides dot-files and `LICENSE*`.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "crates",
    "app-ui",
    "server",
    "tests",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "deny.toml",
    "clippy.toml",
    "rustfmt.toml",
    "rust-toolchain.toml",
];

/// Past this, look for the second concept; we aim well below.
const MOST_LINES: usize = 400;

/// Files that may be longer, each with the reason.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn packages_are_named_for_their_folders() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let folder = folder(package);
        let room = folder.strip_prefix("crates/").unwrap_or(&folder);
        if *package.name != format!("spotcheck-{room}") {
            faults.push(format!("{folder} holds {}: name it spotcheck-{room}", package.name));
        }
        if folder.starts_with("crates/") != !matches!(room, "server" | "tests") {
            faults.push(format!("{folder}: only server and tests stand beside crates"));
        }
    }
    none(faults);
}

#[test]
fn the_top_level_holds_only_what_a_newcomer_expects() {
    let faults = names_in(root()).into_iter().filter(|name| !expected(name));
    none(faults.map(|name| format!("{name} at the top: it belongs into a room or docs")).collect());
}

fn expected(name: &str) -> bool {
    TOP_LEVEL.contains(&name)
        || name.starts_with('.')
        || name.starts_with("LICENSE")
        || is_built(name)
}

/// What tools leave behind and `.gitignore` names.
fn is_built(name: &str) -> bool {
    name == "target"
        || name.starts_with("target-")
        || name == "tools"
        || name == "node_modules"
        || name.ends_with(".profraw")
}

#[test]
fn source_files_hold_one_concept() {
    let mut faults = Vec::new();
    visit(root(), &mut |path| {
        let lines = read(path).lines().count();
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        let longer = LONGER.iter().any(|(allowed, _)| *allowed == name);
        if lines > MOST_LINES && !longer {
            faults.push(format!("{name} has {lines} lines: find its second concept"));
        }
        if longer && lines <= MOST_LINES {
            faults.push(format!("{name} is short again: take it off the list of longer files"));
        }
    });
    none(faults);
}

/// Every Rust file of ours below a folder.
fn visit(folder: &Path, look: &mut impl FnMut(&Path)) {
    for name in names_in(folder) {
        let path = folder.join(&name);
        if name.starts_with('.') || is_built(&name) {
            continue;
        }
        if path.is_dir() {
            visit(&path, look);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            look(&path);
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of the checkout can be read");
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
