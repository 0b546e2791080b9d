//! A sheet as records: cells by what their column means.

use std::collections::BTreeMap;

use super::heading::{Heading, Of};
use super::text::Text;
use crate::problem::{Code, Level, Place, Problem, nearest, shortened};
use crate::problems::Problems;
use crate::workbook::{Row, Sheet, letters};

/// A sheet, its first row read as headings.
#[derive(Debug)]
pub(super) struct Table<'a> {
    sheet: &'a str,
    headings: Vec<Option<Heading>>,
    /// Columns by meaning, in the order of the sheet.
    by_base: BTreeMap<String, Vec<usize>>,
    rows: &'a [Row],
}

impl<'a> Table<'a> {
    pub(super) fn read(sheet: &'a Sheet, of: Of, problems: &mut Problems) -> Self {
        let (first, rows) = sheet.rows.split_first().map_or((None, &[][..]), |(a, b)| (Some(a), b));
        let cells = first.map(|row| row.cells.as_slice()).unwrap_or_default();
        let doubled = cells.iter().any(|cell| cell.contains("::"));
        let mut table =
            Self { sheet: &sheet.name, headings: Vec::new(), by_base: BTreeMap::new(), rows };
        let mut seen: BTreeMap<(String, Option<String>), String> = BTreeMap::new();
        let number = first.map_or(1, |row| row.number);
        for (index, cell) in cells.iter().enumerate() {
            if cell.is_empty() {
                table.headings.push(None);
                continue;
            }
            let heading = Heading::read(cell, of, doubled);
            let place = Place::row(&sheet.name, number).at(cell);
            let key = (heading.base.clone(), heading.language.clone());
            if let Some(other) = seen.insert(key, cell.clone()) {
                // Old forms have `form_id` and `id_string` beside each other.
                problems.push(Problem {
                    level: if of == Of::Settings { Level::Warning } else { Level::Error },
                    ..duplicate(place, &other, cell)
                });
                table.headings.push(None);
                continue;
            }
            if !heading.is_known && of != Of::Choices {
                problems.push(unknown(place, cell, of));
            }
            table.by_base.entry(heading.base.clone()).or_default().push(index);
            table.headings.push(Some(heading));
        }
        table
    }

    /// Whether a column of that meaning exists, in any language.
    pub(super) fn has(&self, base: &str) -> bool {
        self.by_base.contains_key(base)
    }

    /// The languages of translated columns, in the order of the sheet; `None` for the one without.
    pub(super) fn languages(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.headings.iter().flatten().map(|it| (it.base.as_str(), it.language.as_deref()))
    }

    /// Headings nobody knows, as they are written.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().flatten().filter(|it| !it.is_known).map(|it| it.written.as_str())
    }

    pub(super) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|row| Record { table: self, row })
    }
}

fn duplicate(place: Place, other: &str, own: &str) -> Problem {
    let (other, own) = (shortened(other), shortened(own));
    let said = (
        &*format!("“{own}”与“{other}”是同一列"),
        &*format!("\"{own}\" means the same column as \"{other}\""),
    );
    Problem::error(Code::DuplicateColumn, place, said, ("只保留一列", "keep one of them"))
}

fn unknown(place: Place, cell: &str, of: Of) -> Problem {
    let cell = shortened(cell);
    let said = (
        &*format!("未知的列“{cell}”：内容保留，但不起作用"),
        &*format!("nobody knows the column \"{cell}\": its cells are kept and do nothing"),
    );
    let remedy = match nearest(&cell, of.spellings()) {
        Some(near) => (format!("是否指 {near}？"), format!("did you mean {near}?")),
        None => ("如为备注可不理会".to_owned(), "leave it if it is a note".to_owned()),
    };
    Problem::warning(Code::UnknownColumn, place, said, (&remedy.0, &remedy.1))
}

/// One row below the headings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    table: &'a Table<'a>,
    row: &'a Row,
}

impl<'a> Record<'a> {
    pub(super) fn place(&self) -> Place {
        Place::row(self.table.sheet, self.row.number)
    }

    pub(super) fn number(&self) -> u32 {
        self.row.number
    }

    /// The place of a cell, under the heading as the author wrote it.
    pub(super) fn place_of(&self, base: &str) -> Place {
        let column = self.columns(base).find(|(_, cell)| !cell.is_empty());
        let column = column.or_else(|| self.columns(base).next());
        self.place().at(column.map_or(base, |(heading, _)| &heading.written))
    }

    fn columns(&self, base: &str) -> impl Iterator<Item = (&'a Heading, &'a str)> + use<'a> {
        let (table, row) = (self.table, self.row);
        let columns = table.by_base.get(base).into_iter().flatten();
        columns.filter_map(move |index| {
            let heading = table.headings.get(*index)?.as_ref()?;
            Some((heading, row.cells.get(*index).map_or("", String::as_str)))
        })
    }

    /// The cell under that meaning; `None` where it is empty.
    pub(super) fn get(&self, base: &str) -> Option<&'a str> {
        self.columns(base).map(|(_, cell)| cell).find(|cell| !cell.is_empty())
    }

    /// The texts of a translated column.
    pub(super) fn text(&self, base: &str) -> Text {
        let cells = self.columns(base).filter(|(_, cell)| !cell.is_empty());
        Text::new(
            cells.map(|(heading, cell)| {
                (heading.language.clone().unwrap_or_default(), cell.to_owned())
            }),
        )
    }

    /// All filled cells that have no field of their own: by meaning, or by heading if unknown.
    pub(super) fn others(&self, fields: &[&str]) -> BTreeMap<String, String> {
        let cells = self.table.headings.iter().zip(&self.row.cells).enumerate();
        let mut others: BTreeMap<String, String> = cells
            .filter(|(_, (_, cell))| !cell.is_empty())
            .filter_map(|(index, (heading, cell))| {
                let name = match heading {
                    Some(heading) if fields.contains(&heading.base.as_str()) => return None,
                    Some(heading) if heading.is_known => heading.base.clone(),
                    Some(heading) => heading.written.clone(),
                    None => letters(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)),
                };
                Some((name, cell.clone()))
            })
            .collect();
        let beyond = self.row.cells.iter().enumerate().skip(self.table.headings.len());
        others.extend(beyond.filter(|(_, cell)| !cell.is_empty()).map(|(index, cell)| {
            (letters(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)), cell.clone())
        }));
        others
    }
}
