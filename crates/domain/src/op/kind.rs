//! The kinds of ops we write: `record.verb`, in the past tense.
//!
//! The part before the dot names the record's kind, also for kinds of a newer version. What an op
//! *does* never depends on its kind, only on its data: see [`super::OpData`].

/// Declares the kinds, and the list of all of them from the same lines.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        $($(#[$doc])+ pub const $name: &str = $text;)+
        /// Every kind of this version: what goes through them all misses none that is added.
        pub const ALL: &[&str] = &[$($name),+];
    };
}

kinds! {
    /// An inspection's first op: its whole head, and with an import all answers.
    INSPECTION_STARTED = "inspection.started";
    /// One or more answers.
    INSPECTION_ANSWERED = "inspection.answered";
    /// The work is done; carries `covers`.
    INSPECTION_COMPLETED = "inspection.completed";
    /// Somebody signed, or refused with a reason and a witness; carries `covers`.
    INSPECTION_SIGNED = "inspection.signed";
    /// Something the author did is taken back.
    INSPECTION_UNDONE = "inspection.undone";
    /// The record should not have been; it stays, with the reason.
    INSPECTION_VOIDED = "inspection.voided";
    /// An inspection, and all that belongs to it, may be read in a further scope; see
    /// `spotcheck_protocol::sharing`.
    INSPECTION_SHARED = "inspection.shared";
    /// Something is wrong, with a severity.
    FINDING_RAISED = "finding.raised";
    /// A finding's words, severity or photos were corrected, or it was cured.
    FINDING_CHANGED = "finding.changed";
    /// A photo was taken; what it backs is said later.
    EVIDENCE_CAPTURED = "evidence.captured";
    /// A copy of a photo was made on the device: marked, or blurred in parts. The original stays.
    EVIDENCE_DERIVED = "evidence.derived";
    /// What a photo taken before was for.
    EVIDENCE_PLACED = "evidence.placed";
    /// The lead settled a contradiction of the day's merge.
    MERGE_DECIDED = "merge.decided";
    /// The lead said of findings that they are one thing, or different things.
    MERGE_UNITED = "merge.united";
    /// The lead signed a merged checklist; carries `covers`.
    MERGE_SIGNED = "merge.signed";
    /// A checklist of one's own, or a new version of one, is for everybody to use; names the document.
    CHECKLIST_PUBLISHED = "checklist.published";
    /// The same of a rule pack.
    PACK_PUBLISHED = "pack.published";
    /// A site that no register lists.
    SITE_ADDED = "site.added";
    /// An instrument was put on the register of its team.
    INSTRUMENT_ADDED = "instrument.added";
    /// What is known of an instrument has changed: its calibration, its error, that it is not used any more.
    INSTRUMENT_CHANGED = "instrument.changed";
    /// What an instrument showed when it was checked before the readings of a day.
    INSTRUMENT_CHECKED = "instrument.checked";
    /// A lead says that there is such a site, and what it is called.
    SITE_CONFIRMED = "site.confirmed";
}

/// The record's kind, from an op kind of any version: the part before the dot.
pub fn record_kind(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(record, _)| record)
}

/// Whether text can be a kind: lowercase letters, digits, `_` and `.`, 1 to 64 of them.
pub fn is_kind(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.".contains(&b))
}
