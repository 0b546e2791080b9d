//! A device's folder that is foreign, newer, damaged or not to be written; photos that rotted. Each
//! is refused in words that say what to do, and left exactly as it was.

use std::path::PathBuf;
use std::process::Command;

use crate::home::{Home, Ran};
use crate::server::Server;

const HEAD: &str = r#""head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}"#;

/// Where SQLite keeps a database's version and kind, big-endian, in the first 100 bytes.
const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;

fn database(home: &Home) -> PathBuf {
    home.path().join("device.db")
}

fn edit(path: &PathBuf, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

/// An enrolled home with one inspection in it.
fn used(server: &Server) -> Home {
    let home = Home::enrolled(server, "insp.produce1");
    home.file("visit.jsonl", format!("{{{HEAD}}}"));
    home.fine(&["record", "visit.jsonl"]);
    home
}

#[track_caller]
fn refused(home: &Home, code: &str, message: &str) {
    let kept = std::fs::read(database(home)).unwrap();
    for args in [&["status"][..], &["record", "visit.jsonl"], &["sync"]] {
        let said = home.failing(args);
        assert_eq!(said["code"], code, "{args:?}: {said}");
        assert!(said["message"].as_str().unwrap().contains(message), "{args:?}: {said}");
    }
    assert_eq!(std::fs::read(database(home)).unwrap(), kept, "it is left as it was");
}

#[test]
fn a_database_of_a_newer_program_is_left_for_that_program() {
    let server = Server::start();
    let home = used(&server);
    edit(&database(&home), |bytes| bytes[USER_VERSION + 2] = 1);
    refused(&home, "storage_unopened", ": install the newer program");
    edit(&database(&home), |bytes| bytes[USER_VERSION + 2] = 0);
    assert_eq!(home.json(&["inspection", "list"]).len(), 1, "nothing was lost");
    home.fine(&["sync"]);
}

#[test]
fn a_database_of_another_program_is_never_written_to() {
    let server = Server::start();
    let home = used(&server);
    edit(&database(&home), |bytes| bytes[APPLICATION_ID] ^= 1);
    let message = "this file is not a Spotcheck database of this kind; choose another folder";
    refused(&home, "storage_unopened", message);
    std::fs::write(database(&home), b"SQLite format 2\0 something else altogether").unwrap();
    refused(&home, "storage_unopened", message);
}

#[test]
fn a_truncated_or_overwritten_database_says_so_and_stays_for_whoever_can_mend_it() {
    let server = Server::start();
    let home = used(&server);
    let whole = std::fs::read(database(&home)).unwrap();
    edit(&database(&home), |bytes| bytes.truncate(whole.len() / 2));
    let message = "keep the folder as it is, and restore from the server or a copy";
    refused(&home, "storage_unopened", message);
    std::fs::write(database(&home), &whole).unwrap();
    edit(&database(&home), |bytes| {
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 8192].fill(0xa5);
    });
    refused(&home, "storage_unopened", message);
    std::fs::write(database(&home), &whole).unwrap();
    assert_eq!(home.json(&["inspection", "list"]).len(), 1);
}

/// One folder is one database; where something else stands in its place, the place is named.
#[test]
fn what_stands_where_the_folder_or_its_files_should_is_named() {
    let home = Home::new();
    std::fs::create_dir_all(database(&home)).unwrap();
    let said = home.failing(&["status"]);
    assert_eq!(said["code"], "file", "{said}");
    assert!(said["message"].as_str().unwrap().contains("device.db: "), "{said}");
    std::fs::remove_dir_all(home.path()).unwrap();
    std::fs::write(home.path(), b"a file").unwrap();
    let link = format!("http://127.0.0.1:1/#enrol={}.X", "00".repeat(32));
    let said = home.failing(&["enrol", &link]);
    assert_eq!(said["code"], "file", "{said}");
    assert!(said["message"].as_str().unwrap().contains("home: "), "{said}");
}

