//! `inspection` and `finding`: lists and single records.

use serde::Serialize;
use spotcheck_app::{AppError, OpView, RecordView};
use spotcheck_domain::{RecordId, Value};

use crate::args::Page;
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, brief, day_and_time, local_time, short, table};

pub(crate) fn inspections(device: &CliDevice, page: &Page, out: &mut Out) -> Result<(), Failure> {
    let head = ["INSPECTION", "DAY", "SITE", "CHECKLIST", "STATE", "SENT"];
    list(device, "inspection", page, &head, out, |names, view| {
        let state = match (is(view, "voided"), is(view, "completed")) {
            (true, _) => "void",
            (_, true) => "completed",
            _ => "open",
        };
        let site = names.site(&said(view, "site"));
        vec![short(view.id), said(view, "day"), site, said(view, "checklist"), state.to_owned()]
    })
}

pub(crate) fn findings(device: &CliDevice, page: &Page, out: &mut Out) -> Result<(), Failure> {
    let head = ["FINDING", "TIME", "SEVERITY", "ITEM", "NOTE", "INSPECTION", "SENT"];
    list(device, "finding", page, &head, out, |_, view| {
        let parent = view.doc.parent.map(short).unwrap_or_default();
        let (severity, item, note) =
            (said(view, "severity"), said(view, "item"), said(view, "note"));
        vec![short(view.id), local_time(view.at_ms), severity, item, note, parent]
    })
}

fn list(
    device: &CliDevice,
    kind: &str,
    page: &Page,
    head: &[&str],
    out: &mut Out,
    row: impl Fn(&Names<'_>, &RecordView) -> Vec<String>,
) -> Result<(), Failure> {
    let after = page.after.as_deref().map(|id| device.resolve(id)).transpose()?;
    let views = device.list(kind, after, page.limit)?;
    if out.json {
        views.iter().for_each(|one| out.json(one));
        return Ok(());
    }
    let names = Names(device);
    let mut rows = vec![head.iter().map(|name| (*name).to_owned()).collect()];
    rows.extend(views.iter().map(|view| {
        let mut cells = row(&names, view);
        cells.push(if view.sent { "yes" } else { "no" }.to_owned());
        cells
    }));
    out.lines(table(&rows));
    Ok(())
}

/// A record with what belongs to it.
#[derive(Serialize)]
struct Shown {
    #[serde(rename = "record")]
    view: RecordView,
    children: Vec<RecordId>,
    history: Vec<OpView>,
}

pub(crate) fn show(device: &CliDevice, kind: &str, id: &str, out: &mut Out) -> Result<(), Failure> {
    let record = device.resolve(id)?;
    let view = device.show(record)?;
    if view.doc.kind != kind {
        return Err(AppError::NotFound(format!("{id} is no {kind} but {:?}", view.doc.kind)).into());
    }
    let children = device.store().children(record)?.into_iter().map(|row| row.record).collect();
    let shown = Shown { view, children, history: device.history(record)? };
    if out.json {
        out.json(&shown);
        return Ok(());
    }
    people(&Names(device), &shown, out);
    Ok(())
}

fn people(names: &Names<'_>, shown: &Shown, out: &mut Out) {
    let view = &shown.view;
    let sent = if view.sent { "sent" } else { "not sent yet" };
    out.line(format!("{} {}, {sent}", view.doc.kind, view.id));
    let checklist = said(view, "checklist");
    let mut rows = vec![];
    for (path, values) in &view.doc.slots {
        for current in values {
            let cited = view.doc.ops.get(&current.op);
            let who = cited.map(|cited| names.user(&cited.by.to_string())).unwrap_or_default();
            let when = cited.map(|cited| day_and_time(cited.at)).unwrap_or_default();
            let asked = names.item(&checklist, path.as_str());
            rows.push(vec![path.to_string(), brief(&current.value), who, when, asked]);
        }
    }
    out.lines(table(&rows).into_iter().map(|line| format!("  {line}")));
    for child in &shown.children {
        out.line(format!("finding {child}"));
    }
    let history = shown
        .history
        .iter()
        .map(|op| vec![local_time(op.at_ms), names.user(&op.by), op.kind.clone(), short(op.op)]);
    out.line("history");
    out.lines(table(&history.collect::<Vec<_>>()).into_iter().map(|line| format!("  {line}")));
}

/// What a slot says, on one line; all of it where its values differ.
fn said(view: &RecordView, slot: &str) -> String {
    if let Some(value) = view.doc.agreed(slot) {
        return brief(value);
    }
    let values = view.doc.slots.iter().filter(|(path, _)| path.as_str() == slot);
    let values = values.flat_map(|(_, values)| values).map(|current| brief(&current.value));
    values.collect::<Vec<_>>().join(" / ")
}

fn is(view: &RecordView, slot: &str) -> bool {
    view.doc.agreed(slot) == Some(&Value::Bool(true))
}
