//! `calc`: a rule asked in JSON, on a machine that is no device.

use crate::home::Home;

#[test]
fn a_rule_is_asked_without_a_device_and_cites_its_source() {
    let home = Home::new();
    home.file("cold.json", r#"{"temperatures_c":[4,4,4,4,16]}"#);
    let ran = home.run(&["--json", "calc", "mkt", "cold.json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(said["mkt_c"], 8.1089);
    assert!(said["rule"].is_string() && said["source"].is_string(), "{said}");
    assert!(!home.path().exists(), "asking leaves no device behind");
}

#[test]
fn a_wrong_question_names_its_field_and_a_wrong_name_what_there_is() {
    let home = Home::new();
    home.file("wrong.json", r#"{"temperatures_c":["warm"]}"#);
    let refused = home.failing(&["calc", "mkt", "wrong.json"]);
    assert_eq!(refused["code"], "invalid", "{refused}");
    assert!(refused.to_string().contains("temperatures_c[0]"), "{refused}");
    let ran = home.run(&["calc", "weather", "wrong.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("excursion"), "{}", ran.err);
}
