//! Counting a day's checks into sites and figures, one brief at a time: a day has thousands, and a
//! screen shows some dozens of sites. So nothing is made here that a figure does not need.

use std::collections::BTreeSet;

use spotcheck_domain::{RecordId, UserId};
use spotcheck_store::BriefRow;

use super::{CellState, Tally};
use crate::brief::{Brief, Severities};

/// A check still open so long after it was begun is late. House rule: half a shift.
const LATE_MS: i64 = 4 * 60 * 60 * 1000;

/// What was counted so far.
#[derive(Default)]
pub(super) struct Count {
    /// The day is over, or when it is now: ms since 1970 UTC.
    over: bool,
    now_ms: i64,
    pub(super) total: Tally,
    /// Codes of the checklists in use, in the order they were met.
    pub(super) checklists: Vec<String>,
    /// By code.
    pub(super) sites: Vec<SiteCount>,
    /// Who began anything.
    pub(super) people: BTreeSet<UserId>,
}

/// The checks at one site.
pub(super) struct SiteCount {
    pub(super) code: String,
    /// Latitude and longitude of the first check that says.
    pub(super) position: Option<[String; 2]>,
    pub(super) cells: Vec<CellCount>,
}

/// The checks of one checklist at one site.
pub(super) struct CellCount {
    /// Its place among [`Count::checklists`].
    pub(super) checklist: usize,
    pub(super) state: CellState,
    pub(super) checks: u32,
    pub(super) only: Option<RecordId>,
    pub(super) answered: u32,
    pub(super) required: u32,
    pub(super) findings: Severities,
    pub(super) fixed: u32,
    pub(super) by: Vec<UserId>,
    pub(super) from_ms: i64,
}

impl Count {
    /// Nothing yet. `over`: the day is an earlier one.
    pub(super) fn begin(over: bool, now_ms: i64) -> Self {
        Self { over, now_ms, ..Self::default() }
    }

    /// Counts one check. They come by site.
    pub(super) fn see(&mut self, row: BriefRow<'_>, check: &Brief<'_>) {
        let late = check.is_open() && (self.over || row.at_ms + LATE_MS < self.now_ms);
        self.total.add(check, late);
        let checklist = self.checklist(&check.checklist);
        if self.sites.last().is_none_or(|it| it.code != row.site) {
            let code = row.site.to_owned();
            self.sites.push(SiteCount { code, position: None, cells: vec![] });
        }
        let Some(site) = self.sites.last_mut() else { return };
        if site.position.is_none() {
            let position = check.position.as_ref();
            site.position = position.map(|it| it.each_ref().map(|text| text.to_string()));
        }
        let cell = site.cell(checklist, row.at_ms);
        cell.add(check, late);
        // One check is opened by its cell; where it is void, only while there is no other.
        if !check.voided || cell.checks == 0 {
            cell.only = (cell.checks <= 1).then_some(row.record);
        }
        if let Some(by) = check.by {
            self.people.insert(by);
            if !cell.by.contains(&by) {
                cell.by.push(by);
            }
        }
    }

    fn checklist(&mut self, code: &str) -> usize {
        self.checklists.iter().position(|it| it == code).unwrap_or_else(|| {
            self.checklists.push(code.to_owned());
            self.checklists.len() - 1
        })
    }

    /// Where several checks have findings, so that one may stand for others: place of the site and of
    /// the cell.
    pub(super) fn may_be_alike(&self) -> Vec<(usize, usize)> {
        let mut found = vec![];
        for (at, site) in self.sites.iter().enumerate() {
            let alike =
                |cell: &CellCount| cell.checks > 1 && (cell.findings.any() || cell.fixed > 0);
            let cells = site.cells.iter().enumerate().filter(|(_, cell)| alike(cell));
            found.extend(cells.map(|(cell, _)| (at, cell)));
        }
        found
    }

    /// Takes a finding out for which another stands.
    pub(super) fn leave_out(&mut self, (site, cell): (usize, usize), severity: &str, fixed: bool) {
        let one = Severities::of(severity);
        self.total.findings -= one;
        self.total.fixed = self.total.fixed.saturating_sub(u32::from(fixed));
        if let Some(cell) = self.sites.get_mut(site).and_then(|it| it.cells.get_mut(cell)) {
            cell.findings -= one;
            cell.fixed = cell.fixed.saturating_sub(u32::from(fixed));
        }
    }
}

impl SiteCount {
    /// The cell of a checklist, which a check at this time may begin.
    fn cell(&mut self, checklist: usize, at_ms: i64) -> &mut CellCount {
        let at = self.cells.iter().position(|it| it.checklist == checklist).unwrap_or_else(|| {
            self.cells.push(CellCount {
                checklist,
                state: CellState::Voided,
                checks: 0,
                only: None,
                answered: 0,
                required: 0,
                findings: Severities::default(),
                fixed: 0,
                by: vec![],
                from_ms: at_ms,
            });
            self.cells.len() - 1
        });
        let cell = &mut self.cells[at];
        cell.from_ms = cell.from_ms.min(at_ms);
        cell
    }
}

impl Tally {
    fn add(&mut self, check: &Brief<'_>, late: bool) {
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
        self.findings += check.findings;
        self.fixed += check.fixed;
    }
}

impl CellCount {
    fn add(&mut self, check: &Brief<'_>, late: bool) {
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
        self.findings += check.findings;
        self.fixed += check.fixed;
    }
}
