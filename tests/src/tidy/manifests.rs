//! One lint table, one version table: a crate says `workspace = true` and nothing else.

use toml::{Table, Value};

use super::{METADATA, folder, none, read};

/// What every package takes from the root manifest.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// The only things a crate may say about a dependency of its own.
const OWN_WORDS: &[&str] = &["workspace", "features", "optional", "default-features"];

#[test]
fn manifests_take_lints_and_versions_from_the_root() {
    let mut faults = Vec::new();
    for package in METADATA.workspace_packages() {
        let text = read(package.manifest_path.as_std_path());
        let manifest: Table = text.parse().expect("cargo has read it already");
        let found = faults_of(&manifest);
        let place = folder(package);
        faults.extend(found.into_iter().map(|fault| format!("{place}/Cargo.toml: {fault}")));
    }
    none(faults);
}

fn faults_of(manifest: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    if !manifest.get("lints").is_some_and(from_workspace) {
        faults.push("[lints] must be `workspace = true`".to_owned());
    }
    let package = manifest.get("package").and_then(Value::as_table);
    for key in INHERITED {
        if !package.and_then(|package| package.get(*key)).is_some_and(from_workspace) {
            faults.push(format!("package.{key} must be `{key}.workspace = true`"));
        }
    }
    faults.extend(dependencies(manifest).into_iter().filter(|(_, spec)| !is_plain(spec)).map(
        |(name, _)| format!("{name} must be `workspace = true`, its version in the root manifest"),
    ));
    faults
}

fn from_workspace(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

fn is_plain(spec: &Value) -> bool {
    let own = |table: &Table| table.keys().all(|key| OWN_WORDS.contains(&key.as_str()));
    from_workspace(spec) && spec.as_table().is_some_and(own)
}

/// Every dependency of every kind, also those of one platform.
fn dependencies(manifest: &Table) -> Vec<(&String, &Value)> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let platforms = platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    std::iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()))
        .flat_map(|dependencies| dependencies.iter())
        .collect()
}

#[test]
fn a_version_of_its_own_is_named() {
    let manifest = r#"
        package = { version = "1.0.0", edition.workspace = true, rust-version.workspace = true,
                    license.workspace = true, publish.workspace = true }
        lints.workspace = true
        dependencies.serde = { workspace = true, features = ["rc"] }
        dev-dependencies.toml = "1"
        target.'cfg(unix)'.dependencies.store = { path = "../store" }
    "#;
    let faults = faults_of(&manifest.parse().unwrap());
    assert_eq!(faults.len(), 3, "{faults:?}");
    for (fault, name) in faults.iter().zip(["package.version", "toml", "store"]) {
        assert!(fault.starts_with(name), "{fault}");
    }
}
