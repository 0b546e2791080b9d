//! `pack`: what comes with Spotcheck, and what is wrong with one of your own.

use std::path::Path;

use chrono::Local;
use serde_json::json;
use spotcheck_rules::{Pack, check_pack, content_hash, hash_text};

use super::file;
use crate::failure::Failure;
use crate::out::{Out, table};

pub(super) fn list(out: &mut Out) -> Result<(), Failure> {
    let mut rows = vec![["code", "title", "limits", "sha256"].map(str::to_owned).to_vec()];
    for shipped in spotcheck_rules::shipped() {
        let hash = hash_text(&content_hash(shipped.bytes));
        let pack =
            Pack::parse(shipped.bytes).map_err(|error| Failure::Damaged(error.to_string()))?;
        if out.json {
            let limits = pack.limits.len();
            out.json(
                &json!({"code": pack.code, "title": pack.title, "limits": limits, "sha256": hash}),
            );
        }
        rows.push(vec![pack.code, pack.title.en, pack.limits.len().to_string(), hash]);
    }
    if !out.json {
        out.lines(table(&rows));
    }
    Ok(())
}

pub(super) fn check(path: &Path, out: &mut Out) -> Result<(), Failure> {
    let bytes = file::bytes(path)?;
    let found = check_pack(&bytes, Local::now().date_naive());
    if out.json {
        let sha256 = found.pack.as_ref().map(|_| hash_text(&content_hash(&bytes)));
        out.json(&json!({"sha256": sha256, "notices": found.notices}));
    } else {
        for notice in &found.notices {
            let line = notice.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            let weight = format!("{:?}", notice.weight).to_lowercase();
            let said = (&notice.problem, &notice.remedy);
            out.line(format!("{weight}: {line}{}: {}; {}", notice.path, said.0.en, said.1.en));
            out.line(format!("    {}；{}", said.0.zh, said.1.zh));
        }
        if let Some(pack) = &found.pack {
            let hash = hash_text(&content_hash(&bytes));
            out.line(format!(
                "{}: {} limits, usable, SHA-256 {hash}",
                pack.code,
                pack.limits.len()
            ));
        }
    }
    if found.pack.is_some() { Ok(()) } else { Err(Failure::Said) }
}
