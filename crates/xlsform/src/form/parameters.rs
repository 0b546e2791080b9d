//! The column `parameters`: `key=value`, separated by spaces, commas or semicolons.

use std::collections::BTreeMap;

use super::kind::Kind;
use crate::problem::{Code, Place, Problem, nearest, shortened};
use crate::problems::Problems;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Text,
    Whole,
    /// A decimal number with an optional sign.
    Decimal,
    /// A number, or `${name}`.
    Seed,
    OneOf(&'static [&'static str]),
}

const BOOLEAN: Is = Is::OneOf(&["true", "false"]);

const GEO: &[(&str, Is)] =
    &[("allow-mock-accuracy", BOOLEAN), ("incremental", BOOLEAN), ("reference-geometry", Is::Text)];

fn allowed(kind: &Kind) -> Option<&'static [(&'static str, Is)]> {
    Some(match kind {
        Kind::Text => &[("rows", Is::Whole)],
        Kind::Image => &[("max-pixels", Is::Whole), ("app", Is::Text)],
        Kind::Audio => &[("quality", Is::OneOf(&["voice-only", "low", "normal", "external"]))],
        Kind::BackgroundAudio => &[("quality", Is::OneOf(&["voice-only", "low", "normal"]))],
        Kind::Range => &[
            ("start", Is::Decimal),
            ("end", Is::Decimal),
            ("step", Is::Decimal),
            ("tick_interval", Is::Decimal),
            ("placeholder", Is::Decimal),
            ("tick_labelset", Is::Text),
        ],
        Kind::SelectOne(_) | Kind::SelectMultiple(_) | Kind::Rank(_) => {
            &[("randomize", BOOLEAN), ("seed", Is::Seed)]
        }
        Kind::Geopoint => &[
            ("allow-mock-accuracy", BOOLEAN),
            ("capture-accuracy", Is::Decimal),
            ("warning-accuracy", Is::Decimal),
            ("reference-geometry", Is::Text),
        ],
        Kind::Geotrace | Kind::Geoshape => GEO,
        Kind::Audit => &[
            (
                "location-priority",
                Is::OneOf(&["no-power", "low-power", "balanced", "high-accuracy"]),
            ),
            ("location-min-interval", Is::Whole),
            ("location-max-age", Is::Whole),
            ("track-changes", BOOLEAN),
            ("track-changes-reasons", Is::OneOf(&["on-form-edit"])),
            ("identify-user", BOOLEAN),
        ],
        // Of all others they mean nothing, and old forms have them.
        _ => return None,
    })
}

/// Reads and checks them. What is wrong is reported and left out.
pub(super) fn read(
    text: &str,
    kind: &Kind,
    place: &Place,
    problems: &mut Problems,
) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for part in parts(text) {
        let Some((key, value)) = part.split_once('=') else {
            let part = shortened(part);
            let said = (
                &*format!("参数“{part}”缺少等号"),
                &*format!("the parameter \"{part}\" has no equals sign"),
            );
            let remedy = ("写作 名称=值，以空格分隔", "write name=value, separated by spaces");
            problems.push(Problem::error(Code::BadParameter, place.clone(), said, remedy));
            continue;
        };
        let (key, value) = (key.trim().to_lowercase(), value.trim().to_owned());
        match check(kind, &key, &value) {
            Ok(()) => {
                parameters.insert(key, value);
            }
            Err((said, remedy)) => problems.push(Problem::error(
                Code::BadParameter,
                place.clone(),
                (&said.0, &said.1),
                (&remedy.0, &remedy.1),
            )),
        }
    }
    let lonely_seed = parameters.contains_key("seed")
        && parameters.get("randomize").is_none_or(|value| !value.eq_ignore_ascii_case("true"));
    if lonely_seed {
        let said = ("有 seed 而没有 randomize=true", "there is a seed and no randomize=true");
        let remedy = ("加上 randomize=true，或删去 seed", "add randomize=true, or remove the seed");
        problems.push(Problem::error(Code::BadParameter, place.clone(), said, remedy));
    }
    if *kind == Kind::Audit {
        check_location(&parameters, place, problems);
    }
    parameters
}

