//! What the headings of a sheet mean: aliases, languages, prefixes.

/// The columns of one sheet by their canonical names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// As the author wrote it.
    pub(super) written: String,
    /// What it means: `label`, `relevant`, `bind::orx:x`; as written where nobody knows it.
    pub(super) base: String,
    /// Of a translated column: what stands behind the second `::`.
    pub(super) language: Option<String>,
    /// Whether anything of ours or of XLSForm has this name.
    pub(super) is_known: bool,
}

/// Spellings and what they mean. Columns of the sheet `survey`.
const SURVEY: &[(&str, &str)] = &[
    ("type", "type"),
    ("command", "type"),
    ("name", "name"),
    ("tag", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("hint", "hint"),
    ("guidance_hint", "guidance_hint"),
    ("relevant", "relevant"),
    ("relevance", "relevant"),
    ("required", "required"),
    ("required_message", "required_message"),
    ("requiredmsg", "required_message"),
    ("jr:requiredmsg", "required_message"),
    ("constraint", "constraint"),
    ("constraint_message", "constraint_message"),
    ("constraining_message", "constraint_message"),
    ("jr:constraintmsg", "constraint_message"),
    ("calculation", "calculation"),
    ("calculate", "calculation"),
    ("readonly", "readonly"),
    ("read_only", "readonly"),
    ("default", "default"),
    ("trigger", "trigger"),
    ("appearance", "appearance"),
    ("parameters", "parameters"),
    ("choice_filter", "choice_filter"),
    ("repeat_count", "repeat_count"),
    ("count", "repeat_count"),
    ("jr:count", "repeat_count"),
    ("image", "image"),
    ("big-image", "big-image"),
    ("audio", "audio"),
    ("video", "video"),
    ("autoplay", "autoplay"),
    ("rows", "rows"),
    ("save_to", "save_to"),
    ("entities:saveto", "save_to"),
    ("compact_tag", "compact_tag"),
    ("intent", "intent"),
    ("disabled", "disabled"),
    ("noapperrorstring", "no_app_error_string"),
    ("no_app_error_string", "no_app_error_string"),
    ("jr:noapperrorstring", "no_app_error_string"),
    ("sms_field", "sms_field"),
    ("sms_option", "sms_option"),
    ("query", "query"),
    ("flat", "flat"),
];

const CHOICES: &[(&str, &str)] = &[
    ("list_name", "list_name"),
    ("name", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("image", "image"),
    ("big-image", "big-image"),
    ("audio", "audio"),
    ("video", "video"),
    ("geometry", "geometry"),
];

const SETTINGS: &[(&str, &str)] = &[
    ("form_title", "form_title"),
    ("set_form_title", "form_title"),
    ("title", "form_title"),
    ("form_id", "form_id"),
    ("set_form_id", "form_id"),
    ("id_string", "form_id"),
    ("version", "version"),
    ("default_language", "default_language"),
    ("instance_name", "instance_name"),
    ("style", "style"),
    ("public_key", "public_key"),
    ("submission_url", "submission_url"),
    ("auto_send", "auto_send"),
    ("auto_delete", "auto_delete"),
    ("client_editable", "client_editable"),
    ("allow_choice_duplicates", "allow_choice_duplicates"),
    ("namespaces", "namespaces"),
    ("prefix", "prefix"),
    ("delimiter", "delimiter"),
    ("name", "name"),
    ("clean_text_values", "clean_text_values"),
    ("omit_instanceid", "omit_instanceid"),
    ("instance_xmlns", "instance_xmlns"),
    ("sms_keyword", "sms_keyword"),
    ("sms_separator", "sms_separator"),
    ("sms_allow_media", "sms_allow_media"),
    ("sms_date_format", "sms_date_format"),
    ("sms_datetime_format", "sms_datetime_format"),
    ("sms_response", "sms_response"),
    ("add_none_option", "add_none_option"),
    ("attribute", "attribute"),
];

/// Columns that may end in `::Language (code)`.
const TRANSLATED: &[&str] = &[
    "label",
    "hint",
    "guidance_hint",
    "required_message",
    "constraint_message",
    "no_app_error_string",
    "image",
    "big-image",
    "audio",
    "video",
];

/// Which sheet headings belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Survey,
    Choices,
    Settings,
}

impl Of {
    fn names(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Survey => SURVEY,
            Self::Choices => CHOICES,
            Self::Settings => SETTINGS,
        }
    }

    /// All spellings, for looking for the one that was meant.
    pub(super) fn spellings(self) -> impl Iterator<Item = &'static str> {
        self.names().iter().map(|(spelling, _)| *spelling)
    }

    fn canonical(self, text: &str) -> Option<&'static str> {
        let text = snake(text);
        self.names().iter().find(|(spelling, _)| *spelling == text).map(|(_, name)| *name)
    }
}

