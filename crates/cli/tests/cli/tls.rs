//! A server with `https`, under an authority of one's own.

use crate::home::Home;
use crate::server::Server;

const VISIT: &str = r#"{"head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"},"answers":{"GEN-01":{"count":2}},"photos":{"GEN-01":["gate.jpg"]}}"#;

#[test]
fn a_device_enrols_and_syncs_over_tls_with_the_authority_that_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_tls(folder.path());
    let authority = folder.path().join("ca.crt");
    let home = Home::new();
    let link = server.link("insp.produce1");
    assert!(link.starts_with("https://127.0.0.1:"), "{link}");
    home.fine(&["enrol", &link, "--ca", authority.to_str().unwrap()]);
    home.file("gate.jpg", vec![9; 300_000]);
    home.file("visit.jsonl", VISIT);
    home.fine(&["record", "visit.jsonl"]);
    let synced = home.command(&["sync", "--json"]).env("SPOTCHECK_CA", &authority).output();
    let synced = synced.unwrap();
    assert!(synced.status.success(), "{synced:?}");
    let told: serde_json::Value = serde_json::from_slice(&synced.stdout).unwrap();
    assert_eq!((&told["ops_waiting"], &told["photos_waiting"]), (&0.into(), &0.into()), "{told}");
    assert_eq!(told["photo_bytes_sent"], 300_000);
}

#[test]
fn without_its_authority_a_server_is_not_believed_and_the_remedy_is_named() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Server::start_tls(folder.path());
    let stranger = Server::start_tls(other.path());
    let link = server.link("insp.produce1");
    let home = Home::new();
    let theirs = other.path().join("ca.crt");
    for args in [&["enrol", &link][..], &["enrol", &link, "--ca", theirs.to_str().unwrap()]] {
        let said = home.failing(args);
        let message = said["message"].as_str().unwrap();
        assert_eq!(said["code"], "offline");
        assert!(message.contains("UnknownIssuer") && message.contains("--ca"), "{message}");
    }
    // The link was not spent on them.
    home.fine(&["enrol", &link, "--ca", folder.path().join("ca.crt").to_str().unwrap()]);
    drop(stranger);
}

#[test]
fn plain_http_to_a_server_with_tls_is_no_server_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_tls(folder.path());
    let link = server.link("insp.produce1").replacen("https://", "http://", 1);
    assert_eq!(Home::new().failing(&["enrol", &link])["code"], "not_our_server");
}

#[test]
fn a_file_that_is_no_authority_is_named_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_tls(folder.path());
    let (link, home) = (server.link("insp.produce1"), Home::new());
    home.file("letter", "Dear all");
    let key = folder.path().join("ca.key");
    for (file, why) in [
        ("missing", "No such file"),
        ("letter", "BEGIN CERTIFICATE"),
        (key.to_str().unwrap(), "private key"),
    ] {
        let said = home.failing(&["enrol", &link, "--ca", file]);
        let message = said["message"].as_str().unwrap();
        assert_eq!(said["code"], "file");
        assert!(message.contains(file) && message.contains(why), "{message}");
        assert!(message.starts_with("--ca"), "{message}");
    }
    assert!(!home.path().exists());
}
