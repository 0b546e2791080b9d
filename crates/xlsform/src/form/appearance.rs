//! The column `appearance`: words that say how a question is shown.

use crate::problem::{Code, Place, Problem, shortened};
use crate::problems::Problems;

/// Words of XLSForm. A `*` stands for digits.
const KNOWN: &[&str] = &[
    "field-list",
    "table-list",
    "list-nolabel",
    "list",
    "label",
    "minimal",
    "compact",
    "compact-*",
    "quick",
    "quickcompact",
    "quickcompact-*",
    "search",
    "autocomplete",
    "columns",
    "columns-*",
    "columns-pack",
    "columns-flex",
    "no-buttons",
    "horizontal",
    "horizontal-compact",
    "likert",
    "map",
    "image-map",
    "multiline",
    "numbers",
    "thousands-sep",
    "bearing",
    "counter",
    "signature",
    "draw",
    "annotate",
    "new",
    "new-front",
    "new-rear",
    "picker",
    "rating",
    "distress",
    "vertical",
    "month-year",
    "year",
    "no-calendar",
    "placement-map",
    "maps",
    "streets",
    "satellite",
    "terrain",
    "hide-input",
    "url",
    "masked",
    "printer",
    "front",
    "hidden-answer",
    "selfie",
    "w*",
    "horizontal-matrix",
    "ethiopian",
    "islamic",
    "coptic",
    "bikram-sambat",
    "myanmar",
    "persian",
    "buddhist",
    "no-collapse",
    "textarea",
    "comment",
    "pages",
    "theme-grid",
];

/// Words, and calls such as `search('file', …)` as a whole.
pub(super) fn read(text: &str, place: &Place, problems: &mut Problems) -> Vec<String> {
    let words = words(text);
    for word in words.iter().filter(|word| !word.contains('(') && !is_known(word)) {
        let word = shortened(word);
        let said = (
            &*format!("未知的外观“{word}”：保留，但不起作用"),
            &*format!("nobody knows the appearance \"{word}\": it is kept and does nothing"),
        );
        let remedy = match problems.nearest(&word, KNOWN.iter().copied()) {
            Some(near) => (format!("是否指 {near}？"), format!("did you mean {near}?")),
            None => ("核对拼写".to_owned(), "check its spelling".to_owned()),
        };
        let remedy = (&*remedy.0, &*remedy.1);
        problems.push(Problem::warning(Code::UnknownAppearance, place.clone(), said, remedy));
    }
    words
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c.is_whitespace() && depth == 0 {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_known(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    KNOWN.iter().any(|known| match known.strip_suffix('*') {
        Some(begin) => word
            .strip_prefix(begin)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())),
        None => *known == word,
    })
}