impl Heading {
    /// `doubled`: some heading of the sheet holds `::`, so a single `:` separates nothing.
    pub(super) fn read(written: &str, of: Of, doubled: bool) -> Self {
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let parts = parts(&written, doubled);
        let whole = |base: &str, is_known| Self {
            written: written.clone(),
            base: base.to_owned(),
            language: None,
            is_known,
        };
        if let Some(base) = of.canonical(&written) {
            return whole(base, true);
        }
        let Some((first, rest)) = parts.split_first() else { return whole(&written, false) };
        let first = snake(first);
        match (first.as_str(), rest) {
            ("spotcheck", [_, ..]) => {
                let name = rest.iter().map(|part| snake(part)).collect::<Vec<_>>().join("::");
                whole(&format!("spotcheck::{name}"), true)
            }
            // The prefixes say where XForms puts it; what it means is behind them.
            ("bind" | "control" | "body" | "media", [name, rest @ ..]) if of != Of::Settings => {
                match of.canonical(name) {
                    Some(base) => Self::translated(&written, base, rest),
                    None => {
                        let place = if first == "control" { "body" } else { &first };
                        whole(&format!("{place}::{}", [&[*name], rest].concat().join("::")), true)
                    }
                }
            }
            ("instance" | "attribute", [_, ..]) => {
                whole(&format!("{first}::{}", rest.join("::")), true)
            }
            (name, rest) => match of.canonical(name) {
                Some(base) if TRANSLATED.contains(&base) || rest.is_empty() => {
                    Self::translated(&written, base, rest)
                }
                _ => whole(&written, false),
            },
        }
    }

    fn translated(written: &str, base: &str, rest: &[&str]) -> Self {
        let language = rest.join("::").trim().to_owned();
        Self {
            written: written.to_owned(),
            base: base.to_owned(),
            language: (!language.is_empty()).then_some(language),
            is_known: true,
        }
    }
}

fn snake(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

fn parts(written: &str, doubled: bool) -> Vec<&str> {
    if doubled || written.contains("::") {
        return written.split("::").map(str::trim).collect();
    }
    // A single `:` is also that of XML prefixes.
    let prefixes = ["jr:", "orx:", "odk:", "ex:", "esri:", "entities:"];
    match written.split_once(':') {
        Some((first, rest)) if prefixes.iter().any(|p| rest.trim().starts_with(p)) => {
            vec![first.trim(), rest.trim()]
        }
        Some(_) if prefixes.iter().any(|p| written.starts_with(p)) => vec![written],
        Some(_) => written.split(':').map(str::trim).collect(),
        None => vec![written],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_mean_what_pyxform_takes_them_for() {
        let read = |text, doubled| {
            let it = Heading::read(text, Of::Survey, doubled);
            (it.base, it.language)
        };
        let of = |base: &str| (base.to_owned(), None);
        let in_language = |base: &str, language: &str| (base.to_owned(), Some(language.to_owned()));
        assert_eq!(read("Relevance", true), of("relevant"));
        assert_eq!(read("bind:relevant", false), of("relevant"));
        assert_eq!(
            read("bind::jr:constraintMsg::French (fr)", true),
            in_language("constraint_message", "French (fr)")
        );
        assert_eq!(read("bind:jr:constraintMsg", false), of("constraint_message"));
        assert_eq!(read("media::image::Fr", true), in_language("image", "Fr"));
        assert_eq!(read("label:English", false), in_language("label", "English"));
        assert_eq!(read("control::intent", true), of("intent"));
        assert_eq!(read("body::accuracyThreshold", true), of("body::accuracyThreshold"));
        assert_eq!(read("Spotcheck::Limit", true), of("spotcheck::limit"));
        assert_eq!(read("jr:count", false), of("repeat_count"));
        assert_eq!(read("Read Only", false), of("readonly"));
        assert!(!Heading::read("my notes", Of::Survey, true).is_known);
    }
}
