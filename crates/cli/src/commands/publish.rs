//! `publish`: a checklist or a rule pack for everybody who sees this user's work.

use std::path::Path;

use serde_json::json;

use crate::author;
use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::Out;

pub(crate) fn run(
    device: &mut CliDevice,
    file: &Path,
    pack: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    let bytes = author::document(file, pack, out)?;
    let published = device.publish(&bytes)?;
    if out.json {
        out.json(&json!(published));
    } else {
        let (kind, code, version) = (published.kind, &published.code, &published.version);
        out.line(format!(
            "{kind} {code} version {version} is published; your team has it after their next sync."
        ));
    }
    Ok(())
}
