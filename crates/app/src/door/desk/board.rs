//! The day's board: sites × checklists.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spotcheck_rules::Bilingual;
use spotcheck_store::{BlobStore, SiteRow};
use ts_rs::TS;

use crate::brief::{Brief, InspectionBrief, Severities};
use crate::door::people::person;
use crate::door::{CheckCard, Person};
use crate::query::text;
use crate::{AppError, Device, Host};

/// Days offered to choose from.
const DAYS: usize = 60;
/// A check still open so long after it was begun is late. House rule: half a shift.
const LATE_MS: i64 = 4 * 60 * 60 * 1000;

/// The day at a glance.
#[derive(Debug, Serialize, TS)]
pub struct BoardView {
    /// The day shown, `YYYY-MM-DD`.
    pub day: String,
    /// Today on this device.
    pub today: String,
    /// Days with checks, the latest first, at most 60.
    pub days: Vec<DayCount>,
    /// All rows together.
    pub total: Tally,
    /// Checklists that were used that day, by code: the columns.
    pub columns: Vec<Column>,
    /// Sites with a check that day, by code.
    pub rows: Vec<BoardRow>,
    /// Everybody named in the rows.
    pub people: Vec<Person>,
}

/// A day with how many checks it has.
#[derive(Debug, Serialize, TS)]
pub struct DayCount {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Checks, voided ones included.
    pub checks: u32,
}

/// A checklist as a column.
#[derive(Debug, Serialize, TS)]
pub struct Column {
    /// Its code.
    pub code: String,
    /// What people read; none where this version does not know it.
    pub title: Option<Bilingual>,
}

/// A row of the board.
#[derive(Debug, Serialize, TS)]
pub struct BoardRow {
    /// Where.
    pub site: DeskSite,
    /// Where the checks were made: latitude and longitude, WGS-84, of the first that says.
    pub position: Option<[String; 2]>,
    /// One for each checklist used there that day, by code.
    pub cells: Vec<Cell>,
}

/// A site on the desk: less than a screen of its own needs, because there are thousands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeskSite {
    /// Unique in the workspace.
    pub code: String,
    /// `market`, `gate`, `vehicle` …; `unknown` where this device has only the code.
    pub kind: String,
    /// Name in Chinese; the code where none is known.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The district, where it has one.
    pub district: Option<String>,
    /// The code of the organisation that runs it.
    pub org: Option<String>,
}

/// The checks of one checklist at one site and day.
#[derive(Debug, Serialize, TS)]
pub struct Cell {
    /// The checklist's code.
    pub checklist: String,
    /// How they stand.
    pub state: CellState,
    /// How many, voided ones left out.
    pub checks: u32,
    /// The one check, where there is one: what a tap opens.
    pub only: Option<String>,
    /// Required items with an answer, of the fullest check.
    pub answered: u32,
    /// Required items.
    pub required: u32,
    /// Findings by severity.
    pub findings: Severities,
    /// Findings cured before the inspectors left.
    pub fixed: u32,
    /// Codes of who began them.
    pub by: Vec<String>,
    /// When the first was begun, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub from_ms: i64,
}

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// All its checks are complete.
    Done,
    /// One is being made.
    InProgress,
    /// One was begun four hours ago or on an earlier day, and is not complete.
    Late,
    /// All were voided.
    Voided,
}

/// Sums.
#[derive(Debug, Default, Clone, Serialize, TS)]
pub struct Tally {
    /// Checks, voided ones left out.
    pub checks: u32,
    /// Complete ones.
    pub done: u32,
    /// Open ones, late ones left out.
    pub in_progress: u32,
    /// Late ones.
    pub late: u32,
    /// Voided ones.
    pub voided: u32,
    /// Findings by severity.
    pub findings: Severities,
    /// Findings cured before the inspectors left.
    pub fixed: u32,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn board(&mut self, day: Option<&str>) -> Result<BoardView, AppError> {
        self.fill_briefs()?;
        let now = self.now()?;
        let today = now.local_day();
        let days = self.store.days(DAYS)?;
        let latest = days.first().map(|(day, _)| day.clone());
        let day = day.map(str::to_owned).or(latest).unwrap_or_else(|| today.clone());
        let people = self.people()?;
        let mut total = Tally::default();
        let mut named = BTreeMap::new();
        let mut columns: BTreeMap<String, Option<Bilingual>> = BTreeMap::new();
        let mut rows: BTreeMap<String, SiteDay> = BTreeMap::new();
        for (site, check) in self.briefs_of_day(&day)? {
            let late =
                check.inspection.is_open() && (day < today || check.at_ms + LATE_MS < now.wall_ms);
            total.add(&check.inspection, late, check.findings, check.fixed);
            let title = || self.library.checklist(&check.inspection.checklist).ok();
            columns
                .entry(check.inspection.checklist.clone())
                .or_insert_with(|| title().map(|(_, it)| it.title.clone()));
            let by = check.inspection.by.map(|id| person(&people, id));
            let row = rows.entry(site).or_default();
            if row.position.is_none() {
                row.position.clone_from(&check.inspection.position);
            }
            let cell =
                row.cells.entry(check.inspection.checklist.clone()).or_insert_with(|| Cell {
                    checklist: check.inspection.checklist.clone(),
                    state: CellState::Voided,
                    checks: 0,
                    only: None,
                    answered: 0,
                    required: 0,
                    findings: Severities::default(),
                    fixed: 0,
                    by: vec![],
                    from_ms: check.at_ms,
                });
            cell.add(&check.inspection, late, check.findings, check.fixed);
            cell.from_ms = cell.from_ms.min(check.at_ms);
            // One check is opened by its cell; where it is void, only while there is no other.
            if !check.inspection.voided || cell.checks == 0 {
                cell.only = (cell.checks <= 1).then(|| check.record.to_string());
            }
            if let Some(by) = by {
                if !cell.by.contains(&by.code) {
                    cell.by.push(by.code.clone());
                }
                named.insert(by.code.clone(), by);
            }
        }
        let sites = self.desk_sites(rows.keys())?;
        Ok(BoardView {
            day,
            today,
            days: days.into_iter().map(|(day, checks)| DayCount { day, checks }).collect(),
            total,
            columns: columns.into_iter().map(|(code, title)| Column { code, title }).collect(),
            rows: rows
                .into_iter()
                .zip(sites)
                .map(|((_, row), site)| BoardRow {
                    site,
                    position: row.position,
                    cells: row.cells.into_values().collect(),
                })
                .collect(),
            people: named.into_values().collect(),
        })
    }

