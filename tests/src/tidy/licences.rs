//! Licences, bans and sources of all we ship, by the same deny.toml that cargo-deny reads.

use std::collections::BTreeMap;
use std::io::Write;

use cargo_metadata::Package;
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use super::{METADATA, none, read, root};

/// The part of deny.toml that can be judged without a network.
#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

/// A crate that may have a licence which the others may not.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// The crate is welcome, but only once.
    #[serde(default)]
    deny_multiple_versions: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
    allow_git: Vec<String>,
}

impl Policy {
    fn read() -> Self {
        toml::from_str(&read(&root().join("deny.toml"))).expect("deny.toml says what we judge by")
    }

    /// What is wrong with the licence of a package, if anything.
    fn licence_fault(&self, name: &str, licence: Option<&str>) -> Option<String> {
        let Some(licence) = licence else {
            return Some("has no licence expression".to_owned());
        };
        // Lax: older crates write MIT/Apache-2.0.
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("has a licence that is no SPDX expression: {licence}"));
        };
        let excepted = self.licenses.exceptions.iter().filter(|except| except.name == name);
        let allowed: Vec<Licensee> = excepted
            .flat_map(|except| &except.allow)
            .chain(&self.licenses.allow)
            .map(|licence| Licensee::parse(licence).expect("deny.toml allows SPDX licences"))
            .collect();
        let ok = expression.evaluate(|needed| allowed.iter().any(|one| one.satisfies(needed)));
        (!ok).then(|| format!("has a licence that deny.toml does not allow: {licence}"))
    }

    /// What is wrong with the packages that deny.toml bans, by the versions there are of each.
    fn ban_faults(&self, versions: &BTreeMap<&str, usize>) -> Vec<String> {
        let breaks = |ban: &&Ban| {
            let most = usize::from(ban.deny_multiple_versions);
            versions.get(ban.name.as_str()).is_some_and(|found| *found > most)
        };
        let broken = self.bans.deny.iter().filter(breaks);
        broken.map(|ban| format!("{} is banned: {}", ban.name, ban.reason)).collect()
    }

    fn source_fault(&self, package: &Package) -> Option<String> {
        let Some(source) = &package.source else {
            let ours = METADATA.workspace_members.contains(&package.id);
            return (!ours).then(|| "is a path outside the workspace".to_owned());
        };
        let from_git = |url: &String| source.repr.starts_with(&format!("git+{url}"));
        let known = source.is_crates_io() || self.sources.allow_git.iter().any(from_git);
        (!known).then(|| format!("does not come from the default registry but from {source}"))
    }
}

#[test]
fn every_licence_is_one_we_can_ship() {
    let policy = Policy::read();
    let fault = |package: &Package| {
        let fault = policy.licence_fault(&package.name, package.license.as_deref())?;
        Some(format!("{} {} {fault}", package.name, package.version))
    };
    none(METADATA.packages.iter().filter_map(fault).collect());
}

#[test]
fn nothing_banned_is_used() {
    let mut versions = BTreeMap::new();
    for package in &METADATA.packages {
        *versions.entry(package.name.as_str()).or_insert(0) += 1;
    }
    none(Policy::read().ban_faults(&versions));
}

#[test]
fn everything_comes_from_crates_io() {
    let policy = Policy::read();
    assert_eq!([&policy.sources.unknown_registry, &policy.sources.unknown_git], ["deny", "deny"]);
    let fault =
        |package: &Package| Some(format!("{} {}", package.name, policy.source_fault(package)?));
    none(METADATA.packages.iter().filter_map(fault).collect());
    // Straight to the stream, past the test runner's capture: nobody may take silence for a check.
    let note = "licences, bans and sources are checked; advisories are NOT: they need a network";
    writeln!(std::io::stderr(), "{note} and `cargo deny check advisories`").unwrap();
}

#[test]
fn a_licence_is_read_as_spdx_means_it() {
    let policy = Policy::read();
    let allowed = |name, licence| policy.licence_fault(name, Some(licence)).is_none();
    for licence in [
        "MIT/Apache-2.0",
        "GPL-3.0-only OR MIT",
        "(MIT OR GPL-2.0-only) AND Zlib",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
    ] {
        assert!(allowed("any", licence), "{licence}");
    }
    for licence in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "MPL-2.0", "our own words"] {
        assert!(!allowed("any", licence), "{licence}");
    }
    assert!(allowed("option-ext", "MPL-2.0"));
    assert!(policy.licence_fault("any", None).is_some());
}

#[test]
fn a_banned_crate_and_a_second_sqlite_are_named() {
    let policy = Policy::read();
    let faults = |name, count| policy.ban_faults(&BTreeMap::from([(name, count)])).len();
    assert_eq!(faults("openssl-sys", 1), 1);
    assert_eq!(faults("libsqlite3-sys", 1), 0);
    assert_eq!(faults("libsqlite3-sys", 2), 1);
}
