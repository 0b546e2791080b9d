//! XLSForm, the field's format for templates: workbooks come in and go out; no I/O.
//!
//! [`read`] makes texts of a file, within [`Limits`]; [`Form::read`] makes a form of them, with
//! every expression compiled by the engine of `spotcheck-checklists`, and says what is wrong and
//! where. [`Form::to_checklist`] makes a checklist of it, [`to_workbook`] a workbook of a checklist.
//! `docs/FORMS.md` lists what is taken, and what happens to each column, type and appearance.

mod checklist;
mod form;
mod import;
mod limits;
mod problem;
mod problems;
mod workbook;
mod write;

pub use checklist::{Converted, ExportError, to_workbook};
pub use form::{
    Additions, Choice, DefaultAnswer, Form, Kind, Lists, Media, Question, Reading, Settings,
    Source, Text, is_chinese, is_english,
};
pub use import::{Imported, import};
pub use limits::Limits;
pub use problem::{Code, Level, Place, Problem, Stop};
pub use workbook::{Format, Row, Sheet, Workbook, read};
pub use write::{WriteError, write_csv, write_markdown, write_xlsx};
