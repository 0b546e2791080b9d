//! `day`: all that was checked at a site on a day, by everybody, item by item.

use spotcheck_app::{Day, MergedItem, MergedStatus};

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, brief, day_and_time, short, table};

pub(crate) fn run(
    device: &CliDevice,
    site: &str,
    date: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    let days = device.day(site, date)?;
    if out.json {
        out.json(&days);
        return Ok(());
    }
    if days.is_empty() {
        out.line(format!("Nothing was checked at {site} on {date}, as far as this device knows."));
    }
    for day in &days {
        people(&Names(device), day, out);
    }
    Ok(())
}

fn people(names: &Names<'_>, day: &Day, out: &mut Out) {
    let authors: Vec<String> = day.authors.iter().map(|author| names.user(author)).collect();
    out.line(format!("{} on {}", names.site(&day.site), day.day));
    out.line(names.checklist(&day.checklist));
    out.line(format!(
        "{} inspections by {}; {} findings, {} photos; {} items open",
        day.inspections.len(),
        authors.join(", "),
        day.findings.len(),
        day.photos.len(),
        day.open
    ));
    let mut rows = vec![["ITEM", "STATUS", "VALUE", ""].map(str::to_owned).to_vec()];
    for (path, item) in &day.items {
        let value = item.value.as_ref().map(brief).unwrap_or_default();
        let asked = names.item(&day.checklist, path);
        rows.push(vec![path.clone(), status(item).to_owned(), value, asked]);
        rows.extend(origins(names, item));
    }
    out.lines(table(&rows).into_iter().map(|line| format!("  {line}")));
    if !day.missing.is_empty() {
        out.line(format!("not answered: {}", day.missing.join(", ")));
    }
    for group in &day.alike {
        out.line(format!("perhaps one finding, seen more than once: {}", ids(&group.findings)));
    }
    for said in &day.sameness {
        let by = names.user(&said.by);
        out.line(match &said.main {
            Some(main) => {
                format!("one finding, {} says: {}; {} stands", by, ids(&said.findings), short(main))
            }
            None => format!("different findings, {by} says: {}", ids(&said.findings)),
        });
    }
    if !day.voided.is_empty() {
        out.line(format!("void and not counted: {} inspections", day.voided.len()));
    }
    out.line("");
}

fn ids(findings: &[spotcheck_domain::RecordId]) -> String {
    findings.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// Where values come from, for items on which people differed.
fn origins(names: &Names<'_>, item: &MergedItem) -> Vec<Vec<String>> {
    let mut rows = vec![];
    if item.status == MergedStatus::Agreed {
        return rows;
    }
    for value in &item.values {
        let (who, when) = (names.user(&value.by), day_and_time(value.at));
        let photos = value.photos.len();
        let said = format!("{who}, {when}, {photos} photos, op {}", short(value.op));
        rows.push(vec![String::new(), "·".to_owned(), brief(&value.value), said]);
    }
    for decision in &item.decisions {
        let why = decision.why.as_deref().unwrap_or_default();
        let said = format!("decided by {}: {why}", names.user(&decision.by));
        rows.push(vec![String::new(), "=".to_owned(), brief(&decision.value), said]);
    }
    if let Some(id) = &item.contradiction
        && item.status == MergedStatus::Contradiction
    {
        rows.push(vec![String::new(), "?".to_owned(), format!("spotcheck decide {id}")]);
    }
    rows
}

fn status(item: &MergedItem) -> &'static str {
    match item.status {
        MergedStatus::Agreed => "agreed",
        MergedStatus::WorstTaken => "worst taken",
        MergedStatus::BothKept => "both kept",
        MergedStatus::Contradiction => "CONTRADICTION",
        MergedStatus::Decided => "decided",
        MergedStatus::Reopened => "REOPENED",
    }
}
