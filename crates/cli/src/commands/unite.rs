//! `unite`.

use serde_json::json;
use spotcheck_domain::RecordId;

use crate::args::Unite;
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::{Out, short};

pub(crate) fn run(device: &mut CliDevice, asked: &Unite, out: &mut Out) -> Result<(), Failure> {
    let findings = asked.findings.iter().map(|id| device.resolve(id));
    let findings: Vec<RecordId> = findings.collect::<Result<_, _>>()?;
    let main = match (&asked.main, asked.different) {
        (_, true) => None,
        (Some(main), _) => Some(device.resolve(main)?),
        (None, false) => findings.first().copied(),
    };
    let op = device.unite(&findings, main, &asked.reason)?;
    if out.json {
        out.json(&json!({"findings": findings, "main": main, "op": op}));
    } else {
        let said = if main.is_some() { "one finding" } else { "different findings" };
        out.line(format!("Noted: {said}, op {}. It holds while they stay as they are.", short(op)));
    }
    Ok(())
}
