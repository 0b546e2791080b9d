//! A server's folder that is foreign, newer, damaged or not a folder: refused at the start, in words
//! that name the file and say what to do, and left as it was.

use std::path::Path;

use super::DataDir;

/// Where SQLite keeps a database's version and kind, big-endian, in the first 100 bytes.
const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;

/// A folder that a server has used.
fn used() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let service = DataDir::open(dir.path()).unwrap().open_service(1).unwrap();
    pollster::block_on(service.add_workspace("kept")).unwrap();
    dir
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[track_caller]
fn refused(dir: &Path, named: &str, message: &str) {
    let path = dir.join(named);
    let kept = std::fs::read(&path).unwrap();
    let error = DataDir::open(dir).unwrap().open_service(1).map(drop).unwrap_err();
    let said = format!("{error:#}");
    assert!(said.contains(named) && said.contains(message), "{said}");
    assert_eq!(std::fs::read(&path).unwrap(), kept, "it is left as it was");
}

#[test]
fn a_ledger_of_a_newer_program_is_left_for_that_program() {
    let dir = used();
    let path = dir.path().join("ledger.db");
    edit(&path, |bytes| bytes[USER_VERSION + 2] = 1);
    refused(dir.path(), "ledger.db", "install the newer program");
    edit(&path, |bytes| bytes[USER_VERSION + 2] = 0);
    let service = DataDir::open(dir.path()).unwrap().open_service(1).unwrap();
    let kept = crate::ledger::Ledger::list_workspaces(service.ledger());
    assert_eq!(pollster::block_on(kept).unwrap().len(), 1, "nothing was lost");
}

#[test]
fn a_foreign_or_damaged_ledger_is_never_written_to() {
    let dir = used();
    let path = dir.path().join("ledger.db");
    let whole = std::fs::read(&path).unwrap();
    let foreign = "this file is not a Spotcheck database of this kind; choose another folder";
    edit(&path, |bytes| bytes[APPLICATION_ID + 3] ^= 1);
    refused(dir.path(), "ledger.db", foreign);
    std::fs::write(&path, vec![7; 8192]).unwrap();
    refused(dir.path(), "ledger.db", foreign);
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    refused(dir.path(), "ledger.db", "keep the folder as it is");
}

#[test]
fn a_file_that_is_no_key_is_named_and_no_new_key_is_made() {
    let dir = used();
    std::fs::write(dir.path().join("server.key"), "half a key").unwrap();
    refused(dir.path(), "server.key", "put the right file back from a copy");
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    std::fs::write(&path, "a file").unwrap();
    let said = format!("{:#}", DataDir::open(&path).unwrap_err());
    assert!(said.contains("cannot make the data folder") && said.contains("data"), "{said}");
}

#[test]
fn a_ledger_whose_key_is_gone_gets_no_new_key() {
    let dir = used();
    let key = dir.path().join("server.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    refused(dir.path(), "ledger.db", "Put the file back from a copy");
    assert!(!key.exists(), "no new key was made");
    std::fs::write(&key, kept).unwrap();
    DataDir::open(dir.path()).unwrap().open_service(1).unwrap();
}
