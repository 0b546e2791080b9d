//! Which languages a form speaks, and where it falls silent in one.

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::{Code, Place, Problem};
use crate::problems::Problems;

/// The languages in the order of the sheet. A column that is translated into some of them only is
/// warned of.
pub(super) fn read(
    sheet: &str,
    columns: &[(String, Option<String>)],
    problems: &mut Problems,
) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    let mut by_column: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (base, language) in columns {
        let Some(language) = language else { continue };
        if !languages.contains(language) {
            languages.push(language.clone());
        }
        by_column.entry(base).or_default().insert(language);
    }
    for (base, has) in by_column {
        let missing: Vec<&str> = languages
            .iter()
            .map(String::as_str)
            .filter(|language| !has.contains(language))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let missing = missing.join(", ");
        let said = (
            &*format!("{base} 没有这些语言的译文：{missing}"),
            &*format!("{base} is not translated into {missing}"),
        );
        let remedy = ("补上译文列", "add the columns");
        let place = Place::sheet(sheet).at(base);
        problems.push(Problem::warning(Code::MissingTranslation, place, said, remedy));
    }
    languages
}
