//! Forms become checklists, and checklists workbooks.
//!
//! A form can say more than today's checklist format can hold. What has no place there is named
//! with its row and the reason, never left out in silence. A workbook made of a checklist gives
//! exactly that checklist back.

mod codes;
mod columns;
mod export;
mod group;
mod item;
mod kind;
mod logic;
mod lost;
mod meanings;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_checklists::{Checklist, Computed, Item, Scoring};
use spotcheck_rules::Status;

use crate::Limits;
use crate::form::{Form, Question, Settings};
use crate::problem::{Code, Place, Problem};
use crate::problems::Problems;

use codes::Codes;
pub use export::{ExportError, to_workbook};
use meanings::Meanings;
use texts::Texts;

/// What came of making a checklist of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The checklist, if there is no error. Its bytes are those of `serde_json::to_vec`.
    pub checklist: Option<Checklist>,
    /// What is wrong, what is not held and why, and what had to be chosen.
    pub problems: Vec<Problem>,
}

impl Form {
    /// Makes a checklist of the form. `pack` is the code of the rule pack where the form names
    /// none in `spotcheck::pack` of its settings.
    #[must_use]
    pub fn to_checklist(&self, pack: &str) -> Converted {
        let mut problems = Problems::new(Limits::REMARKS);
        let checklist = convert(self, pack, &mut problems);
        let checklist = checklist.filter(|_| !problems.has_errors());
        if let Some(cause) = checklist.as_ref().and_then(find_fault) {
            problems.push(cause);
        }
        let checklist = checklist.filter(|_| !problems.has_errors());
        Converted { checklist, problems: problems.done() }
    }
}

fn convert(form: &Form, pack: &str, problems: &mut Problems) -> Option<Checklist> {
    let settings = &form.settings;
    let id = settings.id.as_deref().filter(|id| !id.is_empty()).unwrap_or(&form.file);
    let mut converter = Converter {
        form,
        id,
        texts: Texts::default(),
        codes: Codes::default(),
        meanings: Meanings::default(),
        children: group::children(form),
        filtered: BTreeMap::new(),
        scoring: scoring(settings, problems),
        problems,
    };
    let found: Vec<(usize, Item)> = (0..form.questions.len())
        .filter_map(|index| Some((index, converter.question(index)?)))
        .collect();
    let (items, computed) = converter.with_logic(found);
    let title = converter.texts.title(settings, id);
    converter.texts.report(form, converter.problems);
    lost::of_form(form, &converter.filtered, converter.problems);
    let scored = items.iter().any(|item| item.score.is_some());
    if converter.scoring.is_some() && !scored {
        let said = ("没有一项写分值，不计分", "no item has points: none are counted");
        let remedy = ("在 spotcheck::score 写分值", "write points in spotcheck::score");
        let place = Place::sheet("settings").at("spotcheck::scoring");
        converter.problems.push(Problem::not_held(Code::NoPlace, place, said, remedy));
    }
    let scoring = converter.scoring.filter(|_| scored);
    if items.is_empty() {
        let said = ("没有可作检查项的题目", "no question can be an item of a checklist");
        let remedy = ("见其余说明", "the other remarks say why");
        problems.push(Problem::error(Code::NoPlace, Place::sheet("survey"), said, remedy));
        return None;
    }
    let status = match settings.other("spotcheck::status") {
        None => None,
        Some("draft") => Some(Status::Draft),
        Some("reviewed") => Some(Status::Reviewed),
        Some(_) => {
            let said = ("状态只能是 draft 或 reviewed", "a status is draft or reviewed");
            let remedy = ("改成其中之一，或留空", "write one of them, or leave it empty");
            let place = Place::sheet("settings").at("spotcheck::status");
            problems.push(Problem::error(Code::BadValue, place, said, remedy));
            return None;
        }
    };
    Some(Checklist {
        status,
        reviewed_by: settings.other("spotcheck::reviewed_by").map(str::to_owned),
        code: id.to_owned(),
        version: settings.version.clone().unwrap_or_else(|| "1".to_owned()),
        title,
        pack: settings.other("spotcheck::pack").unwrap_or(pack).to_owned(),
        scoring,
        computed,
        items,
    })
}

/// `spotcheck::scoring`: how points are added up, if at all.
fn scoring(settings: &Settings, problems: &mut Problems) -> Option<Scoring> {
    let column = "spotcheck::scoring";
    let word = settings.other(column)?;
    let scoring = serde_json::from_value(word.into()).ok();
    if scoring.is_none() {
        let said = ("计分方式只能是 earned 或 lost", "a scoring is earned or lost");
        let remedy = ("改成其中之一，或留空", "write one of them, or leave it empty");
        let place = Place::sheet("settings").at(column);
        problems.push(Problem::error(Code::BadValue, place, said, remedy));
    }
    scoring
}

/// The checks of the format itself have the last word.
fn find_fault(checklist: &Checklist) -> Option<Problem> {
    let bytes = serde_json::to_vec(checklist).ok()?;
    let cause = Checklist::parse(&bytes).err()?.to_string();
    let said = (&*format!("不成检查表：{cause}"), &*format!("it makes no checklist: {cause}"));
    let remedy = ("按所指字段修改", "correct the field it names");
    Some(Problem::error(Code::BadValue, Place::file(), said, remedy))
}

struct Converter<'a> {
    form: &'a Form,
    id: &'a str,
    texts: Texts,
    codes: Codes,
    meanings: Meanings,
    /// What each question holds, by number.
    children: Vec<Vec<usize>>,
    /// By list, the columns that filters took over.
    filtered: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// How points are added up; none: they are not counted.
    scoring: Option<Scoring>,
    problems: &'a mut Problems,
}

impl<'a> Converter<'a> {
    /// Gives the items what depends on answers, now that each name has its meaning.
    fn with_logic(&mut self, found: Vec<(usize, Item)>) -> (Vec<Item>, Vec<Computed>) {
        let form = self.form;
        for (index, item) in &found {
            self.mean(*index, &item.code);
        }
        for question in &form.questions {
            if logic::is_computed(question) {
                self.meanings.name(&question.name, question.name.clone());
            }
            if let Some(repeat) = question.additions.repeat {
                self.meanings.name(&question.name, repeat.as_str().to_owned());
            }
        }
        let mut items = Vec::with_capacity(found.len());
        for (index, mut item) in found {
            if let Some(question) = form.questions.get(index) {
                self.logic(&mut item, question);
            }
            items.push(item);
        }
        let computed = form.questions.iter().filter(|it| logic::is_computed(it));
        let computed = computed.filter_map(|it| self.computed(it)).collect();
        (items, computed)
    }

    fn get(&self, index: usize) -> Option<&'a Question> {
        self.form.questions.get(index)
    }

    /// All that holds a question, from the inside.
    fn above(&self, question: &'a Question) -> impl Iterator<Item = &'a Question> + use<'a> {
        let form = self.form;
        let parent = move |it: &&'a Question| form.questions.get(it.parent?);
        std::iter::successors(parent(&question), parent)
    }
}
