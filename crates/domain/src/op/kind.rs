//! The kinds of ops we write: `record.verb`, in the past tense.
//!
//! The part before the dot names the record's kind, also for kinds of a newer version. What an op
//! *does* never depends on its kind, only on its data: see [`super::OpData`].

/// An inspection's first op: its whole head, and with an import all answers.
pub const INSPECTION_STARTED: &str = "inspection.started";
/// One or more answers.
pub const INSPECTION_ANSWERED: &str = "inspection.answered";
/// The work is done; carries `covers`.
pub const INSPECTION_COMPLETED: &str = "inspection.completed";
/// Somebody signed, or refused with a reason and a witness; carries `covers`.
pub const INSPECTION_SIGNED: &str = "inspection.signed";
/// Something the author did is taken back.
pub const INSPECTION_UNDONE: &str = "inspection.undone";
/// The record should not have been; it stays, with the reason.
pub const INSPECTION_VOIDED: &str = "inspection.voided";
/// An inspection, and all that belongs to it, may be read in a further scope; see
/// `spotcheck_protocol::sharing`.
pub const INSPECTION_SHARED: &str = "inspection.shared";
/// Something is wrong, with a severity.
pub const FINDING_RAISED: &str = "finding.raised";
/// A finding's words, severity or photos were corrected, or it was cured.
pub const FINDING_CHANGED: &str = "finding.changed";
/// A photo was taken; what it backs is said later.
pub const EVIDENCE_CAPTURED: &str = "evidence.captured";
/// A copy of a photo was made on the device: marked, or blurred in parts. The original stays.
pub const EVIDENCE_DERIVED: &str = "evidence.derived";
/// What a photo taken before was for.
pub const EVIDENCE_PLACED: &str = "evidence.placed";
/// The lead settled a contradiction of the day's merge.
pub const MERGE_DECIDED: &str = "merge.decided";
/// The lead said of findings that they are one thing, or different things.
pub const MERGE_UNITED: &str = "merge.united";
/// The lead signed a merged checklist; carries `covers`.
pub const MERGE_SIGNED: &str = "merge.signed";
/// A checklist of one's own, or a new version of one, is for everybody to use; names the document.
pub const CHECKLIST_PUBLISHED: &str = "checklist.published";
/// The same of a rule pack.
pub const PACK_PUBLISHED: &str = "pack.published";
/// A site that no register lists.
pub const SITE_ADDED: &str = "site.added";

/// The record's kind, from an op kind of any version: the part before the dot.
pub fn record_kind(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(record, _)| record)
}

/// Whether text can be a kind: lowercase letters, digits, `_` and `.`, 1 to 64 of them.
pub fn is_kind(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.".contains(&b))
}
