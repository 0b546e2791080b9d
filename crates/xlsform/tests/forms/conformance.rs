//! Beside pyxform: which forms are taken, and what is in them. Every difference has a reason in a
//! table, and a row that differs no more is named too.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_xlsform::{Form, Kind, Level, Question, Source, read};

use crate::corpus::{Fixture, fixtures};

/// Form, ours, the reason.
const OUTCOMES: &str = include_str!("../data/pyxform-outcomes.tsv");
/// Form, path, what differs, the reason.
const BINDS: &str = include_str!("../data/pyxform-binds.tsv");

fn ours(fixture: &Fixture) -> Result<Form, String> {
    let workbook = read(&fixture.bytes, &fixture.name).map_err(|stop| stop.to_string())?;
    let reading = Form::read(&workbook);
    let error = reading.problems.iter().find(|problem| problem.level == Level::Error);
    let error = error.map(ToString::to_string);
    reading.form.ok_or_else(|| error.unwrap())
}

/// Rows of a table by all but their last cell, which is a reason.
fn reasons(table: &str) -> BTreeMap<&str, &str> {
    table.lines().filter_map(|line| line.rsplit_once('\t')).collect()
}

#[track_caller]
fn same(found: &BTreeMap<String, String>, known: &BTreeMap<&str, &str>) {
    let missing: Vec<_> =
        found.iter().filter(|(key, _)| !known.contains_key(key.as_str())).collect();
    assert!(missing.is_empty(), "differences without a reason: {missing:#?}");
    let stale: Vec<_> = known.keys().filter(|key| !found.contains_key(**key)).collect();
    assert!(stale.is_empty(), "no differences any more: {stale:#?}");
}

#[test]
fn every_form_that_pyxform_takes_is_taken_or_the_reason_is_known() {
    let mut found = BTreeMap::new();
    for fixture in fixtures() {
        match (ours(&fixture), fixture.is_ok) {
            (Ok(_), false) => found.insert(format!("{}\tok", fixture.name), fixture.message),
            (Err(error), true) => found.insert(format!("{}\terror", fixture.name), error),
            _ => None,
        };
    }
    same(&found, &reasons(OUTCOMES));
}

/// `path` → `type|flags` of what a form holds.
fn binds(form: &Form) -> BTreeMap<String, String> {
    let mut paths: Vec<String> = Vec::new();
    let mut binds = BTreeMap::new();
    for question in &form.questions {
        let above = question.parent.map_or("", |parent| &paths[parent]);
        let path = format!("{above}/{}", question.name);
        paths.push(path.clone());
        let flags: String = [
            (question.required.is_some(), 'm'),
            (question.relevant.is_some(), 'v'),
            (question.constraint.is_some(), 'c'),
            (question.calculation.is_some() && question.triggers.is_empty(), 'k'),
            (question.read_only.is_some() || question.kind == Kind::Note, 'o'),
        ]
        .iter()
        .filter_map(|(is, flag)| is.then_some(*flag))
        .collect();
        let is_bound = match question.kind {
            Kind::Group | Kind::Repeat => !flags.is_empty(),
            Kind::CsvExternal | Kind::XmlExternal | Kind::Audit => false,
            _ => true,
        };
        if is_bound {
            binds.insert(path, format!("{}|{flags}", type_of(&question.kind)));
        }
    }
    binds
}

fn type_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer => "int",
        Kind::Decimal => "decimal",
        Kind::Range => "range",
        Kind::Date | Kind::Today => "date",
        Kind::Time => "time",
        Kind::DateTime | Kind::Start | Kind::End => "dateTime",
        Kind::Rank(_) => "odk:rank",
        Kind::Image | Kind::Audio | Kind::Video | Kind::File | Kind::BackgroundAudio => "binary",
        Kind::Barcode => "barcode",
        Kind::Geopoint | Kind::StartGeopoint | Kind::BackgroundGeopoint => "geopoint",
        Kind::Geotrace => "geotrace",
        Kind::Geoshape => "geoshape",
        Kind::Group | Kind::Repeat => "",
        _ => "string",
    }
}

