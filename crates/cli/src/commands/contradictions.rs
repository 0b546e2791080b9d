//! `contradiction list` and `decide`.

use serde_json::json;
use spotcheck_app::{AppError, Contradiction, Decision};
use spotcheck_domain::{OpId, Value};

use crate::args::{Decide, Page};
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, brief, day_and_time, short, table};

pub(crate) fn list(
    device: &CliDevice,
    site: Option<&str>,
    date: Option<&str>,
    page: &Page,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut all = device.contradictions(site, date)?;
    if let Some(after) = &page.after {
        let last = all.iter().position(|one| one.id.starts_with(after.as_str()));
        let last = last.ok_or_else(|| {
            // It may have been decided since the page before: begin anew rather than skip any.
            AppError::invalid("after", format!("{after:?} does not wait any more; leave it out"))
        })?;
        all.drain(..=last);
    }
    all.truncate(page.limit);
    if out.json {
        all.iter().for_each(|one| out.json(one));
        return Ok(());
    }
    if all.is_empty() {
        out.line("Nothing waits for a decision.");
    }
    all.iter().for_each(|one| people(&Names(device), one, out));
    Ok(())
}

fn people(names: &Names<'_>, one: &Contradiction, out: &mut Out) {
    let asked = names.item(&one.checklist, one.path.as_str());
    out.line(format!("{}  {} on {}", one.id, names.site(&one.site), one.day));
    out.line(format!("  {} {} {asked}", one.checklist, one.path));
    let rows = one.values.iter().map(|value| {
        let photos = format!("{} photos", value.photos.len());
        let (who, when) = (names.user(&value.by), day_and_time(value.at));
        vec![format!("  op {}", short(value.op)), brief(&value.value), who, when, photos]
    });
    out.lines(table(&rows.collect::<Vec<_>>()));
}

pub(crate) fn decide(device: &mut CliDevice, asked: &Decide, out: &mut Out) -> Result<(), Failure> {
    let decision = match (&asked.keep, &asked.value) {
        (Some(op), _) => Decision::Keep(find_op(device, &asked.id, op)?),
        (None, Some(json)) => Decision::Value(Value::parse(json).map_err(|error| {
            Failure::Usage(format!("--value: {error}; give JSON such as '{{\"result\":\"pass\"}}'"))
        })?),
        (None, None) => return Err(Failure::Usage("give --keep OP or --value JSON".to_owned())),
    };
    let op = device.decide(&asked.id, &decision, &asked.reason)?;
    if out.json {
        out.json(&json!({"contradiction": asked.id, "op": op}));
    } else {
        out.line(format!("Decided, op {}. It holds while no other value comes.", short(op)));
    }
    Ok(())
}

/// The op among the contradiction's values that begins with these digits.
fn find_op(device: &CliDevice, id: &str, digits: &str) -> Result<OpId, Failure> {
    if let Ok(op) = digits.parse() {
        return Ok(op);
    }
    let hex = digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex {
        return Err(Failure::Usage("--keep: give the op, or at least 4 digits of it".to_owned()));
    }
    let all = device.contradictions(None, None)?;
    let values = all.iter().filter(|one| one.id == id).flat_map(|one| &one.values);
    let mut fits = values.map(|value| value.op).filter(|op| op.to_string().starts_with(digits));
    match (fits.next(), fits.next()) {
        (Some(op), None) => Ok(op),
        (Some(_), Some(_)) => {
            Err(AppError::invalid("keep", "fits several; give more digits").into())
        }
        (None, _) => {
            let remedy = "none of the contradicting values; see `contradiction list`";
            Err(AppError::invalid("keep", remedy).into())
        }
    }
}
