//! Reads the tables in `server/demo/`: comma-separated, a header line, no quoting (texts therefore
//! use the full-width comma or none), `;` between the members of a list.

use std::collections::BTreeMap;
use std::num::ParseIntError;

use chrono::NaiveDate;

/// The demo data cannot be read; says where to mend it.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A line has more or fewer fields than the header.
    #[error("{file} line {line}: {found} fields where the header has {expected}")]
    Width {
        /// The table.
        file: &'static str,
        /// The line in it, the header being 1.
        line: usize,
        /// How many columns the header names.
        expected: usize,
        /// How many fields the line has.
        found: usize,
    },
    /// A field cannot be used.
    #[error("{file} line {line}, field {field}")]
    Field {
        /// The table.
        file: &'static str,
        /// The line in it, the header being 1.
        line: usize,
        /// The column's name.
        field: &'static str,
        /// What is wrong with it.
        #[source]
        problem: FieldProblem,
    },
}

/// What is wrong with a field.
#[derive(Debug, thiserror::Error)]
pub enum FieldProblem {
    /// The table has no such column.
    #[error("the table has no such column")]
    NoColumn,
    /// The field is empty but must not be.
    #[error("empty")]
    Empty,
    /// Not a calendar date as `2021-05-21`.
    #[error("not a date")]
    NotADate(#[source] chrono::ParseError),
    /// Not a whole number.
    #[error("not a whole number")]
    NotACount(#[source] ParseIntError),
    /// Names something that does not exist.
    #[error("nothing is called {0:?}")]
    Unknown(String),
}

/// One line of a table, its fields by column name.
pub(super) struct Row {
    file: &'static str,
    line: usize,
    fields: BTreeMap<&'static str, &'static str>,
}

/// Reads every line below the header with `read`. `file` only serves error messages.
pub(super) fn read<T>(
    file: &'static str,
    text: &'static str,
    read: impl Fn(&Row) -> Result<T, DemoError>,
) -> Result<Vec<T>, DemoError> {
    let mut lines = text.lines().zip(1..);
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(line, _)| line.split(',').collect());
    lines.map(|(text, line)| read(&row(file, line, &header, text)?)).collect()
}

fn row(
    file: &'static str,
    line: usize,
    header: &[&'static str],
    text: &'static str,
) -> Result<Row, DemoError> {
    let fields: Vec<&str> = text.split(',').collect();
    let (expected, found) = (header.len(), fields.len());
    if expected != found {
        return Err(DemoError::Width { file, line, expected, found });
    }
    Ok(Row { file, line, fields: header.iter().copied().zip(fields).collect() })
}

impl Row {
    /// A text that must be there.
    pub(super) fn text(&self, field: &'static str) -> Result<String, DemoError> {
        self.optional(field)?.ok_or_else(|| self.wrong(field, FieldProblem::Empty))
    }

    /// A text, or nothing where the field is empty.
    pub(super) fn optional(&self, field: &'static str) -> Result<Option<String>, DemoError> {
        let text = self.raw(field)?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// The members of a list, none where the field is empty.
    pub(super) fn list(&self, field: &'static str) -> Result<Vec<String>, DemoError> {
        let text = self.raw(field)?;
        Ok(text.split(';').filter(|member| !member.is_empty()).map(str::to_owned).collect())
    }

    /// A calendar date.
    pub(super) fn date(&self, field: &'static str) -> Result<NaiveDate, DemoError> {
        let date = self.raw(field)?.parse();
        date.map_err(|cause| self.wrong(field, FieldProblem::NotADate(cause)))
    }

    /// A whole number.
    pub(super) fn count(&self, field: &'static str) -> Result<usize, DemoError> {
        let count = self.raw(field)?.parse();
        count.map_err(|cause| self.wrong(field, FieldProblem::NotACount(cause)))
    }

    /// The error for a field that names something which does not exist.
    pub(super) fn unknown(&self, field: &'static str, name: &str) -> DemoError {
        self.wrong(field, FieldProblem::Unknown(name.to_owned()))
    }

    fn raw(&self, field: &'static str) -> Result<&'static str, DemoError> {
        let found = self.fields.get(field).copied();
        found.ok_or_else(|| self.wrong(field, FieldProblem::NoColumn))
    }

    fn wrong(&self, field: &'static str, problem: FieldProblem) -> DemoError {
        DemoError::Field { file: self.file, line: self.line, field, problem }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn error<T: std::fmt::Debug>(
        text: &'static str,
        field: fn(&Row) -> Result<T, DemoError>,
    ) -> String {
        let error = read("t.csv", text, field).unwrap_err();
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        format!("{error}: {cause}")
    }

    #[test]
    fn errors_name_the_file_the_line_and_the_field() {
        let zh = |row: &Row| row.text("zh");
        assert_eq!(error("zh\n甲\n\n", zh), "t.csv line 3, field zh: empty");
        assert_eq!(error("en\na\n", zh), "t.csv line 2, field zh: the table has no such column");
        assert_eq!(error("zh\na,b\n", zh), "t.csv line 2: 2 fields where the header has 1: ");
        let n = |row: &Row| row.count("n");
        assert_eq!(error("n\n1\nx\n", n), "t.csv line 3, field n: not a whole number");
        let day = |row: &Row| row.date("day");
        assert_eq!(error("day\n5·21\n", day), "t.csv line 2, field day: not a date");
    }
}
