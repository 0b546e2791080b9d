//! The library against the rules document, §3: the same items, as grave, with the same evidence.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::{Checklist, Evidence, Item, Kind, shipped};
use spotcheck_rules::{Severity, Status};

fn checklists() -> Vec<Checklist> {
    shipped().iter().map(|list| Checklist::parse(list.bytes).unwrap()).collect()
}

/// `(code, severity, evidence)` of each row of §3.
fn rows() -> Vec<(&'static str, Severity, BTreeSet<Evidence>)> {
    let lines = include_str!("data/templates.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [code, severity, evidence] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            // "m→M": the limit itself raises it; "M+1": one level up, as a repeat; "–": not judged.
            let severity = match severity {
                "C" | "M+1" => Severity::Critical,
                "M" => Severity::Major,
                "m" | "m→M" | "–" => Severity::Minor,
                other => panic!("{other}"),
            };
            let evidence = evidence.split(' ').filter_map(|word| match word {
                "P" => Some(Evidence::Photo),
                "D" | "D(blur)" => Some(Evidence::Document),
                "R" => Some(Evidence::Reading),
                "L" => Some(Evidence::Log),
                "N" | "timer" => Some(Evidence::Count),
                "S" => Some(Evidence::Signature),
                "V" => Some(Evidence::Reinspection),
                "auto" | "–" => None,
                other => panic!("{other}"),
            });
            (code, severity, evidence.collect())
        })
        .collect()
}

/// An item code without the letter of its part: §3 asks for two temperatures in VAX-03.
fn row_of(code: &str) -> &str {
    code.trim_end_matches(['A', 'B'])
}

#[test]
fn rules_section_3_is_complete_and_in_its_order() {
    let lists = checklists();
    for (code, own) in [
        ("ENT", 14),
        ("BUS", 10),
        ("COM", 10),
        ("PRT", 11),
        ("CCS", 18),
        ("LED", 12),
        ("DIS", 11),
        ("AIR", 12),
        ("VAX", 15),
    ] {
        let list = lists.iter().find(|list| list.code == code).unwrap();
        let expected = (1..=6)
            .map(|number| format!("GEN-{number:02}"))
            .chain((1..=own).map(|number| format!("{code}-{number:02}")));
        let mut codes: Vec<_> = list.items.iter().map(|item| row_of(&item.code)).collect();
        codes.dedup();
        assert_eq!(codes, expected.collect::<Vec<_>>());
    }
    // A kitchen is one template under four packs: what one country does not ask, another does.
    let kitchens = lists.iter().filter(|list| list.code.starts_with("KIT"));
    let codes: BTreeSet<_> =
        kitchens.flat_map(|list| &list.items).map(|item| item.code.clone()).collect();
    for number in 1..=20 {
        assert!(codes.contains(&format!("KIT-{number:02}")), "KIT-{number:02}");
    }
}

#[test]
fn severity_and_evidence_are_those_of_the_rules() {
    let rows: BTreeMap<_, _> =
        rows().into_iter().map(|(code, sev, evid)| (code, (sev, evid))).collect();
    assert_eq!(rows.len(), 139);
    let mut wrong = Vec::new();
    for item in checklists().iter().flat_map(|list| &list.items) {
        let Some((severity, evidence)) = rows.get(row_of(&item.code)) else { continue };
        let own: BTreeSet<_> = item.evidence.iter().copied().collect();
        if (item.severity, &own) != (*severity, evidence) {
            wrong.push(format!(
                "{}: {:?} {own:?}, not {severity:?} {evidence:?}",
                item.code, item.severity
            ));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_item_code_means_one_thing() {
    // A street market asks the items of entrance, disinfection and ledger in their own words.
    let mut known: BTreeMap<String, Item> = BTreeMap::new();
    for list in checklists().iter().filter(|list| !list.code.starts_with("KIT-")) {
        for item in &list.items {
            let first = known.entry(item.code.clone()).or_insert_with(|| item.clone());
            assert_eq!(first, item, "{} in {}", item.code, list.code);
        }
    }
    let market = checklists().into_iter().find(|list| list.code == "STM").unwrap();
    for part in ["ENT-", "DIS-", "LED-", "STM-"] {
        assert!(market.items.iter().any(|item| item.code.starts_with(part)), "{part}");
    }
}

#[test]
fn words_alone_never_make_a_critical_finding() {
    for item in checklists().iter().flat_map(|list| &list.items) {
        // Only the type of vendor and the sample frame need no proof: neither is ever a finding.
        let proven = !item.evidence.is_empty() || ["GEN-03", "LED-01"].contains(&&*item.code);
        assert!(proven, "{} asks for no evidence", item.code);
        if item.kind == Kind::Choice {
            assert!(item.severity < Severity::Critical, "{} is a rating", item.code);
        }
    }
}

#[test]
fn every_text_is_in_its_language() {
    let han = |text: &str| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
    for list in checklists() {
        let named = list.items.iter().flat_map(|item| item.steps.iter().chain(&item.documents));
        let texts = (list.items.iter().map(|item| &item.text))
            .chain(named.map(|entry| &entry.text))
            .chain(list.items.iter().flat_map(|item| &item.choices).map(|entry| &entry.text))
            .chain(list.items.iter().flat_map(|item| &item.counts).map(|entry| &entry.text))
            .chain([&list.title]);
        for text in texts {
            assert!(han(&text.zh), "{}: {}", list.code, text.zh);
            assert!(!han(&text.en), "{}: {}", list.code, text.en);
        }
    }
}

#[test]
fn nothing_is_called_reviewed_before_someone_reviewed_it() {
    for list in checklists() {
        // The first three were published before a checklist could say so.
        let silent = ["ENT", "BUS", "CCS"].contains(&&*list.code);
        let expected = (!silent).then_some(Status::Draft);
        assert_eq!((list.status, list.reviewed_by), (expected, None), "{}", list.code);
    }
}
