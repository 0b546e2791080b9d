//! `library`: every version of every checklist and pack on this device.

use serde_json::json;
use spotcheck_app::Source;
use spotcheck_domain::BlobHash;

use crate::failure::Failure;
use crate::home::CliDevice;
use crate::names::Names;
use crate::out::{Out, day_and_time, table};

pub(crate) fn run(device: &CliDevice, out: &mut Out) -> Result<(), Failure> {
    let library = device.library();
    let lists = library.checklists().map(|(hash, it, from)| Line {
        kind: "checklist",
        code: &it.code,
        version: &it.version,
        title: &it.title.zh,
        hash,
        from,
    });
    let packs = library.packs().map(|(hash, it, from)| Line {
        kind: "pack",
        code: &it.code,
        version: &it.version,
        title: &it.title.zh,
        hash,
        from,
    });
    let mut lines: Vec<Line<'_>> = lists.chain(packs).collect();
    lines.sort_by_key(|line| (line.kind, line.code, line.hash));
    let names = Names(device);
    if out.json {
        for line in &lines {
            let (by, at_ms) = match line.from {
                Source::Shipped => (None, None),
                Source::Published { by, at_ms } => (by.map(|by| by.to_string()), Some(at_ms)),
            };
            out.json(&json!({
                "kind": line.kind, "code": line.code, "version": line.version,
                "sha256": line.hash, "by": by, "at_ms": at_ms,
            }));
        }
        return Ok(());
    }
    let rows = lines.iter().map(|line| {
        let from = match line.from {
            Source::Shipped => "comes with Spotcheck".to_owned(),
            Source::Published { by, at_ms } => {
                let by = by.map(|by| names.user(&by.to_string())).unwrap_or_default();
                format!("published by {by}, {}", day_and_time((at_ms, 0)))
            }
        };
        [line.kind, line.code, line.version, line.title, &from].map(str::to_owned).to_vec()
    });
    out.lines(table(&rows.collect::<Vec<_>>()));
    Ok(())
}

struct Line<'a> {
    kind: &'static str,
    code: &'a str,
    version: &'a str,
    title: &'a str,
    hash: BlobHash,
    from: Source,
}