    /// The checks of one checklist, or of all, at one site and day, the earliest first.
    pub(in crate::door) fn cell_checks(
        &self,
        site: &str,
        day: &str,
        checklist: Option<&str>,
    ) -> Result<Vec<CheckCard>, AppError> {
        let people = self.people()?;
        let mut rows = self.store.records_at(site, day)?;
        rows.retain(|row| {
            row.doc.kind == "inspection"
                && checklist.is_none_or(|code| code == text(&row.doc, "checklist"))
        });
        rows.sort_by_key(|row| (row.at_ms, row.record));
        rows.into_iter().map(|row| self.card(row, &people)).collect()
    }

    /// The checks of a day, with the site each names and what its findings add up to. Of findings
    /// that a lead said are one thing, the one that stands for all counts.
    fn briefs_of_day(&self, day: &str) -> Result<Vec<(String, DayCheck)>, AppError> {
        let mut checks = vec![];
        for (site, row) in self.store.briefs_on(day)? {
            let Brief::Inspection(inspection) = Brief::read(&row.brief) else { continue };
            checks.push((
                site,
                DayCheck {
                    record: row.record,
                    at_ms: row.at_ms,
                    inspection,
                    findings: Severities::default(),
                    fixed: 0,
                },
            ));
        }
        let found = self.store.child_briefs_on(day)?;
        let with_findings: BTreeSet<_> = found.iter().map(|(parent, _)| *parent).collect();
        // Only findings of different checks of one merge are ever said to be one.
        let mut merges: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for (site, check) in &checks {
            if !check.inspection.voided && with_findings.contains(&check.record) {
                *merges.entry((site, &check.inspection.checklist)).or_default() += 1;
            }
        }
        let merges = merges.into_iter().filter(|(_, checks)| *checks > 1).map(|(at, _)| at);
        let parts = self.parts_of_others(day, merges)?;
        let mut raised = BTreeMap::new();
        for (parent, row) in found {
            let Brief::Finding(finding) = Brief::read(&row.brief) else { continue };
            let (severities, fixed): &mut (Severities, u32) = raised.entry(parent).or_default();
            if !finding.voided && !parts.contains(&row.record) {
                severities.add(&finding.severity);
                *fixed += u32::from(finding.fixed);
            }
        }
        for (_, check) in &mut checks {
            if let Some((severities, fixed)) = raised.get(&check.record) {
                (check.findings, check.fixed) = (*severities, *fixed);
            }
        }
        Ok(checks)
    }

    /// Sites by code, each as far as this device knows it, in the order asked for.
    pub(in crate::door) fn desk_sites<'a>(
        &self,
        codes: impl Iterator<Item = &'a String>,
    ) -> Result<Vec<DeskSite>, AppError> {
        codes.map(|code| self.desk_site(code)).collect()
    }

    pub(in crate::door) fn desk_site(&self, code: &str) -> Result<DeskSite, AppError> {
        if let Some(row) = self.store.find_site(code)? {
            return Ok(DeskSite::from(row));
        }
        let view = self.site_view(code)?;
        let (kind, zh, en, district) = (view.kind, view.zh, view.en, view.district);
        Ok(DeskSite { code: view.code, kind, zh, en, district, org: None })
    }
}

/// A site's row while it is counted: cells by checklist.
#[derive(Default)]
struct SiteDay {
    position: Option<[String; 2]>,
    cells: BTreeMap<String, Cell>,
}

/// A check as the board counts it.
struct DayCheck {
    record: spotcheck_domain::RecordId,
    at_ms: i64,
    inspection: InspectionBrief,
    findings: Severities,
    fixed: u32,
}

impl From<SiteRow> for DeskSite {
    fn from(row: SiteRow) -> Self {
        let SiteRow { code, kind, zh, en, district, org, .. } = row;
        Self { code, kind, zh, en, district, org: Some(org).filter(|it| !it.is_empty()) }
    }
}

impl Tally {
    fn add(&mut self, check: &InspectionBrief, late: bool, findings: Severities, fixed: u32) {
        if check.voided {
            self.voided += 1;
            return;
        }
        self.checks += 1;
        match (check.completed, late) {
            (true, _) => self.done += 1,
            (false, true) => self.late += 1,
            (false, false) => self.in_progress += 1,
        }
        self.findings += findings;
        self.fixed += fixed;
    }
}

impl Cell {
    fn add(&mut self, check: &InspectionBrief, late: bool, findings: Severities, fixed: u32) {
        if check.voided {
            return;
        }
        let state = match (check.completed, late) {
            (true, _) => CellState::Done,
            (false, true) => CellState::Late,
            (false, false) => CellState::InProgress,
        };
        // The cell says what still needs somebody: late before open before done.
        self.state = if self.checks == 0 { state } else { self.state.max(state) };
        self.checks += 1;
        self.answered = self.answered.max(check.answered);
        self.required = self.required.max(check.required);
        self.findings += findings;
        self.fixed += fixed;
    }
}
