//! `status`: how this device stands.

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::{Out, local_time, size, table};

pub(crate) fn run(device: &CliDevice, out: &mut Out) -> Result<(), Failure> {
    let status = device.status()?;
    if out.json {
        out.json(&status);
        return Ok(());
    }
    let (photos, bytes) = status.photos_waiting;
    let last = match status.last_sync_ms {
        0 => "never".to_owned(),
        ms => local_time(ms),
    };
    let rows = [
        ("user", format!("{} ({})", status.user, status.role)),
        ("server", status.server),
        ("last exchange", last),
        ("inspections", status.inspections.to_string()),
        ("findings", status.findings.to_string()),
        ("waiting", format!("{} ops, {photos} photos ({})", status.ops_waiting, size(bytes))),
        ("revoked", if status.revoked { "yes: enrol again" } else { "no" }.to_owned()),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    out.lines(table(&rows));
    Ok(())
}
