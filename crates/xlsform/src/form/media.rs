//! Names of the files that are shown or played beside a text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::table::Record;
use super::text::Text;

/// File names by kind (`image`, `big-image`, `audio`, `video`) and language. The files themselves
/// are no part of a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Media(BTreeMap<&'static str, Text>);

pub(super) const KINDS: [&str; 4] = ["image", "big-image", "audio", "video"];

impl Media {
    pub(super) fn read(record: &Record) -> Self {
        let kinds = KINDS.into_iter().map(|kind| (kind, record.text(kind)));
        Self(kinds.filter(|(_, text)| !text.is_empty()).collect())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file names of one kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&Text> {
        self.0.get(kind)
    }
}
