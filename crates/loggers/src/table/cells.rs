//! The cells of a line, borrowed from it. Quotes around a cell are taken off.

use super::Layout;
use crate::Separator;
use crate::stamp::Stamp;
use crate::value::Cell;

/// Fills `cells` with the cells of the line; the list is reused from line to line.
pub(super) fn split<'a>(line: &'a str, separator: Separator, cells: &mut Vec<&'a str>) {
    cells.clear();
    let mark = match separator {
        Separator::Comma => ',',
        Separator::Semicolon => ';',
        Separator::Tab => '\t',
        Separator::Bar => '|',
        Separator::Spaces => return cells.extend(line.split_whitespace()),
    };
    if !line.contains('"') {
        return cells.extend(line.split(mark).map(str::trim));
    }
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (cell, after) = next_cell(text, mark);
        cells.push(cell);
        rest = after;
    }
}

/// The first cell and what follows its separator; a quote that is never closed runs to the end.
fn next_cell(text: &str, mark: char) -> (&str, Option<&str>) {
    let trimmed = text.trim_start_matches(' ');
    if let Some(quoted) = trimmed.strip_prefix('"')
        && let Some((cell, after)) = quoted.split_once('"')
        && let Some(after) = after_cell(after, mark)
    {
        return (cell.trim(), after);
    }
    match text.split_once(mark) {
        Some((cell, after)) => (cell.trim(), Some(after)),
        None => (text.trim(), None),
    }
}

/// What follows a quoted cell: the next one, or nothing. `None` where other text follows.
fn after_cell(after: &str, mark: char) -> Option<Option<&str>> {
    let after = after.trim_start_matches(' ');
    if after.is_empty() {
        return Some(None);
    }
    after.strip_prefix(mark).map(Some)
}

/// The time in these columns, if it is one: a date and a clock, together or side by side.
pub(super) fn stamp_in(cells: &[&str], times: &[usize]) -> Option<Stamp> {
    let cell = |place: &usize| cells.get(*place).copied();
    let stamp = match times {
        [one] => Stamp::parse(cell(one)?)?,
        [date, clock] => Stamp::parse(cell(date)?)?.with_clock(Stamp::parse(cell(clock)?)?)?,
        [date, clock, half] => {
            let clock = format!("{} {}", cell(clock)?, cell(half)?);
            Stamp::parse(cell(date)?)?.with_clock(Stamp::parse(&clock)?)?
        }
        _ => return None,
    };
    (stamp.date.is_some() && stamp.clock_s.is_some()).then_some(stamp)
}

impl Layout {
    /// The first line with a time and a cell for its value.
    pub(super) fn find_first_row(&self, text: &str) -> u32 {
        let mut cells = Vec::new();
        let above = crate::text::lines(text).take_while(|(line, _)| *line < self.first_row);
        for (line, content) in above {
            split(content, self.separator, &mut cells);
            let value = cells.get(self.value).map(|cell| Cell::of(cell));
            let has_value = value.is_some_and(|cell| cell.is_missing() || cell.is_number());
            if has_value && stamp_in(&cells, &self.times).is_some() {
                return line;
            }
        }
        self.first_row
    }

    /// The text in the time columns, to quote.
    pub(super) fn time_text(&self, cells: &[&str]) -> String {
        let texts: Vec<_> = self.times.iter().filter_map(|at| cells.get(*at).copied()).collect();
        texts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str, separator: Separator) -> Vec<&str> {
        let mut cells = Vec::new();
        split(line, separator, &mut cells);
        cells
    }

    #[test]
    fn quotes_and_spaces_are_taken_off() {
        assert_eq!(cells("1, \"a, b\" ,3", Separator::Comma), ["1", "a, b", "3"]);
        assert_eq!(cells("\"5,5\";\"x\"", Separator::Semicolon), ["5,5", "x"]);
        assert_eq!(cells("1,\"open,3", Separator::Comma), ["1", "\"open", "3"]);
        assert_eq!(cells("1,,", Separator::Comma), ["1", "", ""]);
        assert_eq!(cells("a  b c", Separator::Spaces), ["a", "b", "c"]);
        assert_eq!(cells("\"a\"b,2", Separator::Comma), ["\"a\"b", "2"]);
    }

    #[test]
    fn date_and_clock_may_stand_side_by_side() {
        let row = ["1", "2021-06-24", "03:00:00", "PM", "5.0"];
        assert_eq!(stamp_in(&row, &[1, 2]).unwrap().clock_s, Some(10_800));
        assert_eq!(stamp_in(&row, &[1, 2, 3]).unwrap().clock_s, Some(54_000));
        assert!(stamp_in(&row, &[1]).is_none(), "a date alone is no time of a reading");
        assert!(stamp_in(&row, &[1, 9]).is_none());
    }
}
