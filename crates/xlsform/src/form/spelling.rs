//! The many spellings of types.

use super::kind::{Kind, Source};

/// Spellings in lower case with single spaces, without the words `add … prompt`, `q` and `get`.
const SPELLINGS: &[(&str, Kind)] = &[
    ("text", Kind::Text),
    ("string", Kind::Text),
    ("integer", Kind::Integer),
    ("int", Kind::Integer),
    ("percentage", Kind::Integer),
    ("number of days in last month", Kind::Integer),
    ("number of days in last six months", Kind::Integer),
    ("number of days in last year", Kind::Integer),
    ("decimal", Kind::Decimal),
    ("range", Kind::Range),
    ("date", Kind::Date),
    ("time", Kind::Time),
    ("datetime", Kind::DateTime),
    ("date time", Kind::DateTime),
    ("note", Kind::Note),
    ("calculate", Kind::Calculate),
    ("hidden", Kind::Hidden),
    ("acknowledge", Kind::Acknowledge),
    ("trigger", Kind::Acknowledge),
    ("image", Kind::Image),
    ("photo", Kind::Image),
    ("picture", Kind::Image),
    ("audio", Kind::Audio),
    ("video", Kind::Video),
    ("file", Kind::File),
    ("barcode", Kind::Barcode),
    ("geopoint", Kind::Geopoint),
    ("gps", Kind::Geopoint),
    ("location", Kind::Geopoint),
    ("geotrace", Kind::Geotrace),
    ("geoshape", Kind::Geoshape),
    ("phone number", Kind::Text),
    ("start", Kind::Start),
    ("start time", Kind::Start),
    ("end", Kind::End),
    ("end time", Kind::End),
    ("today", Kind::Today),
    ("deviceid", Kind::DeviceId),
    ("device id", Kind::DeviceId),
    ("imei", Kind::DeviceId),
    ("uri:deviceid", Kind::DeviceId),
    ("username", Kind::Username),
    ("uri:username", Kind::Username),
    ("phonenumber", Kind::PhoneNumber),
    ("uri:phonenumber", Kind::PhoneNumber),
    ("email", Kind::Email),
    ("uri:email", Kind::Email),
    ("subscriberid", Kind::SubscriberId),
    ("subscriber id", Kind::SubscriberId),
    ("uri:subscriberid", Kind::SubscriberId),
    ("simserial", Kind::SimSerial),
    ("sim id", Kind::SimSerial),
    ("uri:simserial", Kind::SimSerial),
    ("audit", Kind::Audit),
    ("start-geopoint", Kind::StartGeopoint),
    ("background-audio", Kind::BackgroundAudio),
    ("background-geopoint", Kind::BackgroundGeopoint),
    ("csv-external", Kind::CsvExternal),
    ("xml-external", Kind::XmlExternal),
];

type Make = fn(Source) -> Kind;

/// Beginnings of types that choose from a list, longest first where one begins another.
const SELECTS: &[(&str, Make)] = &[
    ("add select one prompt using ", Kind::SelectOne),
    ("add select multiple prompt using ", Kind::SelectMultiple),
    ("select all that apply from ", Kind::SelectMultiple),
    ("select all that apply ", Kind::SelectMultiple),
    ("select multiple from ", Kind::SelectMultiple),
    ("select multiple using ", Kind::SelectMultiple),
    ("select multiple ", Kind::SelectMultiple),
    ("select_multiple ", Kind::SelectMultiple),
    ("select one from ", Kind::SelectOne),
    ("select one using ", Kind::SelectOne),
    ("select one ", Kind::SelectOne),
    ("select_one ", Kind::SelectOne),
    ("select1 ", Kind::SelectOne),
    ("rank ", Kind::Rank),
];

/// Types that are known and not taken, with the reason.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "select_one_from_file",
        "从文件取选项（附件清单）尚不支持；请把选项写入 choices 表",
        "choices from an attached file are not taken yet; put them on the sheet choices",
    ),
    (
        "select_multiple_from_file",
        "从文件取选项（附件清单）尚不支持；请把选项写入 choices 表",
        "choices from an attached file are not taken yet; put them on the sheet choices",
    ),
    (
        "select_one_external",
        "external_choices 表尚不支持；请改用 select_one 与 choice_filter",
        "the sheet external_choices is not taken; use select_one with choice_filter",
    ),
    (
        "osm",
        "OpenStreetMap 题型不支持；请改用 geopoint",
        "OpenStreetMap is not taken; use geopoint",
    ),
    ("begin loop", "loop 已弃用；请改用 repeat", "loops are outdated; use a repeat"),
    (
        "cascading select",
        "级联选择已弃用；请改用 choice_filter",
        "cascading selects are outdated; use choice_filter",
    ),
    (
        "include",
        "不能引用另一份表单；请把内容复制过来",
        "another form cannot be included; copy its rows",
    ),
];

