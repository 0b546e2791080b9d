//! What the types of a checklist cannot say: each item must be answerable and judgeable.

use spotcheck_rules::{Bilingual, Pack, Severity, Status};

use crate::conditions::is_column;

use super::{Checklist, ChecklistError, CountRole, Item, Kind};

type Checked = Result<(), ChecklistError>;

pub(super) fn check(checklist: &Checklist) -> Checked {
    filled("code", &checklist.code)?;
    filled("version", &checklist.version)?;
    filled("pack", &checklist.pack)?;
    titled("title", &checklist.title)?;
    let reviewer = checklist.reviewed_by.as_deref().unwrap_or_default().trim();
    if checklist.status == Some(Status::Reviewed) && reviewer.is_empty() {
        let problem = "a reviewed checklist names no reviewer";
        return fail("reviewed_by", problem, "name who reviewed it and when");
    }
    if checklist.items.is_empty() {
        return fail("items", "the checklist has no item", "add at least one item");
    }
    let scored = checklist.items.iter().any(|item| item.score.is_some());
    if scored != checklist.scoring.is_some() {
        let problem = "points and the way to add them up belong together";
        return fail("scoring", problem, "give items a score, and the checklist a scoring");
    }
    for (index, item) in checklist.items.iter().enumerate() {
        let path = item_path(index, item);
        check_item(&path, item)?;
        if checklist.items[..index].iter().any(|other| other.code == item.code) {
            let problem = "this code is already used above";
            return fail(&format!("{path}.code"), problem, "give every item its own code");
        }
    }
    crate::Conditions::of(checklist).map(|_| ())
}

pub(super) fn check_against(checklist: &Checklist, pack: &Pack) -> Checked {
    if checklist.pack != pack.code {
        let problem = format!("the checklist names {}, not {}", checklist.pack, pack.code);
        return fail("pack", problem, "load the pack the checklist names");
    }
    for (index, item) in checklist.items.iter().enumerate() {
        let path = item_path(index, item);
        if let Some(key) = &item.limit {
            let unit = item_limit_unit(item);
            check_limit(&path, pack, key, unit, Some(item.severity))?;
        }
        for (index, count) in item.counts.iter().enumerate() {
            if let Some(key) = &count.limit {
                let path = format!("{path}.counts[{index}]");
                check_limit(&path, pack, key, count.unit.as_deref(), None)?;
            }
        }
    }
    Ok(())
}

/// The unit in which [`crate::judge_answer`] will ask for the limit.
fn item_limit_unit(item: &Item) -> Option<&str> {
    match item.kind {
        Kind::Tally | Kind::ReadingLog => Some("%"),
        Kind::Date => Some("d"),
        _ => item.unit.as_deref(),
    }
}

fn check_limit(
    path: &str,
    pack: &Pack,
    key: &str,
    unit: Option<&str>,
    severity: Option<Severity>,
) -> Checked {
    if !pack.has_key(key) {
        let problem = format!("pack {} has no limit {key}", pack.code);
        return fail(&format!("{path}.limit"), problem, "correct the key, or add the limit");
    }
    for limit in pack.limits.iter().filter(|limit| limit.key == key) {
        if unit.is_none_or(|unit| limit.find_value(unit).is_none()) {
            let accepted = limit.list_units().join(", ");
            let problem = format!("limit {key} is read in {accepted}, not {}", unit.unwrap_or("-"));
            return fail(&format!("{path}.unit"), problem, "use a unit of the limit");
        }
        if severity.is_some_and(|severity| severity != limit.severity) {
            let problem = format!("limit {key} has another severity");
            return fail(&format!("{path}.severity"), problem, "make the two agree");
        }
    }
    Ok(())
}

fn check_item(path: &str, item: &Item) -> Checked {
    // A code becomes part of a slot path, where `/` separates.
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    if item.code.is_empty() || !item.code.bytes().all(fits) {
        let problem = format!("\"{}\" is not an item code", item.code);
        return fail(&format!("{path}.code"), problem, "use capitals, digits and '-'");
    }
    titled(&format!("{path}.text"), &item.text)?;
    for (field, text) in
        [("hint", &item.hint), ("guidance", &item.guidance), ("missing", &item.missing)]
    {
        if let Some(text) = text {
            titled(&format!("{path}.{field}"), text)?;
        }
    }
    filled(&format!("{path}.reference"), &item.reference)?;
    check_lists(path, item)?;
    check_columns(path, item)?;
    check_counts(path, item)?;
    check_judging(path, item)
}

