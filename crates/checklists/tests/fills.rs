//! Every item of every shipped checklist, filled right and filled wrong: `data/fills/CODE.json` has
//! both, with the limit each wrong answer must be told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(clippy::disallowed_methods, reason = "the answers are files beside the test")]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use spotcheck_checklists::{Checklist, Item, Kind, judge_answer, shipped};
use spotcheck_rules::{Judgement, NaiveDate, Pack, Verdict, parse_date};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fills {
    /// A day on which every limit of the checklist is in force.
    day: String,
    items: BTreeMap<String, Fill>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    /// On the limit, as far as it lets: each passes.
    right: Vec<Value>,
    /// One step beyond it: each fails.
    wrong: Vec<Wrong>,
    /// Why no answer can be wrong.
    why_no_wrong: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    answer: Value,
    rule: String,
    limit: String,
}

fn fills(code: &str) -> Fills {
    let folder = env!("CARGO_MANIFEST_DIR");
    let path = format!("{folder}/tests/data/fills/{}.json", code.to_lowercase());
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
}

struct Judge {
    pack: Pack,
    on: NaiveDate,
}

impl Judge {
    fn of(checklist: &Checklist, day: &str) -> Self {
        let pack = spotcheck_rules::shipped().iter().find(|pack| pack.code == checklist.pack);
        Self { pack: Pack::parse(pack.unwrap().bytes).unwrap(), on: parse_date(day).unwrap() }
    }

    fn judge(&self, item: &Item, answer: &Value) -> Option<Judgement> {
        judge_answer(item, answer, &self.pack, self.on)
            .unwrap_or_else(|error| panic!("{} {answer}: {error}", item.code))
    }
}

fn filled(mut look: impl FnMut(&Judge, &Item, &Fill)) {
    for list in shipped() {
        let (checklist, fills) = (Checklist::parse(list.bytes).unwrap(), fills(list.code));
        let judge = Judge::of(&checklist, &fills.day);
        let (all, known): (BTreeSet<_>, BTreeSet<_>) =
            (checklist.items.iter().map(|item| &item.code).collect(), fills.items.keys().collect());
        assert_eq!(all, known, "{}: data/fills has other items", list.code);
        for item in &checklist.items {
            look(&judge, item, &fills.items[&item.code]);
        }
    }
}

#[test]
fn filled_right_every_answer_passes() {
    let mut passed = 0;
    filled(|judge, item, fill| {
        for answer in &fill.right {
            let verdict = judge.judge(item, answer).map(|judgement| judgement.verdict);
            assert_eq!(verdict, Some(Verdict::Pass), "{} {answer}", item.code);
            passed += 1;
        }
        // Text, and a choice that only says which rules apply, are never judged.
        let judged = item.kind != Kind::Text && item.choices.iter().all(|it| it.verdict.is_some());
        assert!(!judged || !fill.right.is_empty(), "{} has no right answer", item.code);
    });
    assert!(passed > 300, "{passed}");
}

#[test]
fn filled_wrong_every_answer_fails_and_is_told_the_limit() {
    let mut failed = 0;
    filled(|judge, item, fill| {
        assert_eq!(fill.wrong.is_empty(), fill.why_no_wrong.is_some(), "{}", item.code);
        for wrong in &fill.wrong {
            let at = format!("{} {}", item.code, wrong.answer);
            let judgement = judge.judge(item, &wrong.answer).unwrap_or_else(|| panic!("{at}"));
            assert_eq!(judgement.verdict, Verdict::Fail, "{at}");
            assert_eq!((&judgement.rule, &judgement.limit), (&wrong.rule, &wrong.limit), "{at}");
            assert!(judgement.severity.is_some(), "{at}");
            failed += 1;
        }
    });
    assert!(failed > 400, "{failed}");
}

#[test]
fn every_limit_an_item_names_has_a_wrong_answer() {
    filled(|_, item, fill| {
        let own = item.limit.iter();
        for key in own.chain(item.counts.iter().filter_map(|count| count.limit.as_ref())) {
            let told = fill.wrong.iter().any(|wrong| wrong.rule == *key);
            assert!(told, "{}: no answer breaks {key}", item.code);
        }
        for step in item.steps.iter().chain(&item.documents) {
            let told = fill.wrong.iter().any(|wrong| wrong.answer["missing"][0] == *step.code);
            assert!(told, "{}: no answer lacks {}", item.code, step.code);
        }
    });
}
