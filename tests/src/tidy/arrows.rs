//! The direction of dependencies: docs/ARCHITECTURE.md draws the same arrows.

use std::collections::BTreeSet;

use cargo_metadata::DependencyKind;

use super::{METADATA, none};

/// Who may use whom, by room. Everything but xtask may also use the domain, which uses nothing.
/// A new room gets a row, and a reason in docs/DECISIONS.md if it makes a new arrow.
const ROOMS: &[(&str, Uses)] = &[
    ("domain", Uses::Only(&[])),
    ("rules", Uses::Only(&[])),
    ("checklists", Uses::Only(&["rules"])),
    ("xlsform", Uses::Only(&["rules", "checklists"])),
    ("loggers", Uses::Only(&["rules"])),
    ("protocol", Uses::Only(&[])),
    ("sqlite", Uses::Only(&[])),
    ("store", Uses::Only(&["sqlite"])),
    ("evidence", Uses::Only(&["rules"])),
    ("reports", Uses::Only(&["rules"])),
    ("sync", Uses::Only(&["protocol"])),
    ("client", Uses::Only(&["sync", "protocol"])),
    (
        "app",
        Uses::Only(&[
            "rules",
            "checklists",
            "loggers",
            "protocol",
            "sync",
            "sqlite",
            "store",
            "evidence",
            "reports",
        ]),
    ),
    ("native", Uses::Only(&["app", "client"])),
    ("cli", Uses::Only(&["app", "client", "native", "rules", "checklists", "xlsform", "loggers"])),
    ("tauri", Uses::Only(&["app", "client", "native"])),
    ("wasm", Uses::Only(&["app", "client"])),
    ("wasm-forms", Uses::Only(&["xlsform"])),
    ("server", Uses::Only(&["protocol", "sqlite"])),
    ("testkit", Uses::Anything),
    ("bench", Uses::Anything),
    ("tests", Uses::Anything),
    ("xtask", Uses::Nothing),
    ("bindgen", Uses::Nothing),
];

/// Who has files, threads and clocks of their own. All others run in a browser worker and in the
/// simulation, too: what waits, waits for them.
const HOSTS: &[&str] =
    &["native", "cli", "tauri", "server", "testkit", "bench", "tests", "xtask", "bindgen"];

/// Whose tests may use whatever stands above them: they exercise the whole product.
const FREE_IN_TESTS: &[&str] = &["tests", "bench", "cli", "testkit"];

#[derive(Clone, Copy)]
enum Uses {
    /// Not even the domain.
    Nothing,
    /// These and the domain.
    Only(&'static [&'static str]),
    Anything,
}

/// `from` names `to` in its manifest.
#[derive(Debug, Clone, Copy)]
struct Arrow<'a> {
    from: &'a str,
    to: &'a str,
    only_in_tests: bool,
}

impl Arrow<'_> {
    /// What is wrong with it, if anything.
    fn fault(self) -> Option<String> {
        let Self { from, to, only_in_tests } = self;
        let Some(uses) = uses(from) else {
            return Some(format!(
                "{from} is a new room: give it a row in tests/src/tidy/arrows.rs"
            ));
        };
        if allows(uses, to) {
            return None;
        }
        if !only_in_tests {
            return Some(format!("{from} → {to}: no such arrow in docs/ARCHITECTURE.md"));
        }
        let upward = reaches(to, from) && !FREE_IN_TESTS.contains(&from);
        upward.then(|| format!("{from} → {to} in tests: {to} stands above {from}, test it there"))
    }
}

fn uses(room: &str) -> Option<Uses> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, uses)| *uses)
}

fn allows(uses: Uses, to: &str) -> bool {
    match uses {
        Uses::Nothing => false,
        Uses::Only(rooms) => to == "domain" || rooms.contains(&to),
        Uses::Anything => true,
    }
}

/// Whether following allowed arrows can lead from one room to the other.
fn reaches(from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(room) = next.pop() {
        let Some(uses) = uses(room) else { continue };
        if allows(uses, to) {
            return true;
        }
        if let Uses::Only(rooms) = uses {
            next.extend(rooms.iter().filter(|room| seen.insert(**room)));
        }
    }
    false
}

#[test]
fn dependencies_point_the_way_the_design_says() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let from = package.name.strip_prefix("spotcheck-").unwrap_or(&package.name);
        if uses(from).is_none() {
            faults.push(format!("{from} is a new room: give it a row in tests/src/tidy/arrows.rs"));
            continue;
        }
        for dependency in &package.dependencies {
            let Some(to) = dependency.name.strip_prefix("spotcheck-") else { continue };
            let only_in_tests = dependency.kind == DependencyKind::Development;
            faults.extend(Arrow { from, to, only_in_tests }.fault());
        }
    }
    none(faults);
}

#[test]
fn a_wrong_arrow_is_named() {
    let fault = |from, to, only_in_tests| Arrow { from, to, only_in_tests }.fault();
    assert!(fault("sync", "store", false).unwrap().contains("sync → store"));
    assert!(fault("server", "client", false).is_some());
    assert!(fault("xtask", "domain", false).is_some());
    assert!(fault("domain", "rules", false).is_some());
    assert!(fault("nowhere", "domain", false).is_some());
    assert!(fault("store", "domain", false).is_none());
    assert!(fault("app", "store", false).is_none());
    assert!(fault("testkit", "server", false).is_none());
}

#[test]
fn tests_of_a_room_may_look_sideways_but_not_up() {
    let fault = |from, to| Arrow { from, to, only_in_tests: true }.fault();
    assert!(fault("domain", "app").is_some());
    assert!(fault("store", "testkit").is_some());
    assert!(fault("sync", "store").is_none());
    assert!(fault("cli", "testkit").is_none());
}

#[test]
fn nobody_below_the_hosts_names_tokio() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let room = package.name.strip_prefix("spotcheck-").unwrap_or(&package.name);
        let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
        faults.extend(runtime_of(room, names));
    }
    none(faults);
}

/// The runtime that a room names and may not.
fn runtime_of<'a>(room: &str, mut names: impl Iterator<Item = &'a str>) -> Option<String> {
    let found = names.find(|name| *name == "tokio" || name.starts_with("tokio-"))?;
    let below = !HOSTS.contains(&room);
    below.then(|| format!("{room} → {found}: no runtime below the hosts; pass in what waits"))
}

#[test]
fn a_runtime_below_the_hosts_is_named() {
    assert!(runtime_of("app", ["serde", "tokio"].into_iter()).unwrap().contains("app → tokio"));
    assert!(runtime_of("client", ["tokio-rustls"].into_iter()).is_some());
    assert!(runtime_of("server", ["tokio"].into_iter()).is_none());
    assert!(runtime_of("sync", ["serde"].into_iter()).is_none());
}
