//! What the phone's app may do, and what leaves the phone: said in files that no compiler reads.

use serde_json::Value;

use super::{read, root};

/// Every permission, in the manifest's order. One more is one more question to an inspector.
const PERMISSIONS: &[&str] = &[
    "INTERNET",
    "ACCESS_NETWORK_STATE",
    "CAMERA",
    "RECORD_AUDIO",
    "MODIFY_AUDIO_SETTINGS",
    "ACCESS_COARSE_LOCATION",
    "ACCESS_FINE_LOCATION",
];

/// Every place where Android looks for something to back up.
const PLACES: &[&str] = &[
    "root",
    "file",
    "database",
    "sharedpref",
    "external",
    "device_root",
    "device_file",
    "device_database",
    "device_sharedpref",
];

#[test]
fn a_phone_asks_for_these_permissions_and_no_other() {
    let manifest = xml("AndroidManifest.xml");
    let asked: Vec<_> = elements(&manifest, "uses-permission").collect();
    let expected: Vec<_> = PERMISSIONS
        .iter()
        .map(|it| format!(r#"<uses-permission android:name="android.permission.{it}" />"#))
        .collect();
    assert_eq!(asked, expected);
    assert_eq!(elements(&manifest, "uses-permission-sdk-23").count(), 0);
}

#[test]
fn no_phone_becomes_a_copy_of_another() {
    let manifest = xml("AndroidManifest.xml");
    let application = only(&manifest, "application");
    for said in [
        r#"android:allowBackup="false""#,
        r#"android:fullBackupContent="@xml/backup_rules""#,
        r#"android:dataExtractionRules="@xml/data_extraction_rules""#,
    ] {
        assert!(application.contains(said), "the manifest does not say {said}");
    }
    let until_11 = xml("res/xml/backup_rules.xml");
    excludes_everything(inside(&until_11, "full-backup-content"));
    let from_12 = xml("res/xml/data_extraction_rules.xml");
    excludes_everything(inside(&from_12, "cloud-backup"));
    excludes_everything(inside(&from_12, "device-transfer"));
}

#[test]
fn the_app_is_entered_by_its_icon_alone_and_hands_out_one_folder() {
    let manifest = xml("AndroidManifest.xml");
    assert!(only(&manifest, "application").contains(r#"android:usesCleartextTraffic="false""#));
    assert_eq!(manifest.matches(r#"android:exported="true""#).count(), 1, "the icon's activity");
    assert_eq!(
        manifest.matches("<intent-filter>").count(),
        1,
        "no link and no share opens the app"
    );
    assert!(only(&manifest, "provider").contains(r#"android:exported="false""#));
    let handed_out = xml("res/xml/file_paths.xml");
    let paths = inside(&handed_out, "paths").trim();
    assert_eq!(paths, r#"<external-files-path name="photos" path="Pictures/" />"#);
}

/// Tauri lays the file of a platform over the one of all.
#[test]
fn a_phone_s_page_has_the_policy_of_the_window() {
    let window = json("tauri.conf.json");
    let policy = &window["app"]["security"]["csp"];
    assert_eq!(policy["default-src"], "'none'");
    // What reads a workbook is WebAssembly; no script may be made of a text.
    assert_eq!(policy["script-src"], "'self' 'wasm-unsafe-eval'");
    let mut phone = window.clone();
    lay_over(&mut phone, json("tauri.android.conf.json"));
    assert_eq!(phone["app"], window["app"], "policy, capabilities and window are the same");
    assert_eq!(phone["build"]["frontendDist"], "../../target/android/screens");
}

#[test]
fn what_is_laid_over_replaces_adds_and_removes() {
    let mut base = serde_json::json!({ "a": { "b": 1, "c": 2 }, "d": 3 });
    lay_over(&mut base, serde_json::json!({ "a": { "b": 9, "c": null, "e": [4] } }));
    assert_eq!(base, serde_json::json!({ "a": { "b": 9, "e": [4] }, "d": 3 }));
}

/// RFC 7396.
fn lay_over(base: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else { return *base = patch };
    if !base.is_object() {
        *base = Value::Object(serde_json::Map::new());
    }
    for (key, value) in patch {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(&key);
        } else {
            lay_over(&mut base[&key], value);
        }
    }
}

#[track_caller]
fn excludes_everything(rules: &str) {
    let rules: Vec<_> = rules.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    let expected: Vec<_> =
        PLACES.iter().map(|it| format!(r#"<exclude domain="{it}" path="." />"#)).collect();
    assert_eq!(rules, expected);
}

fn json(name: &str) -> Value {
    let path = root().join("crates/tauri").join(name);
    serde_json::from_str(&read(&path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A file of the Android project, without its comments.
fn xml(name: &str) -> String {
    let text = read(&root().join("crates/tauri/gen/android/app/src/main").join(name));
    let mut pieces = text.split("<!--");
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |so_far, piece| so_far + piece.split_once("-->").expect("it ends").1)
}

/// The beginnings of all elements of a name.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let begin = format!("<{name}");
    let starts: Vec<_> = xml.match_indices(&begin).map(|(at, _)| at).collect();
    starts
        .into_iter()
        .filter(move |at| xml[at + begin.len()..].starts_with([' ', '\n', '>']))
        .map(|at| &xml[at..=at + xml[at..].find('>').expect("it ends")])
}

#[track_caller]
fn only<'a>(xml: &'a str, name: &str) -> &'a str {
    let found: Vec<_> = elements(xml, name).collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}

#[track_caller]
fn inside<'a>(xml: &'a str, name: &str) -> &'a str {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let found: Vec<_> = xml.split(&begin).skip(1).collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0].split_once(&end).expect("it ends").0
}
