//! From the bytes of a workbook to the bytes of a checklist, with everything that is to be said about it.

use serde::Serialize;
use ts_rs::TS;

use crate::form::Form;
use crate::problem::{Level, Problem};
use crate::workbook::read;

/// What came of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Imported {
    /// The checklist as it would be published, if nothing is wrong with it.
    pub checklist: Option<String>,
    /// What is wrong, then what is not held and what had to be chosen, each in the order of the sheets.
    pub problems: Vec<Problem>,
}

/// Reads a workbook and makes a checklist of it. `name` is the file's; `pack` the code of the rule pack where
/// the workbook names none.
#[must_use]
pub fn import(bytes: &[u8], name: &str, pack: &str) -> Imported {
    let workbook = match read(bytes, name) {
        Ok(workbook) => workbook,
        Err(stop) => return Imported { checklist: None, problems: vec![*stop] },
    };
    let reading = Form::read(&workbook);
    let mut problems = reading.problems;
    let mut checklist = None;
    if let Some(form) = reading.form {
        let converted = form.to_checklist(pack);
        // What is no error for the form alone may be one for its checklist.
        checklist = converted.checklist.and_then(|list| serde_json::to_string(&list).ok());
        problems.extend(converted.problems);
    }
    problems.sort_by_key(|problem| problem.level != Level::Error);
    Imported { checklist, problems }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "
| survey |
| | type | name | label |
| | text | A-1 | A |
| | note | n | N |
";

    #[test]
    fn errors_come_first_and_without_them_there_is_a_checklist() {
        let whole = import(FORM.as_bytes(), "a.md", "p");
        assert!(whole.checklist.is_some_and(|list| list.contains("\"pack\":\"p\"")));
        assert!(whole.problems.iter().any(|it| it.level == Level::NotHeld));
        let wrong = FORM.replace("| text |", "| txt |");
        let wrong = import(wrong.as_bytes(), "a.md", "p");
        assert_eq!(wrong.checklist, None);
        assert_eq!(wrong.problems.first().map(|it| it.level), Some(Level::Error));
        let none = import(b"%PDF-1.7", "a.pdf", "p");
        assert_eq!((none.checklist, none.problems.len()), (None, 1));
    }
}
