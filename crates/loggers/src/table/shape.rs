//! Finds the table in a text: its separator, its width, and what its columns can be.

use std::collections::BTreeMap;

use super::cells::split;
use crate::stamp::Stamp;
use crate::value::Cell;
use crate::{Column, Separator, text};

/// So many lines show what the columns are.
const LINES: usize = 2_000;
/// Cells shown of a column.
const EXAMPLES: usize = 3;
/// More columns than that are no logger's.
const MOST_COLUMNS: usize = 64;

/// A table under one separator.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) separator: Separator,
    pub(super) width: usize,
    /// The line of its first row.
    pub(super) first_row: u32,
    /// The line of its headings, if it has any.
    pub(super) heading_line: Option<u32>,
    /// Columns, or neighbouring columns, that hold times; places from 0.
    pub(super) times: Vec<Vec<usize>>,
    /// Columns that hold numbers and are neither time nor count.
    pub(super) values: Vec<usize>,
    pub(super) columns: Vec<Column>,
}

/// What a cell can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Moment,
    Date,
    Clock,
    Half,
    Number,
    Missing,
    Other,
}

fn sort_of(cell: &str) -> Sort {
    // A number is no time; looking for one first would take longer.
    let value = Cell::of(cell);
    if value.is_missing() {
        return Sort::Missing;
    }
    if value.is_number() {
        return Sort::Number;
    }
    match Stamp::parse(cell) {
        Some(Stamp { date: Some(_), clock_s: Some(_), .. }) => Sort::Moment,
        Some(Stamp { date: Some(_), .. }) => Sort::Date,
        Some(_) => Sort::Clock,
        None if matches!(cell, "AM" | "PM" | "am" | "pm" | "上午" | "下午") => Sort::Half,
        None => Sort::Other,
    }
}

/// The rows of one width.
#[derive(Default)]
struct Rows {
    count: usize,
    first_row: u32,
    /// Of each column, how many cells are of each sort.
    sorts: Vec<BTreeMap<u8, usize>>,
    examples: Vec<Vec<String>>,
    /// Of each column, the last whole number while every row counts up by one.
    counts_up: Vec<Option<u64>>,
}

impl Rows {
    fn add(&mut self, line: u32, cells: &[&str], sorts: &[Sort]) {
        if self.count == 0 {
            self.first_row = line;
            self.sorts = vec![BTreeMap::new(); cells.len()];
            self.examples = vec![Vec::new(); cells.len()];
            self.counts_up = cells.iter().map(|cell| cell.parse().ok()).collect();
        }
        let columns = self.sorts.iter_mut().zip(&mut self.examples).zip(&mut self.counts_up);
        for (((counts, examples), counted), (cell, sort)) in columns.zip(cells.iter().zip(sorts)) {
            *counts.entry(*sort as u8).or_default() += 1;
            if examples.len() < EXAMPLES {
                examples.push(crate::error::shortened(cell));
            }
            if self.count > 0 {
                let next = counted.and_then(|last: u64| last.checked_add(1));
                *counted = next.filter(|next| cell.parse() == Ok(*next));
            }
        }
        self.count += 1;
    }

    /// Whether most cells of a column are of this sort.
    fn mostly(&self, column: usize, sort: Sort) -> bool {
        let count = self.sorts.get(column).and_then(|counts| counts.get(&(sort as u8)));
        count.is_some_and(|count| count * 2 > self.count)
    }

    fn times(&self, width: usize) -> Vec<Vec<usize>> {
        let at = |column: usize| {
            if self.mostly(column, Sort::Moment) {
                return Some(vec![column]);
            }
            let pair = self.mostly(column, Sort::Date) && self.mostly(column + 1, Sort::Clock);
            let half = pair && self.mostly(column + 2, Sort::Half);
            let columns = column..column + if half { 3 } else { 2 };
            pair.then(|| columns.collect())
        };
        (0..width).filter_map(at).collect()
    }

    /// A column before the time that counts the rows from 0 or 1 is their number. One that counts
    /// anywhere else may be a rising temperature, and is asked about.
    fn is_row_number(&self, column: usize, times: &[Vec<usize>]) -> bool {
        let first = self.examples.get(column).and_then(|examples| examples.first());
        let counts = self.counts_up.get(column).copied().flatten().is_some();
        let before = times.iter().flatten().all(|time| column < *time);
        self.count > 2 && counts && before && first.is_some_and(|it| it == "0" || it == "1")
    }

