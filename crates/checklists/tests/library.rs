//! The shipped checklists: complete, judgeable, and never changed once published.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::disallowed_methods, reason = "the sources are files beside the tests")]

use spotcheck_checklists::{Checklist, compose, content_hash, hash_text, shipped};
use spotcheck_rules::Pack;

const GEN: &[u8] = include_bytes!("../library/gen.json");

#[test]
fn the_published_bytes_never_change() {
    // Every inspection names its checklist by this hash. A changed item is a new version in a new
    // file beside the old one.
    let hashes: Vec<_> = shipped()
        .iter()
        .map(|list| format!("{} {}", list.code, hash_text(&content_hash(list.bytes))))
        .collect();
    assert_eq!(hashes.join("\n"), include_str!("data/published.txt").trim_end());
}

#[test]
fn the_sources_compose_to_the_published_bytes() {
    for list in shipped() {
        let code = list.code;
        let path = format!("{}/library/{}.json", env!("CARGO_MANIFEST_DIR"), code.to_lowercase());
        let composed = compose(GEN, &std::fs::read(&path).unwrap()).unwrap();
        assert!(composed == list.bytes, "{code}: publish a new version with the example `publish`");
    }
}

#[test]
fn every_limit_an_item_names_exists_in_the_pack_of_its_checklist() {
    let packs = spotcheck_rules::shipped();
    for list in shipped() {
        let checklist = Checklist::parse(list.bytes).unwrap();
        assert_eq!(checklist.code, list.code);
        let pack = packs.iter().find(|pack| pack.code == checklist.pack).unwrap();
        checklist.check_against(&Pack::parse(pack.bytes).unwrap()).unwrap();
    }
}

#[test]
fn items_are_found_by_code() {
    let checklist = Checklist::parse(shipped()[0].bytes).unwrap();
    assert_eq!(checklist.find_item("ENT-07").unwrap().unit.as_deref(), Some("persons/lane/min"));
    assert!(checklist.find_item("ENT-99").is_none());
}

#[test]
fn errors_name_the_field_and_the_remedy() {
    let text = std::str::from_utf8(shipped()[0].bytes).unwrap();
    let steps = r#""kind":"steps""#;
    for (from, to, expected) in [
        (r#""version""#, r#""status":"reviewed","version""#, "reviewed_by: a reviewed checklist"),
        (r#""pack""#, r#""rules""#, "rules: unknown field `rules`"),
        (r#""kind":"people""#, r#""kind":"crowd""#, "items[0].kind: unknown variant `crowd`"),
        (r#""code":"GEN-02""#, r#""code":"GEN-01""#, "items[1] (GEN-01).code: this code is alr"),
        (r#""code":"GEN-02""#, r#""code":"GEN/02""#, "items[1] (GEN/02).code: \"GEN/02\" is not"),
        (steps, r#""kind":"text""#, "items[3] (GEN-04).steps: this kind does not use the list;"),
        (r#""kind":"pass_fail""#, steps, "items[1] (GEN-02).steps: this kind needs the list; fil"),
        (r#""role":"checked""#, r#""unit":"x""#, "items[4] (GEN-05).counts: a tally needs one"),
        (r#""unit":"persons","#, "", "items[0] (GEN-01).unit: this kind needs a unit; name the"),
    ] {
        assert!(text.contains(from), "{from}");
        let message = Checklist::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(message.to_string().starts_with(expected), "{expected}\n{message}");
    }
}

#[test]
fn a_checklist_that_does_not_fit_its_pack_is_refused() {
    let text = std::str::from_utf8(shipped()[0].bytes).unwrap();
    let pack = Pack::parse(spotcheck_rules::shipped()[0].bytes).unwrap();
    for (from, to, expected) in [
        ("crew.inspectors", "crew.size", "items[0] (GEN-01).limit: pack cn-shenzhen-2021 has no"),
        (r#""unit":"persons""#, r#""unit":"people""#, "items[0] (GEN-01).unit: limit crew.insp"),
        (r#""critical""#, r#""minor""#, "items[0] (GEN-01).severity: limit crew.inspectors has"),
        ("cn-shenzhen-2021", "us", "pack: the checklist names us, not cn-shenzhen-2021; load"),
    ] {
        let checklist = Checklist::parse(text.replacen(from, to, 1).as_bytes()).unwrap();
        let message = checklist.check_against(&pack).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{expected}\n{message}");
    }
}
