//! `checklist`: from a spreadsheet to the phone, and back.

use std::ffi::OsStr;
use std::path::Path;

use chrono::Local;
use serde_json::json;
use spotcheck_app::AppError;
use spotcheck_checklists::{Checklist, Item, content_hash, hash_text, shipped};
use spotcheck_rules::Pack;
use spotcheck_xlsform::{Level, Problem, to_workbook, write_csv, write_markdown, write_xlsx};

use super::file;
use crate::failure::Failure;
use crate::out::Out;

/// A checklist with its bytes, or why there is none.
struct Found {
    checklist: Option<Checklist>,
    bytes: Vec<u8>,
    problems: Vec<Problem>,
}

pub(super) fn import(
    path: &Path,
    pack: &str,
    into: Option<&Path>,
    out: &mut Out,
) -> Result<(), Failure> {
    let found = form(path, pack)?;
    say(&found, out);
    let Some(checklist) = &found.checklist else { return Err(Failure::Said) };
    against_pack(checklist)?;
    if let Some(into) = into {
        std::fs::write(into, &found.bytes).map_err(|error| Failure::file(into, error))?;
    }
    Ok(())
}

pub(super) fn check(path: &Path, pack: &str, out: &mut Out) -> Result<(), Failure> {
    let found = find(path, pack)?;
    say(&found, out);
    against_pack(found.checklist.as_ref().ok_or(Failure::Said)?)
}

pub(super) fn preview(path: &Path, pack: &str, out: &mut Out) -> Result<(), Failure> {
    let found = find(path, pack)?;
    let Some(checklist) = found.checklist else {
        say(&found, out);
        return Err(Failure::Said);
    };
    if out.json {
        out.json(&checklist);
        return Ok(());
    }
    out.line(format!("{} {}  {}", checklist.code, checklist.title.zh, checklist.title.en));
    let pack = find_pack(&checklist.pack);
    let mut part = None;
    for item in &checklist.items {
        if part != Some(item.repeat) {
            part = Some(item.repeat);
            let name = json!(item.repeat);
            out.line(name.as_str().map_or_else(|| "— once —".to_owned(), |it| format!("— {it} —")));
        }
        let (code, kind, severity) = (&item.code, json!(item.kind), json!(item.severity));
        out.line(format!("  {code}  {}  {}", item.text.zh, item.text.en));
        let words = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        out.line(format!(
            "      {}, {}{}",
            words(&kind),
            words(&severity),
            limit(item, pack.as_ref())
        ));
    }
    Ok(())
}

pub(super) fn export(checklist: &Path, into: &Path, out: &mut Out) -> Result<(), Failure> {
    let found = find(checklist, "")?;
    let checklist = found.checklist.as_ref().ok_or(Failure::Said)?;
    let failed = |error: &dyn std::fmt::Display| Failure::file(into, error);
    let workbook = to_workbook(checklist).map_err(|error| failed(&error))?;
    let bytes = match into.extension().and_then(OsStr::to_str) {
        Some("xlsx") => write_xlsx(&workbook).map_err(|error| failed(&error))?,
        Some("csv") => write_csv(&workbook),
        Some("md") => write_markdown(&workbook).into_bytes(),
        _ => {
            return Err(Failure::Usage(
                "the workbook's name must end in .xlsx, .csv or .md".into(),
            ));
        }
    };
    std::fs::write(into, bytes).map_err(|error| failed(&error))?;
    say(&found, out);
    Ok(())
}

/// A checklist by its code, from JSON, or from a workbook.
fn find(path: &Path, pack: &str) -> Result<Found, Failure> {
    let code = path.to_str().unwrap_or_default();
    let known = shipped().iter().find(|known| known.code.eq_ignore_ascii_case(code));
    let bytes = match known {
        Some(known) => known.bytes.to_vec(),
        None if path.extension() == Some(OsStr::new("json")) => file::bytes(path)?,
        None => return form(path, pack),
    };
    let checklist = Checklist::parse(&bytes).map_err(|error| Failure::file(path, error))?;
    Ok(Found { checklist: Some(checklist), bytes, problems: vec![] })
}

/// The bytes to publish of a checklist or pack in JSON, or of a workbook, after all that is to be
/// said of it.
pub(super) fn document(path: &Path, pack: &str, out: &mut Out) -> Result<Vec<u8>, Failure> {
    if path.extension() == Some(OsStr::new("json")) {
        return file::bytes(path);
    }
    let found = form(path, pack)?;
    if found.checklist.is_none() || !out.json {
        say(&found, out);
    }
    if found.checklist.is_some() { Ok(found.bytes) } else { Err(Failure::Said) }
}

fn form(path: &Path, pack: &str) -> Result<Found, Failure> {
    let imported = spotcheck_xlsform::import(&file::bytes(path)?, &file::name(path), pack);
    let bytes = imported.checklist.unwrap_or_default().into_bytes();
    let checklist = (!bytes.is_empty()).then(|| Checklist::parse(&bytes)).transpose();
    let checklist = checklist.map_err(|error| Failure::file(path, error))?;
    Ok(Found { checklist, bytes, problems: imported.problems })
}

/// Everything to be said of it, then what it is.
fn say(found: &Found, out: &mut Out) {
    let hash = found.checklist.as_ref().map(|_| hash_text(&content_hash(&found.bytes)));
    if out.json {
        let code = found.checklist.as_ref().map(|it| &it.code);
        let items = found.checklist.as_ref().map(|it| it.items.len());
        let pack = found.checklist.as_ref().map(|it| find_pack(&it.pack).is_some());
        out.json(&json!({
            "code": code, "items": items, "sha256": hash, "pack_known": pack,
            "problems": found.problems,
        }));
        return;
    }
    for problem in &found.problems {
        let level = match problem.level {
            Level::Error => "error",
            Level::NotHeld => "not taken over",
            Level::Warning => "warning",
        };
        out.line(format!("{level}: {problem}"));
        out.line(format!("    {}；{}", problem.said.zh, problem.remedy.zh));
    }
    if let (Some(checklist), Some(hash)) = (&found.checklist, hash) {
        out.line(format!("{}: {} items, SHA-256 {hash}", checklist.code, checklist.items.len()));
    }
}

/// Whether the pack it names has every limit it names. A pack of one's own is checked where it is used.
fn against_pack(checklist: &Checklist) -> Result<(), Failure> {
    let Some(pack) = find_pack(&checklist.pack) else { return Ok(()) };
    checklist.check_against(&pack).map_err(|error| AppError::invalid("limit", error).into())
}

fn find_pack(code: &str) -> Option<Pack> {
    let found = spotcheck_rules::shipped().iter().filter_map(|known| Pack::parse(known.bytes).ok());
    found.into_iter().find(|pack| pack.code == code)
}

/// What an answer is held against today.
fn limit(item: &Item, pack: Option<&Pack>) -> String {
    let Some(key) = &item.limit else { return String::new() };
    let today = Local::now().date_naive();
    match pack.and_then(|pack| pack.find_limit(key, today)) {
        Some(limit) => {
            let values: Vec<_> = limit.values.iter().map(|it| limit.describe(it)).collect();
            format!(", {} ({key}; {})", values.join(" / "), limit.source)
        }
        None => format!(", limit {key}"),
    }
}
