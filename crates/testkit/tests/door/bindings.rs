//! The types the screens are written against are those of the core.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use spotcheck_app::door::{Answer, Call, Outcome, TeamAnswer, TeamCall};
use spotcheck_client::RoundReport;
use spotcheck_xlsform::Imported;
use ts_rs::{Config, TS};

/// Where the screens have them.
fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app-ui/src/lib/core/types")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    };
    let listed = fs::read_dir(folder).into_iter().flatten();
    listed.map(|entry| read(entry.unwrap().path())).collect()
}

/// Fails when a type of a call or an answer changed and the screens were not told: then
/// `cargo xtask bindings` writes the files anew, and the compiler of the screens says what to mend.
#[test]
fn the_types_of_the_screens_are_those_of_the_core() {
    let fresh = tempfile::tempdir().unwrap();
    let config = Config::new().with_out_dir(fresh.path()).with_large_int("number");
    Call::export_all(&config).unwrap();
    Answer::export_all(&config).unwrap();
    Outcome::export_all(&config).unwrap();
    TeamCall::export_all(&config).unwrap();
    TeamAnswer::export_all(&config).unwrap();
    RoundReport::export_all(&config).unwrap();
    Imported::export_all(&config).unwrap();
    let fresh = files(fresh.path());
    if std::env::var_os("SPOTCHECK_WRITE_BINDINGS").is_some() {
        let _ = fs::remove_dir_all(tree());
        fs::create_dir_all(tree()).unwrap();
        for (name, text) in &fresh {
            fs::write(tree().join(name), text).unwrap();
        }
    }
    let kept = files(&tree());
    for (name, text) in &fresh {
        let same = kept.get(name) == Some(text);
        assert!(same, "app-ui/src/lib/core/types/{name} is old: run `cargo xtask bindings`");
    }
    assert_eq!(kept.len(), fresh.len(), "a type is gone: run `cargo xtask bindings`");
}
