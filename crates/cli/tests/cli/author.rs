//! What authors ask of files, on a machine that is no device.

use serde_json::{Value, json};

use crate::home::Home;

fn asked(home: &Home, args: &[&str]) -> Value {
    let ran = home.run(&[&["--json"], args].concat());
    assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_checklist_goes_to_a_spreadsheet_and_comes_back_as_itself() {
    let home = Home::new();
    let published = asked(&home, &["checklist", "check", "ENT"])["sha256"].clone();
    for book in ["ent.xlsx", "ent.csv", "ent.md"] {
        asked(&home, &["checklist", "export", "ENT", book]);
        let back = asked(&home, &["checklist", "import", book, "--out", "ent.json"]);
        assert_eq!(back["sha256"], published, "{book}");
        assert_eq!(asked(&home, &["checklist", "check", "ent.json"])["sha256"], published);
    }
    let shown = home.run(&["checklist", "preview", "ccs"]);
    assert!(shown.out.contains("CCS-03") && shown.out.contains("-18"), "{}", shown.out);
    assert!(!home.path().exists(), "an author needs no device");
}

#[test]
fn a_wrong_form_is_told_row_and_column_and_nothing_is_written() {
    let home = Home::new();
    home.file(
        "form.csv",
        "survey,type,name,label,relevant\n,integer,a,Number,${b} > 1\n,colour,c,Odd,\n",
    );
    let ran = home.run(&["--json", "checklist", "import", "form.csv", "--out", "list.json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let errors: Vec<_> = said["problems"].as_array().unwrap().iter().collect();
    let at = |code: &str| errors.iter().find(|it| it["code"] == code).map(|it| it["place"].clone());
    assert_eq!(at("unknown_type").unwrap()["row"], 3, "{said}");
    assert_eq!(at("unknown_name").unwrap()["column"], "relevant", "{said}");
    assert!(!home.dir.path().join("list.json").exists());
}

#[test]
fn a_pack_is_listed_and_a_wrong_one_names_its_field() {
    let home = Home::new();
    let listed = home.run(&["pack", "list"]).out;
    assert!(listed.contains("cn-shenzhen-2021") && listed.contains("us-food-code"), "{listed}");
    home.file("pack.json", r#"{"code":"x","limits":7}"#);
    let ran = home.run(&["--json", "pack", "check", "pack.json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said["notices"][0]["weight"], "error", "{said}");
}

#[test]
fn an_expression_is_evaluated_and_a_wrong_one_points_at_its_place() {
    let home = Home::new();
    let expression = "if(${temp} > -18, 'fail', 'pass')";
    let eval = ["expr", "eval", expression, "--answers", r#"{"temp":"-15"}"#];
    assert_eq!(asked(&home, &eval), json!({"value": "fail"}));
    let refused = home.failing(&["expr", "eval", "1 + nothing("]);
    assert_eq!(refused["field"], "expression", "{refused}");
    assert!(refused.to_string().contains("column"), "{refused}");
}

#[test]
fn a_loggers_file_is_read_once_what_it_leaves_open_was_answered() {
    let home = Home::new();
    home.file(
        "log.csv",
        "Time,Value\n2021-06-24 00:00,4.5\n2021-06-24 00:10,4.6\n2021-06-24 00:20,9.1\n",
    );
    let ran = home.run(&["--json", "logger", "log.csv"]);
    assert_eq!(ran.code, 1, "it is asked, never guessed: {ran:?}");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    let topics: Vec<_> =
        said["questions"].as_array().unwrap().iter().map(|it| &it["topic"]).collect();
    assert!(topics.contains(&&json!("unit")), "{said}");
    let answers = r#"{"unit":"°C","offset_min":480}"#;
    let log = asked(&home, &["logger", "log.csv", "--answers", answers]);
    assert_eq!(log["readings"].as_array().unwrap().len(), 3);
    assert_eq!(log["readings"][2]["value"], "9.1");
}
