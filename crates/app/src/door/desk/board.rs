//! The day's board: sites × checklists.

mod count;

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_rules::Bilingual;
use spotcheck_store::{BlobStore, SiteRow};
use ts_rs::TS;

use crate::brief::{Brief, Severities, is_true};
use crate::door::people::{People, person};
use crate::door::{CheckCard, Person};
use crate::query::text;
use crate::{AppError, Device, Host};
use count::{CellCount, Count};

/// Days offered to choose from.
const DAYS: usize = 60;

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
    /// Sites with a check that day, by code: all, or the first that were asked for.
    pub rows: Vec<BoardRow>,
    /// How many there are.
    pub rows_in_all: u32,
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
    pub(in crate::door) fn board(
        &mut self,
        day: Option<&str>,
        first: Option<u32>,
    ) -> Result<BoardView, AppError> {
        self.fill_briefs()?;
        let now = self.now()?;
        let today = now.local_day();
        let days = self.store.days(DAYS)?;
        let latest = days.first().map(|(day, _)| day.clone());
        let day = day.map(str::to_owned).or(latest).unwrap_or_else(|| today.clone());
        let mut count = Count::begin(day < today, now.wall_ms);
        self.store.each_brief_on(&day, |row| {
            if let Some(brief) = Brief::read(row.brief) {
                count.see(row, &brief);
            }
        })?;
        self.leave_out_parts(&day, &mut count)?;
        let known = self.people()?;
        let rows_in_all = u32::try_from(count.sites.len()).unwrap_or(u32::MAX);
        // One question for all sites; of a few rows each is asked for alone.
        let mut sites =
            if first.is_none() { self.store.sites_on(&day)? } else { BTreeMap::default() };
        let shown = first.map_or(usize::MAX, |it| it as usize);
        let mut rows = Vec::with_capacity(shown.min(count.sites.len()));
        for it in count.sites.into_iter().take(shown) {
            let site = match sites.remove(&it.code) {
                Some(row) => DeskSite::from(row),
                None => self.desk_site(&it.code)?,
            };
            let cells = it.cells.into_iter().map(|cell| cell_of(cell, &count.checklists, &known));
            let mut cells: Vec<Cell> = cells.collect();
            cells.sort_by(|a, b| a.checklist.cmp(&b.checklist));
            rows.push(BoardRow { site, position: it.position, cells });
        }
        let mut people: Vec<_> = count.people.into_iter().map(|id| person(&known, id)).collect();
        people.sort_by(|a, b| a.code.cmp(&b.code));
        people.dedup_by(|a, b| a.code == b.code);
        count.checklists.sort_unstable();
        let columns = count.checklists.into_iter().map(|code| {
            let title = self.library.checklist(&code).ok().map(|(_, it)| it.title.clone());
            Column { code, title }
        });
        Ok(BoardView {
            day,
            today,
            days: days.into_iter().map(|(day, checks)| DayCount { day, checks }).collect(),
            total: count.total,
            columns: columns.collect(),
            rows,
            rows_in_all,
            people,
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

    /// Of findings that a lead said are one thing, the one that stands for all counts.
    fn leave_out_parts(&self, day: &str, count: &mut Count) -> Result<(), AppError> {
        for (site, cell) in count.may_be_alike() {
            let at = &count.sites[site];
            let merge = (at.code.as_str(), count.checklists[at.cells[cell].checklist].as_str());
            for finding in self.parts_of_others(day, merge)? {
                let Some(row) = self.store.find_record(finding)? else { continue };
                if !is_true(&row.doc, "voided") {
                    let fixed = is_true(&row.doc, "fixed");
                    count.leave_out((site, cell), text(&row.doc, "severity"), fixed);
                }
            }
        }
        Ok(())
    }

    /// A site as far as this device knows it.
    pub(in crate::door) fn desk_site(&self, code: &str) -> Result<DeskSite, AppError> {
        if let Some(row) = self.store.find_site(code)? {
            return Ok(DeskSite::from(row));
        }
        let view = self.site_view(code)?;
        let (kind, zh, en, district) = (view.kind, view.zh, view.en, view.district);
        Ok(DeskSite { code: view.code, kind, zh, en, district, org: None })
    }
}

/// A cell as a screen has it.
fn cell_of(it: CellCount, checklists: &[String], known: &People) -> Cell {
    Cell {
        checklist: checklists[it.checklist].clone(),
        state: it.state,
        checks: it.checks,
        only: it.only.map(|id| id.to_string()),
        answered: it.answered,
        required: it.required,
        findings: it.findings,
        fixed: it.fixed,
        by: it.by.into_iter().map(|id| person(known, id).code).collect(),
        from_ms: it.from_ms,
    }
}

impl From<SiteRow> for DeskSite {
    fn from(row: SiteRow) -> Self {
        let SiteRow { code, kind, zh, en, district, org, .. } = row;
        Self { code, kind, zh, en, district, org: Some(org).filter(|it| !it.is_empty()) }
    }
}
