//! A register as people keep it: a table with a header line, comma-separated, in UTF-8.

use std::collections::{BTreeMap, BTreeSet};

use super::Site;

/// Larger files are no registers.
pub const MOST_BYTES: u64 = 64 << 20;
/// Sites of one register.
const MOST_SITES: usize = 200_000;
/// Faults told at once.
const MOST_TOLD: usize = 20;
/// Letters of a code, as an inspection's head takes it.
const LONGEST_CODE: usize = 128;
/// Letters of any other field.
const LONGEST: usize = 256;
/// The columns, in any order; the first two must be there.
const COLUMNS: [&str; 7] = ["code", "zh", "en", "kind", "district", "parent", "org"];

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: {problem}")]
pub struct Fault {
    /// The line in the file, the header being 1.
    pub line: u64,
    /// The column's name.
    pub column: &'static str,
    /// What is wrong, and the remedy.
    pub problem: String,
}

/// Why no register was read. Nothing of a faulty file is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file as a whole.
    #[error("{0}")]
    File(String),
    /// Some of its lines: the first of them.
    #[error("{}", told(.0))]
    Lines(Vec<Fault>),
}

fn told(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(MOST_TOLD).map(Fault::to_string).collect();
    if faults.len() > MOST_TOLD {
        lines.push("and more; mend these first".to_owned());
    }
    lines.join("\n")
}

/// Reads a register.
///
/// # Errors
/// What is wrong with the file, line by line.
pub fn read(bytes: &[u8]) -> Result<Vec<Site>, Unreadable> {
    let file = |problem: &str| Unreadable::File(problem.to_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| {
        file("the file is not UTF-8: in a spreadsheet, save it as “CSV UTF-8 (comma delimited)”")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = table.headers().map_err(|error| Unreadable::File(error.to_string()))?;
    let columns = columns(header)?;
    let mut reader = Reader { columns, faults: vec![], codes: BTreeMap::new() };
    let mut sites = vec![];
    for row in table.records() {
        let row = row.map_err(|error| Unreadable::File(error.to_string()))?;
        if sites.len() == MOST_SITES {
            return Err(Unreadable::File(format!(
                "a register holds at most {MOST_SITES} sites: make two of it, with --name"
            )));
        }
        let line = row.position().map_or(0, csv::Position::line);
        sites.push((line, reader.site(line, &row)));
        if reader.faults.len() > MOST_TOLD {
            return Err(Unreadable::Lines(reader.faults));
        }
    }
    if sites.is_empty() {
        return Err(file("the table has no line below its header"));
    }
    reader.check_parents(&sites);
    match reader.faults.is_empty() {
        true => Ok(sites.into_iter().map(|(_, site)| site).collect()),
        false => Err(Unreadable::Lines(reader.faults)),
    }
}

/// Which column stands where. A name that is none is a mistake rather than something to pass over.
fn columns(header: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, Unreadable> {
    let mut found = BTreeMap::new();
    for (at, name) in header.iter().enumerate() {
        let known = COLUMNS.into_iter().find(|known| name.eq_ignore_ascii_case(known));
        let Some(known) = known else {
            return Err(Unreadable::File(format!(
                "line 1: there is no column {name:?}; columns are {}",
                COLUMNS.join(", ")
            )));
        };
        if found.insert(known, at).is_some() {
            return Err(Unreadable::File(format!("line 1: two columns are called {known}")));
        }
    }
    match COLUMNS[..2].iter().find(|needed| !found.contains_key(*needed)) {
        Some(needed) => Err(Unreadable::File(format!("line 1: the column {needed} is missing"))),
        None => Ok(found),
    }
}

struct Reader {
    columns: BTreeMap<&'static str, usize>,
    faults: Vec<Fault>,
    /// By code in small letters, the line it stands in.
    codes: BTreeMap<String, u64>,
}

impl Reader {
    fn site(&mut self, line: u64, row: &csv::StringRecord) -> Site {
        let [code, zh, en, kind, district, parent, organisation] =
            COLUMNS.map(|column| self.field(line, column, row));
        if let Some(first) =
            self.codes.insert(code.to_lowercase(), line).filter(|_| !code.is_empty())
        {
            self.fault(line, "code", format!("{code} stands in line {first} already"));
        }
        let known = kind.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        if !known {
            self.fault(
                line,
                "kind",
                format!("{kind:?}: write it in a-z and _, such as cold_store"),
            );
        }
        let filled = |text: String| Some(text).filter(|it| !it.is_empty());
        Site {
            en: filled(en).unwrap_or_else(|| zh.clone()),
            kind: filled(kind).unwrap_or_else(|| "other".to_owned()),
            district: filled(district),
            parent: filled(parent),
            code,
            zh,
            organisation,
        }
    }

    fn field(&mut self, line: u64, column: &'static str, row: &csv::StringRecord) -> String {
        let at = self.columns.get(column);
        let text = at.and_then(|at| row.get(*at)).unwrap_or_default().to_owned();
        let longest = if matches!(column, "code" | "parent") { LONGEST_CODE } else { LONGEST };
        let problem = if text.is_empty() && COLUMNS[..2].contains(&column) {
            "must not be empty".to_owned()
        } else if text.chars().count() > longest {
            format!("has more than {longest} letters")
        } else if text.chars().any(char::is_control) {
            "has a line break or another invisible letter".to_owned()
        } else {
            return text;
        };
        self.fault(line, column, problem);
        text
    }

    fn check_parents(&mut self, sites: &[(u64, Site)]) {
        let codes: BTreeSet<&str> = sites.iter().map(|(_, site)| site.code.as_str()).collect();
        for (line, site) in sites {
            if let Some(parent) = site.parent.as_deref().filter(|it| !codes.contains(it)) {
                let problem = format!("{parent} is no code of this table");
                self.fault(*line, "parent", problem);
            }
        }
    }

    fn fault(&mut self, line: u64, column: &'static str, problem: String) {
        self.faults.push(Fault { line, column, problem });
    }
}