/// As [`binds`], of what pyxform makes. What it adds by itself is left out.
fn theirs(fixture: &Fixture) -> BTreeMap<String, String> {
    let mut binds = BTreeMap::new();
    for [path, kind, flags] in &fixture.binds {
        let path = path.trim_start_matches('/').split_once('/').map_or("", |(_, rest)| rest);
        let is_own = path.starts_with("meta/")
            || path.contains("generated_table_list_label_")
            || path.contains("reserved_name_for_field_list_labels_");
        if !is_own {
            binds.insert(format!("/{path}"), format!("{kind}|{flags}"));
        }
    }
    binds
}

#[test]
fn every_question_has_the_type_and_the_expressions_that_pyxform_binds() {
    let mut found = BTreeMap::new();
    let mut same_binds = 0;
    // A flat form, as ODK Tables has them, carries the conditions of its groups at each question.
    let is_compared = |it: &Fixture| it.is_ok && !it.name.contains("flat_xlsform");
    for fixture in fixtures().into_iter().filter(is_compared) {
        let Ok(form) = ours(&fixture) else { continue };
        let (ours, theirs) = (binds(&form), theirs(&fixture));
        let paths: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for path in paths {
            let (our, their) = (ours.get(path), theirs.get(path));
            let fits = match (our, their) {
                (Some(our), Some(their)) => {
                    our == their
                        || our.strip_prefix("range").is_some_and(|flags| their.ends_with(flags))
                }
                _ => false,
            };
            if fits {
                same_binds += 1;
                continue;
            }
            let nothing = "-".to_owned();
            let (our, their) = (our.unwrap_or(&nothing), their.unwrap_or(&nothing));
            found.insert(format!("{}\t{path}\t{our} {their}", fixture.name), String::new());
        }
    }
    same(&found, &reasons(BINDS));
    assert!(same_binds > 650, "{same_binds} binds are the same");
}

/// The names of a list, with the choice that `or_other` adds to it.
fn names(form: &Form, list: &str) -> Vec<String> {
    let choices = form.lists.get(list).map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<_> = choices.iter().map(|choice| choice.name.clone()).collect();
    let is_own = |source: &Source| matches!(source, Source::List(own) if own == list);
    let is_open = |it: &Question| it.or_other && it.kind.source().is_some_and(is_own);
    if form.questions.iter().any(is_open) && !names.iter().any(|name| name == "other") {
        names.push("other".into());
    }
    names
}

#[test]
fn every_list_has_the_choices_that_pyxform_lists() {
    let mut lists = 0;
    for fixture in fixtures() {
        let Ok(form) = ours(&fixture) else { continue };
        for (list, theirs) in &fixture.lists {
            assert_eq!(&names(&form, list), theirs, "{} {list}", fixture.name);
            lists += 1;
        }
    }
    assert!(lists > 100, "{lists} lists are the same");
}

#[test]
fn the_document_has_the_numbers() {
    let document = include_str!("../../../../docs/FORMS.md");
    let all = fixtures();
    let taken = all.iter().filter(|it| it.is_ok && ours(it).is_ok()).count();
    let ok = all.iter().filter(|it| it.is_ok).count();
    let refused = all.iter().filter(|it| !it.is_ok && ours(it).is_err()).count();
    let said = [
        format!("**{taken} of {ok}**"),
        format!("{refused} of {}", all.len() - ok),
        format!("{} workbooks", all.iter().filter(|it| it.name.starts_with("files/")).count()),
        format!(
            "{} Markdown tables",
            all.iter().filter(|it| it.name.starts_with("inline/")).count()
        ),
    ];
    let reasons = reasons(OUTCOMES);
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    reasons.values().for_each(|reason| *counts.entry(reason).or_default() += 1);
    let rows = counts.iter().map(|(reason, count)| format!("| `{reason}` | {count} |"));
    for text in said.into_iter().chain(rows) {
        assert!(document.contains(&text), "docs/FORMS.md does not say {text}");
    }
}
