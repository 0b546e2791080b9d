//! Any checklist that is one goes out and comes back as itself.

use std::collections::BTreeMap;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use spotcheck_checklists::{
    Checklist, Choice, Computed, Constraint, Count, CountRole, Evidence, Item, ItemLogic, Kind,
    Merge, Named, Repeat, Scoring,
};
use spotcheck_rules::Status;
use spotcheck_rules::{Bilingual, Severity, Verdict};
use spotcheck_xlsform::to_workbook;

use crate::round_trip::{files, returned};

const KINDS: [Kind; 13] = [
    Kind::PassFail,
    Kind::Measured,
    Kind::Tally,
    Kind::TimedCount,
    Kind::Choice,
    Kind::Steps,
    Kind::Text,
    Kind::Date,
    Kind::DocumentSet,
    Kind::Photo,
    Kind::ReadingLog,
    Kind::People,
    Kind::Signature,
];

const EVIDENCE: [Evidence; 7] = [
    Evidence::Photo,
    Evidence::Document,
    Evidence::Reading,
    Evidence::Log,
    Evidence::Count,
    Evidence::Signature,
    Evidence::Reinspection,
];

fn word() -> impl Strategy<Value = String> {
    "[=+@'-]?[a-z温度]{1,6}( [|\\\\\"${}<&]?[a-z]{1,4}){0,2}"
}

fn text() -> impl Strategy<Value = Bilingual> {
    (word(), word()).prop_map(|(zh, en)| Bilingual { zh, en })
}

/// Entries with codes of their own.
fn named(least: usize) -> impl Strategy<Value = Vec<Named>> {
    btree_set("[a-z_]{0,4}[a-z0-9]", least..4).prop_flat_map(|codes| {
        let count = codes.len();
        vec(text(), count).prop_map(move |texts| {
            let entries = codes.iter().cloned().zip(texts);
            entries.map(|(code, text)| Named { code, text }).collect()
        })
    })
}

/// What any item has, before its kind is known.
fn plain() -> impl Strategy<Value = Item> {
    let more = (option::of(text()), option::of(text()), option::of(0..100_u32));
    let texts = (text(), option::of(text()), more);
    let head = ("[A-Z0-9-]{0,4}[A-Z0-9]", texts, select(KINDS.to_vec()), option::of(word()));
    let repeats = vec![
        None,
        None,
        Some(Repeat::Gate),
        Some(Repeat::Stop),
        Some(Repeat::Lot),
        Some(Repeat::Vehicle),
        Some(Repeat::Room),
    ];
    let how = (
        select(vec![Severity::Minor, Severity::Major, Severity::Critical]),
        subsequence(EVIDENCE.to_vec(), 0..=7),
        select(vec![Merge::WorstWins, Merge::KeepBoth, Merge::AskLead]),
        select(repeats),
    );
    let rest = (any::<bool>(), word(), option::of("[a-z]{1,4}\\.[a-z]{1,4}"), any::<bool>());
    (head, how, rest).prop_map(|((code, (text, hint, more), kind, unit), how, rest)| Item {
        code,
        text,
        hint,
        guidance: more.0,
        kind,
        unit,
        limit: rest.2,
        label_limit: rest.3,
        severity: how.0,
        evidence: how.1,
        merge: how.2,
        repeat: how.3,
        choices: Vec::new(),
        counts: Vec::new(),
        steps: Vec::new(),
        documents: Vec::new(),
        required: rest.0,
        missing: more.1,
        score: more.2,
        reference: rest.1,
        logic: ItemLogic::default(),
    })
}

/// Made to be one that its kind allows.
fn fitted(mut item: Item, mut entries: Vec<Named>, counted: bool) -> Item {
    let needs_unit = matches!(item.kind, Kind::Measured | Kind::TimedCount | Kind::People);
    if needs_unit {
        item.unit.get_or_insert("°C".into());
    }
    let has_limit = needs_unit || matches!(item.kind, Kind::Tally | Kind::Date | Kind::ReadingLog);
    item.limit = item.limit.filter(|_| has_limit);
    item.label_limit &= item.kind == Kind::Measured;
    let count = |(at, entry): (usize, Named)| Count {
        code: entry.code,
        text: entry.text,
        role: match (item.kind, at) {
            (Kind::Tally, 0) => Some(CountRole::Observed),
            (Kind::Tally, 1) => Some(CountRole::Checked),
            _ => None,
        },
        unit: (at == 2).then(|| "min".into()),
        limit: (at == 2).then(|| "a.b".into()),
    };
    match item.kind {
        Kind::Choice => {
            let verdicts = [None, Some(Verdict::Pass), Some(Verdict::Fail)].into_iter().cycle();
            let choices = entries.into_iter().zip(verdicts);
            let choice = |(it, verdict): (Named, _)| {
                let columns = BTreeMap::new();
                Choice { code: it.code, text: it.text, verdict, columns }
            };
            item.choices = choices.map(choice).collect();
        }
        Kind::Steps => item.steps = entries,
        Kind::DocumentSet => item.documents = entries,
        Kind::Tally => item.counts = entries.into_iter().enumerate().map(count).collect(),
        Kind::Measured | Kind::TimedCount => {
            entries.truncate(if counted { 3 } else { 0 });
            item.counts = entries.into_iter().enumerate().map(count).collect();
        }
        _ => {}
    }
    item
}