/// What a type says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    Question {
        kind: Kind,
        or_other: bool,
    },
    Begin(Kind),
    End(Kind),
    /// A setting in the sheet `survey`, as very old forms have it.
    Setting(&'static str),
    /// Chinese and English: why not, and what instead.
    Refused(&'static str, &'static str),
    Unknown,
}

impl Typed {
    pub(super) fn read(written: &str) -> Self {
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = written.to_lowercase();
        let spaced = lower.replace('_', " ");
        if let Some(kind) = SPELLINGS.iter().find(|(spelling, _)| *spelling == stripped(&lower)) {
            return Self::Question { kind: kind.1.clone(), or_other: false };
        }
        match spaced.as_str() {
            "begin group" => return Self::Begin(Kind::Group),
            "begin repeat" | "begin lgroup" | "begin looped group" => {
                return Self::Begin(Kind::Repeat);
            }
            "end group" => return Self::End(Kind::Group),
            "end repeat" | "end lgroup" | "end looped group" => return Self::End(Kind::Repeat),
            "form id" | "set form id" => return Self::Setting("form_id"),
            "form title" | "set form title" => return Self::Setting("form_title"),
            _ => {}
        }
        let begins = |spelling: &str| {
            let spelling = spelling.replace('_', " ");
            let rest = spaced.strip_prefix(&spelling);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        if let Some((_, zh, en)) = REFUSED.iter().find(|(spelling, ..)| begins(spelling)) {
            return Self::Refused(zh, en);
        }
        // The list is spelt as written, so only the beginning is compared in lower case.
        for (begin, kind) in SELECTS {
            let head = written.get(..begin.len()).unwrap_or_default();
            if head.eq_ignore_ascii_case(begin) {
                return select(written.get(begin.len()..).unwrap_or_default(), *kind);
            }
        }
        Self::Unknown
    }

    /// All plain spellings, for looking for the one that was meant.
    pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
        SPELLINGS.iter().map(|(spelling, _)| *spelling)
    }
}

/// What types with a range in their name allow.
pub(super) fn implied_constraint(written: &str) -> Option<&'static str> {
    let lower = written.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Some(match lower.as_str() {
        "percentage" => "0 <= . and . <= 100",
        "number of days in last month" => "0 <= . and . <= 31",
        "number of days in last six months" => "0 <= . and . <= 183",
        "number of days in last year" => "0 <= . and . <= 365",
        "phone number" => "regex(., '^\\d*$')",
        _ => return None,
    })
}

fn stripped(lower: &str) -> &str {
    let inner = lower.strip_prefix("add ").and_then(|rest| rest.strip_suffix(" prompt"));
    let inner = inner.or_else(|| lower.strip_prefix("q "));
    inner.or_else(|| lower.strip_prefix("get ")).unwrap_or(lower)
}

fn select(rest: &str, kind: Make) -> Typed {
    let lower = rest.to_ascii_lowercase();
    let others = [" or_other", " or specify other", " or other"];
    let other = others.iter().find(|other| lower.ends_with(**other));
    let list = other.and_then(|other| rest.get(..rest.len() - other.len())).unwrap_or(rest).trim();
    let answers = list.strip_prefix("${").and_then(|name| name.strip_suffix('}'));
    let source = match answers {
        Some(name) => Source::Answers(name.trim().to_owned()),
        None if list.is_empty() || list.contains(' ') => return Typed::Unknown,
        None => Source::List(list.to_owned()),
    };
    Typed::Question { kind: kind(source), or_other: other.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_decade_are_read() {
        let plain = |kind| Typed::Question { kind, or_other: false };
        let list = |name: &str| Source::List(name.to_owned());
        assert_eq!(Typed::read("add  Integer prompt"), plain(Kind::Integer));
        assert_eq!(Typed::read("get start time"), plain(Kind::Start));
        assert_eq!(Typed::read("dateTime"), plain(Kind::DateTime));
        assert_eq!(Typed::read("Select_One Yes_No"), plain(Kind::SelectOne(list("Yes_No"))));
        let other = Typed::Question { kind: Kind::SelectMultiple(list("x")), or_other: true };
        assert_eq!(Typed::read("select all that apply from x or specify other"), other);
        assert_eq!(
            Typed::read("select_one ${a}"),
            plain(Kind::SelectOne(Source::Answers("a".into())))
        );
        assert_eq!(Typed::read("begin_group"), Typed::Begin(Kind::Group));
        assert_eq!(Typed::read("end looped group"), Typed::End(Kind::Repeat));
        assert!(matches!(Typed::read("select_one_from_file a.csv"), Typed::Refused(..)));
        assert!(matches!(Typed::read("begin loop over x"), Typed::Refused(..)));
        assert_eq!(Typed::read("select_one"), Typed::Unknown);
        assert_eq!(Typed::read("tekst"), Typed::Unknown);
    }
}
