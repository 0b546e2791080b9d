//! A form: questions in groups and repeats, choice lists, settings, and what is wrong with them.

mod additions;
mod appearance;
mod choices;
mod expressions;
mod heading;
mod kind;
mod languages;
mod media;
mod parameters;
mod question;
mod settings;
mod sheets;
mod spelling;
mod survey;
mod table;
mod text;

use std::sync::Arc;

use spotcheck_checklists::expression::{Logic, Outline};

use crate::problem::{Level, Problem};
use crate::problems::Problems;
use crate::{Limits, Workbook};

pub use additions::Additions;
pub use choices::{Choice, Lists};
pub use kind::{Kind, Source};
pub use media::Media;
pub use question::{Default as DefaultAnswer, Question};
pub use settings::Settings;
pub use text::{Text, is_chinese, is_english};

/// A form as its workbook describes it.
#[derive(Debug, Clone)]
pub struct Form {
    /// The file's name without ending: what the form is called where it has no id.
    pub file: String,
    /// What it says of itself.
    pub settings: Settings,
    /// All rows in order, groups before what they hold.
    pub questions: Vec<Question>,
    /// Choice lists by name.
    pub lists: Lists,
    /// Languages of the translated columns, as they are spelt, in the order of the sheet.
    pub languages: Vec<String>,
    /// Columns of `survey` that nobody knows. Their cells are kept with each question.
    pub unknown_columns: Vec<String>,
    /// The names of the form as expressions see them.
    pub outline: Arc<Outline>,
    /// All calculations and conditions, compiled and put in order.
    pub logic: Logic,
}

/// What came of reading a form.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The form, if nothing is wrong with it.
    pub form: Option<Form>,
    /// Errors and warnings in the order of the sheets; at most [`Limits::PROBLEMS`] of each.
    pub problems: Vec<Problem>,
}

impl Reading {
    /// What keeps the form from being used.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level == Level::Error)
    }
}

impl Form {
    /// Reads the form of a workbook and checks all of it: names, lists, expressions.
    #[must_use]
    pub fn read(workbook: &Workbook) -> Reading {
        let mut problems = Problems::new(Limits::PROBLEMS);
        let form = read(workbook, &mut problems);
        let form = form.filter(|_| !problems.has_errors());
        let mut problems = problems.done();
        problems.sort_by(|a, b| (&a.place.sheet, a.place.row).cmp(&(&b.place.sheet, b.place.row)));
        Reading { form, problems }
    }
}

fn read(workbook: &Workbook, problems: &mut Problems) -> Option<Form> {
    let sheet = sheets::survey(workbook, problems)?;
    sheets::warn(workbook, problems);
    let mut settings = Settings::read(workbook, problems);
    let lists = choices::read(workbook, settings.allow_choice_duplicates, problems);
    let survey = survey::read(sheet, &lists, problems)?;
    for (name, value) in survey.settings {
        let field = if name == "form_id" { &mut settings.id } else { &mut settings.title };
        field.get_or_insert(value);
    }
    let languages = languages::read(&sheet.name, &survey.languages, problems);
    let outline = Arc::new(survey.outline);
    let logic = expressions::check(&outline, &survey.questions, &settings, problems)?;
    Some(Form {
        file: workbook.name.clone(),
        settings,
        questions: survey.questions,
        lists,
        languages,
        unknown_columns: survey.unknown_columns,
        outline,
        logic,
    })
}
