//! Planted faults: small changes in the product's real code path, each re-enacting a failure that
//! other field tools had, each of which the invariants must notice.

/// A planted fault.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// The name at its place in the code: `planted!("…")`.
    pub name: &'static str,
    /// The failure it re-enacts.
    pub after: &'static str,
}

const fn mutant(name: &'static str, after: &'static str) -> Mutant {
    Mutant { name, after }
}

/// All of them. What takes the most seeds to notice comes first: the others run beside it.
pub const MUTANTS: &[Mutant] = &[
    mutant("reply-of-another-request", "a proxy's cached page taken for the answer"),
    mutant("pushed-before-sent", "the upload mark moved before the documents arrived"),
    mutant("any-200-is-ok", "a captive portal's 200 taken for the server's word"),
    mutant("cursor-before-ops", "the download mark stored before the documents"),
    mutant("cursor-off-by-one", "a sequence that runs ahead leaves a file missing on both sides"),
    mutant("restore-unnoticed", "a restored server that nobody noticed"),
    mutant("receipts-survive-restore", "devices that never sent again after a restore"),
    mutant("fork-refused", "a duplicate sequence number refused, and its work with it"),
    mutant("quarantine-dropped", "what may not be written is thrown away"),
    mutant("scope-unchecked", "a valid key that writes where it may not"),
    mutant("repeat-delivered-again", "duplicates when a submission is sent twice"),
    mutant("photo-held-unseen", "201 although attachments were missing"),
    mutant("photo-held-elsewhere", "a photo that another team sent counts as this one's, unread"),
    mutant("data-reserialised", "documents rewritten on their way"),
    mutant("last-write-wins", "the later clock silently wins"),
    mutant("last-arrival-wins", "the later sync silently wins"),
    mutant("clock-orders-corrections", "a wrong clock undoes a correction"),
    mutant("early-retraction-lost", "an undo that arrives before what it undoes"),
    mutant("lost-scope-takes-own-work", "leaving a team deletes unsent work"),
    mutant("void-erases", "a deletion that takes the contents of what it deletes along"),
    mutant("arrival-orders-values", "the order in which things came decides what is shown first"),
    mutant("repeat-noted-again", "what was sent twice is counted twice"),
    mutant("share-without-its-record", "what belongs to a record arrives, the record does not"),
    mutant("receipt-names-older-history", "a checkpoint written before the documents it covers"),
    mutant("fork-unflagged", "a restored device that nobody is told of"),
];
