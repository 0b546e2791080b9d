//! Words of the checklist format as our columns spell them.

use serde::Serialize;

/// As the document itself spells it: `pass_fail`.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Headings of the sheet `survey` that is written.
pub(super) const SURVEY: &[&str] = &[
    "type",
    "name",
    "label::中文 (zh)",
    "label::English (en)",
    "hint::中文 (zh)",
    "hint::English (en)",
    "guidance_hint::中文 (zh)",
    "guidance_hint::English (en)",
    "required",
    "required_message::中文 (zh)",
    "required_message::English (en)",
    "relevant",
    "constraint",
    "constraint_message::中文 (zh)",
    "constraint_message::English (en)",
    "calculation",
    "readonly",
    "default",
    "choice_filter",
    "appearance",
    "spotcheck::kind",
    "spotcheck::unit",
    "spotcheck::limit",
    "spotcheck::label_limit",
    "spotcheck::severity",
    "spotcheck::evidence",
    "spotcheck::merge",
    "spotcheck::repeat",
    "spotcheck::role",
    "spotcheck::reference",
    "spotcheck::score",
];

/// Headings of the sheet `choices` that is written; those of filters follow.
pub(super) const CHOICES: &[&str] =
    &["list_name", "name", "label::中文 (zh)", "label::English (en)", "spotcheck::verdict"];

/// Headings of the sheet `settings` that is written.
pub(super) const SETTINGS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "spotcheck::pack",
    "spotcheck::title_zh",
    "spotcheck::title_en",
    "spotcheck::status",
    "spotcheck::reviewed_by",
    "spotcheck::scoring",
];
