//! Texts of any languages become texts in Chinese and English.

use spotcheck_rules::Bilingual;

use crate::form::{Form, Settings, Text, is_chinese, is_english};
use crate::problem::{Code, Place, Problem};
use crate::problems::Problems;

/// Remembers how many texts had to stand for another language.
#[derive(Debug, Default)]
pub(super) struct Texts {
    not_chinese: usize,
    not_english: usize,
}

impl Texts {
    /// Both languages of a text; `otherwise` where there is none at all.
    pub(super) fn both(&mut self, text: &Text, otherwise: &str) -> Bilingual {
        let (zh, en) = (text.in_language(is_chinese), text.in_language(is_english));
        self.not_chinese += usize::from(zh.is_none());
        self.not_english += usize::from(en.is_none());
        let any = text.get("").or(en).or(zh).or(text.any()).unwrap_or(otherwise);
        Bilingual { zh: zh.unwrap_or(any).to_owned(), en: en.unwrap_or(any).to_owned() }
    }

    pub(super) fn title(&mut self, settings: &Settings, id: &str) -> Bilingual {
        let title = settings.title.as_deref().unwrap_or(id);
        let of = |heading| settings.other(heading).unwrap_or(title).to_owned();
        Bilingual { zh: of("spotcheck::title_zh"), en: of("spotcheck::title_en") }
    }

    /// Says how many texts stand for a language they are not in, and which languages have no place.
    pub(super) fn report(&self, form: &Form, problems: &mut Problems) {
        let place = Place::sheet("survey").at("label");
        for (count, zh, en, column) in [
            (self.not_chinese, "中文", "Chinese", "label::中文 (zh)"),
            (self.not_english, "英文", "English", "label::English (en)"),
        ] {
            if count > 0 {
                let said = (
                    &*format!("{count} 处没有{zh}文字，以其他语言代替"),
                    &*format!("{count} texts have no {en}; another language stands for it"),
                );
                let remedy = (&*format!("补上 {column} 列"), &*format!("add a column {column}"));
                problems.push(Problem::warning(Code::Chosen, place.clone(), said, remedy));
            }
        }
        for language in form.languages.iter().filter(|it| !is_chinese(it) && !is_english(it)) {
            let said = (
                &*format!("检查表只有中文和英文，{language} 没有位置"),
                &*format!("a checklist speaks Chinese and English; {language} has no place"),
            );
            let remedy = ("保留原工作簿", "keep the workbook");
            let place = Place::sheet("survey").at(&format!("label::{language}"));
            problems.push(Problem::not_held(Code::NoPlace, place, said, remedy));
        }
    }
}
