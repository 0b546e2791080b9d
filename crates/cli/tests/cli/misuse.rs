//! Exit codes and errors that scripts rely on.

use crate::home::Home;

#[test]
fn a_device_nobody_enrolled_says_so_and_leaves_no_trace() {
    let home = Home::new();
    home.file("visit.jsonl", "{}");
    for args in [&["record", "visit.jsonl"][..], &["sync"], &["status"], &["log", "--verify"]] {
        assert_eq!(home.failing(args)["code"], "not_enrolled", "{args:?}");
    }
    assert!(!home.path().exists());
    assert!(home.run(&["status"]).err.starts_with("spotcheck: this device is not enrolled"));
}

#[test]
fn wrong_usage_is_exit_2() {
    let home = Home::new();
    for args in [
        &[][..],
        &["inspect"],
        &["day", "--site", "NS-MKT"],
        &["day", "--site", "NS-MKT", "--date", "24/6/2021"],
        &["decide", "abcd", "--keep", "op", "--value", "1", "--reason", "why"],
        &["decide", "abcd", "--reason", "why"],
        &["log", "--limit", "0"],
        &["enrol", "not a link"],
    ] {
        let ran = home.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert_eq!(ran.out, "", "{args:?}");
    }
    let ran = home.run(&["--json", "log", "--limit", "0"]);
    let said: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!((ran.code, &said["code"]), (2, &"usage".into()));
    assert_eq!(home.run(&["--help"]).code, 0);
    assert_eq!(home.run(&["--version"]).code, 0);
}

#[test]
fn a_database_in_use_or_foreign_is_refused_and_left_alone() {
    let home = Home::new();
    std::fs::create_dir(home.path()).unwrap();
    std::fs::write(home.path().join("device.db"), vec![7; 8192]).unwrap();
    assert_eq!(home.failing(&["status"])["code"], "storage_unopened");
    assert_eq!(std::fs::read(home.path().join("device.db")).unwrap(), vec![7; 8192]);
    std::fs::remove_file(home.path().join("device.db")).unwrap();
    let held = spotcheck_cli::open(&home.path()).unwrap();
    let said = home.failing(&["status"]);
    assert_eq!(said["code"], "storage_unopened");
    assert!(said["message"].as_str().unwrap().contains("another Spotcheck process"), "{said}");
    drop(held);
    assert_eq!(home.failing(&["status"])["code"], "not_enrolled");
}
