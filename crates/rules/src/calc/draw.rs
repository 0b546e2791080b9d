//! A draw that anyone can repeat: published seed, list hash, order by SHA-256.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::CalcError;
use super::answer::{Cited, cite};
use super::input::read;
use crate::{content_hash, hash_text};

/// Between seed and id, so that no seed and id can stand for another pair.
const SEPARATOR: u8 = 0x1F;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    seed: String,
    ids: Vec<String>,
    n: usize,
    #[serde(default)]
    excluded: BTreeSet<String>,
}

/// See `docs/CALC.md`, draw.
pub(super) fn answer(json_text: &str) -> Result<Value, CalcError> {
    let question: Question = read(json_text)?;
    if question.seed.is_empty() || question.seed.contains('\u{1f}') {
        let en = "the seed is empty or has a control character; publish a plain text";
        return Err(CalcError::field("seed", en, "种子为空或含控制字符，请用普通文本并公布"));
    }
    let mut seen = BTreeSet::new();
    for (index, id) in question.ids.iter().enumerate() {
        if id.is_empty() || id.contains(['\u{1f}', '\n']) || !seen.insert(id) {
            let en = "the id is empty, repeated, or has a line break; mend the list";
            return Err(CalcError::field(
                format!("ids[{index}]"),
                en,
                "编号为空、重复或含换行，请修正",
            ));
        }
    }
    let mut order: Vec<_> = question
        .ids
        .iter()
        .filter(|id| !question.excluded.contains(*id))
        .map(|id| (digest(&question.seed, id), id))
        .collect();
    if question.n > order.len() {
        let en =
            format!("{} are asked for and {} can be drawn; ask for fewer", question.n, order.len());
        return Err(CalcError::field("n", en, format!("最多只能抽 {} 个", order.len())));
    }
    order.sort_unstable();
    let drawn: Vec<_> = order.into_iter().take(question.n).map(|(_, id)| id).collect();
    let result = json!({
        "drawn": drawn,
        "n": question.n,
        "listed": question.ids.len(),
        "excluded": question.excluded.len(),
        "list_sha256": hash_text(&content_hash(question.ids.join("\n").as_bytes())),
        "seed": question.seed,
    });
    let source = "L: Business Environment Regs 54; order SHA-256(seed, 0x1F, id)".to_owned();
    cite(&result, Cited { rule: "draw.sha256".to_owned(), pack: None, source })
}

fn digest(seed: &str, id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.as_bytes());
    hash.update([SEPARATOR]);
    hash.update(id.as_bytes());
    hash.finalize().into()
}