/// Each list belongs to one kind: there it is needed, elsewhere it would be silently ignored.
fn check_lists(path: &str, item: &Item) -> Checked {
    let choices = item.choices.iter().map(|entry| (&*entry.code, &entry.text));
    let steps = item.steps.iter().map(|entry| (&*entry.code, &entry.text));
    let documents = item.documents.iter().map(|entry| (&*entry.code, &entry.text));
    for (name, owner, list) in [
        ("choices", Kind::Choice, choices.collect::<Vec<_>>()),
        ("steps", Kind::Steps, steps.collect()),
        ("documents", Kind::DocumentSet, documents.collect()),
    ] {
        let path = format!("{path}.{name}");
        match (item.kind == owner, list.is_empty()) {
            (true, true) => return fail(&path, "this kind needs the list", "fill the list"),
            (false, false) => {
                let problem = "this kind does not use the list";
                return fail(&path, problem, "remove the list, or change the kind");
            }
            _ => check_entries(&path, &list)?,
        }
    }
    Ok(())
}

/// The filter of its choices reads their columns, and nothing else does.
fn check_columns(path: &str, item: &Item) -> Checked {
    for (index, choice) in item.choices.iter().enumerate() {
        for (name, cell) in &choice.columns {
            let path = format!("{path}.choices[{index}].columns.{name}");
            if item.logic.offers.is_none() {
                return fail(&path, "no filter reads it", "write logic.offers, or remove it");
            }
            if !is_column(name) {
                let problem = "this is no name of a column";
                return fail(&path, problem, "begin with a letter; `name` is the choice's code");
            }
            filled(&path, cell)?;
        }
    }
    Ok(())
}

fn check_entries(path: &str, list: &[(&str, &Bilingual)]) -> Checked {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    for (index, (code, text)) in list.iter().enumerate() {
        let path = format!("{path}[{index}]");
        titled(&format!("{path}.text"), text)?;
        if code.is_empty() || !code.bytes().all(fits) {
            let problem = format!("\"{code}\" is not a code");
            return fail(&format!("{path}.code"), problem, "use small letters, digits and '_'");
        }
        if list[..index].iter().any(|(other, _)| other == code) {
            let problem = format!("{code} appears twice");
            return fail(&format!("{path}.code"), problem, "give every entry its own code");
        }
    }
    Ok(())
}

fn check_counts(path: &str, item: &Item) -> Checked {
    let path = format!("{path}.counts");
    let list: Vec<_> = item.counts.iter().map(|count| (&*count.code, &count.text)).collect();
    check_entries(&path, &list)?;
    let having = |role| item.counts.iter().filter(|count| count.role == Some(role)).count();
    let roles = (having(CountRole::Observed), having(CountRole::Checked));
    match item.kind {
        Kind::Tally if roles != (1, 1) => {
            let problem = "a tally needs one count observed and one checked";
            fail(&path, problem, "give one count the role observed and one the role checked")
        }
        Kind::Tally => Ok(()),
        Kind::Measured | Kind::TimedCount if roles == (0, 0) => Ok(()),
        _ if item.counts.is_empty() => Ok(()),
        _ => fail(&path, "this kind has no such counts", "remove them, or make it a tally"),
    }
}

fn check_judging(path: &str, item: &Item) -> Checked {
    let needs_unit = matches!(item.kind, Kind::Measured | Kind::TimedCount | Kind::People);
    if needs_unit && item.unit.as_deref().is_none_or(|unit| unit.trim().is_empty()) {
        return fail(&format!("{path}.unit"), "this kind needs a unit", "name the unit");
    }
    let has_limit = needs_unit || matches!(item.kind, Kind::Tally | Kind::Date | Kind::ReadingLog);
    if item.limit.is_some() && !has_limit {
        let problem = "answers of this kind are not compared with a limit";
        return fail(&format!("{path}.limit"), problem, "remove the limit, or change the kind");
    }
    if item.label_limit && item.kind != Kind::Measured {
        let problem = "only a measured value compares with a label";
        return fail(&format!("{path}.label_limit"), problem, "remove it, or change the kind");
    }
    Ok(())
}

fn item_path(index: usize, item: &Item) -> String {
    format!("items[{index}] ({})", item.code)
}

fn titled(path: &str, title: &Bilingual) -> Checked {
    match title.find_empty() {
        Some(language) => filled(&format!("{path}.{language}"), ""),
        None => Ok(()),
    }
}

fn filled(path: &str, text: &str) -> Checked {
    if text.trim().is_empty() {
        return fail(path, "the text is empty", "fill it in");
    }
    Ok(())
}

fn fail(path: &str, problem: impl Into<String>, remedy: &'static str) -> Checked {
    Err(ChecklistError::Invalid { path: path.to_owned(), problem: problem.into(), remedy })
}
