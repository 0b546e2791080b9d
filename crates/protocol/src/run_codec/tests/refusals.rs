use proptest::prelude::*;

use super::*;

fn text() -> String {
    encode(&sample(Some(Seed([0x77; 16])))).get().to_owned()
}

fn refused(text: &str) {
    let Ok(json) = RawValue::from_string(text.to_owned()) else { return };
    assert!(decode(&json, WS).is_err(), "{text}");
}

#[test]
fn lines_that_break_the_rules_are_refused() {
    let text = text();
    let seed = format!(r#""seed":"{}""#, "77".repeat(16));
    for (from, to) in [
        (r#""log""#, r#""lag""#),
        (r#"{"log""#, r#"{"more":1,"log""#),
        (r#""first":7"#, r#""first":0"#),
        (r#""first":7"#, r#""first":18446744073709551615"#),
        (r#""first":7"#, r#""first":18446744073709551610"#),
        (r#""first":7"#, r#""first":9007199254740992"#),
        (r#""boot":3"#, r#""boot":9007199254740993"#),
        (r#""at":[1000,480,"#, r#""at":[1000,1441,"#),
        (r#""at":[1000,480,"#, r#""at":[1000,-2147483648,"#),
        (r#""at":[1000,"#, r#""at":[9223372036854775807,"#),
        // A line about a later line, about itself, about a withheld one, about none.
        (r#""inspection.answered",0,"#, r#""inspection.answered",3,"#),
        (r#""inspection.answered",0,"#, r#""inspection.answered",1,"#),
        (r#""inspection.undone",0,"#, r#""inspection.undone",2,"#),
        (r#""inspection.answered",0,"#, r#""inspection.answered",-1,"#),
        (r#""inspection.answered",0,"#, r#""inspection.answered",null,"#),
        (r#""inspection.answered",0,"#, r#""inspection.answered",99999999999999999999,"#),
        (r#",0,900,"#, r#",0,9223372036854775807,"#),
        (r#",0,900,"#, r#",0,99999999999999999999,"#),
        (r#",0,900,"#, r#",0,9e2,"#),
        (r#",0,900,"#, r#",0,[900,900],"#),
        (r#"["inspection.answered""#, r#"["Inspection""#),
        (r#"["inspection.answered",0,900,"#, r#"["inspection.answered",0,"#),
        (&seed, r#""seed":"77""#),
        (&seed, r#""seed":"""#),
        (r#""sig":"Zm"#, r#""sig":"Z"#),
        (r#""sig":"Zm"#, r#""sig":"??"#),
        (r#""ops":["#, r#""ops":[["a","",0,{},"77777777777777777777777777777777"],"#),
        (r#""ops":["#, r#""ops":[["a","",0,{},null,null],"#),
        (r#""ops":["#, r#""ops":["zz","#),
        (r#""ops":["#, r#""ops":[7,"#),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from} is not in the run");
        refused(&other);
    }
    refused(&format!(r#"{}"ops":[]}}"#, &text[..text.find(r#""ops""#).unwrap()]));
}

#[test]
fn numbers_at_every_extreme_are_refused_or_read() {
    let text = text();
    let extremes = [
        i64::MIN,
        i64::MAX,
        i32::MIN.into(),
        i32::MAX.into(),
        -(1 << 53) - 1,
        (1 << 53) + 1,
        -1,
        0,
    ];
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes[at].is_ascii_digit() || bytes[at] == b'-';
    for at in (1..bytes.len()).filter(|at| digit(*at) && !digit(at - 1)) {
        let end = (at..bytes.len()).find(|end| !digit(*end)).unwrap();
        for n in extremes {
            let json = RawValue::from_string(format!("{}{n}{}", &text[..at], &text[end..]));
            // Whether it is refused is for other tests: nothing may panic.
            let _ = json.map(|json| decode(&json, WS).map(|run| encode(&run)));
        }
    }
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_panic(
        run in plan::run(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), "\\PC{0,3}"), 1..4),
    ) {
        let mut chars: Vec<char> = encode(&run).get().chars().collect();
        for (at, text) in cuts {
            let at = at.index(chars.len());
            chars.splice(at..at + 1, text.chars());
        }
        if let Ok(json) = RawValue::from_string(chars.into_iter().collect()) {
            let _ = decode(&json, WS);
        }
    }

    #[test]
    fn no_line_makes_the_reader_panic(
        line in r#"\[?("[a-z.]{0,4}"|-?[0-9]{1,20}|null|\[[0-9,-]{0,9}\]|\{\}|,){0,12}\]?"#,
    ) {
        let text = text();
        let text = text.replacen(r#""ops":["#, &format!(r#""ops":[{line},"#), 1);
        if let Ok(json) = RawValue::from_string(text) {
            let _ = decode(&json, WS);
        }
    }
}
