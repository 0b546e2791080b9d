//! `site find`.

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::out::{Out, table};

pub(crate) fn find(
    device: &CliDevice,
    query: &[String],
    after: Option<&str>,
    limit: usize,
    out: &mut Out,
) -> Result<(), Failure> {
    let sites = device.store().find_sites_after(&query.join(" "), after, limit)?;
    if out.json {
        sites.iter().for_each(|one| out.json(one));
        return Ok(());
    }
    if sites.is_empty() && after.is_some() {
        out.line("No more sites here fit.");
        return Ok(());
    }
    if sites.is_empty() {
        out.line("No site here fits; fewer letters find more. Sites come with the first sync.");
        return Ok(());
    }
    let rows: Vec<_> = sites
        .into_iter()
        .map(|site| {
            let district = site.district.unwrap_or_default();
            vec![site.code, site.zh, site.en, site.kind, district]
        })
        .collect();
    out.lines(table(&rows));
    Ok(())
}
