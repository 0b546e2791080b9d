//! The rule reference: every shipped limit with its dates, sources and review status, as Markdown.
//! It is written from the data, so that a page about a limit cannot say something else than it.

use serde::Deserialize;

use super::{Pack, PackError, Status, content_hash, hash_text, shipped};
use crate::{Bilingual, Escalation, Limit, Severity};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

/// The data behind the calculations, by file name.
const DATA: [(&str, &str); 8] = [
    ("cooling", include_str!("../../data/cooling.json")),
    ("credential-cn-gd", include_str!("../../data/credential-cn-gd.json")),
    ("excursion", include_str!("../../data/excursion.json")),
    ("iso-2859-1", include_str!("../../data/iso-2859-1.json")),
    ("ledger-cn", include_str!("../../data/ledger-cn.json")),
    ("mkt-usp", include_str!("../../data/mkt-usp.json")),
    ("retention", include_str!("../../data/retention.json")),
    ("working-days-cn", include_str!("../../data/working-days-cn.json")),
];

const SOURCES: &str = include_str!("../../data/sources.json");

/// Why the reference could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The page does not say where the generated part goes.
    #[error("the page lacks the line {0:?}; put it back around the generated part")]
    NoMarker(&'static str),
    /// A shipped pack cannot be read.
    #[error("pack {code}: {cause}")]
    Pack {
        /// The code of the pack.
        code: &'static str,
        /// What is wrong with it.
        #[source]
        cause: PackError,
    },
    /// A data file cannot be read.
    #[error("data/{name}.json: {cause}; correct its head")]
    Data {
        /// The file's name.
        name: &'static str,
        /// What the JSON reader met.
        #[source]
        cause: serde_json::Error,
    },
}

/// The page with its generated part, between the two marker lines, written anew from the shipped
/// packs, data files and sources. All else stays as it is.
///
/// # Errors
/// [`ReferenceError`] when a marker is missing, and never for shipped data that passed its tests.
pub fn with_reference(page: &str) -> Result<String, ReferenceError> {
    let (before, rest) = page.split_once(BEGIN).ok_or(ReferenceError::NoMarker(BEGIN))?;
    let (_, after) = rest.split_once(END).ok_or(ReferenceError::NoMarker(END))?;
    let parts = [before, BEGIN, &packs()?, &data()?, &sources()?, END, after];
    Ok(parts.concat())
}

fn packs() -> Result<String, ReferenceError> {
    let mut text = String::new();
    for one in shipped() {
        let pack = Pack::parse(one.bytes)
            .map_err(|cause| ReferenceError::Pack { code: one.code, cause })?;
        text.push_str(&format!(
            "### {}\n{} / {}. Holds in {}; version {}, {}; {} limits; SHA-256 `{}`.\n\n",
            pack.code,
            pack.title.zh,
            pack.title.en,
            pack.jurisdiction,
            pack.version,
            review(pack.status, pack.reviewed_by.as_deref()),
            pack.limits.len(),
            hash_text(&content_hash(one.bytes)),
        ));
        text.push_str("| Key | Limit | Passes | Severity | In force | Source | Review |\n");
        text.push_str("|---|---|---|---|---|---|---|\n");
        pack.limits.iter().for_each(|limit| text.push_str(&row(limit, pack.status)));
        text.push('\n');
    }
    Ok(text)
}

fn row(limit: &Limit, of_pack: Status) -> String {
    let passes: Vec<_> = limit.values.iter().map(|value| limit.describe(value)).collect();
    let graver: Vec<_> = limit.escalation.iter().map(escalates).collect();
    let last = limit.effective_to.map_or_else(|| "open".to_owned(), |last| last.to_string());
    cells(&[
        format!("`{}`", limit.key),
        format!("{} / {}", limit.title.zh, limit.title.en),
        passes.join(" or "),
        [vec![word(limit.severity).to_owned()], graver].concat().join("; "),
        format!("{} to {last}", limit.effective_from),
        limit.source.clone(),
        review(limit.status.unwrap_or(of_pack), None),
    ])
}

fn escalates(step: &Escalation) -> String {
    format!("{} {} {} {}", word(step.severity), step.operator, step.value, step.unit)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Critical => "critical",
    }
}

fn review(status: Status, by: Option<&str>) -> String {
    match (status, by) {
        (Status::Draft, _) => "draft".to_owned(),
        (Status::Reviewed, None) => "reviewed".to_owned(),
        (Status::Reviewed, Some(by)) => format!("reviewed by {by}"),
    }
}

#[derive(Deserialize)]
struct DataFile {
    head: DataHead,
}

#[derive(Deserialize)]
struct DataHead {
    code: String,
    title: Bilingual,
    jurisdiction: String,
    version: String,
    status: Status,
    reviewed_by: Option<String>,
}

fn data() -> Result<String, ReferenceError> {
    let mut text = "### Data of the calculations\n\n".to_owned();
    text.push_str(
        "| File | Code | Title | Holds in | Version | Review |\n|---|---|---|---|---|---|\n",
    );
    for (name, json) in DATA {
        let DataFile { head } =
            serde_json::from_str(json).map_err(|cause| ReferenceError::Data { name, cause })?;
        text.push_str(&cells(&[
            format!("`data/{name}.json`"),
            head.code,
            format!("{} / {}", head.title.zh, head.title.en),
            head.jurisdiction,
            head.version,
            review(head.status, head.reviewed_by.as_deref()),
        ]));
    }
    text.push('\n');
    Ok(text)
}

#[derive(Deserialize)]
struct Sources {
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    key: String,
    kind: String,
    title: String,
    read: String,
}

fn sources() -> Result<String, ReferenceError> {
    let mut text =
        "### Sources\n\n| Key | Kind | What | How far we read it |\n|---|---|---|---|\n".to_owned();
    let Sources { sources } = serde_json::from_str(SOURCES)
        .map_err(|cause| ReferenceError::Data { name: "sources", cause })?;
    for source in sources {
        text.push_str(&cells(&[
            format!("`{}`", source.key),
            source.kind,
            source.title,
            source.read,
        ]));
    }
    Ok(text)
}

fn cells(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}
