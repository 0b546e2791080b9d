//! What must stay true of the workspace itself, whoever edits it: who may use whom, where files
//! go, how manifests look, which licences come in. Each failure names the place and what to do.

mod android;
mod arrows;
mod bad_input;
mod layout;
mod licences;
mod manifests;
mod tus;
mod window;

use std::path::Path;
use std::sync::LazyLock;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};

/// `cargo metadata` of the workspace with every feature on: a ban must hold for all of them.
static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let mut command = MetadataCommand::new();
    command.features(CargoOpt::AllFeatures);
    command.exec().expect("`cargo metadata` works in a checkout")
});

fn root() -> &'static Path {
    METADATA.workspace_root.as_std_path()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// `crates/store` for spotcheck-store.
fn folder(package: &Package) -> String {
    let folder = package.manifest_path.parent().expect("a manifest is in a folder");
    let inside =
        folder.strip_prefix(&METADATA.workspace_root).expect("a member is in the workspace");
    inside.as_str().replace('\\', "/")
}

/// Fails with everything that is wrong, not only with the first.
#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}
