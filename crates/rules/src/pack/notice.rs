//! Everything there is to say about the file of a pack, for its author.

mod doubts;
mod json;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Pack, check};
use crate::Bilingual;

/// The most bytes of a pack that is checked: far more than all limits of a country.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Whether a pack can be used in spite of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The pack cannot judge.
    Error,
    /// It can, but perhaps not as its author means.
    Warning,
}

/// One thing to say about a pack: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Whether the pack can be used all the same.
    pub weight: Weight,
    /// The field, such as `limits[3] (cold.frozen_room).effective_to`; `document` for the whole.
    pub path: String,
    /// The line, from 1, where the file could not be read on.
    pub line: Option<usize>,
    /// What is wrong, or odd.
    pub problem: Bilingual,
    /// What its author should do.
    pub remedy: Bilingual,
}

/// The pack of a file, if it can be used, and everything its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackCheck {
    /// Present if and only if no notice is an error.
    pub pack: Option<Pack>,
    /// Errors in the order of the file, then warnings.
    pub notices: Vec<Notice>,
}

/// Checks the bytes of a pack for its author: all faults, not only the first as [`Pack::parse`]
/// tells, and warnings about what may be meant and is often a mistake. `today` is the day on which
/// it is going to be used.
#[must_use]
pub fn check_pack(bytes: &[u8], today: NaiveDate) -> PackCheck {
    let pack: Pack = match json::read(bytes, MOST_BYTES) {
        Ok(pack) => pack,
        Err(notice) => return PackCheck { pack: None, notices: vec![*notice] },
    };
    let mut notices = check::faults(&pack);
    let usable = notices.is_empty();
    notices.extend(doubts::doubts(&pack, today));
    PackCheck { pack: usable.then_some(pack), notices }
}
