//! What a pack may well mean and is often a mistake.

mod inverted;
mod timeline;

use chrono::NaiveDate;

use super::{Notice, Weight};
use crate::Bilingual;
use crate::pack::check::{both, limit_path};
use crate::pack::{Pack, Status};

/// Warnings: about the whole first, then about limits in the order of the file.
pub(super) fn doubts(pack: &Pack, today: NaiveDate) -> Vec<Notice> {
    let mut found = Vec::new();
    found.extend(draft(pack));
    found.extend(unlocated(pack));
    found.extend(timeline::doubts(pack, today));
    for (index, limit) in pack.limits.iter().enumerate() {
        found.extend(inverted::doubts(&limit_path(index, limit), limit));
    }
    found
}

fn warning(path: impl Into<String>, problem: Bilingual, remedy: Bilingual) -> Notice {
    Notice { weight: Weight::Warning, path: path.into(), line: None, problem, remedy }
}

/// One notice for all, or a pack of a hundred drafts would hide every other warning.
fn draft(pack: &Pack) -> Option<Notice> {
    let is_draft = |own: Option<Status>| own.unwrap_or(pack.status) == Status::Draft;
    let drafts = pack.limits.iter().filter(|limit| is_draft(limit.status)).count();
    if drafts == 0 && pack.status == Status::Reviewed {
        return None;
    }
    let all = pack.limits.len();
    Some(warning(
        "status",
        both(
            format!("{all} 条限值中有 {drafts} 条为草稿"),
            format!("{drafts} of {all} limits are drafts"),
        ),
        both(
            "请专家审核，并写明审核人；此前报告会注明“草稿”",
            "have an expert review them and name the reviewer; until then reports say draft",
        ),
    ))
}

fn unlocated(pack: &Pack) -> Option<Notice> {
    let bare = |limit: &crate::Limit| limit.cites.is_empty() && !limit.source.contains("House");
    let mut bares = pack.limits.iter().enumerate().filter(|(_, limit)| bare(limit));
    let (index, first) = bares.next()?;
    let count = bares.count() + 1;
    Some(warning(
        format!("{}.cites", limit_path(index, first)),
        both(
            format!("{count} 条限值没有可查的出处，这是第一条"),
            format!("{count} limits have no source that can be looked up, this is the first"),
        ),
        both(
            "请写明来源、文件和条款；自定的请注明 House",
            "give source, document and clause; call your own default House",
        ),
    ))
}
