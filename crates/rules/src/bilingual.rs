//! A text in the two languages every screen and every report can be read in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One text in Chinese and English. Both are shown to people, so neither may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The language that is still missing (`zh` or `en`), if any.
    #[must_use]
    pub fn find_empty(&self) -> Option<&'static str> {
        [("zh", &self.zh), ("en", &self.en)]
            .into_iter()
            .find_map(|(language, text)| text.trim().is_empty().then_some(language))
    }
}
