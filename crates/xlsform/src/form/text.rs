//! What people read, in the languages of the form.

use std::collections::BTreeMap;

use serde::Serialize;

/// A text by language. The empty language is that of columns without one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Text(BTreeMap<String, String>);

impl Text {
    pub(crate) fn new(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The same in every language, for what no column gives.
    pub(crate) fn plain(text: &str) -> Self {
        Self::new([(String::new(), text.to_owned())])
    }

    /// Whether it is given in no language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In one language, as its column spells it: `English (en)`.
    #[must_use]
    pub fn get(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// Languages and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), text.as_str()))
    }

    /// In the first language that fits, else without a language, else any.
    #[must_use]
    pub fn in_language(&self, fits: impl Fn(&str) -> bool) -> Option<&str> {
        let fitting = self.iter().find(|(language, _)| fits(language));
        fitting.map(|(_, text)| text)
    }

    /// The text without a language, else the first there is.
    #[must_use]
    pub fn any(&self) -> Option<&str> {
        self.get("").or_else(|| self.0.values().next().map(String::as_str))
    }
}

/// Whether a language's name, such as `中文 (zh)`, is Chinese.
#[must_use]
pub fn is_chinese(language: &str) -> bool {
    let name = language.to_lowercase();
    is_coded(&name, "zh") || name.contains('中') || name.contains('汉') || name.contains("chinese")
}

/// Whether a language's name, such as `English (en)`, is English.
#[must_use]
pub fn is_english(language: &str) -> bool {
    let name = language.to_lowercase();
    is_coded(&name, "en") || name.contains("english") || name.contains("英文")
}

fn is_coded(name: &str, code: &str) -> bool {
    let coded = name.rsplit_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')')).trim();
    coded == code || coded.strip_prefix(code).is_some_and(|rest| rest.starts_with(['-', '_']))
}