/// An audit records places by all three parameters or none, and none older than it asks for.
fn check_location(parameters: &BTreeMap<String, String>, place: &Place, problems: &mut Problems) {
    let names = ["location-priority", "location-min-interval", "location-max-age"];
    let given = names.iter().filter(|name| parameters.contains_key(**name)).count();
    let number = |name| parameters.get(name).and_then(|value| value.parse::<u64>().ok());
    let (said, remedy) = if given != 0 && given != names.len() {
        (
            ("定位参数不齐", "some of the parameters for places are missing"),
            (
                "写全 location-priority、location-min-interval、location-max-age",
                "give location-priority, location-min-interval and location-max-age",
            ),
        )
    } else if number("location-max-age") < number("location-min-interval") {
        (
            (
                "location-max-age 小于 location-min-interval",
                "location-max-age is below location-min-interval",
            ),
            ("加大 location-max-age", "make location-max-age larger"),
        )
    } else {
        return;
    };
    problems.push(Problem::error(Code::BadParameter, place.clone(), said, remedy));
}

fn parts(text: &str) -> Vec<&str> {
    for separator in [';', ','] {
        if text.contains(separator) {
            return text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        }
    }
    // Spaces around `=` do not separate.
    let mut parts = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices(' ') {
        let before = text.get(..at).unwrap_or_default().trim_end();
        let after = text.get(at..).unwrap_or_default().trim_start();
        if before.ends_with('=') || after.starts_with('=') || after.is_empty() {
            continue;
        }
        parts.push(text.get(start..at).unwrap_or_default().trim());
        start = at;
    }
    if start < bytes.len() {
        parts.push(text.get(start..).unwrap_or_default().trim());
    }
    parts.retain(|part| !part.is_empty());
    parts
}

type Fault = ((String, String), (String, String));

fn check(kind: &Kind, key: &str, value: &str) -> Result<(), Fault> {
    let Some(allowed) = allowed(kind) else { return Ok(()) };
    let Some((_, is)) = allowed.iter().find(|(name, _)| *name == key) else {
        let key = shortened(key);
        let names = allowed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let near = nearest(&key, allowed.iter().map(|(name, _)| *name)).unwrap_or(&names);
        return Err((
            (format!("此题型没有参数“{key}”"), format!("this type has no parameter \"{key}\"")),
            (format!("可用：{near}"), format!("use {near}")),
        ));
    };
    let (fits, zh, en) = match is {
        Is::Text => (!value.is_empty(), "文字", "a text"),
        Is::Whole => (value.parse::<u64>().is_ok(), "非负整数", "a whole number from 0"),
        Is::Decimal => (is_decimal(value), "数字", "a number"),
        Is::Seed => {
            (is_decimal(value) || is_reference(value), "数字或 ${名称}", "a number or ${name}")
        }
        Is::OneOf(names) => {
            let fits = names.iter().any(|name| name.eq_ignore_ascii_case(value));
            let names = names.join(", ");
            let value = shortened(value);
            return if fits {
                Ok(())
            } else {
                Err((
                    (format!("{key} 不能是“{value}”"), format!("{key} cannot be \"{value}\"")),
                    (format!("可用：{names}"), format!("use one of {names}")),
                ))
            };
        }
    };
    if fits {
        return Ok(());
    }
    let value = shortened(value);
    Err((
        (format!("{key} 不能是“{value}”"), format!("{key} cannot be \"{value}\"")),
        (format!("写{zh}"), format!("write {en}")),
    ))
}

fn is_decimal(text: &str) -> bool {
    spotcheck_rules::Quantity::parse(text).is_ok()
}

/// Exactly one `${name}` and nothing else.
pub(super) fn is_reference(text: &str) -> bool {
    let name = text.trim().strip_prefix("${").and_then(|text| text.strip_suffix('}'));
    name.is_some_and(|name| !name.contains(['{', '}', '$']))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parameters_are_separated_as_people_write_them() {
        assert_eq!(parts("a=1 b=2"), ["a=1", "b=2"]);
        assert_eq!(parts("a = 1 b= 2  c =3"), ["a = 1", "b= 2", "c =3"]);
        assert_eq!(parts("a=1; b=2,3"), ["a=1", "b=2,3"]);
        assert_eq!(parts(" a=1, b=2 "), ["a=1", "b=2"]);
        assert_eq!(parts("rows"), ["rows"]);
    }
}
