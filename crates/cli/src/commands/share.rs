//! `share`: letting another team read an inspection.

use serde_json::json;

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::{Out, short};

pub(crate) fn run(
    device: &mut CliDevice,
    id: &str,
    team: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    let inspection = device.resolve(id)?;
    let op = device.share(inspection, team)?;
    if out.json {
        out.json(&json!({"inspection": inspection, "team": team, "op": op}));
    } else {
        out.line(format!(
            "{} is shared with {team}, with all that follows; they read it after the next exchange.",
            short(inspection)
        ));
    }
    Ok(())
}