/// Makes all but the first depend on it, each in its way.
fn depending(items: &mut [Item]) -> Vec<Computed> {
    let Some((first, rest)) = items.split_first_mut() else { return Vec::new() };
    let name = match first.counts.first() {
        Some(count) => format!("{}.{}", first.code, count.code),
        None => first.code.clone(),
    };
    for (at, item) in rest.iter_mut().enumerate() {
        let computable = matches!(item.kind, Kind::Text | Kind::Date | Kind::People);
        let logic = &mut item.logic;
        if item.kind == Kind::Choice {
            logic.offers = Some(format!("part = ${{{name}}} or name != 'x'"));
            for choice in &mut item.choices {
                choice.columns.insert("part".into(), format!("{} a", choice.code));
            }
        }
        if matches!(item.kind, Kind::Text | Kind::Date | Kind::PassFail) {
            let taken = format!("if(${{{name}}} = 'na', ${{own}}, '')");
            logic.default = Some(if at % 2 == 0 { "'it''s'".replace("''", " ") } else { taken });
        }
        match at % 4 {
            0 => logic.relevant = Some(format!("${{{name}}} = 'na' or ${{own}} > 1")),
            1 if !item.required => logic.required = Some(format!("selected(${{{name}}}, 'na')")),
            2 if item.kind != Kind::Tally => {
                let text = Bilingual { zh: "不行".into(), en: "no".into() };
                logic.constraint = Some(Constraint { holds: ". != ${own}".into(), text });
            }
            3 if computable => {
                item.required = false;
                logic.default = None;
                logic.calculation = Some(format!("concat(${{{name}}}, '!')"));
            }
            _ => {}
        }
    }
    vec![
        Computed { name: "own".into(), value: format!("count(${{{name}}})"), repeat: None },
        Computed { name: "each".into(), value: "position(..)".into(), repeat: Some(Repeat::Gate) },
    ]
}

fn checklist() -> impl Strategy<Value = Checklist> {
    let item = (plain(), named(2), any::<bool>()).prop_map(|(a, b, c)| fitted(a, b, c));
    let reviewed = word().prop_map(|by| (Some(Status::Reviewed), Some(by)));
    let status = prop_oneof![Just((None, None)), Just((Some(Status::Draft), None)), reviewed];
    let whole = (vec(item, 1..8), text(), word(), word(), status, any::<bool>());
    whole.prop_map(|(mut items, title, code, version, (status, reviewed_by), depends)| {
        let mut codes = std::collections::BTreeSet::new();
        items.retain(|item| codes.insert(item.code.clone()));
        // Where anything depends on answers, expressions must be able to name each item.
        let named = items.iter().all(|item| item.code.starts_with(|c: char| c.is_alphabetic()));
        let computed = if depends && named { depending(&mut items) } else { Vec::new() };
        let scoring = items.iter().any(|item| item.score.is_some()).then_some(Scoring::Lost);
        let pack = "p".to_owned();
        Checklist { code, version, title, pack, status, reviewed_by, scoring, computed, items }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_checklist_comes_back_as_itself(list in checklist()) {
        let bytes = serde_json::to_vec(&list).unwrap();
        prop_assert!(Checklist::parse(&bytes).is_ok(), "{:?}", Checklist::parse(&bytes));
        let workbook = to_workbook(&list);
        prop_assert!(workbook.is_ok(), "{:?}", workbook);
        for (name, file) in files(&workbook.unwrap()) {
            let same = serde_json::to_vec(&returned(&file, name)).unwrap();
            prop_assert_eq!(String::from_utf8(same), String::from_utf8(bytes.clone()), "{}", name);
        }
    }
}