    fn values(&self, width: usize, times: &[Vec<usize>]) -> Vec<usize> {
        let has = |column: usize, sort: Sort| {
            self.sorts.get(column).is_some_and(|counts| counts.contains_key(&(sort as u8)))
        };
        let can = |column: &usize| {
            has(*column, Sort::Number)
                && ![Sort::Moment, Sort::Date, Sort::Clock].iter().any(|s| self.mostly(*column, *s))
        };
        let numbers: Vec<_> = (0..width).filter(can).collect();
        let numbered = |column: &&usize| self.is_row_number(**column, times);
        let (rows, values): (Vec<_>, Vec<_>) = numbers.iter().partition(numbered);
        if values.is_empty() { rows } else { values }
    }
}

/// The table under a separator, if there is one.
pub(super) fn find(text: &str, separator: Separator) -> Option<Shape> {
    let mut by_width = BTreeMap::<usize, Rows>::new();
    let (mut cells, mut sorts) = (Vec::new(), Vec::new());
    let filled = text::lines(text).filter(|(_, line)| !line.trim().is_empty());
    for (line, content) in filled.clone().take(LINES) {
        split(content, separator, &mut cells);
        if !(2..=MOST_COLUMNS).contains(&cells.len()) {
            continue;
        }
        sorts.clear();
        sorts.extend(cells.iter().map(|cell| sort_of(cell)));
        if is_row(&sorts) {
            by_width.entry(cells.len()).or_default().add(line, &cells, &sorts);
        }
    }
    // Of equally many rows the wider ones: the others lack a cell at the end.
    let (width, rows) = by_width.into_iter().max_by_key(|(width, rows)| (rows.count, *width))?;
    let times = rows.times(width);
    let values = rows.values(width, &times);
    if times.is_empty() || values.is_empty() {
        return None;
    }
    // The nearest line above that is no row itself; of another width it is no heading of them.
    let above = filled.take_while(|(line, _)| *line < rows.first_row);
    let heading = above.filter(|(_, text)| !is_row(&sorts_of(text, separator))).last();
    let heading = heading.filter(|(_, text)| {
        split(text, separator, &mut cells);
        cells.len() == width
    });
    let columns = columns(separator, heading.map(|(_, text)| text), width, &rows);
    let (first_row, heading_line) = (rows.first_row, heading.map(|(line, _)| line));
    Some(Shape { separator, width, first_row, heading_line, times, values, columns })
}

fn sorts_of(text: &str, separator: Separator) -> Vec<Sort> {
    let mut cells = Vec::new();
    split(text, separator, &mut cells);
    cells.iter().map(|cell| sort_of(cell)).collect()
}

/// A time, and a value or the place of one.
fn is_row(sorts: &[Sort]) -> bool {
    let moment = sorts.contains(&Sort::Moment)
        || sorts.windows(2).any(|pair| pair == [Sort::Date, Sort::Clock]);
    moment && (sorts.contains(&Sort::Number) || sorts.contains(&Sort::Missing))
}

fn columns(separator: Separator, heading: Option<&str>, width: usize, rows: &Rows) -> Vec<Column> {
    let mut headings = Vec::new();
    if let Some(heading) = heading {
        split(heading, separator, &mut headings);
    }
    (1u32..)
        .zip(0..width)
        .map(|(column, at)| Column {
            column,
            heading: headings.get(at).map(|heading| (*heading).to_owned()).unwrap_or_default(),
            examples: rows.examples.get(at).cloned().unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_found_below_what_stands_above_it() {
        let text = "Made by X\nSerial;77\n\nNo.;Date;Time;Temp;Hum\n\
                    1;01.06.2021;00:00;5,5;60\n2;01.06.2021;00:10;--.-;61\n3;01.06.2021;00:20;5;60\n";
        let shape = find(text, Separator::Semicolon).unwrap();
        assert_eq!((shape.width, shape.first_row), (5, 5));
        assert_eq!((shape.times, shape.values), (vec![vec![1, 2]], vec![3, 4]));
        assert_eq!(shape.columns[3].heading, "Temp");
        assert_eq!(shape.columns[3].examples, ["5,5", "--.-", "5"]);
        assert!(find(text, Separator::Comma).is_none());
        assert!(find(text, Separator::Tab).is_none());
    }

    #[test]
    fn a_text_without_times_or_numbers_is_no_table() {
        for text in ["a,b\nc,d\n", "1,2\n3,4\n", "2021-06-01 00:00,warm\n", "2021-06-01,5\n"] {
            assert!(find(text, Separator::Comma).is_none(), "{text}");
        }
    }
}