/// A limit on the size of files is what a full disk is to a program: writes end early. It stands in
/// for one, because mounting a small disk needs more rights than a test has.
#[cfg(unix)]
#[test]
fn no_room_for_a_photo_is_said_and_the_rest_goes_on() {
    let server = Server::start();
    let home = used(&server);
    home.file("gate.jpg", vec![7; 3_000_000]);
    home.file(
        "photo.jsonl",
        format!(
            "{{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":\"0\",\"unit\":\"gaps\"}}}},\
               \"photos\":{{\"ENT-02\":[\"gate.jpg\"]}}}}"
        ),
    );
    let mut shell = Command::new("sh");
    // Without the signal that would end the program, a write beyond the limit is an error to it.
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" record photo.jsonl --json";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_spotcheck")]);
    shell.env("SPOTCHECK_HOME", home.path()).current_dir(home.dir.path());
    let ran = Ran::from(shell.output().unwrap());
    let said: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!((ran.code, &said["code"]), (1, &"storage_full".into()), "{ran:?}");
    let message = "photo or document: the disk is full: free some space, then do it again";
    assert_eq!(said["message"], message);
    assert_eq!(home.json(&["inspection", "list"]).len(), 1, "nothing of the line was kept");
    home.fine(&["record", "photo.jsonl"]);
    home.fine(&["sync"]);
}

#[test]
fn a_damaged_photo_is_named_with_its_record_and_all_else_arrives() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let lines: Vec<String> = (0..3)
        .map(|n| {
            home.file(&format!("{n}.jpg"), vec![n; 200_000 + usize::from(n)]);
            format!(
                "{{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":\"0\",\"unit\":\"gaps\"}}}},\
                   \"photos\":{{\"ENT-02\":[\"{n}.jpg\"]}}}}"
            )
        })
        .collect();
    home.file("visit.jsonl", lines.join("\n"));
    let recorded = home.json(&["record", "visit.jsonl"]);
    let of = |n: usize| {
        let hash = recorded[n]["photos"][0].as_str().unwrap();
        (format!("blobs/{}/{hash}", &hash[..2]), recorded[n]["inspection"].as_str().unwrap())
    };
    // The smallest, which goes first: a bit has turned over. The next: gone.
    let ((flipped, first), (gone, second)) = (of(0), of(1));
    let whole = std::fs::read(home.path().join(&flipped)).unwrap();
    edit(&home.path().join(&flipped), |bytes| bytes[100_000] ^= 4);
    std::fs::remove_file(home.path().join(&gone)).unwrap();
    for _ in 0..2 {
        let ran = home.run(&["sync", "--json"]);
        let said: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!((ran.code, &said["code"]), (1, &"damaged".into()), "{ran:?}");
        let message = said["message"].as_str().unwrap();
        for (file, record) in [(&flipped, first), (&gone, second)] {
            let named = format!("the photo of inspection {} in {file}", &record[..12]);
            assert!(message.contains(&named), "{message}");
        }
        assert!(message.contains("put the original file back under that name"), "{message}");
        let status = &home.json(&["status"])[0];
        assert_eq!(status["ops_waiting"], 0, "every answer arrived");
        assert_eq!(status["photos_waiting"][0], 2, "and the third photo: {status}");
    }
    std::fs::write(home.path().join(&flipped), whole).unwrap();
    // Recorded again, the same photo is the same blob.
    home.file("again.jsonl", &lines[1]);
    home.fine(&["record", "again.jsonl"]);
    home.fine(&["sync"]);
    assert_eq!(home.json(&["status"])[0]["photos_waiting"][0], 0);
}

/// A page of the register that the server lost, or that rotted there.
#[test]
fn a_document_damaged_at_the_server_keeps_no_photo_back() {
    let server = Server::start();
    let mut pages = server.blob_files();
    assert!(pages.len() >= 2, "the register has several pages");
    edit(&pages.remove(0), |bytes| bytes[10] ^= 1);
    std::fs::remove_file(pages.remove(0)).unwrap();
    let home = Home::enrolled(&server, "insp.produce1");
    home.file("gate.jpg", vec![7; 100_000]);
    home.file(
        "visit.jsonl",
        format!(
            "{{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":\"0\",\"unit\":\"gaps\"}}}},\
               \"photos\":{{\"ENT-02\":[\"gate.jpg\"]}}}}"
        ),
    );
    home.fine(&["record", "visit.jsonl"]);
    let said = home.failing(&["sync"]);
    assert_eq!(said["code"], "waiting");
    assert_eq!(
        said["message"],
        "2 documents or photos of the server are missing or damaged there: tell its operator; \
         everything else was exchanged"
    );
    let status = &home.json(&["status"])[0];
    assert_eq!((&status["ops_waiting"], &status["photos_waiting"][0]), (&0.into(), &0.into()));
}
