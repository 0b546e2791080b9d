use proptest::prelude::*;

use super::*;

#[test]
fn the_bytes_of_a_run_are_those_of_version_1() {
    insta::assert_snapshot!(encode(&sample(Some(Seed([0x77; 16])))).get(), @r#"{"log":"11111111111111111111111111111111","scope":"33333333333333333333333333333333","by":"44444444444444444444444444444444","boot":3,"first":7,"prev":"5555555555555555555555555555555555555555555555555555555555555555","seed":"77777777777777777777777777777777","at":[1000,480,10,5],"sig":"ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZg==","ops":[["inspection.started","",0,{"why":"门冷"}],["inspection.answered",0,900,{"set":{"TEMP-01":"-18.50"}}],"9999999999999999999999999999999999999999999999999999999999999999",["finding.raised","88888888888888888888888888888888",[-1000,10,480,6],{"new": 1}],["inspection.undone",0,1,null,"fc497560d238f1a577c8678e2f58d6c7e000f057a20440b447b606e87b077f55"]]}"#);
    insta::assert_snapshot!(encode(&sample(None)).get(), @r#"{"log":"11111111111111111111111111111111","scope":"33333333333333333333333333333333","by":"44444444444444444444444444444444","boot":3,"first":7,"prev":"5555555555555555555555555555555555555555555555555555555555555555","seed":"","at":[1000,480,10,5],"sig":"ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZg==","ops":[["inspection.started","",0,{"why":"门冷"},"0aa27b3eba4c18009a1e47d1dabbf891"],["inspection.answered",0,900,{"set":{"TEMP-01":"-18.50"}},"2c73a7f8e1bbcdc386a82928bd73621a"],"9999999999999999999999999999999999999999999999999999999999999999",["finding.raised","88888888888888888888888888888888",[-1000,10,480,6],{"new": 1},"aa05d4d1329c8dc4bd5a023db9f254c6"],["inspection.undone",0,1,null,"fc497560d238f1a577c8678e2f58d6c7e000f057a20440b447b606e87b077f55"]]}"#);
}

#[test]
fn a_run_of_everything_comes_back() {
    for seed in [Some(Seed([0x77; 16])), None] {
        let run = sample(seed);
        assert_eq!(decode(&encode(&run), WS).unwrap(), run);
    }
}

#[test]
fn a_full_run_comes_back_and_a_fuller_one_is_refused() {
    let mut run = sample(None);
    run.entries = vec![Entry::Withheld(OpHash([9; 32])); MAX_RUN_OPS];
    assert_eq!(decode(&encode(&run), WS).unwrap(), run);
    run.entries.push(Entry::Withheld(OpHash([9; 32])));
    assert!(decode(&encode(&run), WS).is_err());
}

#[test]
fn an_op_of_another_workspace_is_another_op() {
    let run = sample(None);
    let other = decode(&encode(&run), WorkspaceId([0x23; 16])).unwrap();
    assert_ne!(other.end(), run.end(), "so the head's signature fails");
}

proptest! {
    #[test]
    fn every_run_comes_back_to_the_byte(run in plan::run()) {
        let json = encode(&run);
        let read = decode(&json, WS).unwrap();
        prop_assert_eq!(&read, &run);
        for op in read.ops() {
            // What the codec skips, because the bytes follow from the fields.
            prop_assert_eq!(&Op::read(op.header_text.clone(), op.body.clone()).unwrap(), op);
        }
    }

    /// A run that a newer or hostile peer spelled otherwise is, once read, a run like any other.
    #[test]
    fn whatever_can_be_read_can_be_forwarded(
        (run, at, text) in (plan::run(), any::<prop::sample::Index>(), "[0-9a-f\",\\[\\]{}n-]{0,2}"),
    ) {
        let json = encode(&run);
        let mut chars: Vec<char> = json.get().chars().collect();
        let from = at.index(chars.len());
        chars.splice(from..from + 1, text.chars());
        let text: String = chars.into_iter().collect();
        if let Ok(json) = RawValue::from_string(text)
            && let Ok(read) = decode(&json, WS)
        {
            prop_assert_eq!(decode(&encode(&read), WS).unwrap(), read);
        }
    }
}
