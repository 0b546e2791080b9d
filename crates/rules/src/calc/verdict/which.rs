//! Which pack answers a question.

use chrono::NaiveDate;
use serde_json::Value;

use crate::calc::CalcError;
use crate::{Limit, Pack, RuleError, content_hash, shipped};

/// The code of a shipped pack, or a whole pack.
pub(crate) type PackInput = Value;

/// A pack, and the hash of its bytes if it is one of ours.
type Found = (Pack, Option<[u8; 32]>);

/// Packs for calculations only, from before there were whole ones. They stay, because answers
/// name them; a test holds them equal to the limits of the whole packs.
const HOLDING: [(&str, &[u8]); 3] = [
    ("us-food-code-holding", include_bytes!("../../../packs/us-food-code-holding.json")),
    ("uk-food-holding", include_bytes!("../../../packs/uk-food-holding.json")),
    ("cn-catering-holding", include_bytes!("../../../packs/cn-catering-holding.json")),
];

/// The pack of a question. Without one: the shipped pack in which the key is in force; where
/// several say the same of it, the first; where they say different things, none is guessed.
pub(crate) fn find_pack(
    input: Option<&PackInput>,
    key: &str,
    on: NaiveDate,
) -> Result<Found, CalcError> {
    match input {
        Some(Value::Object(_)) => {
            let text = input.map(Value::to_string).unwrap_or_default();
            let pack = Pack::parse(text.as_bytes()).map_err(|error| unusable("pack", &error))?;
            Ok((pack, None))
        }
        None | Some(Value::Null) => by_key(key, on),
        Some(Value::String(code)) => match known().find(|(known, _)| known == code) {
            Some((_, bytes)) => read(bytes),
            None => {
                let codes: Vec<_> = known().map(|(code, _)| code).collect();
                Err(CalcError::unknown_word("pack", code, &codes))
            }
        },
        Some(_) => {
            let en = "give the code of a shipped pack, or a whole pack";
            Err(CalcError::field("pack", en, "请给内置规则包代码，或整个规则包"))
        }
    }
}

fn by_key(key: &str, on: NaiveDate) -> Result<Found, CalcError> {
    // Most packs do not name the key at all, which is seen without reading them.
    let quoted = format!("\"{key}\"");
    let names = |bytes: &[u8]| bytes.windows(quoted.len()).any(|part| part == quoted.as_bytes());
    let mut packs = Vec::new();
    for (_, bytes) in known().filter(|(_, bytes)| names(bytes)) {
        packs.push(read(bytes)?);
    }
    let holds: Vec<_> = packs
        .iter()
        .enumerate()
        .filter_map(|(at, (pack, _))| Some((at, pack, pack.find_limit(key, on)?)))
        .collect();
    if let [(_, _, first), others @ ..] = holds.as_slice()
        && others.iter().any(|(_, _, other)| !judges_alike(first, other))
    {
        let codes: Vec<_> = holds.iter().map(|(_, pack, _)| pack.code.as_str()).collect();
        let codes = codes.join(", ");
        let en = format!("{key} is in several packs; say which of: {codes}");
        return Err(CalcError::field("pack", en, format!("多个规则包有 {key}，请指明：{codes}")));
    }
    let in_force = holds.first().map(|(at, ..)| *at);
    let at = in_force.or_else(|| packs.iter().position(|(pack, _)| pack.has_key(key)));
    match at {
        Some(at) => Ok(packs.swap_remove(at)),
        None => {
            let pack = "(any shipped)".to_owned();
            Err(CalcError::rule("key", &RuleError::UnknownKey { pack, key: key.to_owned() }))
        }
    }
}

/// Whether no reading could tell the two apart.
fn judges_alike(a: &Limit, b: &Limit) -> bool {
    (a.operator, &a.values, a.severity, &a.escalation)
        == (b.operator, &b.values, b.severity, &b.escalation)
}

fn known() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    shipped().iter().map(|pack| (pack.code, pack.bytes)).chain(HOLDING)
}

fn read(bytes: &[u8]) -> Result<Found, CalcError> {
    let pack = Pack::parse(bytes).map_err(|error| unusable("pack", &error))?;
    Ok((pack, Some(content_hash(bytes))))
}

pub(super) fn unusable(path: &str, error: &dyn std::fmt::Display) -> CalcError {
    CalcError::field(path, error.to_string(), format!("规则无法使用：{error}"))
}
