//! Packs that cannot judge are refused, each with the field and the remedy.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use spotcheck_rules::{Pack, content_hash, hash_text, shipped};

const MINIMAL: &str = r#"{
  "code": "p", "title": {"zh": "包", "en": "pack"}, "jurisdiction": "CN", "version": "1",
  "status": "draft", "reviewed_by": null,
  "limits": [
    {"key": "a", "title": {"zh": "限", "en": "limit"}, "operator": "<=",
     "values": [{"value": "8.0", "unit": "°C"}], "severity": "major",
     "effective_from": "2021-01-01", "effective_to": "2021-12-31", "source": "C2"},
    {"key": "a", "title": {"zh": "限", "en": "limit"}, "operator": "<=",
     "values": [{"value": "7.0", "unit": "°C"}], "severity": "major",
     "effective_from": "2022-01-01", "effective_to": null, "source": "C2"}
  ]
}"#;

/// The error after one replacement in the minimal pack.
fn error(from: &str, to: &str) -> String {
    assert!(MINIMAL.contains(from), "{from}");
    Pack::parse(MINIMAL.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
}

#[test]
fn the_minimal_pack_is_accepted_and_adjacent_periods_do_not_overlap() {
    assert_eq!(Pack::parse(MINIMAL.as_bytes()).unwrap().limits.len(), 2);
}

#[test]
fn errors_name_the_field_and_the_remedy() {
    for (from, to, expected) in [
        (r#""8.0""#, r#""8,0""#, "limits[0].values[0].value: \"8,0\" has a comma; use '.'"),
        (r#""8.0""#, "8.0", "limits[0].values[0].value: invalid type: floating point"),
        (r#""jurisdiction""#, r#""region""#, "region: unknown field `region`"),
        (r#""code": "p","#, r#""code": "p", "code": "q","#, "code: duplicate field `code`"),
        (r#""severity": "major","#, "", "limits[0]: missing field `severity`"),
        ("2021-12-31", "2021-13-31", "limits[0].effective_to: \"2021-13-31\" is not a calendar"),
        ("2021-12-31", "2020-12-31", "limits[0] (a).effective_to: the last day in force lies bef"),
        ("2021-12-31", "2022-01-01", "limits[1] (a).effective_from: this key is already in force"),
        (r#""<=""#, r#""between""#, "limits[0] (a).values[0]: `between` needs `min` and `max`"),
        (r#""reviewed_by": null"#, r#""reviewed_by": 1"#, "reviewed_by: invalid type: integer"),
        (r#""draft""#, r#""reviewed""#, "reviewed_by: a reviewed pack names no reviewer; name who"),
        (r#""en": "pack""#, r#""en": " ""#, "title.en: the text is empty; fill it in"),
        (
            r#""severity": "major","#,
            r#""severity": "major",
               "escalation": [{"operator":">","value":"1","unit":"K","severity":"critical"}],"#,
            "limits[0] (a).escalation[0].unit: the limit has no value in K; use a unit",
        ),
    ] {
        let message = error(from, to);
        assert!(message.starts_with(expected), "{expected}\n{message}");
    }
}

#[test]
fn the_published_bytes_never_change() {
    // A published pack is named by this hash in every inspection that used it. A changed limit is
    // a new version in a new file, not an edit.
    let hashes: Vec<_> = shipped()
        .iter()
        .map(|pack| {
            assert_eq!(Pack::parse(pack.bytes).unwrap().code, pack.code);
            format!("{} {}", pack.code, hash_text(&content_hash(pack.bytes)))
        })
        .collect();
    let published = include_str!("data/pack-hashes.txt");
    assert_eq!(hashes.join("\n"), published.trim_end());
}
